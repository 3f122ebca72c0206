"""The files of a report that are kept when its figures are closed: one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from archiveportal.files.models import StoredFile
from criteria.inspections.models import Round
from reports.documents import Issue, TooManyWards, report_file
from reports.results.table import summary
from reports.workbooks import Reader, attainment_workbook, summary_workbook
from training.models import Scheme

KIND = StoredFile.Kind


class AsLeadership:
    """A person whose view is that of leadership, so that whoever may read the closing may have its files: what is
    approved or published, of all units. The name is the person's own."""

    sees_unapproved_results = sees_ledger = can_inspect = can_approve = False

    def __init__(self, person: Any) -> None:
        self.person = person

    def __getattr__(self, name: str) -> Any:
        return getattr(self.person, name)


@dataclass(frozen=True)
class MadeFile:
    name: str
    kind: str
    content: bytes


def _summary(by: Any, round: Round, moment: datetime) -> bytes:
    return _bytes(summary_workbook(summary(by, round), reader=Reader(by, moment=moment)))


def _attainment(by: Any, scheme: Scheme, moment: datetime) -> bytes:
    return _bytes(attainment_workbook(by, scheme, moment=moment))


def _report(by: Any, subject: Round | Scheme, moment: datetime) -> bytes:
    return report_file(user=by, subject=subject, made_at=moment, issue=Issue())


def _bytes(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


#: name of the file before the code, its kind, and what writes it
Writer = tuple[str, str, Callable[[Any, Any, datetime], bytes]]
OF_ROUND: list[Writer] = [("bao-cao-so-ket", KIND.WORD, _report), ("bang-tong-hop", KIND.EXCEL, _summary)]
OF_SCHEME: list[Writer] = [
    ("bao-cao-tong-ket", KIND.WORD, _report),
    ("dao-tao-so-voi-chi-tieu", KIND.EXCEL, _attainment),
]
ENDINGS = {KIND.EXCEL: ".xlsx", KIND.WORD: ".docx"}


def made_files(subject: Round | Scheme, *, by: Any, moment: datetime) -> list[MadeFile]:
    """The files as they are now, headed by the moment that the figures are closed for."""
    made = []
    for name, kind, write in OF_ROUND if isinstance(subject, Round) else OF_SCHEME:
        try:
            content = write(AsLeadership(by), subject, moment)
        except TooManyWards:
            # The workbook has all of them.
            continue
        made.append(MadeFile(f"{name}-{subject.code}{ENDINGS[kind]}", kind, content))
    return made
