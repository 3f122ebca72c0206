"""Number, day and signature of a report, in its three states.

A draft, made from the records as they are at any time, bears none of them. The copy to sign, made
when figures are closed, bears title and name of the person who is to sign. Number and day stand in
one file alone, which is made from a closing once they are recorded.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.office.kinds import PaperKind
from archiveportal.office.models import Office
from archiveportal.office.queries import DOTS, Signing, signing_of
from archiveportal.vietnamese import document_date_in_words
from reports.models import Closing, ReportKind, Subject
from reports.subjects import REPORT_TYPES, report_of

DRAFT_MARK = "DỰ THẢO"
#: the beginning of what an appendix says of its report
ATTACHED_TO = "(Kèm theo Báo cáo số"
#: the kind of paper that each report is
PAPERS = {ReportKind.ROUND: PaperKind.ROUND_REPORT, ReportKind.SCHEME: PaperKind.SCHEME_REPORT}


def titles_of(signatory: str, office: Office) -> list[str]:
    """Return the title lines of who signs: the head of the office, or a deputy."""
    if signatory == Closing.Signatory.DEPUTY:
        return office.deputy_titles
    return [office.head_title.upper()]


@dataclass(frozen=True)
class Issue:
    """Number, day and signature as a paper bears them; what is blank is filled in by hand."""

    number: str = ""
    issued_on: datetime.date | None = None
    #: those of the head of the office where none are given
    titles: Sequence[str] = ()
    name: str = ""
    is_draft: bool = False
    #: of a round that is none of the real ones: "ĐỢT THỬ"
    round_mark: str = ""
    kind: PaperKind = PaperKind.ROUND_REPORT

    @cached_property
    def signing(self) -> Signing:
        """Return how such a paper is issued on its day, before it has one as today."""
        return signing_of(self.kind, self.issued_on)

    @property
    def signed_by(self) -> Sequence[str]:
        return self.titles or self.signing.titles

    @property
    def shown_number(self) -> str:
        return self.number or self.signing.open_number

    @property
    def number_line(self) -> str:
        return f"Số: {self.shown_number}"

    @property
    def mark(self) -> str:
        """Return the words below the number that set a draft apart, and a rehearsal."""
        return " - ".join(filter(None, [self.round_mark, DRAFT_MARK if self.is_draft else ""]))

    @property
    def place_and_date(self) -> str:
        return f"{self.signing.office.place}, {self.date_in_words}"

    @property
    def date_in_words(self) -> str:
        return document_date_in_words(self.issued_on) if self.issued_on else "ngày … tháng … năm ……"

    @property
    def belongs_to(self) -> str:
        return f"{ATTACHED_TO} {self.shown_number} {self.date_in_words} của {self.signing.agency})"


def new_draft(kind: PaperKind = PaperKind.ROUND_REPORT) -> Issue:
    """Return what every paper bears that is made from the records as they are now."""
    return Issue(is_draft=True, kind=kind)


def is_open(text: object) -> bool:
    """Tell whether a line of an appendix names its report without number."""
    return isinstance(text, str) and text.startswith(f"{ATTACHED_TO} {DOTS}/")


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
