"""What the units of a round hold and need, as a workbook: by area and unit, how complete, who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from archiveportal import excel
from archiveportal.excel import Book, Sheet, Style
from archiveportal.roman import roman
from archiveportal.vietnamese import number
from criteria.inspections.models import Round
from criteria.inspections.queries.areas import Division
from reports.results.criteria import drop_zero_decimals
from reports.results.holdings import AreaSums, FigureSource, Holdings, HoldingsColumn, HoldingsSum, UnitLine, holdings
from reports.results.holdings_sentences import coverage_sentence
from reports.workbooks.data_tables.sheets import NUMBER, DataColumn, DataTable, data_workbook
from reports.workbooks.data_tables.units import codes_of, unit_columns
from reports.workbooks.form import SECTION, Form, Reader, SheetColumn

TITLE = "BẢNG TỔNG HỢP HIỆN TRẠNG TÀI LIỆU, KHO, SỐ HÓA, KINH PHÍ"
SOURCES = {FigureSource.VERIFIED: "đã kiểm tra", FigureSource.REPORTED: "tự báo cáo", FigureSource.NONE: ""}
DERIVED = (
    "“Đã kiểm tra” là số liệu của phiếu kiểm tra đã phê duyệt; “tự báo cáo” (in nghiêng) là số liệu của bản tự kiểm "
    "tra mà đơn vị đã gửi, đoàn chưa kiểm tra lại.",
    "Ô để trống là chưa có số liệu, không tính là 0; số 0 là đơn vị ghi không có.",
    "Dòng cộng là tổng của các đơn vị có số liệu; dòng “có số liệu” cho biết là của bao nhiêu đơn vị.",
)
WHOLE = excel.COUNT
TOTAL = Style(bold=True, shade=True, number_format="#,##0.##")
#: how many units a sum is of, below it
COVERAGE = Style(italic=True, size=10, centred=True)


def _style(value: Decimal | None, whole: Style, decimals: str = "#,##0.00") -> Style:
    """Return the style of a number: without decimals where it has none."""
    has_decimals = value is not None and value != value.to_integral_value()
    return replace(whole, number_format=decimals if has_decimals else "#,##0")


def holdings_workbook(reader: Reader, inspection_round: Round) -> Book:
    """Write the table by area and unit with subtotals, then its coverage and the units that are missing."""
    table = holdings(reader.scope, inspection_round)
    form = Form(reader, TITLE, round=inspection_round, derived=list(DERIVED), records=len(table.lines))
    _table(form, table)
    if table.columns:
        _coverage(form, table)
        _missing(form, table)
    return form.finish()


def _place_columns(divided: Division) -> list[SheetColumn]:
    return [SheetColumn("STT", 6, excel.CENTRED), SheetColumn(divided.units_heading, 26), SheetColumn("Nguồn", 13)]


def _table_columns(table: Holdings) -> list[SheetColumn]:
    """Return the columns; those of the unit are wider where there are no others, for the head of the page."""
    places = _place_columns(table.divided)
    if not table.columns:
        return [replace(column, width=column.width * 2) for column in places]
    return [*places, *(SheetColumn(each.heading, 11) for each in table.columns)]


def _table(form: Form, table: Holdings) -> None:
    columns = _table_columns(table)
    lines = [*form.heading(form.required_round.name.upper()), (coverage_sentence(table), excel.SUBTITLE)]
    widths = [column.width for column in columns]
    sheet = form.sheet("Hiện trạng", widths, lines, head_rows=2, frozen_columns=2)
    _head(sheet, table, columns)
    # A set that asks for none of this has no table of it.
    parts = table.lines_by_area if table.columns else []
    for place, (part, lines_of_part) in enumerate(parts, start=1):
        if table.divided:
            title = part.area.title if part.area else table.divided.rest_on_paper
            _sums(sheet, part, place=roman(place), title=title)
            sheet.keep_with_next()
        for number_in_list, line in enumerate(lines_of_part, start=1):
            _unit(sheet, line, table.columns, place=number_in_list)
    if not table.lines or not table.columns:
        form.nothing(sheet)
    if table.columns:
        _sums(sheet, table.totals, place=None, title=f"Cộng {number(len(table.lines))} đơn vị")
    form.sign(sheet)


def _head(sheet: Sheet, table: Holdings, columns: Sequence[SheetColumn]) -> None:
    """Write two rows: the groups of the columns over the columns, the places of the unit over both rows."""
    top, places = sheet.row_number + 1, len(columns) - len(table.columns)
    upper: list[Any] = [sheet.cell(column.heading, excel.HEAD) for column in columns[:places]]
    for title, width in table.groups:
        upper += [sheet.cell(title if place == 0 else None, excel.HEAD) for place in range(width)]
    lower = [None] * places + [column.heading for column in columns[places:]]
    sheet.height(top, 34)
    sheet.append(upper)
    sheet.fit([sheet.cell(text, excel.HEAD) for text in lower])
    for column in range(1, places + 1):
        sheet.merge(rows=(top, top + 1), columns=(column, column))
    first = places + 1
    for _title, width in table.groups:
        if width > 1:
            sheet.merge(rows=(top, top), columns=(first, first + width - 1))
        first += width


def _sums(sheet: Sheet, part: AreaSums, *, place: str | None, title: str) -> None:
    """Write the sums of an area or of all, and below them of how many units they are."""
    cells = [sheet.cell(place, excel.TOTAL_CENTRED), sheet.cell(title, SECTION), sheet.cell(None, SECTION)]
    for total in part.sums:
        value = total.total
        cells.append(sheet.cell(drop_zero_decimals(value), _style(value, TOTAL)))
    sheet.fit(cells)
    sheet.keep_with_next()
    counted = [f"{number(total.answered)}/{number(total.units)}" for total in part.sums]
    words = [None, "Số đơn vị có số liệu", None, *counted]
    sheet.fit([sheet.cell(value, COVERAGE) for value in words])


def _unit(sheet: Sheet, line: UnitLine, columns: Iterable[HoldingsColumn], *, place: int) -> None:
    italic = line.is_reported
    words = line.why_nothing or SOURCES[line.source]
    cells = [
        sheet.shared(place, excel.CENTRED),
        sheet.cell(line.ward.title),
        sheet.shared(words, excel.TEXT_ITALIC if italic or line.why_nothing else excel.TEXT),
    ]
    for column in columns:
        value = line.values.get(column.code)
        cells.append(sheet.cell(drop_zero_decimals(value), replace(_style(value, WHOLE), italic=italic)))
    sheet.fit(cells)


COVERAGE_COLUMNS = [
    SheetColumn("STT", 6, excel.CENTRED),
    SheetColumn("Số liệu", 34),
    SheetColumn("Đơn vị tính", 13, excel.CENTRED),
    SheetColumn("Đã kiểm tra", 14),
    SheetColumn("Số đơn vị", 10, excel.COUNT),
    SheetColumn("Tự báo cáo", 14),
    SheetColumn("Số đơn vị", 10, excel.COUNT),
    SheetColumn("Cộng", 15),
    SheetColumn("Số đơn vị có số liệu", 11, excel.COUNT),
    SheetColumn("Số đơn vị chưa có số liệu", 11, excel.COUNT),
]


def _coverage(form: Form, table: Holdings) -> None:
    """Write a line for each indicator: verified and reported sums apart, and how many units lack it."""
    lines = [*form.heading(form.required_round.name.upper()), (coverage_sentence(table), excel.SUBTITLE)]
    sheet = form.table("Mức độ đầy đủ", COVERAGE_COLUMNS, lines)
    pairs = zip(table.columns, table.totals.sums, strict=True)
    for place, (column, total) in enumerate(pairs, start=1):
        sheet.fit(_coverage_cells(sheet, column, total, place=place))
    form.sign(sheet)


def _coverage_cells(sheet: Sheet, column: HoldingsColumn, total: HoldingsSum, *, place: int) -> list[Any]:
    def amount(value: Decimal | None, *, italic: bool = False) -> Any:
        return sheet.cell(drop_zero_decimals(value), replace(_style(value, WHOLE), italic=italic))

    words = column.indicator.in_sentence
    return [
        sheet.cell(place, excel.CENTRED),
        sheet.cell(f"{words[:1].upper()}{words[1:]}"),
        sheet.cell(column.unit, excel.CENTRED),
        amount(total.verified_total),
        sheet.cell(total.verified_units, excel.COUNT),
        amount(total.reported_total, italic=True),
        sheet.cell(total.reported_units, excel.COUNT),
        amount(total.total),
        sheet.cell(total.answered, excel.COUNT),
        sheet.cell(total.missing, excel.COUNT),
    ]


def _missing(form: Form, table: Holdings) -> None:
    """Write the units that lack a figure, with what they lack and why."""
    columns = [
        SheetColumn("STT", 6, excel.CENTRED),
        SheetColumn(table.divided.units_heading, 28),
        *([SheetColumn(table.divided.column_heading, 20)] if table.divided else []),
        SheetColumn("Lý do", 26),
        SheetColumn("Số liệu còn thiếu", 60),
    ]
    lacking = [line for line in table.lines if len(line.values) < len(table.columns)]
    if not lacking:
        return
    sheet = form.table("Chưa có số liệu", columns, form.heading(form.required_round.name.upper()))
    for place, line in enumerate(lacking, start=1):
        cells = [sheet.shared(place, excel.CENTRED), sheet.cell(line.ward.title)]
        if table.divided:
            cells.append(sheet.shared(line.area.title if line.area else table.divided.rest_on_paper))
        cells += [sheet.shared(line.why_nothing or "ghi thiếu"), sheet.cell(_lacked(line, table.columns))]
        sheet.fit(cells)
    form.sign(sheet)


def _lacked(line: UnitLine, columns: Iterable[HoldingsColumn]) -> str:
    if not line.values:
        return "tất cả"
    missing = [each.indicator.in_sentence for each in columns if each.code not in line.values]
    return "; ".join(missing)


def holdings_data(reader: Reader, inspection_round: Round) -> Book:
    """Write a row for each unit with its numbers and their source."""
    table = holdings(reader.scope, inspection_round)
    columns = [
        *unit_columns(table.divided),
        DataColumn("Nguồn số liệu", 18),
        *(DataColumn(_data_heading(each), 12, NUMBER) for each in table.columns),
    ]
    codes = codes_of(reader.scope, inspection_round, divided=[table.divided])
    rows = (_data_cells(table, line, codes.of_ward[line.ward.pk]) for line in table.lines)
    form = Form(reader, TITLE, round=inspection_round)
    return data_workbook(form, [DataTable(columns, rows, derived=list(DERIVED))])


def _data_heading(column: HoldingsColumn) -> str:
    return f"{column.indicator.group}: {column.heading[:1].lower()}{column.heading[1:]}"


def _data_cells(table: Holdings, line: UnitLine, code: str) -> list[Any]:
    divided = table.divided
    area = [line.area.code if line.area else "", line.area.title if line.area else divided.rest_on_paper]
    return [
        table.round.code,
        *(area if divided else []),
        *(code, line.ward.title),
        line.why_nothing or SOURCES[line.source],
        *(drop_zero_decimals(line.values.get(each.code)) for each in table.columns),
    ]
