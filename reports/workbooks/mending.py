"""What is put right of the criteria that were not met in a round, by unit and area: “Đã khắc phục x/y”."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from archiveportal import excel
from archiveportal.excel import Book
from archiveportal.vietnamese import number
from criteria.inspections.models import Round
from criteria.inspections.queries.areas import Division, division
from criteria.inspections.queries.mending import RoundMending, UnitMending, mending_of_round
from reports.workbooks.data_tables.sheets import COUNT, DataColumn, DataTable, data_workbook
from reports.workbooks.data_tables.units import unit_columns
from reports.workbooks.form import SECTION, Form, Reader, SheetColumn, write_section

TITLE = "TÌNH HÌNH KHẮC PHỤC TIÊU CHÍ CHƯA ĐẠT"
COUNTED = ("Số tiêu chí chưa đạt", "Đã khắc phục", "Chưa khắc phục")
DERIVED = (
    "Gồm đơn vị có phiếu kiểm tra đã phê duyệt trong đợt; tiêu chí chưa đạt là tiêu chí có tính kết quả.",
    "Đã khắc phục: đạt theo phiếu đã phê duyệt gần nhất của các đợt sau; chưa có phiếu như vậy thì theo kiến nghị "
    "đã đóng.",
)


def mending_workbook(reader: Reader, inspection_round: Round) -> Book:
    """Write a row for each unit with an approved checklist, area by area."""
    form = Form(reader, TITLE, round=inspection_round)
    form.derived = list(DERIVED)
    divided = division(reader.scope, inspection_round)
    found = mending_of_round(reader.scope, inspection_round, divided)
    columns = [SheetColumn("STT", 6, excel.CENTRED), SheetColumn(divided.units_heading, 34)]
    columns += [SheetColumn(heading, 14, excel.COUNT) for heading in COUNTED]
    sheet = form.table("Khắc phục", columns, form.heading(inspection_round.name.upper()))
    for place, (title, units) in enumerate(_by_area(divided, found), start=1):
        if divided:
            write_section(sheet, place, title)
        for number_in_list, unit in enumerate(units, start=1):
            counts = [sheet.shared(count, excel.COUNT) for count in _counts(unit)]
            place_in_area = sheet.shared(number_in_list, excel.CENTRED)
            sheet.fit([place_in_area, sheet.cell(unit.enrolment.ward.title), *counts])
            form.records += 1
    if not form.records:
        form.nothing(sheet)
    total = found.tally
    label = f"Đã khắc phục {number(total.mended)}/{number(total.unmet)}"
    sheet.row([None, label, total.unmet, total.mended, total.left], SECTION)
    form.sign(sheet)
    return form.finish()


def _by_area(divided: Division, found: RoundMending) -> Iterator[tuple[str, list[UnitMending]]]:
    """Yield the units under their area, those in none last."""
    if not divided:
        yield "", found.units
        return
    by_area: defaultdict[int | None, list[UnitMending]] = defaultdict(list)
    for unit in found.units:
        by_area[unit.area].append(unit)
    for key, title in [*((area.pk, area.title) for area in divided.areas), (None, divided.rest_on_paper)]:
        if key in by_area:
            yield title, by_area[key]


def _counts(unit: UnitMending) -> list[int]:
    return [unit.tally.unmet, unit.tally.mended, unit.tally.left]


def mending_data(reader: Reader, inspection_round: Round) -> Book:
    """Write the same units as a table to compute with."""
    form = Form(reader, TITLE, round=inspection_round)
    divided = division(reader.scope, inspection_round)
    columns = [*unit_columns(divided), *(DataColumn(heading, 14, COUNT) for heading in COUNTED)]
    found = mending_of_round(reader.scope, inspection_round, divided)
    rows = (_data_row(inspection_round, divided, unit) for unit in found.units)
    return data_workbook(form, [DataTable(columns, rows, derived=list(DERIVED))])


def _data_row(inspection_round: Round, divided: Division, unit: UnitMending) -> list[Any]:
    ward = unit.enrolment.ward
    area: list[Any] = []
    if divided:
        found = divided.by_key[unit.area] if unit.area else None
        area = [found.code, found.title] if found else [None, divided.rest_on_paper]
    return [inspection_round.code, *area, ward.code, ward.title, *_counts(unit)]
