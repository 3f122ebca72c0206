"""Papers on the units of a round as Word files (NĐ 30/2020/NĐ-CP, Phụ lục I): the covering letter with its list of
units, and the list of those that have not handed in. Vietnamese, whatever the language of the screen."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from archiveportal.accounts.models import User
from archiveportal.office.kinds import PaperKind
from archiveportal.office.models import Office
from archiveportal.office.queries import DOTS, Signing, signing_of
from archiveportal.vietnamese import count_in_text, document_date, document_date_in_words
from archiveportal.word.report import Addressee, AppendixHead, Cell, End, NewSection, WideTable
from archiveportal.word.writer import Block, Head, Text, word_file
from criteria.inspections.models import Enrolment, Inspection, Round, RoundDocument
from criteria.inspections.queries.areas import Division, titles_of_kinds
from criteria.inspections.queries.overview import due_of
from wards.titles import OFFICES

WAYS = {
    Enrolment.Way.REPORT: "Tự kiểm tra, báo cáo",
    Enrolment.Way.ON_SITE: "Trực tiếp",
    Enrolment.Way.REMOTE: "Từ xa",
}
#: a longer list is no annex that anyone signs
MOST_UNITS = 1500
#: centimetres between the margins of an upright page
WIDTH = 16.5


@dataclass(frozen=True)
class RoundPaper:
    """A paper on a round: its units in their order, with how they are divided."""

    round: Round
    division: Division
    units: Sequence[Enrolment]
    today: datetime.date

    @cached_property
    def signing(self) -> Signing:
        """Return how the office issues its letters on the day of the paper."""
        return signing_of(PaperKind.ROUND_LETTER, self.today)

    @property
    def office(self) -> Office:
        return self.signing.office

    def attached_to(self, kind: str) -> str:
        """Return what an annex says of its letter."""
        return f"(Kèm theo {kind} số {self.signing.open_number} ngày {DOTS} của {self.office.name})"

    @property
    def subject(self) -> str:
        """Return what the round asks for, within a sentence."""
        if self.round.asks_self_assessment:
            return "tự kiểm tra và kiểm tra công tác văn thư, lưu trữ"
        return "kiểm tra công tác văn thư, lưu trữ"

    @property
    def owed(self) -> str:
        """Return what the units hand in."""
        return "kết quả tự kiểm tra" if self.round.asks_self_assessment else "phiếu kiểm tra"


def late_workbook_rows(paper: RoundPaper) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows of the list of units that have not handed in, for a workbook."""
    noun = paper.division.noun_on_paper
    headings = ["STT", "Đơn vị", *([noun] if noun else []), "Hạn nộp", "Tình trạng", "Tài khoản"]
    headings += ["Cán bộ phụ trách", "Điện thoại"]
    rows: list[list[Any]] = []
    for place, unit in enumerate(paper.units, start=1):
        area = [paper.division.title_of(unit.ward)] if noun else []
        contact = [unit.officer or "", unit.telephone or ""]
        state = _state(paper, unit)
        rows.append([place, unit.ward.title, *area, _due(paper, unit), state, account_of(unit), *contact])
    return headings, rows


def late_list(paper: RoundPaper, *, made_at: datetime.datetime) -> bytes:
    """Write “Danh sách đơn vị chưa nộp” as an annex to a reminder."""
    title = f"DANH SÁCH ĐƠN VỊ CHƯA NỘP {paper.owed.upper()}"
    blocks: list[Block] = [
        *_mark(paper),
        AppendixHead(title, [paper.attached_to("Văn bản")]),
        Text(_late_sentence(paper)),
        *_late_table(paper),
    ]
    return word_file(blocks, title=title.capitalize(), made_at=made_at)


def _mark(paper: RoundPaper) -> list[Block]:
    """Say first that a paper is of a rehearsal and of no real round."""
    return [Text(paper.round.mark, is_bold=True)] if paper.round.mark else []


def _late_sentence(paper: RoundPaper) -> str:
    beginning = f"{paper.round.name}: đến ngày {document_date(paper.today)},"
    if not paper.units:
        return f"{beginning} tất cả đơn vị đã nộp {paper.owed}."
    due = due_of(paper.round)
    until = f" (hạn nộp: ngày {document_date(due)})" if due else ""
    return f"{beginning} còn {count_in_text(len(paper.units))} đơn vị chưa nộp {paper.owed}{until}."


