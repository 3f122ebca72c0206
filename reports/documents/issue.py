"""Number, day and signature of a report: as recorded, else open to be filled in by hand."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from archiveportal.vietnamese import document_date_in_words
from criteria.inspections.models import Round
from reports.models import Closing
from training.models import Scheme

DOTS = "………"
PLACE = "Thành phố Hồ Chí Minh"
DIRECTOR = ("GIÁM ĐỐC",)
DEPUTY = ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
#: the number under which the report on the scheme of the records was issued
SCHEME_REPORT = "2710/BC-SNV"


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
        return document_date_in_words(self.issued_on) if self.issued_on else "ngày …… tháng …… năm ………"

    @property
    def belongs_to(self) -> str:
        return f"(Kèm theo Báo cáo số {self.number or f'{DOTS}/BC-SNV'} {self.date_in_words} của Sở Nội vụ)"


def issue_of(subject: Round | Scheme) -> Issue:
    """What is recorded of the report that was issued on a round or scheme."""
    of = {"round": subject} if isinstance(subject, Round) else {"scheme": subject}
    closed = Closing.objects.filter(**of).exclude(number="").first()
    if closed:
        titles = DEPUTY if closed.signatory == Closing.Signatory.DEPUTY else DIRECTOR
        return Issue(closed.number, closed.issued_on, titles, closed.signatory_name)
    if isinstance(subject, Round):
        return Issue(subject.report_number, subject.reported_on)
    return Issue(SCHEME_REPORT, subject.cut_off_on) if subject.is_baseline else Issue()
