"""The result sheet of a unit as a paper: blocks for Word and for the printed page. Vietnamese on every screen."""

from __future__ import annotations

import datetime
from itertools import chain

from django.utils import timezone, translation

from archiveportal.accounts.models import User
from archiveportal.office.kinds import Level
from archiveportal.office.queries import office_on
from archiveportal.own_words import in_vietnamese
from archiveportal.percent import format_percent
from archiveportal.vietnamese import document_date, number
from archiveportal.word.official import fitting_lines
from archiveportal.word.writer import Block, Column, Grid, Head, Heading, Text, Title, word_file
from criteria.facts import fact_in_words
from criteria.given import shown
from criteria.inspections.models import Enrolment, Finding
from criteria.inspections.papers.round_papers import WAYS
from criteria.inspections.queries.result_sheet import Quartile, ResultSheet, SheetLine, ToMend, in_score, sheet_of
from criteria.outcomes import outcome_of

TITLE = "Kết quả ghi nhận tại thời điểm kiểm tra"
TITLE_OF_REPORT = "Kết quả tự kiểm tra, báo cáo (%(division_word)s đã chấp nhận)"
FROM_AFAR = "xác minh từ xa"
QUARTERS = ("25% cao nhất", "25% trên mức giữa", "25% dưới mức giữa", "25% thấp nhất")
STATES = {
    Finding.Status.OPEN: "Chưa khắc phục",
    Finding.Status.ANSWERED: "Đã báo cáo, chờ xem xét",
    Finding.Status.CLOSED: "Đã khắc phục",
}
FOOT = (
    "Phiếu ghi nhận kết quả tại thời điểm kiểm tra để đơn vị theo dõi, khắc phục; không thay thế biên bản kiểm tra "
    "và văn bản của cơ quan có thẩm quyền."
)
FOOT_OF_REPORT = (
    "Phiếu ghi lại kết quả do đơn vị tự kiểm tra, báo cáo để đơn vị theo dõi, khắc phục; không phải kết quả kiểm tra "
    "và không thay thế văn bản của cơ quan có thẩm quyền."
)


def result_sheet(user: User | None, enrolment: Enrolment) -> bytes:
    """Return the sheet of a unit that has a result as a Word file. The same rows give the same bytes."""
    with translation.override("vi"):
        return word_of_sheet(sheet_of(enrolment, user))


def word_of_sheet(sheet: ResultSheet) -> bytes:
    return word_file(blocks_of_sheet(sheet), title=name_of_sheet(sheet), made_at=_made_at(sheet))


def name_of_sheet(sheet: ResultSheet) -> str:
    return f"Phiếu kết quả {sheet.enrolment.ward.full_in_sentence}"


def title_of_sheet(sheet: ResultSheet) -> str:
    return in_vietnamese(TITLE_OF_REPORT) if sheet.is_reported else TITLE


def _made_at(sheet: ResultSheet) -> datetime.datetime:
    """Return the moment since which the result stands."""
    if sheet.is_reported:
        return sheet.enrolment.self_assessment.read_at or timezone.now()
    return sheet.enrolment.inspection.approved_at or timezone.now()


def blocks_of_sheet(sheet: ResultSheet) -> list[Block]:
    """Return the paper from top to bottom. To be called with Vietnamese as the language."""
    enrolment = sheet.enrolment
    blocks: list[Block] = [Head(fitting_lines(office_on(timezone.localdate(_made_at(sheet))).head_of(Level.DIVISION)))]
    if enrolment.round.mark:
        blocks.append(Text(enrolment.round.mark, align="centre", is_bold=True))
    blocks += [
        Title("PHIẾU KẾT QUẢ", f"{title_of_sheet(sheet)} - {enrolment.ward.body_in_full}"),
        *_head_texts(sheet),
        Heading("1. Kết quả theo nhóm tiêu chí"),
        _sections(sheet),
        Heading("2. Nội dung cần khắc phục, ưu tiên từ trên xuống"),
        *_to_mend(sheet),
        Heading("3. Kiến nghị và tình trạng thực hiện"),
        *_findings(sheet),
        Heading("4. Kết quả từng tiêu chí"),
        *_lines(sheet),
        Heading("5. Nơi giải đáp"),
        Text(whom_to_ask(sheet)),
        Text(FOOT_OF_REPORT if sheet.is_reported else FOOT, is_italic=True),
    ]
    return blocks


def _head_texts(sheet: ResultSheet) -> list[Block]:
    enrolment = sheet.enrolment
    day = document_date(sheet.day) if sheet.day else "chưa ghi"
    texts = [
        f"Đợt kiểm tra: {enrolment.round.name}.",
        f"Hình thức: {WAYS[Enrolment.Way(enrolment.way)].lower()}; thời điểm ghi nhận: ngày {day}.",
        f"Kết quả: {result_in_words(sheet)}.",
    ]
    if sheet.is_reported:
        texts.append("Kết quả do đơn vị tự kiểm tra, báo cáo; chưa có đoàn kiểm tra xác minh.")
    if sheet.is_distant:
        texts.append("Kết quả được xác minh từ xa, trên cơ sở minh chứng của bản tự kiểm tra.")
    texts += [f"{reason.rstrip('.')}." for reason in sheet.bar_reasons]
    texts.append(last_in_words(sheet))
    if sheet.quartile:
        texts.append(quartile_in_words(sheet.quartile))
    return [Text(text) for text in texts]


