"""The files of a report that are kept when its figures are closed, and the one that bears its number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from archiveportal.accounts.models import User
from archiveportal.accounts.scope import LEADERSHIP
from archiveportal.files.checking import FileNotAsKept, read_as_kept
from archiveportal.files.models import StoredFile
from archiveportal.refusal import Refused
from reports.documents.content import (
    Context,
    content_of,
    copies_of,
    digest_of_content,
    values_of_content,
    words_of,
)
from reports.documents.files import TooManyWards, UsedTemplate, fill_template_in_use, refuse_too_many
from reports.documents.filling import filled
from reports.documents.own import own_template
from reports.frozen.issue import PAPERS, Issue
from reports.models import ClosedFile, Closing, ReportKind, Subject
from reports.subjects import report_of
from reports.workbooks import Reader, attainment_workbook, summary_workbook

KIND, ROLE = StoredFile.Kind, ClosedFile.Role


@dataclass(frozen=True)
class MadeFile:
    name: str
    kind: str
    content: bytes
    role: str


@dataclass(frozen=True)
class Papers:
    """What is kept of a report: its files and its content. Without a template it is too long for a document."""

    files: list[MadeFile]
    content: dict[str, Any]
    template: UsedTemplate | None

    @property
    def digest(self) -> str:
        return digest_of_content(self.content)


# Whoever may read a closing may have its files: they show what leadership sees, under the name of who closed it.
def _summary(context: Any, reader: Reader) -> Any:
    return summary_workbook(context.table, reader=reader)


def _attainment(context: Any, reader: Reader) -> Any:
    return attainment_workbook(LEADERSHIP, context.scheme, reader=reader)


#: start of the name of the table that is kept beside a report, and what writes it
TABLES: dict[ReportKind, tuple[str, Callable[[Any, Reader], Any]]] = {
    ReportKind.ROUND: ("bang-tong-hop", _summary),
    ReportKind.SCHEME: ("dao-tao-so-voi-chi-tieu", _attainment),
}


def made_papers(context: Context, *, by: User, moment: datetime) -> Papers:
    """Make the copy to sign, the one with footnotes where there are some, the table, and the template as a file.

    All of them follow from one reading of the records, and are headed by the moment of the figures.
    """
    report = context.report
    table = _table(context, by, moment)
    try:
        refuse_too_many(context.user, report)
    except TooManyWards:
        # The workbook has all of them.
        return Papers([table], words_of(context), None)
    clean, noted = copies = copies_of(context)
    with override("vi"):
        to_sign, template = fill_template_in_use(report.kind, clean, made_at=moment)
        files = [_word(report.subject, "trinh-ky", to_sign, role=ROLE.CLEAN)]
        if noted:
            with_notes = _fill(report.kind, template.content, noted, made_at=moment)
            files.append(_word(report.subject, "co-chu-thich", with_notes, role=ROLE.NOTED))
    files += [table, MadeFile(template.name, KIND.WORD, template.content, ROLE.TEMPLATE)]
    return Papers(files, content_of(context, copies, template), template)


def numbered_file(closing: Closing, content: Mapping[str, Any], issue: Issue, *, moment: datetime) -> MadeFile:
    """Make the file that bears number, day and name, from the stored content, never from the records."""
    if digest_of_content(content) != closing.content_digest:
        raise Refused(
            _("The number cannot be recorded: the stored content of this closing was altered in the database.")
        )
    kept = closing.files.select_related("file").get(role=ROLE.TEMPLATE)
    try:
        template = read_as_kept(kept.file)
    except FileNotAsKept:
        raise Refused(
            _(
                "The number cannot be recorded: the template that the report was written in was altered or lost in "
                "the store. Tell the administrator to bring back this file from the backup: %(name)s, SHA-256 "
                "%(sha256)s."
            )
            % {"name": kept.file.name, "sha256": kept.file.sha256}
        ) from None
    with override("vi"):
        kind = report_of(closing.subject).kind
        values = values_of_content(content, replace(issue, kind=PAPERS[kind]))
        document = _fill(kind, template, values, made_at=moment)
    number = issue.number.lower().replace("/", "-")
    return _word(closing.subject, f"so-{number}", document, role=ROLE.NUMBERED)


def _fill(kind: ReportKind, template: bytes, values: Any, *, made_at: datetime) -> bytes:
    title = values.texts["trich_yeu"]
    return filled(template, kind=kind, values=values, title=title, made_at=made_at, own=own_template(kind, values.head))


def _word(subject: Subject, end: str, content: bytes, *, role: str) -> MadeFile:
    return MadeFile(f"{report_of(subject).file_stem}-{subject.code}-{end}.docx", KIND.WORD, content, role)


def _table(context: Context, by: User, moment: datetime) -> MadeFile:
    name, write = TABLES[context.report.kind]
    file = BytesIO()
    write(context, Reader(by, moment=moment)).save(file)
    return MadeFile(f"{name}-{context.report.subject.code}.xlsx", KIND.EXCEL, file.getvalue(), ROLE.TABLE)