def _late_table(paper: RoundPaper) -> Iterator[Block]:
    if not paper.units:
        return
    noun = paper.division.noun_on_paper
    headings = ["TT", "Đơn vị", *([noun] if noun else []), "Hạn nộp", "Tình trạng", "Tài khoản"]
    widths = [1.1, 4.4, 2.5, 2.4, 3.1, 3.0] if noun else [1.2, 6.4, 2.6, 3.2, 3.1]
    rows = []
    for place, unit in enumerate(paper.units, start=1):
        area = [paper.division.title_of(unit.ward)] if noun else []
        state, due = _state(paper, unit), _day(_due(paper, unit))
        rows.append([str(place), unit.ward.title, *area, due, state, account_of(unit)])
    yield _table(headings, widths, rows, left={1, 2} if noun else {1})


def _table(headings: list[str], widths: list[float], rows: list[list[str]], *, left: set[int]) -> WideTable:
    head = [[Cell(heading, is_bold=True) for heading in headings]]
    scale = WIDTH / sum(widths)
    return WideTable([width * scale for width in widths], head, rows, size=12, left=left)


def _due(paper: RoundPaper, unit: Enrolment) -> datetime.date | None:
    if paper.round.asks_self_assessment:
        return unit.hands_in_until
    due = due_of(paper.round)
    return max(due, unit.extended_until) if due and unit.extended_until else due


def _state(paper: RoundPaper, unit: Enrolment) -> str:
    """Say how far a unit is with what it has not handed in: its self-assessment, else the checklist."""
    if paper.round.asks_self_assessment:
        assessment = unit.own_assessment
        was_returned = assessment is not None and bool(assessment.return_reason)
        has_begun = assessment is not None and assessment.version > 0
    else:
        was_returned = unit.inspection.status == Inspection.Status.RETURNED
        has_begun = unit.inspection.is_started
    if was_returned:
        return "Được trả lại"
    return "Đang thực hiện" if has_begun else "Chưa thực hiện"


def account_of(unit: Enrolment) -> str:
    if unit.is_activated:
        return "Đã kích hoạt"
    return "Chưa kích hoạt" if unit.officer else "Chưa có"


def covering_letter(paper: RoundPaper, *, contact: User, made_at: datetime.datetime) -> bytes:
    """Write the draft of the letter that begins a round (công văn triển khai), with its list of units."""
    subject = f"V/v triển khai {paper.subject}"
    blocks: list[Block] = [
        *_mark(paper),
        Head(paper.signing.head, f"Số: {paper.signing.open_number}", _place_and_date(paper), subject=subject),
        Text(""),
        Addressee(f"{_whom(paper)} (theo danh sách tại Phụ lục)."),
        *_beginning(paper),
        *_requests(paper),
        Text(_contact(paper, contact), stays_with_next=True),
        End(paper.signing.receivers_for(_whom(paper)), paper.signing.titles, paper.signing.name),
        NewSection(is_landscape=False),
        AppendixHead("DANH SÁCH ĐƠN VỊ THỰC HIỆN", [paper.attached_to("Công văn")]),
        _units_table(paper),
    ]
    return word_file(blocks, title=f"Công văn triển khai {paper.subject}", made_at=made_at)


def _place_and_date(paper: RoundPaper) -> str:
    day = paper.today
    return f"{paper.office.place}, ngày … tháng {day.month:02d} năm {day.year}"


def _whom(paper: RoundPaper) -> str:
    """Return whom the letter is to: "Ủy ban nhân dân các phường, xã, đặc khu", as they occur among the units."""
    kinds = {unit.ward.kind for unit in paper.units}
    if not kinds or OFFICES & kinds:
        return "Các cơ quan, đơn vị"
    return f"Ủy ban nhân dân các {titles_of_kinds(kinds)}"


def _in_sentence(whom: str) -> str:
    return f"{whom[:1].lower()}{whom[1:]}" if whom.startswith("Các") else whom


def _beginning(paper: RoundPaper) -> Iterator[Text]:
    bases = [basis.strip(" ;.") for basis in paper.round.legal_basis.splitlines() if basis.strip(" ;.")]
    yield from (Text(basis if basis.startswith("Căn cứ") else f"Căn cứ {basis};") for basis in bases)
    documents = RoundDocument.objects.filter(round=paper.round, voided_at=None, kind=RoundDocument.Kind.PLAN)
    plan = documents.first()
    whom = _whom(paper)
    if plan:
        about = f" về {plan.title[:1].lower()}{plan.title[1:]}" if plan.title else ""
        beginning = f"Thực hiện Kế hoạch số {plan.number} {document_date_in_words(plan.issued_on)}{about},"
    else:
        beginning = f"Thực hiện {paper.round.name},"
    yield Text(
        f"{beginning} {paper.office.name} đề nghị {_in_sentence(whom)} "
        f"({count_in_text(len(paper.units))} đơn vị theo danh sách tại Phụ lục) thực hiện các nội dung sau:"
    )


