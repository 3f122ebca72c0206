"""The files of a report that are kept when its figures are closed: one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from archiveportal.accounts.models import User
from archiveportal.accounts.scope import LEADERSHIP
from archiveportal.files.models import StoredFile
from criteria.inspections.models import Round
from reports.documents import Issue, TooManyWards, report_file
from reports.models import ReportKind, Subject
from reports.results.table import summary
from reports.subjects import RoundReport, SchemeReport, report_of
from reports.workbooks import Reader, attainment_workbook, summary_workbook
from training.models import Scheme

KIND = StoredFile.Kind


@dataclass(frozen=True)
class MadeFile:
    name: str
    kind: str
    content: bytes


# Whoever may read a closing may have its files: they show what leadership sees, under the name of who closed it.
def _summary(by: User, inspection_round: Round, moment: datetime) -> bytes:
    return _bytes(summary_workbook(summary(LEADERSHIP, inspection_round), reader=Reader(by, moment=moment)))


def _attainment(by: User, scheme: Scheme, moment: datetime) -> bytes:
    return _bytes(attainment_workbook(LEADERSHIP, scheme, reader=Reader(by, moment=moment)))


def _report(by: User, subject: Subject, moment: datetime) -> bytes:
    return report_file(user=LEADERSHIP, subject=subject, made_at=moment, issue=Issue())


def _bytes(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


#: name of the file before the code, its kind, and what writes it
Writer = tuple[str, str, Callable[[User, Any, datetime], bytes]]
KEPT_FILES: dict[ReportKind, list[Writer]] = {
    ReportKind.ROUND: [
        (RoundReport.file_stem, KIND.WORD, _report),
        ("bang-tong-hop", KIND.EXCEL, _summary),
    ],
    ReportKind.SCHEME: [
        (SchemeReport.file_stem, KIND.WORD, _report),
        ("dao-tao-so-voi-chi-tieu", KIND.EXCEL, _attainment),
    ],
}
ENDINGS: dict[str, str] = {KIND.EXCEL: ".xlsx", KIND.WORD: ".docx"}


def made_files(subject: Subject, *, by: User, moment: datetime) -> list[MadeFile]:
    """Make the files from the records as they are now, headed by the moment of the figures."""
    made = []
    for name, kind, write in KEPT_FILES[report_of(subject).kind]:
        try:
            content = write(by, subject, moment)
        except TooManyWards:
            # The workbook has all of them.
            continue
        made.append(MadeFile(f"{name}-{subject.code}{ENDINGS[kind]}", kind, content))
    return made