def result_in_words(sheet: ResultSheet) -> str:
    """Return "đạt 78,5/100 điểm (78,5%), xếp loại “Tốt”"."""
    unit = "điểm" if sheet.is_in_points else "tiêu chí"
    parts = f"đạt {in_score(sheet.score, sheet.maximum)} {unit}"
    if sheet.percent is not None:
        parts += f" ({format_percent(sheet.percent)})"
    return parts + (f", xếp loại “{sheet.band.label}”" if sheet.band else "")


def last_in_words(sheet: ResultSheet) -> str:
    if sheet.last is None:
        return "Chưa có kết quả kiểm tra lần trước theo cùng bộ tiêu chí."
    day = f", ngày {document_date(sheet.last.inspected_on)}" if sheet.last.inspected_on else ""
    return f"Lần trước: {in_score(sheet.last.score, sheet.last.maximum)} ({sheet.last.round_name}{day})."


def quartile_in_words(quartile: Quartile) -> str:
    """Return where the unit lies among those of its kind, without naming any."""
    place = QUARTERS[quartile.number - 1]
    return f"Thuộc nhóm {place} trong {number(quartile.units)} {quartile.kind.lower()} đã có kết quả của đợt."


def whom_to_ask(sheet: ResultSheet) -> str:
    """Return who answers questions about the result: the head of the team, and the sub-department."""
    office = office_on()
    agency = ", ".join(filter(None, [office.division, office.name]))
    ways = [f"điện thoại {office.telephone}" if office.telephone else "", office.email]
    reached = "; ".join(filter(None, [agency, *ways]))
    if sheet.head is None:
        return f"{reached}."
    position = f", {sheet.head.position}" if sheet.head.position else ""
    return f"Trưởng đoàn kiểm tra: {sheet.head.full_name}{position}; {reached}."


def _sections(sheet: ResultSheet) -> Grid:
    heading = "Điểm" if sheet.is_in_points else "Số tiêu chí đạt"
    columns = [Column("Nhóm tiêu chí", 10.5), Column(heading, 3, "centre"), Column("Tối đa", 3, "centre")]
    rows = [[each.title, shown(each.points), shown(each.maximum)] for each in sheet.sections if each.is_scored]
    return Grid(columns, [*rows, ["Tổng số", shown(sheet.score), shown(sheet.maximum)]])


def _to_mend(sheet: ResultSheet) -> list[Block]:
    """Write what has to be put right, with the points that it costs where points are counted."""
    if not sheet.to_mend:
        return [Text("Không có.")]
    points = [Column("Điểm", 1.5, "centre")] if sheet.is_in_points else []
    columns = [
        Column("TT", 1.4, "centre"),
        Column("Tiêu chí", 5.1 if points else 6.6),
        *points,
        Column("Kiến nghị", 6),
        Column("Thời hạn", 2.5, "centre"),
    ]
    return [Grid(columns, [_mending(each, in_points=bool(points)) for each in sheet.to_mend])]


def _mending(each: ToMend, *, in_points: bool) -> list[str]:
    line = each.line
    recommended = each.finding.recommendation if each.finding else ""
    lost = [shown(line.lost)] if in_points else []
    return [line.criterion.listed_number or "-", line.criterion.name_on_paper, *lost, recommended, _day(each.due_on)]


def _findings(sheet: ResultSheet) -> list[Block]:
    if not sheet.findings:
        return [Text("Không có kiến nghị.")]
    columns = [
        Column("TT", 1.4, "centre"),
        Column("Kiến nghị", 9.1),
        Column("Thời hạn", 2.5, "centre"),
        Column("Tình trạng", 3.5, "centre"),
    ]
    lines = chain.from_iterable(section.lines for section in sheet.sections)
    numbers = {line.criterion.pk: line.criterion.listed_number for line in lines}
    rows = [
        [
            numbers.get(each.criterion_id) or "-",
            each.recommendation,
            _day(each.due_on),
            state_of(each),
        ]
        for each in sheet.findings
    ]
    summed = f"Đã khắc phục {sheet.mended}/{len(sheet.findings)} kiến nghị."
    return [Grid(columns, rows), Text(summed)]


def state_of(finding: Finding) -> str:
    return "Quá hạn" if finding.is_overdue else STATES[Finding.Status(finding.status)]


def _lines(sheet: ResultSheet) -> list[Block]:
    columns = [
        Column("TT", 1.1, "centre"),
        Column("Tiêu chí", 6.2),
        Column("Kết quả", 3.2),
        Column("Lần trước", 2.4, "centre"),
        Column("Ghi chú", 3.6),
    ]
    blocks: list[Block] = []
    for section in sheet.sections:
        blocks += [Heading(section.title, level=2), Grid(columns, [_row(line) for line in section.lines])]
    return blocks


def _row(line: SheetLine) -> list[str]:
    last = outcome_of(line.last.outcome).word if line.last else "-"
    return [number_of(line), line.criterion.name, found_in_words(line), last, line.note]


def found_in_words(line: SheetLine) -> str:
    """Return the answer, what is given where it is more than met or not, and how it was verified."""
    word = line.outcome.word if line.criterion.has_outcome else ""
    verified = FROM_AFAR if line.is_distant else ""
    return "; ".join(filter(None, [word, line.given or _fact(line), verified])) or "-"


def _fact(line: SheetLine) -> str:
    """Return the number or the words of a fact; blank where there is none."""
    answer, criterion = line.answer, line.criterion
    if answer is None or criterion.is_derived:
        return ""
    return fact_in_words(criterion, answer.number, answer.text, label=criterion.fact_label)


def number_of(line: SheetLine) -> str:
    return line.criterion.listed_number or "-"


def _day(day: datetime.date | None) -> str:
    return document_date(day) if day else "-"
