"""The workbook that sets two rounds side by side."""

from __future__ import annotations

from typing import Any

from archiveportal import excel
from archiveportal.excel import Book, Sheet, Style
from archiveportal.percent import mean
from archiveportal.vietnamese import document_date, number
from criteria.inspections.models import Round
from reports.comparison import ComparedWard, Comparison, compare
from reports.queries import Row
from reports.workbooks.form import SECTION, WHOLE_PERCENT, Column, Form, Reader, write_section
from reports.workbooks.rounds import NO_SCORE, STANDING, TOTAL_AVERAGE

TITLE = "SO SÁNH KẾT QUẢ HAI ĐỢT KIỂM TRA"
SIGNED = Style(number_format="+#,##0;-#,##0;0", centred=True)
SIGNED_PERCENT = Style(number_format="+0.00;-0.00;0.00", centred=True)


def comparison_workbook(reader: Reader, round: Round, other: Round) -> Book:
    """Units of both rounds, then those of one only, in Roman sections; and the criteria that both ask."""
    found = compare(reader.scope, round, other)
    form = Form(reader, TITLE, round=found.later, derived=[STANDING, NO_SCORE])
    form.records = len(found.wards)
    form.derived += [
        f"Đợt trước: {found.earlier.name} (mã {found.earlier.code}, {_period(found.earlier)}), "
        f"{found.earlier.criteria_set.name}, {found.earlier.criteria_set.get_status_display()}.",
        "Tăng, giảm chỉ tính khi cả hai đợt có kết quả trên cùng tổng số tiêu chí.",
        "Kết quả của đơn vị cũ không tính cho đơn vị mới hình thành sau sắp xếp.",
    ]
    _ward_sheet(form, found)
    if found.criteria:
        _criterion_sheet(form, found)
    bars = [(f"{part.name:.60}", mean(scores.points, scores.scored)) for part, scores in _sides(found)]
    form.chart(
        "Bình quân số tiêu chí đạt", "Đợt kiểm tra", "Bình quân",
        [(name, value) for name, value in bars if value is not None], number_format="0.00",
    )  # fmt: skip
    return form.finish()


def _period(round: Round) -> str:
    return f"{document_date(round.starts_on)} – {document_date(round.ends_on)}"


def _sides(found: Comparison) -> list[tuple[Round, Any]]:
    return list(zip((found.earlier, found.later), found.scores, strict=True))


def _titles(form: Form, found: Comparison) -> list[tuple[str, Style]]:
    return form.heading(f"Đợt trước: {found.earlier.name}", f"Đợt sau: {found.later.name}")


WARD_COLUMNS = [
    Column("STT", 6, excel.CENTRED),
    Column("Xã/Phường/Thị trấn", 28),
    Column("Quận/huyện", 22),
    Column("Đợt trước: số tiêu chí đạt", 11, excel.COUNT),
    Column("Đợt trước: tổng số tiêu chí", 11, excel.COUNT),
    Column("Đợt trước: tỷ lệ (%)", 10, WHOLE_PERCENT),
    Column("Đợt sau: số tiêu chí đạt", 11, excel.COUNT),
    Column("Đợt sau: tổng số tiêu chí", 11, excel.COUNT),
    Column("Đợt sau: tỷ lệ (%)", 10, WHOLE_PERCENT),
    Column("Tăng (+), giảm (-) số tiêu chí", 12, SIGNED),
]


def _ward_sheet(form: Form, found: Comparison) -> None:
    sheet = form.table("Theo đơn vị", WARD_COLUMNS, _titles(form, found))
    sections = [
        ("Đơn vị có trong cả hai đợt", [ward for ward in found.wards if ward.is_in_both]),
        ("Chỉ có trong đợt sau", [ward for ward in found.wards if ward.before is None]),
        ("Chỉ có trong đợt trước", [ward for ward in found.wards if ward.after is None]),
    ]
    for place, (title, wards) in enumerate([part for part in sections if part[1]], start=1):
        label = f"{title}: {number(len(wards))} đơn vị"
        write_section(sheet, place, label)
        for number_in_list, ward in enumerate(wards, start=1):
            _ward_row(sheet, number_in_list, ward)
    if not found.wards:
        form.nothing(sheet)
    before, after = found.scores
    lines = [
        ("Số đơn vị có kết quả", before.scored, after.scored, excel.TOTAL_COUNT),
        ("Bình quân số tiêu chí đạt", before.average, after.average, TOTAL_AVERAGE),
    ]
    for label, earlier, later, style in lines:
        blank = [None, None]
        values = [label, *blank, earlier, *blank, later, *blank, None]
        sheet.append([sheet.cell(values[0], SECTION), *[sheet.cell(value, style) for value in values[1:]]])
        sheet.merge(sheet.row_number, 1, sheet.row_number, 3)
    form.sign(sheet)


def _ward_row(sheet: Sheet, place: int, ward: ComparedWard) -> None:
    row, shared = ward.row, sheet.shared
    line = [
        shared(place, excel.CENTRED),
        sheet.cell(row.ward),
        shared(row.district),
        *_side(sheet, ward.before),
        *_side(sheet, ward.after),
        shared(ward.difference, SIGNED),
    ]
    sheet.fit(line) if len(row.ward) > 29 or len(row.district) > 22 else sheet.append(line)


def _side(sheet: Sheet, row: Row | None) -> list[Any]:
    score, maximum, percent = (row.score, row.maximum, row.percent) if row else (None, None, None)
    shared = sheet.shared
    return [shared(score, excel.COUNT), shared(maximum, excel.COUNT), shared(percent, WHOLE_PERCENT)]


CRITERION_COLUMNS = [
    Column("STT", 6, excel.CENTRED),
    Column("Tiêu chí", 53),
    Column("Đợt trước: đạt", 10, excel.COUNT),
    Column("Đợt trước: đã đánh giá", 11, excel.COUNT),
    Column("Đợt trước: tỷ lệ đạt (%)", 11, excel.PERCENT),
    Column("Đợt sau: đạt", 10, excel.COUNT),
    Column("Đợt sau: đã đánh giá", 11, excel.COUNT),
    Column("Đợt sau: tỷ lệ đạt (%)", 11, excel.PERCENT),
    Column("Tăng (+), giảm (-) điểm %", 12, SIGNED_PERCENT),
]


def _criterion_sheet(form: Form, found: Comparison) -> None:
    form.derived.append("Theo tiêu chí: đếm phiếu đã phê duyệt; “đã đánh giá” không gồm không áp dụng.")
    sheet = form.table("Theo tiêu chí", CRITERION_COLUMNS, _titles(form, found))
    for compared in found.criteria:
        criterion, before, after = compared.after.criterion, compared.before, compared.after
        values = [before.met, before.applicable, before.percent, after.met, after.applicable, after.percent]
        line = [criterion.number, criterion.name, *values, compared.difference]
        sheet.fit([sheet.cell(v, column.style) for v, column in zip(line, CRITERION_COLUMNS, strict=True)])
    form.sign(sheet)
