"""The workbook that sets two rounds side by side."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from archiveportal import excel
from archiveportal.excel import Book, Sheet, Style
from archiveportal.percent import decimals_needed
from archiveportal.vietnamese import document_date, number
from criteria.inspections.models import Round
from criteria.models import CriteriaSet
from reports.results.comparison import ComparedWard, Comparison, compare
from reports.results.table import Row
from reports.workbooks.form import (
    SECTION,
    WHOLE_PERCENT,
    Form,
    Reader,
    SheetColumn,
    decimal_style,
    percent_style,
    write_section,
)
from reports.workbooks.rounds import NO_SCORE, TOTAL_AVERAGE, words_of_standing

TITLE = "SO SÁNH KẾT QUẢ HAI ĐỢT KIỂM TRA"
SIGNED = Style(number_format="+#,##0;-#,##0;0", centred=True)
SIGNED_PERCENT = Style(number_format="+0.00;-0.00;0.00", centred=True)
TOTAL_CHANGE = Style(bold=True, shade=True, number_format=SIGNED_PERCENT.number_format, centred=True)


def comparison_workbook(reader: Reader, inspection_round: Round, other: Round) -> Book:
    """Units of both rounds, then those of one only, in Roman sections; and the criteria that both ask."""
    comparison = compare(reader.scope, inspection_round, other)
    form = Form(reader, TITLE, round=comparison.later, derived=_standing(comparison))
    form.records = len(comparison.wards)
    form.derived += [
        f"Đợt trước: {comparison.earlier.name} (mã {comparison.earlier.code}, {_period(comparison.earlier)}), "
        f"{comparison.earlier.criteria_set.name}, {comparison.earlier.criteria_set.get_status_display()}.",
        "Tăng, giảm chỉ tính trên các đơn vị có kết quả ở cả hai đợt; bình quân chung của mỗi đợt tính trên tất cả đơn "
        "vị có kết quả của đợt đó nên không so sánh trực tiếp được.",
        _on_changes(comparison),
        "Tăng, giảm (bình quân, điểm %) tính từ số chưa làm tròn và làm tròn một lần, nên có thể lệch 0,01 so với "
        "hiệu của hai số đã làm tròn.",
        "Kết quả của đơn vị cũ không tính cho đơn vị mới hình thành sau sắp xếp.",
    ]
    if not comparison.is_of_one_set:
        form.derived.append(_on_sets(comparison))
    _ward_sheet(form, comparison)
    if comparison.criteria:
        _criterion_sheet(form, comparison)
    _chart(form, comparison)
    return form.finish()


def _standing(comparison: Comparison) -> list[str]:
    """Say what the results are, of each kind that the two rounds have."""
    has_published = comparison.has_published
    kinds = dict.fromkeys(words_of_standing(each, has_published=has_published) for each in comparison.measures)
    return [*kinds, NO_SCORE]


def _on_changes(comparison: Comparison) -> str:
    measure = comparison.measure
    if measure is None:
        return (
            "Hai đợt tính kết quả theo đơn vị khác nhau (số tiêu chí, số điểm) nên không tính tăng, giảm của kết quả."
        )
    what = "điểm tối đa" if measure.is_points else "tổng số tiêu chí"
    return f"Tăng, giảm số {measure.noun} chỉ tính khi kết quả hai đợt trên cùng {what}."


def _on_sets(comparison: Comparison) -> str:
    """Name the two sets, and say what follows from their being two."""
    names = [f"{each.name}, phiên bản {number(each.version)}" for each in _sets(comparison)]
    beginning = f"Hai đợt theo hai bộ tiêu chí: đợt trước theo {names[0]}; đợt sau theo {names[1]}."
    if not comparison.has_crosswalk:
        return f"{beginning} Chưa có bảng đối chiếu giữa hai bộ nên không so sánh từng tiêu chí."
    left = number(len(comparison.apart))
    return f"{beginning} Chỉ so sánh các tiêu chí giữ nguyên hoặc chỉ sửa lời; {left} tiêu chí khác không so sánh được."


def _sets(comparison: Comparison) -> list[CriteriaSet]:
    return [comparison.earlier.criteria_set, comparison.later.criteria_set]


def _average_heading(comparison: Comparison) -> str:
    return comparison.measure.average_heading if comparison.measure else "Bình quân kết quả"


def _chart(form: Form, comparison: Comparison) -> None:
    """Chart the same units on both sides, else a bar would be longer only because of other
    units."""
    both = comparison.in_both
    if not both.count:
        form.derived.append("Không có đơn vị nào có kết quả ở cả hai đợt nên không có tăng, giảm và biểu đồ.")
        return
    what = (_average_heading(comparison), "Bình quân") if both.is_of_one_maximum else ("Tỷ lệ đạt (%)", "Tỷ lệ (%)")
    values = both.averages if both.is_of_one_maximum else both.percents
    names = _short_names(comparison.earlier.name, comparison.later.name)
    title = f"{what[0]} của {number(both.count)} đơn vị có kết quả ở cả hai đợt"
    bars = list(zip(names, values, strict=True))
    form.chart(title, bars, label="Đợt kiểm tra", unit=what[1], number_format="0.00")


def _short_names(*names: str) -> list[str]:
    """Return names short enough for a bar; those that begin alike keep their ends, which often have the year."""
    short = [f"{name:.60}" for name in names]
    return short if len(set(short)) == len(set(names)) else [f"…{name[-59:]}" for name in names]


def _period(inspection_round: Round) -> str:
    return f"{document_date(inspection_round.starts_on)} – {document_date(inspection_round.ends_on)}"


def _titles(form: Form, comparison: Comparison) -> list[tuple[str, Style]]:
    return form.heading(f"Đợt trước: {comparison.earlier.name}", f"Đợt sau: {comparison.later.name}")


def ward_columns(comparison: Comparison) -> list[SheetColumn]:
    divided = comparison.divided
    before, after = comparison.measures
    noun = f"số {comparison.measure.noun}" if comparison.measure else "kết quả"
    return [
        SheetColumn("STT", 6, excel.CENTRED),
        SheetColumn(divided.units_heading, 28),
        *([SheetColumn(divided.column_heading, 22)] if divided else []),
        SheetColumn(f"Đợt trước: {before.heading.lower()}", 11, excel.COUNT),
        SheetColumn(f"Đợt trước: {before.maximum_heading.lower()}", 11, excel.COUNT),
        SheetColumn("Đợt trước: tỷ lệ (%)", 10, WHOLE_PERCENT),
        SheetColumn(f"Đợt sau: {after.heading.lower()}", 11, excel.COUNT),
        SheetColumn(f"Đợt sau: {after.maximum_heading.lower()}", 11, excel.COUNT),
        SheetColumn("Đợt sau: tỷ lệ (%)", 10, WHOLE_PERCENT),
        SheetColumn(f"Tăng (+), giảm (-) {noun}", 12, SIGNED),
    ]


#: columns of results, after those that name the unit
RESULT_COLUMNS = 7


def _ward_sheet(form: Form, comparison: Comparison) -> None:
    sheet = form.table("Theo đơn vị", ward_columns(comparison), _titles(form, comparison))
    sections = [
        ("Đơn vị có trong cả hai đợt", [ward for ward in comparison.wards if ward.is_in_both]),
        ("Chỉ có trong đợt sau", [ward for ward in comparison.wards if ward.before is None]),
        ("Chỉ có trong đợt trước", [ward for ward in comparison.wards if ward.after is None]),
    ]
    earlier = percent_style(comparison.earlier.rounding, WHOLE_PERCENT)
    later = percent_style(comparison.later.rounding, WHOLE_PERCENT)
    for place, (title, wards) in enumerate([part for part in sections if part[1]], start=1):
        label = f"{title}: {number(len(wards))} đơn vị"
        write_section(sheet, place, label)
        for number_in_list, ward in enumerate(wards, start=1):
            _ward_row(sheet, number_in_list, ward, looks=(earlier, later), is_divided=bool(comparison.divided))
    if not comparison.wards:
        form.nothing(sheet)
    _totals(sheet, comparison)
    form.sign(sheet)


def _totals(sheet: Sheet, comparison: Comparison) -> None:
    """Write the averages of all units, each with its number; then the change, over the units with a
    result in both."""
    (before, after), both = comparison.scores, comparison.in_both
    names = len(ward_columns(comparison)) - RESULT_COLUMNS
    _total(sheet, "Số đơn vị có kết quả của từng đợt", {1: before.scored, 4: after.scored}, names=names)
    averages = {1: before.average, 4: after.average}
    _total(sheet, f"{_average_heading(comparison)} của từng đợt", averages, names=names, style=TOTAL_AVERAGE)
    _total(sheet, "Số đơn vị có kết quả ở cả hai đợt", {1: both.count, 4: both.count}, names=names)
    if both.count:
        of = f"của {number(both.count)} đơn vị có kết quả ở cả hai đợt"
        values = dict(zip((1, 4), both.averages, strict=True)) | {7: both.difference}
        _total(sheet, f"{_average_heading(comparison)} {of}", values, names=names, style=TOTAL_AVERAGE)
        values = dict(zip((3, 6), both.percents, strict=True)) | {7: both.percentage_points}
        _total(sheet, f"Tỷ lệ đạt (%) {of}; tăng, giảm theo điểm %", values, names=names, style=TOTAL_AVERAGE)


def _total(sheet: Sheet, label: str, values: dict[int, Any], *, names: int, style: Style = excel.TOTAL_COUNT) -> None:
    """Write `values`, by the number of their column of results; the last one holds what changed."""
    cells = [
        (values.get(column), TOTAL_CHANGE if column == RESULT_COLUMNS else style, names + column)
        for column in range(1, RESULT_COLUMNS + 1)
    ]
    sheet.blocks((label, SECTION, 1, names), *((value, look, column, column) for value, look, column in cells))


def _ward_row(
    sheet: Sheet,
    place: int,
    ward: ComparedWard,
    *,
    looks: tuple[Style, Style],
    is_divided: bool,
) -> None:
    row, shared = ward.row, sheet.shared
    line = [
        shared(place, excel.CENTRED),
        sheet.cell(row.ward),
        *([shared(row.area)] if is_divided else []),
        *_side(sheet, ward.before, looks[0]),
        *_side(sheet, ward.after, looks[1]),
        shared(ward.difference, _signed(ward.difference)),
    ]
    sheet.fit(line) if len(row.ward) > 29 or len(row.area) > 22 else sheet.append(line)


@lru_cache(maxsize=64)
def _signed(change: Decimal | None) -> Style:
    """Return the style of a change, with the decimals that it has."""
    digits = f"#,##0.{'0' * places}" if (places := decimals_needed(change)) else "#,##0"
    return replace(SIGNED, number_format=f"+{digits};-{digits};0")


def _side(sheet: Sheet, row: Row | None, look: Style) -> list[Any]:
    score, maximum, percent = (row.score, row.maximum, row.percent) if row else (None, None, None)
    shared = sheet.shared
    return [shared(score, decimal_style(score)), shared(maximum, decimal_style(maximum)), shared(percent, look)]


CRITERION_COLUMNS = [
    SheetColumn("STT", 6, excel.CENTRED),
    SheetColumn("Tiêu chí", 37),
    SheetColumn("Đợt trước: đạt", 8, excel.COUNT),
    SheetColumn("Đợt trước: áp dụng", 9, excel.COUNT),
    SheetColumn("Đợt trước: tỷ lệ đạt (%)", 9, excel.PERCENT),
    SheetColumn("Đợt sau: đạt", 8, excel.COUNT),
    SheetColumn("Đợt sau: áp dụng", 9, excel.COUNT),
    SheetColumn("Đợt sau: tỷ lệ đạt (%)", 9, excel.PERCENT),
    SheetColumn("Số đơn vị áp dụng ở cả hai đợt", 10, excel.COUNT),
    SheetColumn("Trong đó đạt ở đợt trước", 9, excel.COUNT),
    SheetColumn("Trong đó đạt ở đợt sau", 9, excel.COUNT),
    SheetColumn("Tăng (+), giảm (-) điểm % của các đơn vị này", 12, SIGNED_PERCENT),
]
#: beside them where an answer earns some of the points
AVERAGE_COLUMNS = [
    SheetColumn("Đợt trước: bình quân điểm", 9, excel.PERCENT),
    SheetColumn("Đợt sau: bình quân điểm", 9, excel.PERCENT),
    SheetColumn("Tăng (+), giảm (-) bình quân điểm của các đơn vị áp dụng ở cả hai đợt", 13, SIGNED_PERCENT),
]

ON_CHANGES = "Điểm % tăng, giảm theo tiêu chí tính trên các đơn vị áp dụng tiêu chí đó ở cả hai đợt."
ON_CRITERIA = [
    "Theo tiêu chí: đếm phiếu đã phê duyệt; “áp dụng” là đơn vị đạt hoặc chưa đạt tiêu chí.",
    ON_CHANGES,
]
ON_CRITERIA_IN_POINTS = [
    "Theo tiêu chí: đếm phiếu đã phê duyệt; “áp dụng” là đơn vị có kết quả tính vào điểm tối đa.",
    ON_CHANGES,
    "Bình quân điểm tính trên các đơn vị áp dụng tiêu chí ở đợt đó; tăng, giảm tính trên các đơn vị áp dụng ở cả hai "
    "đợt, khi điểm tối đa của tiêu chí ở hai đợt bằng nhau.",
]


def _criterion_sheet(form: Form, comparison: Comparison) -> None:
    averages = AVERAGE_COLUMNS if comparison.has_graded else []
    form.derived += ON_CRITERIA_IN_POINTS if averages else ON_CRITERIA
    longest = max((len(each.after.criterion.listed_number) for each in comparison.criteria), default=0)
    first = SheetColumn("STT", max(6, longest + 2), excel.CENTRED)
    columns = [first, *CRITERION_COLUMNS[1:], *averages]
    sheet = form.table("Theo tiêu chí", columns, _titles(form, comparison))
    for compared in comparison.criteria:
        criterion, before, after = compared.after.criterion, compared.before, compared.after
        values = [before.met, before.applicable, before.percent, after.met, after.applicable, after.percent]
        in_both = [compared.both, compared.met_before, compared.met_after]
        points = [before.average_points, after.average_points, compared.points_difference] if averages else []
        line = [criterion.number_in_tables, criterion.name_on_paper, *values, *in_both, compared.difference, *points]
        sheet.fit([sheet.cell(v, column.style) for v, column in zip(line, columns, strict=True)])
    if comparison.apart:
        _apart(sheet, comparison, last=len(columns))
    form.sign(sheet)


def _apart(sheet: Sheet, comparison: Comparison, *, last: int) -> None:
    """List the criteria that cannot be compared, each with its round and the reason."""
    sheet.blocks(("Tiêu chí không so sánh được", SECTION, 1, last))
    for each in comparison.apart:
        side = "Đợt sau" if each.is_later else "Đợt trước"
        words = f"{side}: {each.reason}"
        name = (each.criterion.name_on_paper, excel.TEXT, 2, 2)
        number_of = (each.criterion.number_in_tables, excel.CENTRED, 1, 1)
        sheet.blocks(number_of, name, (words, excel.TEXT, 3, last))
