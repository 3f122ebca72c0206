"""The tables of the two reports as workbooks. Their words are Vietnamese whatever the language of the screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from archiveportal import excel
from archiveportal.excel import Book, Sheet, Style
from archiveportal.percent import truncated_percent
from archiveportal.vietnamese import as_of, document_date, document_date_in_words, money_in_words, number
from criteria.inspections.models import Round
from criteria.scoring import MET, NOT_APPLICABLE, NOT_MET, OPEN
from reports.queries import Row, Summary
from reports.sentences import NAMED
from training.models import Category, Course, Scheme
from training.queries import SummaryLine, summary_lines

TITLE = "BẢNG TỔNG HỢP UBND PHƯỜNG, XÃ, THỊ TRẤN HOÀN THÀNH CÁC TIÊU CHÍ"
SIMULATED = "SỐ LIỆU MÔ PHỎNG"
PLACE_HEADINGS = ["STT", "Xã/Phường/Thị trấn", "Quận/huyện"]
SCORE_HEADING = "Số lượng tiêu chí đạt được"
PERSONNEL_HEADING = "Nhân sự theo báo cáo (chữ quét)"
DOES_NOT_APPLY = "KAD"
MARKS = {MET: 1, NOT_MET: 0, OPEN: None, NOT_APPLICABLE: DOES_NOT_APPLY}
HEAD_ROWS = (5, 6)
PROGRESS = Style(size=9, italic=True, centred=True)


@dataclass
class Seen:
    """What the rows had that needs a note below the table."""

    published: bool = False
    drafts: bool = False
    not_applicable: bool = False
    #: "Phường 6, Quận 10: 13 (báo cáo: 11)"
    differences: list[str] = field(default_factory=list)


def summary_workbook(table: Summary, *, filters: str = "") -> Book:
    """The appendix of 5355/BC-SNV: 24 leaf columns under two header rows, 28 columns in all.

    1 is met, 0 not met, blank not assessed. Where a report published the personnel as scanned text, that text
    stands in one marked column more. Totals are values. The rows are read once, as they are written.
    """
    book = Book()
    sheet = book.sheet("Bảng tổng hợp")
    personnel = table.has_personnel
    widths = [5, 24, 19, *([5.5] * len(table.columns)), 9.5, *([26] if personnel else [])]
    moment = as_of(timezone.localtime())
    sheet.lay_out(
        widths=widths, freeze="D7", header_rows=HEAD_ROWS, paper=excel.A3, foot=f"{table.round.name}. {moment}"
    )
    _summary_title(sheet, table.round, len(widths), f"{moment}. {filters}" if filters else moment)
    _summary_head(sheet, table, personnel)
    seen = _summary_rows(sheet, table, personnel)
    _summary_totals(sheet, table, personnel)
    _summary_notes(sheet, table, seen)
    return book


def _summary_title(sheet: Sheet, round: Round, width: int, moment: str) -> None:
    name = f"{round.name.upper()} – {SIMULATED}" if round.is_simulated else round.name.upper()
    legal = f"(Theo {round.legal_basis})" if round.legal_basis else ""
    if round.report_number:
        issued = f" ngày {document_date_in_words(round.reported_on).removeprefix('ngày ')}" if round.reported_on else ""
        legal = f"(Kèm theo Báo cáo số {round.report_number}{issued} của Sở Nội vụ)"
    lines = [(TITLE, excel.TITLE), (name, excel.TITLE), (legal, excel.SUBTITLE), (moment, excel.SUBTITLE)]
    for text, style in lines:
        sheet.row([text], style)
        sheet.merge(sheet.row_number, 1, sheet.row_number, width)


def _summary_head(sheet: Sheet, table: Summary, personnel: bool) -> None:
    """Two rows: a heading of its own spans both, an upper heading spans its columns."""
    top, bottom = HEAD_ROWS
    sheet.height(top, 36)
    sheet.height(bottom, 132)
    upper: list[Any] = [sheet.cell(text, excel.HEAD) for text in PLACE_HEADINGS]
    lower: list[Any] = [sheet.cell(None, excel.HEAD) for _ in PLACE_HEADINGS]
    for column in range(1, len(PLACE_HEADINGS) + 1):
        sheet.merge(top, column, bottom, column)
    for group in table.head:
        first = len(upper) + 1
        last = first + len(group.criteria) - 1
        if group.title:
            upper += [sheet.cell(group.title, excel.HEAD), *[sheet.cell(None, excel.HEAD)] * (last - first)]
            lower += [sheet.cell(criterion.heading, excel.HEAD_VERTICAL) for criterion in group.criteria]
            sheet.merge(top, first, top, last)
        else:
            upper.append(sheet.cell(group.criteria[0].heading, excel.HEAD_VERTICAL))
            lower.append(sheet.cell(None, excel.HEAD))
            sheet.merge(top, first, bottom, first)
    for text, style in [(SCORE_HEADING, excel.HEAD), *([(PERSONNEL_HEADING, excel.MARKED_HEAD)] if personnel else [])]:
        upper.append(sheet.cell(text, style))
        lower.append(sheet.cell(None, style))
        sheet.merge(top, len(upper), bottom, len(upper))
    sheet.append(upper)
    sheet.append(lower)


def _summary_rows(sheet: Sheet, table: Summary, personnel: bool) -> Seen:
    """Writes the wards. What recurs is one cell written many times."""
    seen = Seen()
    facts = [place for place, criterion in enumerate(table.columns) if not criterion.has_outcome]
    marks = {
        style: {outcome: sheet.cell(value, style) for outcome, value in MARKS.items()}
        for style in (excel.CENTRED, excel.CENTRED_ITALIC)
    }
    for row in table.rows():
        style = excel.CENTRED if row.is_approved else excel.CENTRED_ITALIC
        mark = marks[style]
        cells = [mark.get(cell) for cell in row.cells]
        for place in facts:
            cells[place] = sheet.shared(row.cells[place], style)
        line = [sheet.cell(row.position, excel.CENTRED), sheet.cell(row.ward), sheet.shared(row.district)]
        line += cells
        line.append(_score_cell(sheet, row))
        if personnel:
            line.append(sheet.cell(row.personnel, excel.MARKED))
        sheet.append(line)
        seen.published |= row.is_published
        seen.drafts |= row.met is not None and not row.is_approved
        seen.not_applicable |= NOT_APPLICABLE in row.cells
        if row.difference is not None:
            place = ", ".join(filter(None, [row.ward, row.district]))
            seen.differences.append(f"{place}: {number(row.score)} (báo cáo: {number(row.published_score)})")
    return seen


def _score_cell(sheet: Sheet, row: Row) -> Any:
    """The score that stands; a published one in italics; else how far the checklist is, for those who see it."""
    if row.is_published:
        return sheet.shared(row.score, excel.CENTRED_ITALIC)
    if row.score is None and row.met is not None:
        return sheet.shared(f"đạt {row.met}, còn {row.open}" if row.open else f"đạt {row.met}", PROGRESS)
    return sheet.shared(row.score, excel.CENTRED)


def _summary_totals(sheet: Sheet, table: Summary, personnel: bool) -> None:
    """Two rows of values: how many wards meet each criterion, and of how many it is known."""
    scores = table.scores
    lines = [
        ("Cộng", [count.total for count in table.totals], scores.points),
        (f"Số đơn vị đã đánh giá (trên {number(scores.enrolled)})", [c.assessed for c in table.totals], None),
    ]
    for label, values, last in lines:
        sheet.row([label, None, None, *values, last, *[None] * personnel], excel.TOTAL_CENTRED)
        sheet.merge(sheet.row_number, 1, sheet.row_number, 3)


def _summary_notes(sheet: Sheet, table: Summary, seen: Seen) -> None:
    scores, round = table.scores, table.round
    sheet.row([])
    notes = ["1: đạt; 0: chưa đạt; ô trống: chưa đánh giá (không tính là chưa đạt)."]
    if seen.not_applicable:
        notes.append(f"{DOES_NOT_APPLY}: không áp dụng, không tính vào số tiêu chí.")
    if seen.published:
        source = f" (Báo cáo số {round.report_number})" if round.report_number else ""
        notes.append(f"Số in nghiêng ở cột cuối: theo báo cáo{source}, phiếu kiểm tra chưa được phê duyệt.")
    if seen.drafts:
        notes.append("Ô in nghiêng: phiếu kiểm tra chưa được phê duyệt, không tính vào dòng cộng.")
    if scores.average is not None:
        notes.append(
            f"Bình quân: {number(scores.average)} tiêu chí, tính trên {number(scores.scored)}/"
            f"{number(scores.enrolled)} đơn vị có kết quả."
        )
    if seen.differences:
        notes.append(f"Kết quả đã phê duyệt khác với số báo cáo ghi: {len(seen.differences)} đơn vị.")
        notes += [f"   {text}" for text in seen.differences[:NAMED]]
    for text in notes:
        sheet.row([text], excel.NOTE)


ATTAINMENT_HEADINGS = [
    "Nội dung", "Đơn vị tính", "Kết quả", "Chỉ tiêu", "Đơn vị tính của chỉ tiêu", "Tỷ lệ đạt so với chỉ tiêu (%)",
]  # fmt: skip
SECTIONS = {
    Category.Kind.DEGREE: "Số lượng đào tạo",
    Category.Kind.PROFESSIONAL: "Số lượng bồi dưỡng",
    Category.Kind.BRIEFING: "Số lượng tập huấn",
    Category.Kind.STUDY_TOUR: "Số lượng học tập nghiệp vụ",
}
SECTION = Style(bold=True, shade=True)
MORE_THAN = Style(number_format='"hơn "#,##0')
DASH = Style(centred=True)


def attainment_workbook(user: Any, scheme: Scheme) -> Book:
    """The summary of 2710/BC-SNV, I.2.b: actual, target and the percentage that the report prints (truncated).

    Below it stand the courses outside the summary that the person may see, the workforce and the funding.
    """
    with override("vi"):
        book = Book()
        sheet = book.sheet("Kết quả so với chỉ tiêu")
        foot = as_of(timezone.localtime())
        sheet.lay_out(widths=[46, 13, 15, 13, 15, 19], header_rows=(5, 5), freeze="A6", landscape=False, foot=foot)
        _attainment_title(sheet, scheme)
        sheet.fit([sheet.cell(text, excel.HEAD) for text in ATTAINMENT_HEADINGS])
        kind = None
        for line in summary_lines(scheme):
            if line.category.kind != kind:
                kind = line.category.kind
                _section(sheet, SECTIONS[Category.Kind(kind)])
            _attainment_row(sheet, line)
        _outside_rows(sheet, user, scheme)
        _workforce_rows(sheet, scheme)
        _funding_rows(sheet, scheme)
    return book


def _attainment_title(sheet: Sheet, scheme: Scheme) -> None:
    cut_off = f"; số liệu của báo cáo tổng kết đến ngày {document_date(scheme.cut_off_on)}" if scheme.cut_off_on else ""
    lines = [
        ("KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG, TẬP HUẤN SO VỚI CHỈ TIÊU", excel.TITLE),
        (scheme.name, Style(bold=True, box=False, centred=True)),
        (f"({scheme.legal_basis}{cut_off})", excel.SUBTITLE),
        (as_of(timezone.localtime()), excel.SUBTITLE),
    ]
    for text, style in lines:
        sheet.row([text], style)
        sheet.merge(sheet.row_number, 1, sheet.row_number, len(ATTAINMENT_HEADINGS))


def _section(sheet: Sheet, title: str) -> None:
    sheet.row([title, *[None] * (len(ATTAINMENT_HEADINGS) - 1)], SECTION)
    sheet.merge(sheet.row_number, 1, sheet.row_number, len(ATTAINMENT_HEADINGS))


def _attainment_row(sheet: Sheet, line: SummaryLine) -> None:
    result = line.attainment
    quota = line.quota if result.target is not None else None
    sheet.append(
        [
            sheet.cell(line.category.name),
            sheet.cell(line.category.get_unit_display(), excel.CENTRED),
            sheet.cell(result.actual, MORE_THAN if result.is_lower_bound else excel.COUNT),
            sheet.cell(result.target, excel.COUNT) if quota else sheet.cell("—", DASH),
            sheet.cell(quota.get_unit_display() if quota else "—", excel.CENTRED),
            _percent_cell(sheet, result.percent),
        ]
    )


def _percent_cell(sheet: Sheet, value: Decimal | None) -> Any:
    return sheet.cell("—", DASH) if value is None else sheet.cell(value, excel.PERCENT)


def _outside_rows(sheet: Sheet, user: Any, scheme: Scheme) -> None:
    """Rows that the report tells of without counting them against a target (E09, E13 to E15)."""
    courses = Course.objects.visible_to(user).standing().filter(category__scheme=scheme, enters_summary=False)
    courses = list(courses.distinct().order_by("category__position", "pk"))
    if courses:
        _section(sheet, "Ngoài phần tổng hợp (không tính vào chỉ tiêu)")
    for course in courses:
        count = sheet.cell(course.participants, MORE_THAN if course.is_lower_bound else excel.COUNT)
        unit = sheet.cell(course.get_unit_display(), excel.CENTRED)
        sheet.fit([sheet.cell(course.name), unit, count, *[sheet.cell("—", DASH) for _ in range(3)]])


def _workforce_rows(sheet: Sheet, scheme: Scheme) -> None:
    """Staff and, of these, the share with an archives qualification: 1.302/3.995 = 32,59 % (E01)."""
    for count in scheme.workforce_counts.all():
        _section(sheet, f"Đội ngũ làm công tác văn thư, lưu trữ (tính đến {document_date(count.counted_on)})")
        share = truncated_percent(count.qualified, count.total)
        lines = [("Tổng số", count.total, None), ("Có trình độ chuyên ngành văn thư, lưu trữ", count.qualified, share)]
        for label, value, percent in lines:
            cells = [sheet.cell(label), sheet.cell("người", excel.CENTRED), sheet.cell(value, excel.COUNT)]
            note = sheet.cell("trên tổng số" if percent is not None else "—", excel.CENTRED)
            sheet.append([*cells, sheet.cell("—", DASH), note, _percent_cell(sheet, percent)])


def _funding_rows(sheet: Sheet, scheme: Scheme) -> None:
    fundings = list(scheme.fundings.order_by("pk"))
    if fundings:
        _section(sheet, "Kinh phí đào tạo")
    for funding in fundings:
        amount = int(funding.amount)
        words = [sheet.cell(money_in_words(amount)), *[sheet.cell(None)] * 2]
        head = [sheet.cell(funding.get_source_display()), sheet.cell("đồng", excel.CENTRED)]
        sheet.height(sheet.row_number + 1, 2 * excel.LINE)
        sheet.append([*head, sheet.cell(amount, excel.COUNT), *words])
        sheet.merge(sheet.row_number, 4, sheet.row_number, 6)
