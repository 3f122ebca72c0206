"""The summary table of a round as a workbook: plain, or under its districts with subtotals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archiveportal import excel
from archiveportal.excel import Book, Sheet, Style
from archiveportal.percent import AVERAGE_PLACES
from archiveportal.roman import roman
from archiveportal.vietnamese import in_one_line, number
from criteria.inspections.queries.areas import Division
from criteria.measures import on_what_does_not_apply
from criteria.outcomes import NOT_MET, OUTCOMES, Outcome, kinds_of
from reports.frozen.issue import Issue, was_issued
from reports.results.apart import RULE
from reports.results.band_sentences import NAMED
from reports.results.bars import bar_reasons
from reports.results.criteria import drop_zero_decimals
from reports.results.districts import totals_by_district
from reports.results.headings import HeadRow
from reports.results.reported import APART, MARK, Reported, ReportedSum, ReportedUnit, heading, reported
from reports.results.table import Row, Summary
from reports.workbooks.form import SECTION, Form, Reader, decimal_style

PERSONNEL_HEADING = "Nhân sự theo báo cáo (chữ quét)"
#: of sets with answers that earn some of the points
POINTS_IN_CELLS = (
    "Tiêu chí chấm theo mức, theo tỷ lệ hoặc theo thành phần: ô ghi số điểm đạt được, dòng “Cộng” là tổng số điểm."
)
#: characters of a column of facts in words
WORDS_OF_FACTS = 20
#: height of a row of headings that span others, in points
LEAST_HEAD = 36
PROGRESS = Style(size=9, italic=True, centred=True)


def derived_from(table: Summary) -> list[str]:
    """Say how the figures of the table follow from the records, a sentence each."""
    published = "; nếu chưa có thì là số báo cáo đã công bố" if table.scores.with_published else ""
    return [
        "Dòng “Cộng” ở các tiêu chí đếm phiếu kiểm tra đã phê duyệt.",
        *([POINTS_IN_CELLS] if table.has_graded else []),
        *([RULE] if table.apart else []),
        f"Cột cuối là kết quả đã phê duyệt{published}.",
        "Chưa đánh giá không tính là chưa đạt.",
    ]


def title_of(divided: Division) -> str:
    return f"BẢNG TỔNG HỢP UBND {divided.units_in_sentence.upper()} HOÀN THÀNH CÁC TIÊU CHÍ"


def place_headings(divided: Division) -> list[str]:
    """Return the headings in front of the criteria; without a column of areas where nothing divides the round."""
    return ["STT", divided.units_heading, *([divided.column_heading] if divided else [])]


@dataclass
class Peculiarities:
    """Peculiarities of the rows that need a note below the table."""

    published: bool = False
    drafts: bool = False
    #: codes of answers that count in no maximum
    left_out: set[str] = field(default_factory=set)
    #: "Phường 6, Quận 10: 13 (báo cáo: 11)"
    differences: list[str] = field(default_factory=list)


def summary_workbook(
    table: Summary, *, reader: Reader | None = None, by_district: bool = False, own: Reported | None = None
) -> Book:
    """Write the appendix of 5355/BC-SNV: 24 leaf columns under two header rows, 28 columns in all.

    1 is met, 0 not met, blank not assessed. Where a report published the personnel as scanned text,
    that text is in one marked column more. Totals are values. The rows are read once, as they are
    written; with `by_district` they are under their district, whose line has the subtotals. Units by
    their `own` reports follow as a block of their own.
    """
    divided = table.divided
    own = reported(table.user, table.round, divided=divided, is_listed=True) if own is None else own
    form = Form(reader or Reader(table.user), title_of(divided), round=table.round, derived=derived_from(table))
    form.records = table.scores.enrolled
    personnel = table.has_personnel
    places = place_headings(divided)
    widths = [
        *[6, 24, 19][: len(places)],
        *(WORDS_OF_FACTS if criterion.is_in_words else 5.5 for criterion in table.columns),
        *([7.5] * len(table.apart)),
        9.5,
        *([31] if personnel else []),
    ]
    lines = [*form.heading(table.round.name.upper()), (_belongs_to(form), excel.SUBTITLE)]
    sheet = form.sheet(
        "Bảng tổng hợp", widths, lines, head_rows=len(table.head_rows), frozen_columns=len(places), paper=excel.A3
    )
    _summary_head(sheet, table, personnel)
    writer = RowWriter(sheet, table, personnel)
    if by_district and divided:
        form.derived.append(f"Dòng có số La Mã: cộng của {divided.noun_in_sentence}; cách cộng như dòng “Cộng”.")
        _by_district(writer, table)
    else:
        for row in table.rows():
            writer.write(row)
    if not table.scores.enrolled:
        form.nothing(sheet)
    _summary_totals(sheet, table, personnel)
    if own:
        form.derived.append(APART)
        _ReportedBlock(sheet, table, personnel).write(own, by_area=by_district and bool(divided))
    _summary_notes(sheet, table, writer.seen)
    form.sign(sheet)
    return form.finish()


def _belongs_to(form: Form) -> str:
    """Name the report that the table is attached to, its number left open; else the basis of the
    round.

    A table that is made from the records bears no number: it is not the one that was signed. The
    table of a district or a ward is its own and is attached to no report of the Department.
    """
    if form.reader.extent != form.reader.office.whole_area:
        return f"(Kết quả của {form.reader.extent})"
    inspection_round, is_closing = form.required_round, form.reader.moment is not None
    if is_closing or not inspection_round.legal_basis or was_issued(inspection_round):
        return Issue().belongs_to
    return f"(Theo {in_one_line(inspection_round.legal_basis)})"


def _summary_head(sheet: Sheet, table: Summary, personnel: bool) -> None:
    """Write the rows of headings: a heading of its own reaches down, an upper one spans its columns."""
    rows, top = table.head_rows, sheet.row_number + 1
    bottom = top + len(rows) - 1
    headings = place_headings(table.divided)
    for row, cells in zip(range(top, bottom), rows, strict=False):
        sheet.height(row, _height_of(sheet, cells, first=len(headings) + 1))
    sheet.height(bottom, 132)
    after = [(each.heading, excel.HEAD) for each in table.apart]
    after += [(table.measure.total_heading, excel.HEAD), *([(PERSONNEL_HEADING, excel.MARKED_HEAD)] * personnel)]
    for level, cells in enumerate(rows):
        before = [sheet.cell(text if level == 0 else None, excel.HEAD) for text in headings]
        behind = [sheet.cell(text if level == 0 else None, style) for text, style in after]
        sheet.append([*before, *_heading_cells(sheet, cells, row=top + level, first=len(headings) + 1), *behind])
    columns = len(table.columns)
    own = [*range(1, len(headings) + 1), *range(len(headings) + columns + 1, len(headings) + columns + len(after) + 1)]
    for column in own:
        sheet.merge(rows=(top, bottom), columns=(column, column))


def _height_of(sheet: Sheet, cells: HeadRow, *, first: int) -> float:
    """Return how high a row of headings is: a long one may stand over a few narrow columns."""
    lines, column = 0, first
    for cell in cells:
        if cell and not cell.criterion:
            # What reaches down has the rows below it, too.
            across = sum(sheet.widths[column - 1 : column - 1 + cell.over])
            lines = max(lines, -(-excel.lines_of(cell.title, across, excel.HEAD) // cell.down))
        column += cell.over if cell else 1
    return max(LEAST_HEAD, lines * excel.LINE)


def _heading_cells(sheet: Sheet, cells: HeadRow, *, row: int, first: int) -> list[Any]:
    """Return the cells of a row of headings over the criteria, and merge those that span others."""
    written: list[Any] = []
    for cell in cells:
        if cell is None:
            written.append(sheet.cell(None, excel.HEAD))
            continue
        column = first + len(written)
        style = excel.HEAD_VERTICAL if cell.criterion else excel.HEAD
        written += [sheet.cell(cell.title, style), *[sheet.cell(None, excel.HEAD)] * (cell.over - 1)]
        if cell.over > 1 or cell.down > 1 or not cell.criterion:
            sheet.merge(rows=(row, row + cell.down - 1), columns=(column, column + cell.over - 1))
    return written


class RowWriter:
    """Writes wards one by one. What recurs is one cell written many times."""

    def __init__(self, sheet: Sheet, table: Summary, personnel: bool) -> None:
        self.sheet, self.personnel, self.seen = sheet, personnel, Peculiarities()
        self.is_divided = bool(table.divided)
        self.apart = table.apart
        self.facts = [place for place, criterion in enumerate(table.columns) if not criterion.has_outcome]
        self.left_out = {outcome.code for outcome in OUTCOMES.values() if not outcome.applies}
        self.marks = {
            style: {code: sheet.cell(outcome.mark, style) for code, outcome in OUTCOMES.items()}
            for style in (excel.CENTRED, excel.CENTRED_ITALIC)
        }

    def write(self, row: Row, number_in_list: int | None = None) -> None:
        sheet, seen = self.sheet, self.seen
        style = excel.CENTRED if row.is_approved else excel.CENTRED_ITALIC
        mark = self.marks[style]
        cells = [mark.get(cell) for cell in row.cells]
        for place in self.facts:
            cells[place] = sheet.shared(row.cells[place], style)
        for place, points in row.earned.items():
            cells[place] = sheet.shared(points, decimal_style(points, style))
        apart = [drop_zero_decimals(each.value_of(row)) for each in self.apart]
        line = [
            sheet.cell(number_in_list or row.position, excel.CENTRED),
            sheet.cell(row.ward),
            *([sheet.shared(row.area)] if self.is_divided else []),
            *cells,
            *[sheet.shared(value, decimal_style(value, excel.CENTRED)) for value in apart],
            _score_cell(sheet, row),
        ]
        if self.personnel:
            line.append(sheet.cell(row.personnel, excel.MARKED))
        # Longer ones take more than a line of their column.
        has_words = any(len(str(row.cells[place] or "")) > WORDS_OF_FACTS for place in self.facts)
        if has_words or len(row.ward) > 25 or len(row.area) > 20 or len(row.personnel) > 32:
            sheet.fit(line)
        else:
            sheet.append(line)
        seen.published |= row.is_published
        seen.drafts |= row.met is not None and not row.is_approved
        seen.left_out |= self.left_out.intersection(row.cells)
        if row.difference is not None:
            name = ", ".join(filter(None, [row.ward, row.area]))
            seen.differences.append(f"{name}: {number(row.score)} (báo cáo: {number(row.published_score)})")


def _by_district(writer: RowWriter, table: Summary) -> None:
    """Write each area with its subtotals, then its wards numbered from 1."""
    rows: dict[int | None, list[Row]] = {}
    for row in table.rows():
        rows.setdefault(row.area_id, []).append(row)
    sheet = writer.sheet
    for place, totals in enumerate(totals_by_district(table), start=1):
        name = totals.district.title if totals.district else table.divided.rest_on_paper
        counts = [count.total for count in totals.counts]
        label = f"{name} ({number(totals.scores.enrolled)} đơn vị)"
        apart = map(drop_zero_decimals, totals.apart)
        values = [*counts, *apart, drop_zero_decimals(totals.scores.points), *[None] * writer.personnel]
        sheet.blocks(
            (roman(place), excel.TOTAL_CENTRED, 1, 1),
            (label, SECTION, 2, 3),
            *((value, _total_style(value), column, column) for column, value in enumerate(values, start=4)),
        )
        sheet.keep_with_next()
        for number_in_list, row in enumerate(rows[totals.district.pk if totals.district else None], start=1):
            writer.write(row, number_in_list)


def _score_cell(sheet: Sheet, row: Row) -> Any:
    """Write the standing score; a published one in italics; else how far the checklist is, for
    those who see it."""
    if row.is_published:
        return sheet.shared(row.score, excel.CENTRED_ITALIC)
    if row.score is None and row.met is not None:
        return sheet.shared(f"đạt {row.met}, còn {row.open}" if row.open else f"đạt {row.met}", PROGRESS)
    return sheet.shared(row.score, excel.CENTRED)


def _summary_totals(sheet: Sheet, table: Summary, personnel: bool) -> None:
    """Two rows of values: how many wards meet each criterion, and of how many it is known."""
    scores = table.scores
    apart = list(map(drop_zero_decimals, table.apart_totals))
    lines: list[tuple[str, list[Any], Any]] = [
        ("Cộng", [*[count.total for count in table.totals], *apart], scores.points),
        (
            f"Số đơn vị đã đánh giá (trên {number(scores.enrolled)})",
            [*[count.assessed for count in table.totals], *[None] * len(apart)],
            None,
        ),
    ]
    for label, values, last in lines:
        places = len(place_headings(table.divided))
        cells = [label, *[None] * (places - 1), *values, last, *[None] * personnel]
        sheet.append([sheet.cell(cell, _total_style(cell)) for cell in cells])
        sheet.merge(rows=(sheet.row_number, sheet.row_number), columns=(1, places))


class _ReportedBlock:
    """Writes the units by their own reports beneath the sums of verified results, each row marked."""

    def __init__(self, sheet: Sheet, table: Summary, personnel: bool) -> None:
        self.sheet, self.is_divided = sheet, bool(table.divided)
        self.places = len(place_headings(table.divided))
        #: the column of the score; what is in front of it, from the places on, bears the mark
        self.score = self.places + len(table.columns) + len(table.apart) + 1
        self.noun, self.last = table.measure.noun, self.score + personnel

    def write(self, own: Reported, *, by_area: bool) -> None:
        title = f"{heading()}: {number(own.total.units)} đơn vị"
        self.sheet.blocks((title, SECTION, 1, self.last))
        self.sheet.keep_with_next()
        if by_area:
            self._by_area(own)
        else:
            for row in own.rows():
                self._unit(row, row.position)
        self._sum("Cộng theo báo cáo của đơn vị", own.total, own)

    def _by_area(self, own: Reported) -> None:
        rows: dict[int | None, list[ReportedUnit]] = {}
        for row in own.rows():
            rows.setdefault(row.area_id, []).append(row)
        for of_area in own.sums:
            name = of_area.area.title if of_area.area else own.divided.rest_on_paper
            self._sum(f"{name} ({number(of_area.units)} đơn vị)", of_area, own)
            self.sheet.keep_with_next()
            for place, row in enumerate(rows[of_area.area.pk if of_area.area else None], start=1):
                self._unit(row, place)

    def _unit(self, row: ReportedUnit, place: int) -> None:
        shared = self.sheet.shared
        names = [shared(place, excel.CENTRED), self.sheet.cell(row.ward)]
        names += [shared(row.area)] * self.is_divided
        between = self.score - self.places - 1
        words = f"{MARK}: {row.band.label}" if row.band else MARK
        marked = [shared(words, excel.CENTRED_ITALIC), *[shared(None, excel.CENTRED_ITALIC)] * (between - 1)]
        score = shared(drop_zero_decimals(row.score), decimal_style(row.score, excel.CENTRED_ITALIC))
        self.sheet.append([*names, *marked, score, *[shared(None)] * (self.last - self.score)])
        here = self.sheet.row_number
        self.sheet.merge(rows=(here, here), columns=(self.places + 1, self.score - 1))

    def _sum(self, label: str, of_area: ReportedSum, own: Reported) -> None:
        average = f"bình quân {number(of_area.average, AVERAGE_PLACES)} {self.noun}"
        counts = [f"{band.label}: {number(count)}" for band, count in own.counts_of(of_area) if count]
        points = drop_zero_decimals(of_area.points)
        self.sheet.blocks(
            (label, SECTION, 1, self.places),
            ("; ".join([average, *counts]), excel.TOTAL_CENTRED, self.places + 1, self.score - 1),
            (points, _total_style(points), self.score, self.score),
            *[(None, SECTION, self.last, self.last)] * (self.last - self.score),
        )


def _by_position(table: Summary, reasons: dict[int, str]) -> list[tuple[int, str]]:
    """Return the reasons with the numbers of their units in the table."""
    if not reasons:
        return []
    held = table.enrolments.filter(pk__in=reasons).order_by("position").values_list("position", "pk")
    return [(position, reasons[key]) for position, key in held]


def _total_style(value: Any) -> Style:
    return excel.TOTAL_CENTRED if isinstance(value, str) else decimal_style(value, excel.TOTAL_CENTRED)


def _explained(outcome: Outcome) -> str:
    return f"{'ô trống' if outcome.mark is None else outcome.mark}: {outcome.in_sentence}"


def _summary_notes(sheet: Sheet, table: Summary, seen: Peculiarities) -> None:
    scores, inspection_round = table.scores, table.round
    sheet.row([])
    # What is open comes last: what it is not follows it.
    kinds = sorted(kinds_of(inspection_round.criteria_set, table.columns), key=lambda outcome: outcome.is_open)
    words = [_explained(outcome) for outcome in kinds if outcome.applies]
    notes = [f"{'; '.join(words)} (không tính là {OUTCOMES[NOT_MET].in_sentence})."]
    # The printed table says it too: its first page is what people hold in their hands.
    notes += [POINTS_IN_CELLS] * table.has_graded
    becomes = on_what_does_not_apply(inspection_round.criteria_set, table.measure)
    notes += [
        f"{outcome.mark}: {outcome.in_sentence}, {becomes}."
        for code, outcome in OUTCOMES.items()
        if code in seen.left_out
    ]
    if seen.published:
        source = f" (Báo cáo số {inspection_round.report_number})" if inspection_round.report_number else ""
        notes.append(f"Số in nghiêng ở cột cuối: theo báo cáo{source}, phiếu kiểm tra chưa được phê duyệt.")
    if seen.drafts:
        notes.append("Ô in nghiêng: phiếu kiểm tra chưa được phê duyệt, không tính vào dòng cộng.")
    if scores.average is not None:
        average = f"{number(scores.average, AVERAGE_PLACES)} {table.measure.noun}"
        units = f"{number(scores.scored)}/{number(scores.enrolled)} đơn vị có kết quả"
        notes.append(f"Bình quân: {average}, tính trên {units}.")
    reasons = bar_reasons(table.user, inspection_round)
    notes += [f"Đơn vị số {row}: {reason}." for row, reason in _by_position(table, reasons)]
    if seen.differences:
        notes.append(f"Kết quả đã phê duyệt khác với số báo cáo ghi: {len(seen.differences)} đơn vị.")
        notes += [f"   {text}" for text in seen.differences[:NAMED]]
    for text in notes:
        sheet.row([text], excel.NOTE)
