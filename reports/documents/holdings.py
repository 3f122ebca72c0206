"""What the report on a round says of records, stores, digitising and funds; nothing where the set asks for none."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from archiveportal.roman import roman
from archiveportal.vietnamese import number
from archiveportal.word.report import ACROSS, UPRIGHT, Caption, Cell, WideTable
from archiveportal.word.writer import Block, Column, Grid, Heading, Text
from reports.documents.context import RoundContext
from reports.results.holdings import AreaSums, FigureSource, Holdings, HoldingsColumn, HoldingsSum, UnitLine
from reports.results.holdings_sentences import coverage_sentence, sums_sentence

HEADING = "3. Hiện trạng tài liệu, kho, số hóa và kinh phí"
SUMS = "Tổng hợp hiện trạng tài liệu, kho, số hóa, kinh phí"
BY_UNIT = "Hiện trạng tài liệu, kho, số hóa, kinh phí theo đơn vị"
SOURCES = {FigureSource.VERIFIED: "đã kiểm tra", FigureSource.REPORTED: "tự báo cáo", FigureSource.NONE: ""}
LEGEND = (
    "Ghi chú: “Đã kiểm tra” là số liệu của phiếu kiểm tra đã phê duyệt; “tự báo cáo” là số liệu của bản tự kiểm tra mà "
    "đơn vị đã gửi, đoàn chưa kiểm tra lại. Ô để trống là chưa có số liệu, không tính là 0; dòng cộng là tổng của các "
    "đơn vị có số liệu."
)
#: centimetres of the table of sums: unit, each source, sum, how many units
MEASURE, SOURCE, SUM, COVERAGE = 2.2, 2.4, 2.8, 2.0
#: centimetres of the table by unit
STT, UNIT, ORIGIN = 1.0, 4.2, 2.2


def holdings_section(context: RoundContext) -> list[Block]:
    """Return heading, sentences and the sum of each figure; nothing while no unit has a number."""
    table = context.holdings
    if not _has_numbers(table):
        return []
    is_mixed = bool(table.totals.verified_units and table.totals.reported_units)
    sources = ["Đã kiểm tra", "Tự báo cáo"] if is_mixed else []
    columns = [
        Column("Số liệu", UPRIGHT - MEASURE - SOURCE * len(sources) - SUM - COVERAGE),
        Column("Đơn vị tính", MEASURE, "centre"),
        *(Column(heading, SOURCE, "right") for heading in sources),
        Column("Cộng", SUM, "right"),
        Column("Số đơn vị có số liệu", COVERAGE, "centre"),
    ]
    rows = [
        [_name(column), column.unit, *(_by_source(total) if is_mixed else []), _number(total.total), _coverage(total)]
        for column, total in zip(table.columns, table.totals.sums, strict=True)
    ]
    sentences = f"{coverage_sentence(table)} {sums_sentence(table)}"
    return [Heading(HEADING, 2), Text(sentences), Caption(SUMS), Grid(columns, rows)]


def holdings_by_unit(context: RoundContext) -> list[Block]:
    """Return the figures of each unit with the sums of its area, for a page across."""
    table = context.holdings
    if not _has_numbers(table):
        return []
    share = (ACROSS - STT - UNIT - ORIGIN) / len(table.columns)
    widths = [STT, UNIT, ORIGIN, *[share] * len(table.columns)]
    rows = [*_lines(table), _sums(table.totals, "", f"Cộng {number(table.totals.units)} đơn vị")]
    wide = WideTable(widths, _head(table), rows, size=9, head_size=8, left={1, 2})
    return [Caption(BY_UNIT), wide, Text(LEGEND, is_italic=True)]


def _has_numbers(table: Holdings) -> bool:
    return bool(table.columns) and bool(table.totals.answered)


def _name(column: HoldingsColumn) -> str:
    words = column.indicator.in_sentence
    return f"{words[:1].upper()}{words[1:]}"


def _by_source(total: HoldingsSum) -> list[str]:
    return [_number(total.verified_total), _number(total.reported_total)]


def _coverage(total: HoldingsSum) -> str:
    return f"{number(total.answered)}/{number(total.units)}"


def _number(value: int | Decimal | None) -> str:
    return "" if value is None else number(value)


def _head(table: Holdings) -> list[list[Cell | None]]:
    """Return two rows: the groups over their columns, the names of the units down both."""
    headings = ["STT", table.divided.units_on_paper, "Nguồn số liệu"]
    upper: list[Cell | None] = [Cell(text, down=2, is_bold=True) for text in headings]
    upper += [Cell(title, over=count, is_bold=True) for title, count in table.groups]
    lower: list[Cell | None] = [None for _text in headings]
    lower += [Cell(column.heading, is_bold=True) for column in table.columns]
    return [upper, lower]


def _lines(table: Holdings) -> Iterator[list[str | Cell]]:
    for place, (part, lines) in enumerate(table.lines_by_area, start=1):
        if table.divided:
            title = part.area.title if part.area else table.divided.rest_on_paper
            yield _sums(part, roman(place), title)
        for place_in_list, line in enumerate(lines, start=1):
            yield _line(table, line, place_in_list)


def _line(table: Holdings, line: UnitLine, place: int) -> list[str | Cell]:
    source = line.why_nothing or SOURCES[line.source]
    values = [_number(line.values.get(column.code)) for column in table.columns]
    return [str(place), line.ward.title, source, *values]


def _sums(part: AreaSums, place: str, title: str) -> list[str | Cell]:
    sums = [_number(total.total) for total in part.sums]
    return [Cell(text, is_bold=True) for text in (place, title, "", *sums)]