def _requests(paper: RoundPaper) -> list[Text]:
    """Return what the units are asked to do, numbered."""
    inspection_round = paper.round
    name = inspection_round.criteria_set.name
    if "tiêu chí)" not in name:
        criteria = sum(criterion.is_in_maximum for criterion in inspection_round.criteria_set.criteria.all())
        name = f"{name} ({criteria} tiêu chí)"
    requests = [
        "Phân công công chức phụ trách văn thư, lưu trữ làm đầu mối; kích hoạt tài khoản trên Cổng thông tin theo liên "
        "kết gửi đến hộp thư công vụ của đơn vị (liên kết có hiệu lực trong 72 giờ)."
    ]
    if inspection_round.asks_self_assessment:
        due = inspection_round.self_assessment_due
        until = f"chậm nhất ngày {document_date(due)}" if due else f"chậm nhất ngày {DOTS}"
        requests.append(
            f"Tự kiểm tra theo {name}, kèm tài liệu minh chứng, và nộp kết quả tự kiểm tra trên Cổng thông tin {until}."
        )
    period = f"từ ngày {document_date(inspection_round.starts_on)} đến ngày {document_date(inspection_round.ends_on)}"
    requests.append(
        f"Chuẩn bị hồ sơ, tài liệu và bố trí thành phần làm việc với Đoàn kiểm tra của {paper.office.name} "
        f"{period}; ngày làm việc cụ thể tại Phụ lục hoặc theo thông báo của Đoàn kiểm tra."
    )
    if inspection_round.deadline:
        last = document_date(inspection_round.deadline)
        requests.append(f"Việc kiểm tra tại các đơn vị hoàn thành chậm nhất ngày {last}.")
    return [Text(f"{place}. {request}") for place, request in enumerate(requests, start=1)]


def _contact(paper: RoundPaper, contact: User) -> str:
    position = f", {contact.position[:1].lower()}{contact.position[1:]}" if contact.position else ""
    ways = [f"điện thoại: {contact.telephone or DOTS}", f"thư điện tử: {contact.email or DOTS}"]
    who = f"{paper.office.working_division}; đầu mối: ông (bà) {contact.full_name}{position}"
    return (
        "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị các đơn vị liên hệ "
        f"{paper.office.name} ({who}; {'; '.join(ways)}) để được hướng dẫn./."
    )


#: column of the annex: its heading, its width in centimetres, and whether its texts begin at the left
Field = tuple[str, float, bool, Callable[[Enrolment], str]]


def _units_table(paper: RoundPaper) -> WideTable:
    fields: list[Field] = [("Đơn vị", 4.6, True, lambda unit: unit.ward.title)]
    if paper.division:
        noun = paper.division.noun_on_paper
        fields.append((noun, 2.5, True, lambda unit: paper.division.title_of(unit.ward)))
    if len({unit.way for unit in paper.units}) > 1:
        fields.append(("Hình thức", 2.6, True, lambda unit: WAYS[Enrolment.Way(unit.way)]))
    if paper.round.asks_self_assessment:
        fields.append(("Hạn nộp tự kiểm tra", 2.4, False, lambda unit: _day(_due(paper, unit))))
    fields.append(("Ngày kiểm tra", 2.4, False, lambda unit: _day(unit.planned_on)))
    fields.append(("Đoàn kiểm tra", 2.4, True, lambda unit: unit.team.name if unit.team else ""))
    headings, widths = ["TT"], [1.1]
    for heading, width, _is_left, _read in fields:
        headings.append(heading)
        widths.append(width)
    rows = [
        [str(place), *(read(unit) for _heading, _width, _is_left, read in fields)]
        for place, unit in enumerate(paper.units, start=1)
    ]
    left = {place for place, (_heading, _width, is_left, _read) in enumerate(fields, start=1) if is_left}
    return _table(headings, widths, rows, left=left)


def _day(day: datetime.date | None) -> str:
    return document_date(day) if day else ""
