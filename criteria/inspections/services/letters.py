"""The letter that reminds a unit of its open findings: official, so in Vietnamese whatever the screen speaks."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from archiveportal.office.queries import office_on
from archiveportal.vietnamese import count_in_text, document_date
from criteria.inspections.models import Finding
from criteria.leaves import share_sets
from wards.models import District, Ward


@dataclass(frozen=True)
class Reminder:
    """The open matters of one unit that are overdue or nearly due: of a district, or of a ward that has none."""

    unit: District | Ward
    findings: list[Finding]
    today: datetime.date

    @property
    def key(self) -> str:
        """Names the unit in a form."""
        return f"{self.unit._meta.model_name}-{self.unit.pk}"

    @property
    def overdue(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.due_on and finding.due_on < self.today]

    @property
    def soon(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.due_on and finding.due_on >= self.today]

    @property
    def subject(self) -> str:
        return "Nhắc báo cáo kết quả khắc phục kiến nghị về công tác văn thư, lưu trữ"

    @property
    def text(self) -> str:
        parts = [f"Kính gửi: {self.unit.body_in_full}."]
        head = f"Qua theo dõi, tính đến ngày {document_date(self.today)}, {self._who} còn"
        if late := self.overdue:
            parts.append(f"{head} {count_in_text(len(late))} kiến nghị đã quá thời hạn khắc phục, gồm:")
            parts += _lines(late, self.today)
        if near := self.soon:
            begin = "Ngoài ra, còn" if late else head
            parts.append(f"{begin} {count_in_text(len(near))} kiến nghị sắp đến thời hạn khắc phục, gồm:")
            parts += _lines(near, self.today)
        parts.append(
            f"Đề nghị {self.unit.body_in_full}{self._asked} khắc phục và báo cáo kết quả "
            f"(kèm tài liệu chứng minh) về {office_on(self.today).working_division} để tổng hợp."
        )
        return "\n".join(parts)

    @property
    def _asked(self) -> str:
        """A district has others put it right."""
        return "" if isinstance(self.unit, Ward) else " chỉ đạo các đơn vị nêu trên"

    @property
    def _who(self) -> str:
        return self.unit.in_sentence if isinstance(self.unit, Ward) else f"các đơn vị thuộc {self.unit.in_sentence}"


#: quotation marks inside a quotation
_INNER = str.maketrans("“”", "‘’")


def _lines(findings: list[Finding], today: datetime.date) -> list[str]:
    share_sets(finding.criterion for finding in findings)
    lines = [f"- {_line(finding, today)}" for finding in findings]
    return [f"{line};" for line in lines[:-1]] + [f"{lines[-1]}."]


def _line(finding: Finding, today: datetime.date) -> str:
    assert finding.due_on, "a reminder is only of findings with a deadline"
    number = finding.criterion.listed_number
    criterion = f"tiêu chí {number} ({finding.criterion.name})" if number else finding.criterion.name
    text = " ".join(finding.recommendation.split()).rstrip(".;").translate(_INNER)
    parts = [
        f"{finding.inspection.enrolment.ward.title}: {criterion}, kiến nghị “{text}”",
        f"thời hạn {document_date(finding.due_on)}",
        _lateness((today - finding.due_on).days),
    ]
    return ", ".join(filter(None, parts))


def _lateness(days: int) -> str:
    """Return how late something is, in words; blank while its day is to come."""
    if days > 0:
        return f"quá hạn {count_in_text(days)} ngày"
    return "" if days else "đến hạn hôm nay"
