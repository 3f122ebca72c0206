"""What the report leaves out or blank because nothing is recorded: said here, never in the paper."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from django.utils.translation import gettext as _

from archiveportal.vietnamese import number
from reports.checks.found import SEVERITY, Found, first_names
from reports.checks.known import RoundRecords
from training.queries import SummaryLine


def left_out_of_round(records: RoundRecords, *, page_of_criteria: str, page_of_units: str) -> list[Found]:
    return [*_criteria(records, page_of_criteria), *_personnel(records, page_of_units)]


def _criteria(records: RoundRecords, page: str) -> list[Found]:
    """Before half of the wards have an approved checklist, there is no table by criterion."""
    approved = sum(row.is_approved for row in records.rows)
    if not approved:
        return []
    if approved * 2 < len(records.rows):
        text = _(
            "The table by criterion is left out of the report: %(approved)s of %(count)s units have an approved "
            "checklist, fewer than half."
        )
        values = {"approved": number(approved), "count": number(len(records.rows))}
        return [Found(SEVERITY.LOW, text % values, page)]
    names = [each.criterion.name for each in records.totals if each.criterion.has_outcome and not each.assessed]
    if not names:
        return []
    text = _("Criteria that nobody assessed are left out of the report (%(count)s): %(names)s.")
    return [Found(SEVERITY.LOW, text % {"count": number(len(names)), "names": first_names(names)}, page)]


def _personnel(records: RoundRecords, page: str) -> list[Found]:
    """Words on the staff as scanned, which no checklist bears out, are not in a new paper."""
    scanned = [row for row in records.rows if row.published_personnel and not row.is_approved]
    if not scanned:
        return []
    text = _("Words on the staff as scanned, without an approved checklist, are left out of a new paper (%(count)s).")
    return [Found(SEVERITY.LOW, text % {"count": number(len(scanned))}, page)]


def left_out_of_scheme(lines: Sequence[SummaryLine], page: str) -> list[Found]:
    listed = []
    empty = [line.category.name for line in lines if not line.is_recorded]
    if empty:
        text = _("Lines with neither a result nor a target are left out of the report (%(count)s): %(names)s.")
        values = {"count": number(len(empty)), "names": first_names(empty)}
        listed.append(Found(SEVERITY.LOW, text % values, page))
    courses = list(chain.from_iterable(line.courses for line in lines))
    if courses and not any(course.held_from or course.held_to for course in courses):
        text = _("No course has a day, so the report has no table by year.")
        listed.append(Found(SEVERITY.LOW, text, page))
    if not courses:
        listed.append(Found(SEVERITY.MEDIUM, _("No course is recorded: sections a) and b) are left blank."), page))
    return listed
