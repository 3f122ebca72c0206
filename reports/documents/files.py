"""A report as a file."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number
from criteria.inspections.models import Round
from reports.documents import fields
from reports.documents.context import RoundContext, SchemeContext
from reports.documents.filling import filled
from reports.documents.own import own_template
from reports.frozen.issue import Issue
from reports.models import DocumentTemplate, ReportKind
from reports.results.rows import visible_enrolments
from training.models import Scheme

#: a longer appendix is no paper that anyone signs
MOST_WARDS = 1500


class TooManyWards(Refused):
    """The round has more wards than one document holds."""


def report_file(
    *,
    user: Any,
    subject: Round | Scheme,
    made_at: datetime.datetime | None = None,
    issue: Issue | None = None,
    has_notes: bool = True,
) -> bytes:
    """The report on a round or on a training scheme, as it follows from the records now.

    In the department's template if there is one, else in the portal's own. `issue` gives number, day and signature;
    without it, what is recorded of them. Raises `TooManyWards`.

    The footnotes compare the document with the report that was signed; there are some for the two issued reports
    alone. Without `has_notes` it is a clean copy, as one that is sent out. The file that closing the figures keeps
    has its notes: it is kept to show what agreed with the records and what did not, and a report that was not issued
    before has none to begin with.
    """
    made_at = made_at or timezone.now()
    with override("vi"):
        if isinstance(subject, Round):
            _refuse_too_many(user, subject)
            kind, values = ReportKind.ROUND, fields.of_round(RoundContext(user, subject, issue, has_notes))
        else:
            kind, values = ReportKind.SCHEME, fields.of_scheme(SchemeContext(user, subject, issue, has_notes))
        own = own_template(kind)
        known = {"kind": kind, "values": values, "title": values.texts["trich_yeu"], "made_at": made_at, "own": own}
        theirs = template_in_use(kind)
        if theirs is not None:
            try:
                with theirs.file.original.open("rb") as file:
                    return filled(file.read(), **known)
            # It was tried when it was taken in: a report is not to fail over a file that was lost since, nor over
            # what the libraries make of it and these values.
            except Exception as error:
                log_event("template unusable", template=theirs.pk, error=repr(error)[:200])
        return filled(own, **known)


def template_in_use(kind: ReportKind) -> DocumentTemplate | None:
    return DocumentTemplate.objects.filter(kind=kind, withdrawn_at=None).select_related("file").first()


def report_name(subject: Round | Scheme, *, has_notes: bool = True) -> str:
    kind = "so-ket" if isinstance(subject, Round) else "tong-ket"
    return f"bao-cao-{kind}-{subject.code}{'' if has_notes else '-khong-chu-thich'}"


def _refuse_too_many(user: Any, round: Round) -> None:
    count = visible_enrolments(user, round).count()
    if count > MOST_WARDS:
        message = _(
            "The round has %(count)s wards; a report in Word holds %(most)s at most. Take the summary table as a "
            "workbook instead, or the report of a round with fewer wards."
        )
        raise TooManyWards(message % {"count": number(count), "most": number(MOST_WARDS)}, code="too_many")
