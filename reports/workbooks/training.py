"""The training workbooks: results against targets by category, year and organiser; courses; money; people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, groupby
from typing import Any

from django.utils.translation import override

from archiveportal import excel
from archiveportal.excel import Book, Sheet
from archiveportal.percent import Rounding, percent_of
from archiveportal.scope import Scope, Viewer
from archiveportal.vietnamese import document_date, money_in_words
from reports.workbooks.courses import ORGANISERS
from reports.workbooks.form import (
    DASH,
    NUMBER_FORMATS,
    Form,
    Reader,
    SheetColumn,
    lower_bound_style,
    percent_style,
    rounded_by,
    write_section,
)
from training.breakdown import UNKNOWN, Count, count_of, organiser_of, split, year_of, years_of
from training.models import Category, CountingUnit, Course, Scheme
from training.periods import local_bodies
from training.queries import SummaryLine, YearLine, lines_of, year_lines
from training.yearly import Reached, reached_by_now

ATTAINMENT = "KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG, TẬP HUẤN SO VỚI CHỈ TIÊU"
SECTIONS = {
    Category.Kind.DEGREE: "Số lượng đào tạo",
    Category.Kind.PROFESSIONAL: "Số lượng bồi dưỡng",
    Category.Kind.BRIEFING: "Số lượng tập huấn",
    Category.Kind.STUDY_TOUR: "Số lượng học tập nghiệp vụ",
}
BY_CATEGORY = [
    SheetColumn("STT", 6, excel.CENTRED),
    SheetColumn("Nội dung", 44),
    SheetColumn("Đơn vị tính", 12, excel.CENTRED),
    SheetColumn("Kết quả", 14, excel.COUNT),
    SheetColumn("Chỉ tiêu", 12, excel.COUNT),
    SheetColumn("Đơn vị tính của chỉ tiêu", 13, excel.CENTRED),
    SheetColumn("Tỷ lệ đạt so với chỉ tiêu (%)", 16, excel.PERCENT),
]
ENTERING = "Kết quả là cộng của các lớp được tính vào phần tổng hợp; lớp đã hủy không tính."
ROUNDED = "Tỷ lệ đạt = kết quả / chỉ tiêu, {}."
NO_TARGET = "“—”: không có chỉ tiêu, hoặc chỉ tiêu bằng 0, nên không có tỷ lệ."
NOT_ADDED = (
    "Ngoài phần tổng hợp: không cộng các dòng của báo cáo, không cộng các đơn vị tổ chức với nhau, vì không rõ các số "
    "này có nằm trong nhau hay không."
)
SO_FAR = "Lũy kế, đến nay: cộng các năm đã qua và năm nay; lớp chưa ghi ngày không thuộc năm nào nên không tính."
LOWER_BOUND = "“hơn”: báo cáo không ghi số chính xác."


def attainment_workbook(viewer: Viewer, scheme: Scheme, *, reader: Reader | None = None) -> Book:
    """Write the summary of 2710/BC-SNV, I.2.b: actual, target and the percentage that the report
    prints.

    Below it are the courses outside the summary that the person may see, the workforce and the
    funding. People who see all courses get the same results by year and by organiser too.
    """
    with override("vi"):
        rounding = Rounding(scheme.rounding)
        derived = [ENTERING, ROUNDED.format(rounded_by(scheme)), NO_TARGET, LOWER_BOUND]
        reader = reader or Reader(viewer)
        scope = viewer.scope
        form = Form(reader, ATTAINMENT, scheme=scheme, derived=derived, extent=reader.office.whole_area)
        lines = summary_lines_of(scheme)
        form.records = sum(len(line.courses) for line in lines)
        outside = _outside(scope, scheme, {line.category.pk: line.category for line in lines})
        if outside and not scope.sees_all_courses:
            form.extent = f"{reader.office.whole_area}; các lớp ngoài phần tổng hợp: {reader.extent}"
        _category_sheet(form, lines, outside)
        if scope.sees_all_courses:
            _year_sheet(form, lines)
            _target_sheet(form, lines)
            _organiser_sheet(form, lines, outside)
        bars = [(line.category.name, line.attainment.percent) for line in lines]
        form.chart(
            "Tỷ lệ đạt so với chỉ tiêu (%)",
            [(name, percent) for name, percent in bars if percent is not None],
            label="Nội dung",
            unit="Tỷ lệ (%)",
            lower_bounds=[line.category.name for line in lines if line.attainment.is_lower_bound],
            lying=True,
            mark=100,
            number_format=NUMBER_FORMATS[rounding],
        )
        return form.finish()


def summary_lines_of(scheme: Scheme) -> list[SummaryLine]:
    """Return the lines of `summary_lines`, their courses with what the tables need and no more."""
    needed = (
        "category", "participants", "is_lower_bound", "enters_summary", "organiser", "held_from", "held_to",
        "voided_at",
    )  # fmt: skip
    courses = Course.objects.filter(category__scheme=scheme).only(*needed).order_by("pk")
    return lines_of(list(scheme.categories.with_targets()), courses, as_reported=False)


def _outside(scope: Scope, scheme: Scheme, categories: dict[int, Category]) -> list[Course]:
    """Return rows that the report names without counting them against a target (E09, E13 to
    E15)."""
    courses = Course.objects.visible_to(scope).standing().filter(category__scheme=scheme, enters_summary=False)
    shown = ("category", "name", "unit", "organiser", "participants", "is_lower_bound", "is_baseline", "enters_summary")
    found = list(courses.distinct().only(*shown).order_by("category__position", "pk"))
    for course in found:
        course.category = categories[course.category_id]
    return found


def _titles(form: Form, *more: str) -> list[tuple[str, excel.Style]]:
    scheme = form.required_scheme
    cut_off = f"; số liệu của báo cáo tổng kết ngày {document_date(scheme.cut_off_on)}" if scheme.cut_off_on else ""
    return [*form.heading(scheme.name, *more), (f"({scheme.legal_basis}{cut_off})", excel.SUBTITLE)]


def _category_sheet(form: Form, lines: list[SummaryLine], outside: list[Course]) -> None:
    sheet = form.table("Theo nội dung", BY_CATEGORY, _titles(form))
    section = 0
    for kind, members in groupby(lines, key=lambda line: line.category.kind):
        section = _section(sheet, section, SECTIONS[Category.Kind(kind)])
        for place, line in enumerate(members, start=1):
            sheet.fit(_attainment_cells(sheet, place, line))
    if outside:
        section = _section(sheet, section, "Ngoài phần tổng hợp (không tính vào chỉ tiêu)")
    units, dashes = _units(), [sheet.shared("—", DASH)] * 3
    for place, course in enumerate(outside, start=1):
        unit = sheet.shared(units[course.unit], excel.CENTRED)
        count = _count(sheet, course.participants, is_lower_bound=course.is_lower_bound)
        sheet.fit([sheet.cell(place, excel.CENTRED), sheet.cell(course.name), unit, count, *dashes])
    section = _workforce_rows(sheet, section, form.required_scheme)
    _funding_rows(sheet, section, form.required_scheme)
    if not section:
        form.nothing(sheet)
    form.sign(sheet)


def _section(sheet: Sheet, before: int, title: str) -> int:
    """Write the next section with its Roman number."""
    write_section(sheet, before + 1, title)
    return before + 1


def _count(
    sheet: Sheet,
    value: int | None,
    *,
    is_lower_bound: bool = False,
    style: excel.Style = excel.COUNT,
) -> Any:
    return sheet.shared(value, lower_bound_style(style, is_lower_bound=is_lower_bound))


def _units() -> dict[str, str]:
    """Return the words of the units, translated once: there may be thousands of rows."""
    return {unit.value: str(unit.label) for unit in CountingUnit}


def _percent(sheet: Sheet, value: Decimal | None, rounding: str, *, is_lower_bound: bool = False) -> Any:
    if value is None:
        return sheet.cell("—", DASH)
    style = percent_style(rounding, excel.PERCENT)
    return sheet.cell(value, lower_bound_style(style, is_lower_bound=is_lower_bound))


def _attainment_cells(sheet: Sheet, place: int, line: SummaryLine) -> list[Any]:
    result = line.attainment
    has_target = result.target is not None
    return [
        sheet.cell(place, excel.CENTRED),
        sheet.cell(line.category.name),
        sheet.cell(line.category.get_unit_display(), excel.CENTRED),
        _count(sheet, result.actual, is_lower_bound=result.is_lower_bound),
        sheet.cell(result.target, excel.COUNT) if has_target else sheet.cell("—", DASH),
        sheet.cell(line.target_unit_label if has_target else "—", excel.CENTRED),
        _percent(sheet, result.percent, result.rounding, is_lower_bound=result.is_lower_bound),
    ]


def _workforce_rows(sheet: Sheet, section: int, scheme: Scheme) -> int:
    """Staff and, of these, the share with an archives qualification: 1.302/3.995 = 32,59 % (E01)."""
    for count in scheme.workforce_counts.all():
        day = document_date(count.counted_on)
        since = f"theo báo cáo ngày {day}" if count.is_day_inferred else f"tính đến {day}"
        section = _section(sheet, section, f"Đội ngũ làm công tác văn thư, lưu trữ ({since})")
        share = percent_of(count.qualified, count.total, scheme.rounding)
        lines = [("Tổng số", count.total, None), ("Có trình độ chuyên ngành văn thư, lưu trữ", count.qualified, share)]
        for place, (label, value, percent) in enumerate(lines, start=1):
            head = [sheet.cell(place, excel.CENTRED), sheet.cell(label), sheet.cell("người", excel.CENTRED)]
            note = sheet.cell("trên tổng số" if percent is not None else "—", excel.CENTRED)
            sheet.fit(
                [
                    *head,
                    sheet.cell(value, excel.COUNT),
                    sheet.cell("—", DASH),
                    note,
                    _percent(sheet, percent, scheme.rounding),
                ]
            )
    return section


def _funding_rows(sheet: Sheet, section: int, scheme: Scheme) -> None:
    fundings = list(scheme.fundings.order_by("pk"))
    if fundings:
        _section(sheet, section, "Kinh phí đào tạo")
    for place, funding in enumerate(fundings, start=1):
        amount = int(funding.amount)
        sheet.blocks(
            (place, excel.CENTRED, 1, 1),
            (funding.get_source_display(), excel.TEXT, 2, 2),
            ("đồng", excel.CENTRED, 3, 3),
            (amount, excel.COUNT, 4, 4),
            (money_in_words(amount), excel.TEXT, 5, 7),
        )


def _year_sheet(form: Form, lines: list[SummaryLine]) -> None:
    form.derived.append("Theo năm: một lớp tính vào năm kết thúc; chưa ghi ngày thì vào cột “Chưa rõ”.")
    years = years_of(form.required_scheme, list(chain.from_iterable(line.courses for line in lines)))
    names = ["Chưa rõ" if year is UNKNOWN else str(year) for year in years]
    sheet = form.table("Theo năm", _split_columns(names, 7.5), _titles(form, "Chia theo năm"))
    _split_rows(sheet, lines, Split(years, year_of))
    form.sign(sheet)


def _target_sheet(form: Form, lines: list[SummaryLine]) -> None:
    """Write results against the targets of years, and so far; without such targets there is no sheet."""
    split_lines = [line for line in year_lines(form.required_scheme, lines) if line.target_of_years is not None]
    if not split_lines:
        return
    form.derived.append(SO_FAR)
    years = [str(result.year) for result in split_lines[0].years if result.year is not UNKNOWN]
    columns = [*BY_CATEGORY[:2], *[SheetColumn(year, 9) for year in years], SheetColumn("Đến nay", 12)]
    sheet = form.table("Chỉ tiêu theo năm", columns, _titles(form, "So với chỉ tiêu từng năm"))
    for section, line in enumerate(split_lines, start=1):
        write_section(sheet, section, f"{line.line.category.name} ({line.line.category.get_unit_display()})")
        _target_rows(sheet, line)
    form.sign(sheet)


def _target_rows(sheet: Sheet, line: YearLine) -> None:
    held = [*(result.own for result in line.years if result.year), reached_by_now(line.years)]
    for place, label in enumerate(("Chỉ tiêu", "Kết quả", "Tỷ lệ đạt (%)"), start=1):
        cells = [_held_cell(sheet, each, place) for each in held]
        sheet.fit([sheet.cell(place, excel.CENTRED), sheet.cell(label), *cells])


def _held_cell(sheet: Sheet, reached: Reached | None, place: int) -> Any:
    """Return the target, the people or the percent of a year, by the place of the row."""
    if reached is None or (place == 2 and not reached.has_come):
        return sheet.cell("—", DASH)
    if place == 1:
        return sheet.cell("—", DASH) if reached.target is None else sheet.cell(reached.target, excel.COUNT)
    if place == 2:
        return _count(sheet, reached.people, is_lower_bound=reached.is_lower_bound)
    return _percent(sheet, reached.percent, reached.rounding, is_lower_bound=reached.is_lower_bound)


def _organiser_sheet(form: Form, lines: list[SummaryLine], outside: list[Course]) -> None:
    organisers = local_bodies(form.required_scheme).organisers()
    names = [str(ORGANISERS[Course.Organiser(organiser)]) for organiser in organisers]
    sheet = form.table("Theo đơn vị tổ chức", _split_columns(names, 13), _titles(form, "Chia theo đơn vị tổ chức"))
    section = _section(sheet, 0, "Tính vào phần tổng hợp")
    by_organiser = Split(organisers, organiser_of)
    _split_rows(sheet, lines, by_organiser)
    if outside:
        _section(sheet, section, "Ngoài phần tổng hợp (không tính vào chỉ tiêu)")
    units = _units()
    rows = groupby(sorted(outside, key=_place_outside), key=_place_outside)
    for place, (_kind, members) in enumerate(rows, start=1):
        courses = list(members)
        first = courses[0]
        name = first.name if first.stands_alone else first.category.name
        head = (place, name, units[first.unit])
        _split_row(sheet, head, courses, by=by_organiser, has_sum=False)
    if outside:
        form.derived.append(NOT_ADDED)
    form.sign(sheet)


def _place_outside(course: Course) -> tuple[int, str, int]:
    """Return the row of a course outside the summary. Persons and attendances are not added to each other: a
    category that has both takes two rows (E07)."""
    return course.category.position, course.unit, course.pk if course.stands_alone else 0


def _split_columns(headings: list[str], width: float) -> list[SheetColumn]:
    return [*BY_CATEGORY[:3], *[SheetColumn(heading, width) for heading in headings], SheetColumn("Cộng", 12)]


@dataclass(frozen=True)
class Split:
    """By what courses are split into columns: the parts in their order, and the part of a course."""

    parts: list[Any]
    part_of: Callable[[Course], Any]


def _split_rows(sheet: Sheet, lines: list[SummaryLine], by: Split) -> None:
    for place, line in enumerate(lines, start=1):
        head = (place, line.category.name, line.category.get_unit_display())
        _split_row(sheet, head, line.courses, by=by)


def _split_row(
    sheet: Sheet, head: tuple[int, str, str], courses: list[Course], *, by: Split, has_sum: bool = True
) -> None:
    """Write a row of people by part; `head` holds its number, its name and the unit."""
    counts = split(courses, by.part_of)
    cells = [_count_or_blank(sheet, counts.get(part)) for part in by.parts]
    place, name, unit = head
    named = [sheet.cell(place, excel.CENTRED), sheet.cell(name), sheet.cell(unit, excel.CENTRED)]
    total = count_of(courses)
    sum_of_row = sheet.shared("—", excel.TOTAL_CENTRED)
    if has_sum:
        sum_of_row = _count(sheet, total.people, is_lower_bound=total.is_lower_bound, style=excel.TOTAL_COUNT)
    sheet.fit([*named, *cells, sum_of_row])


def _count_or_blank(sheet: Sheet, count: Count | None) -> Any:
    if count is None:
        return sheet.cell(None)
    return _count(sheet, count.people, is_lower_bound=count.is_lower_bound)
