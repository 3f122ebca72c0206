"""A report as a file."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, replace
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.scope import Viewer
from archiveportal.vietnamese import number
from reports.documents import fields
from reports.documents.context import CONTEXTS
from reports.documents.fields import Values
from reports.documents.filling import filled
from reports.documents.own import NAMES, own_template
from reports.frozen.issue import PAPERS, Issue, new_draft
from reports.models import DocumentTemplate, ReportKind, Subject
from reports.subjects import Report, report_of

#: a longer appendix is no paper that anyone signs
MOST_WARDS = 1500


class TooManyWards(Refused):
    """The round has more wards than one document holds."""


@dataclass(frozen=True)
class UsedTemplate:
    """The template that a report was written in; `is_own` is that of the portal."""

    content: bytes
    name: str
    is_own: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def report_file(
    *,
    user: Viewer,
    subject: Subject,
    made_at: datetime.datetime | None = None,
    issue: Issue | None = None,
    has_notes: bool = True,
    is_as_printed: bool = False,
) -> bytes:
    """Write the report on a round or on a training scheme, as it follows from the records now.

    In the department's template if there is one, else in the portal's own. Without `issue` it is a draft, which bears
    no number, day or name, whatever was issued before. Raises `TooManyWards`.

    The footnotes compare the document with the report that was signed, and give the corrected wording of known
    errors. Without `has_notes` it is a clean copy, as one that is sent out: the draft of a new paper, with the
    corrected wording itself. `is_as_printed` has neither notes nor corrections.
    """
    made_at = made_at or timezone.now()
    with override("vi"):
        report = report_of(subject)
        kind = report.kind
        refuse_too_many(user, report)
        marked = replace(issue or new_draft(), round_mark=getattr(subject, "mark", ""), kind=PAPERS[kind])
        values = fields.VALUES[kind](CONTEXTS[kind](user, subject, marked, has_notes, is_as_printed))
        return fill_template_in_use(kind, values, made_at=made_at)[0]


def fill_template_in_use(kind: ReportKind, values: Values, *, made_at: datetime.datetime) -> tuple[bytes, UsedTemplate]:
    """Return the report in the department's template, else in the portal's own, and the template."""
    own = own_template(kind, values.head)
    fill = partial(filled, kind=kind, values=values, title=values.texts["trich_yeu"], made_at=made_at, own=own)
    theirs = template_in_use(kind)
    if theirs is not None:
        try:
            with theirs.file.original.open("rb") as file:
                content = file.read()
            return fill(content), UsedTemplate(content, theirs.file.name, is_own=False)
        # It was tried when it was taken in: a report is not to fail over a file that was lost since, nor over
        # what the libraries make of it and these values.
        except Exception as error:
            log_event("template unusable", template=theirs.pk, error=repr(error)[:200])
    return fill(own), UsedTemplate(own, NAMES[kind], is_own=True)


def template_in_use(kind: ReportKind) -> DocumentTemplate | None:
    return DocumentTemplate.objects.filter(kind=kind, withdrawn_at=None).select_related("file").first()


def report_name(subject: Subject, *, has_notes: bool = True, is_as_printed: bool = False) -> str:
    name = f"{report_of(subject).file_stem}-{subject.code}"
    if is_as_printed:
        return f"{name}-nhu-ban-in"
    return name if has_notes else f"{name}-khong-chu-thich"


def refuse_too_many(user: Viewer, report: Report) -> None:
    count = report.appendix_length(user)
    if count > MOST_WARDS:
        message = _(
            "The round has %(count)s wards; a report in Word holds %(most)s at most. Take the summary table as a "
            "workbook instead, or the report of a round with fewer wards."
        )
        raise TooManyWards(message % {"count": number(count), "most": number(MOST_WARDS)}, code="too_many")
