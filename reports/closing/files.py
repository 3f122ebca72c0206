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
from reports.results.table import summary
from reports.workbooks import Reader, attainment_workbook, summary_workbook
from training.models import Scheme

KIND = StoredFile.Kind


@dataclass(frozen=True)
class MadeFile:
    name: str
    kind: str
    content: bytes


# Whoever may read a closing may have its files: they show what leadership sees, under the name of who closed it.
def _summary(by: User, round: Round, moment: datetime) -> bytes:
    return _bytes(summary_workbook(summary(LEADERSHIP, round), reader=Reader(by, moment=moment)))


def _attainment(by: User, scheme: Scheme, moment: datetime) -> bytes:
    return _bytes(attainment_workbook(LEADERSHIP, scheme, reader=Reader(by, moment=moment)))


def _report(by: User, subject: Round | Scheme, moment: datetime) -> bytes:
    return report_file(user=LEADERSHIP, subject=subject, made_at=moment, issue=Issue())


def _bytes(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


#: name of the file before the code, its kind, and what writes it
Writer = tuple[str, str, Callable[[User, Any, datetime], bytes]]
OF_ROUND: list[Writer] = [("bao-cao-so-ket", KIND.WORD, _report), ("bang-tong-hop", KIND.EXCEL, _summary)]
OF_SCHEME: list[Writer] = [
    ("bao-cao-tong-ket", KIND.WORD, _report),
    ("dao-tao-so-voi-chi-tieu", KIND.EXCEL, _attainment),
]
ENDINGS = {KIND.EXCEL: ".xlsx", KIND.WORD: ".docx"}


def made_files(subject: Round | Scheme, *, by: User, moment: datetime) -> list[MadeFile]:
    """The files as they are now, headed by the moment that the figures are closed for."""
    made = []
    for name, kind, write in OF_ROUND if isinstance(subject, Round) else OF_SCHEME:
        try:
            content = write(by, subject, moment)
        except TooManyWards:
            # The workbook has all of them.
            continue
        made.append(MadeFile(f"{name}-{subject.code}{ENDINGS[kind]}", kind, content))
    return made
