"""The reports as Word files that leadership takes away: the one with the closed figures before the one of today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from archiveportal.accounts.models import User
from archiveportal.files.models import StoredFile
from reports.models import ClosedFile, Subject
from reports.subjects import report_of

Role = ClosedFile.Role
#: what leadership takes away: without footnotes, except in closings that kept one Word file
TAKEN_AWAY = (Role.KEPT, Role.CLEAN, Role.NUMBERED)


class SubjectWithClosing(Subject, Protocol):
    """A subject from `with_closing`, with the key of its newest closing."""

    closing_pk: int | None


@dataclass(frozen=True)
class WordReport:
    """The report on a round or scheme; `closed` is the Word file of its newest closing, where there is one."""

    subject: Subject
    closed: ClosedFile | None

    @property
    def is_of_round(self) -> bool:
        return report_of(self.subject).is_on_round


def word_reports(user: User, subjects: Iterable[SubjectWithClosing]) -> list[WordReport]:
    """Return the reports on subjects from `with_closing`. One query, none where nothing was
    closed."""
    subjects = list(subjects)
    newest = [subject.closing_pk for subject in subjects if subject.closing_pk]
    files = ClosedFile.objects.filter(closing__in=newest, file__kind=StoredFile.Kind.WORD, role__in=TAKEN_AWAY)
    # The last of a closing counts: the copy with the newest number, where there is one.
    files = (
        files.select_related("closing__signed_copy__withdrawal")
        .defer("closing__figures", "closing__content")
        .order_by("order")
    )
    closed: dict[int | None, ClosedFile] = {file.closing_id: file for file in files} if newest else {}
    return [WordReport(subject, closed.get(subject.closing_pk)) for subject in subjects] if user.sees_reports else []
