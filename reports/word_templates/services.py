"""Taking in a Word template of the department for a report, and taking it back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import docx
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from docx.opc.part import XmlPart
from docx.oxml.ns import qn

from archiveportal.accounts.models import User
from archiveportal.files.models import StoredFile
from archiveportal.files.services import LARGEST_FILE, CheckedUpload, check_file, files_or_nothing, keep_file
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.no_breaks import NO_BREAK
from archiveportal.office.queries import offices, report_symbols
from archiveportal.refusal import Refused
from archiveportal.word.report import AppendixHead, Caption, Cell, Note, Noted, WideTable
from archiveportal.word.writer import Block, Column, Grid, Heading, Text
from reports.documents.fields import FIELDS, Values
from reports.documents.filling import filled
from reports.documents.own import MADE_AT, own_template
from reports.models import DocumentTemplate, ReportKind

#: one of each block that a part of a report may hold: a template has to bear them all
SAMPLE: list[Block] = [
    Heading("…"),
    Heading("…", level=2),
    Text("…", is_item=True),
    Noted(["…", Note("…"), Note("…")]),
    Caption("…"),
    Grid([Column("…", 8), Column("…", 8)], [["…", "…"]]),
    AppendixHead("…", ["…", Note("…")]),
    WideTable([8, 8], [[Cell("…", over=2)]], [["…", Cell("…", note="…")]]),
]


def take_template(*, kind: ReportKind, upload: UploadedFile, by: User, via: str = Via.PAGE) -> DocumentTemplate:
    """Puts a template into use after filling it once on trial. Raises `ValidationError` with a message for the person.

    The same file again is the template that is in use already. The trial takes a while: nobody
    waits for it.
    """
    _refuse_unless_approver(by)
    if (upload.size or 0) > LARGEST_FILE:
        # It is not even read; the refusal names the limit.
        check_file(upload=upload, kinds=[StoredFile.Kind.WORD])
    content = upload.read()
    upload.seek(0)
    try_out(content, kind)
    checked = check_file(upload=upload, kinds=[StoredFile.Kind.WORD])
    return _take(kind, checked, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _take(kind: ReportKind, checked: CheckedUpload, *, by: User, via: str) -> DocumentTemplate:
    in_use = DocumentTemplate.objects.select_for_update().filter(kind=kind, withdrawn_at=None).order_by("-pk")
    stored = keep_file(upload=checked, by=by)
    newest = in_use.first()
    if newest and newest.file.sha256 == stored.sha256:
        raise Refused(_("This template is in use already."), code="same")
    for template in in_use:
        _withdraw(template, by=by, via=via)
    template = DocumentTemplate(kind=kind, file=stored, uploaded_by=by)
    template.save(force_insert=True)
    changes = {"file": (None, f"{stored.name} (SHA-256 {stored.sha256})")}
    record(about=template, by=by, via=via, action=Action.CREATED, changes=changes)
    log_event("template taken", user=by.pk, template=template.pk, kind=kind, sha256=stored.sha256)
    return template


def try_out(content: bytes, kind: ReportKind) -> None:
    """Fills the template to see whether it can be filled at all: with something in each field, then with nothing."""
    for text in ("…", ""):
        texts = {field.name: text for field in FIELDS[kind] if not field.is_part}
        parts = {field.name: SAMPLE for field in FIELDS[kind] if field.is_part}
        try:
            made = filled(
                content,
                kind=kind,
                values=Values(texts, parts),
                title="",
                made_at=MADE_AT,
                own=own_template(kind),
            )
        except ValidationError:
            raise
        # What a damaged file brings the libraries to raise cannot be listed.
        except Exception as error:
            log_event("template refused", error=repr(error)[:200])
            raise Refused(
                _("The template cannot be filled in. Start from the portal's own template, which can be downloaded "
                  "here."),
                code="unusable",
            ) from error  # fmt: skip
        _refuse_own_number(made)


def _of_one_paper() -> re.Pattern[str]:
    """Return what finds a number or a day of issue in the head of a report."""
    places = "|".join(re.escape(office.place) for office in offices())
    day = r"ngày \d{1,2} tháng \d{1,2} năm \d{4}"
    symbols = "|".join(r"\s*[-–]\s*".join(map(re.escape, symbol.split("-"))) for symbol in report_symbols())
    return re.compile(rf"Số\s*:\s*\d[\d.]*\s*/\s*(?:{symbols})|(?:{places}),\s*{day}", re.IGNORECASE)


def _refuse_own_number(made: bytes) -> None:
    """Refuse a template with a number or a day of issue, as a report that was signed has them.

    Each draft would bear them.
    """
    match = _of_one_paper().search("\n".join(_paragraphs(made)))
    if match:
        message = _(
            "The template has the number or the day of one report: “%(found)s”. Put {{ so_ky_hieu }} or "
            "{{ noi_ngay }} in its place."
        )
        raise Refused(message % {"found": match.group()}, code="own_number")


def _paragraphs(made: bytes) -> Iterator[str]:
    """Yield the paragraphs of a document, those of its headers and footers too."""
    package = docx.Document(io.BytesIO(made)).part.package
    for part in package.iter_parts():
        if isinstance(part, XmlPart):
            for paragraph in part.element.iter(qn("w:p")):
                yield "".join(node.text or "" for node in paragraph.iter(qn("w:t"))).replace(NO_BREAK, " ")


@transaction.atomic
def withdraw_template(*, template: DocumentTemplate, by: User, via: str = Via.PAGE) -> bool:
    """The portal's own template is used again. A second press changes nothing; gives whether this one did."""
    _refuse_unless_approver(by)
    stored = DocumentTemplate.objects.select_for_update().get(pk=template.pk)
    if stored.withdrawn_at is not None:
        return False
    _withdraw(stored, by=by, via=via)
    return True


def _withdraw(template: DocumentTemplate, *, by: User, via: str) -> None:
    template.withdrawn_by, template.withdrawn_at = by, timezone.now()
    template.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record(about=template, by=by, via=via, action=Action.VOIDED)
    log_event("template withdrawn", user=by.pk, template=template.pk)


def _refuse_unless_approver(by: User) -> None:
    if not by.can_approve:
        raise Refused(_("Your role does not write reports."))
