"""All papers and result sheets of a round in one archive, made by a job."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import chain

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from archiveportal.accounts.models import User
from archiveportal.jobs.models import Job
from archiveportal.jobs.services import JobHandle, order_job, same_job
from archiveportal.refusal import Refused
from criteria.inspections.models import DecisionUnit, OfficialPaper, Round
from criteria.inspections.papers.official.archive import (
    LIST_NAME,
    contents_of_round,
    papers_of_round,
    sheets_of_round,
    write_zip,
)
from criteria.inspections.queries.result_sheet import with_sheet

KIND = "inspections.papers"


def order_papers(*, inspection_round: Round, by: User) -> Job:
    """Order the archive of a round; ordered again before it is there, it is the same job."""
    arguments = {"round": inspection_round.pk}
    title = _("Papers and result sheets, %(round)s") % {"round": inspection_round.name}
    return same_job(kind=KIND, arguments=arguments, by=by) or order_job(
        kind=KIND, title=title, arguments=arguments, by=by
    )


def make_archive(handle: JobHandle) -> None:
    """Write the archive as the person who ordered it sees the round, with its list of contents."""
    by = handle.job.ordered_by
    if by is None or not (by.is_active and by.can_inspect):
        raise Refused(_("Only inspectors and approvers get all papers of a round."))
    rows = Round.objects.visible_to(by).select_related("criteria_set")
    found = rows.prefetch_related("criteria_set__criteria", "criteria_set__bands").filter(pk=handle.arguments["round"])
    inspection_round = found.first()
    if inspection_round is None:
        raise Refused(_("This round is not there any more."))
    _make(handle, inspection_round, by)


def _make(handle: JobHandle, inspection_round: Round, by: User) -> None:
    papers = OfficialPaper.objects.visible_to(by).standing().filter(round=inspection_round)
    listed, units = list(_with_units(papers, by)), with_sheet(by, inspection_round)
    if not listed and not units:
        raise Refused(_("This round has no paper and no result yet."))
    with override("vi"), tempfile.TemporaryFile() as made:
        files = chain(papers_of_round(listed, by), sheets_of_round(units, by))
        told = _told(handle, files, len(listed) + len(units))
        write_zip(chain([(LIST_NAME, contents_of_round(inspection_round, listed, units))], told), made)
        made.seek(0)
        counts = {"papers": len(listed), "sheets": len(units)}
        message = _("Papers: %(papers)s. Result sheets: %(sheets)s.") % counts
        handle.finish_with_file(message, name=f"van-ban-{inspection_round.code}.zip", content=made)


def _with_units(papers: QuerySet[OfficialPaper], by: User) -> QuerySet[OfficialPaper]:
    """Return papers with what the list of contents says of them."""
    units = Prefetch("decision__units", DecisionUnit.objects.visible_to(by).select_related("enrolment__ward"))
    return papers.select_related("round__criteria_set", "enrolment__ward", "decision").prefetch_related(units)


def _told(handle: JobHandle, files: Iterator[tuple[str, bytes]], total: int) -> Iterator[tuple[str, bytes]]:
    for done, file in enumerate(files):
        handle.tell(step=_("writing papers"), done=done, total=total)
        yield file
