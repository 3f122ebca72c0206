"""Number, day and signature of a report, in its three states.

A draft, made from the records as they are at any time, bears none of them. The copy to sign, made
when figures are closed, bears title and name of the person who is to sign. Number and day stand in
one file alone, which is made from a closing once they are recorded.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.vietnamese import document_date_in_words
from reports.models import Closing, Subject
from reports.subjects import REPORT_TYPES, report_of

DOTS = "………"
PLACE = "Thành phố Hồ Chí Minh"
DIRECTOR = ("GIÁM ĐỐC",)
DEPUTY = ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
DRAFT_MARK = "DỰ THẢO"
#: titles by who signs
TITLES = {Closing.Signatory.DIRECTOR.value: DIRECTOR, Closing.Signatory.DEPUTY.value: DEPUTY}


@dataclass(frozen=True)
class Issue:
    """Number, day and signature as a paper bears them; what is blank is filled in by hand."""

    number: str = ""
    issued_on: datetime.date | None = None
    titles: Sequence[str] = DIRECTOR
    name: str = ""
    is_draft: bool = False
    #: of a round that is none of the real ones: "ĐỢT THỬ"
    round_mark: str = ""

    @property
    def number_line(self) -> str:
        return f"Số: {self.number or f'{DOTS}/BC-SNV'}"

    @property
    def mark(self) -> str:
        """Return the words below the number that set a draft apart, and a rehearsal."""
        return " - ".join(filter(None, [self.round_mark, DRAFT_MARK if self.is_draft else ""]))

    @property
    def place_and_date(self) -> str:
        return f"{PLACE}, {self.date_in_words}"

    @property
    def date_in_words(self) -> str:
        return document_date_in_words(self.issued_on) if self.issued_on else "ngày … tháng … năm ……"

    @property
    def belongs_to(self) -> str:
        return f"(Kèm theo Báo cáo số {self.number or f'{DOTS}/BC-SNV'} {self.date_in_words} của Sở Nội vụ)"


#: of every paper that is made from the records as they are now
DRAFT = Issue(is_draft=True)


def was_issued(subject: Subject) -> bool:
    """Return whether a report on it has a number, whatever became of the figures since."""
    report = report_of(subject)
    is_signed = bool(report.signed_as[0])
    return is_signed or Closing.objects.filter(**report.owner).exclude(number="").exists()


def signed_before(number: str, year: int) -> datetime.date | None:
    """Return the day of the report that was signed under a number in a year before the portal kept
    any, None where there is none."""
    for report in REPORT_TYPES:
        for subject in report.subjects(EVERYTHING).filter(is_baseline=True):
            signed, signed_on = report(subject).signed_as
            if signed and signed_on and (signed.casefold(), signed_on.year) == (number.casefold(), year):
                return signed_on
    return None
