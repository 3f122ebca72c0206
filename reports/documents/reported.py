"""What the report on a round tells of units by their own accepted reports: apart from verified results."""

from __future__ import annotations

from collections.abc import Iterator

from archiveportal.percent import format_percent
from archiveportal.vietnamese import count_in_text, number
from archiveportal.word.report import ACROSS, UPRIGHT, Caption, Cell, WideTable
from archiveportal.word.writer import Block, Column, Grid, Text
from reports.documents.context import RoundContext
from reports.results.reported import APART, MARK, ReportedSum, heading

#: columns in front of those of bands
NAME, UNITS, AVERAGE = 4, 1.8, 2.2
#: centimetres of the list in the appendix
STT, WARD, AREA, POINTS, SHARE = 1.2, 6.0, 4.5, 2.0, 1.8


def by_their_reports(context: RoundContext) -> list[Block]:
    """Return a sentence and a table by area and band; nothing where no report was accepted."""
    own = context.reported
    if not own:
        return []
    units, reader = count_in_text(own.total.units), context.office.division_word
    columns = [
        Column(own.divided.noun_on_paper or "Đơn vị", NAME),
        Column("Số đơn vị", UNITS, "centre"),
        Column(f"Bình quân {context.table.measure.noun} theo báo cáo", AVERAGE, "centre"),
        *(Column(band.label, (UPRIGHT - NAME - UNITS - AVERAGE) / len(own.bands), "centre") for band in own.bands),
    ]
    sums = own.sums if own.divided else []
    rows = [
        _line(context, of_area, of_area.area.title if of_area.area else own.divided.rest_on_paper) for of_area in sums
    ]
    return [
        Text(f"Ngoài ra, có {units} đơn vị tự kiểm tra, báo cáo, {reader} đã chấp nhận và chưa kiểm tra. {APART}"),
        Caption(heading()),
        Grid(columns, [*rows, _line(context, own.total, "Cộng theo báo cáo của đơn vị")]),
    ]


def _line(context: RoundContext, of_area: ReportedSum, name: str) -> list[str]:
    counts = (number(count) for _band, count in context.reported.counts_of(of_area))
    return [name, number(of_area.units), number(of_area.average, 2), *counts]


def list_of_reported(context: RoundContext) -> list[Block]:
    """Return the units one by one, for the appendix, beneath the table of verified results."""
    own, measure = context.reported, context.table.measure
    if not own:
        return []
    is_divided = bool(own.divided)
    headings = [
        "STT", own.divided.units_on_paper, *[own.divided.noun_on_paper] * is_divided,
        measure.heading, measure.maximum_heading, "Tỷ lệ", "Mức hoàn thành", "Nguồn",
    ]  # fmt: skip
    widths = [STT, WARD, *[AREA] * is_divided, POINTS, POINTS, SHARE]
    rest = (ACROSS - sum(widths)) / 2
    head = [[Cell(heading, is_bold=True) for heading in headings]]
    left = {1, 2} if is_divided else {1}
    return [
        Caption(f"{heading()}: {number(own.total.units)} đơn vị"),
        WideTable([*widths, rest, rest], head, [*_rows(context, is_divided), _last(context, is_divided)], left=left),
        Text(f"Ghi chú: {APART}", is_italic=True),
    ]


def _rows(context: RoundContext, is_divided: bool) -> Iterator[list[str | Cell]]:
    for row in context.reported.rows():
        share = "" if row.percent is None else format_percent(row.percent)
        label = row.band.label if row.band else ""
        area = [row.area] if is_divided else []
        yield [str(row.position), row.ward, *area, number(row.score), number(row.maximum), share, label, MARK]


def _last(context: RoundContext, is_divided: bool) -> list[str | Cell]:
    total = context.reported.total
    label = Cell("Cộng theo báo cáo của đơn vị", over=2 + is_divided, is_bold=True)
    average = f"bình quân {number(total.average, 2)}"
    return [label, Cell(number(total.points), is_bold=True), "", "", Cell(average, is_bold=True), ""]
