"""Number, day and signature of a report: as recorded, else open to be filled in by hand."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from archiveportal.history.models import Event
from archiveportal.vietnamese import document_date_in_words
from reports.frozen.changes import differs
from reports.frozen.events import was_changed_by_people
from reports.models import Closing, PassageVersion, Subject
from reports.subjects import report_of

DOTS = "………"
PLACE = "Thành phố Hồ Chí Minh"
DIRECTOR = ("GIÁM ĐỐC",)
DEPUTY = ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")


@dataclass(frozen=True)
class Issue:
    number: str = ""
    issued_on: datetime.date | None = None
    titles: Sequence[str] = DIRECTOR
    name: str = ""

    @property
    def number_line(self) -> str:
        return f"Số: {self.number or f'{DOTS}/BC-SNV'}"

    @property
    def place_and_date(self) -> str:
        return f"{PLACE}, {self.date_in_words}"

    @property
    def date_in_words(self) -> str:
        return document_date_in_words(self.issued_on) if self.issued_on else "ngày … tháng … năm ……"

    @property
    def belongs_to(self) -> str:
        return f"(Kèm theo Báo cáo số {self.number or f'{DOTS}/BC-SNV'} {self.date_in_words} của Sở Nội vụ)"


def issue_of(subject: Subject) -> Issue:
    """What is recorded of the report that was issued on a round or scheme, for a document made from the records now.

    Number, day and signature belong to the figures under which they were given: once one of them differs, or people
    changed a record of a report that was signed before the portal was there, the document is a draft.
    """
    closed = _numbered(subject).order_by("-sequence").first()
    if closed:
        return _of_closing(closed) if is_as_issued(closed, subject) else Issue()
    signed = _of_signed_report(subject)
    return signed if signed.number and not was_changed_by_people(subject) else Issue()


def was_issued(subject: Subject) -> bool:
    """Whether a report on it has a number, whatever became of the figures since."""
    return bool(_of_signed_report(subject).number) or _numbered(subject).exists()


def _numbered(subject: Subject) -> QuerySet[Closing]:
    return Closing.objects.filter(**report_of(subject).owner).exclude(number="")


def is_as_issued(closing: Closing, subject: Subject) -> bool:
    """The text was not written anew since the number was recorded, and every figure is that of the closing."""
    numbered = Event.objects.about(closing).filter(changes__has_key="number").order_by("occurred_at").first()
    of = report_of(subject).owner_of_passage
    if numbered and PassageVersion.objects.filter(**of, written_at__gt=numbered.occurred_at).exists():
        return False
    return not differs(closing, subject)


def _of_closing(closing: Closing) -> Issue:
    titles = DEPUTY if closing.signatory == Closing.Signatory.DEPUTY else DIRECTOR
    return Issue(closing.number, closing.issued_on, titles, closing.signatory_name)


def _of_signed_report(subject: Subject) -> Issue:
    return Issue(*report_of(subject).signed_as)
