"""The data tables of a training scheme: results against targets, courses, money, people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from archiveportal.excel import Book
from archiveportal.percent import percent_of
from reports.workbooks import courses as course_forms
from reports.workbooks import training
from reports.workbooks.data_tables.sheets import (
    COUNT,
    DATE,
    PERCENT,
    YEAR,
    DataColumn,
    DataTable,
    data_workbook,
    yes_or_no,
)
from reports.workbooks.form import Form, Reader, rounded_by
from training.breakdown import organiser_of, split, year_of
from training.models import Category, Course, Scheme
from training.queries import SummaryLine, year_lines
from training.querysets import CourseQuerySet

MORE_THAN = DataColumn("Số tối thiểu (hơn)", 10)
LOWER_BOUND = "Cột “Số tối thiểu (hơn)”: “có” nghĩa là báo cáo ghi “hơn”, không ghi số chính xác."
UNITS = {unit.value: word for unit, word in course_forms.UNITS.items()}
CATEGORY_COLUMNS = [
    DataColumn("Mã đề án", 12),
    DataColumn("Mã nội dung", 20),
    DataColumn("Nhóm", 26),
    DataColumn("Nội dung", 44),
    DataColumn("Đơn vị tính", 10),
]
ATTAINMENT_COLUMNS = [
    *CATEGORY_COLUMNS,
    DataColumn("Kết quả", 10, COUNT),
    MORE_THAN,
    DataColumn("Chỉ tiêu", 10, COUNT),
    DataColumn("Đơn vị tính của chỉ tiêu", 10),
    DataColumn("Tỷ lệ đạt so với chỉ tiêu (%)", 12, PERCENT),
]
PART_COLUMNS = [DataColumn("Kết quả", 10, COUNT), MORE_THAN]


def attainment_data(reader: Reader, scheme: Scheme) -> Book:
    """Write a row for each category; who sees all courses gets the parts by year and by organiser too."""
    form = Form(reader, training.ATTAINMENT, scheme=scheme, extent=reader.office.whole_area)
    lines = training.summary_lines_of(scheme)
    rounded = training.ROUNDED.format(rounded_by(scheme))
    derived = [training.ENTERING, rounded, LOWER_BOUND]
    tables = [DataTable(ATTAINMENT_COLUMNS, (_attainment_cells(scheme, line) for line in lines), derived=derived)]
    if reader.scope.sees_all_courses:
        years = _parts(scheme, lines, year_of)
        columns = [*CATEGORY_COLUMNS, DataColumn("Năm", 8, YEAR), *PART_COLUMNS]
        tables.append(DataTable(columns, years, sheet="Bảng dữ liệu theo năm", derived=[YEARS]))
        organisers = _parts(scheme, lines, _organiser_in_words)
        if held := list(_against_year_targets(scheme, lines)):
            tables.append(DataTable(YEAR_COLUMNS, held, sheet="Bảng dữ liệu chỉ tiêu năm", derived=[training.SO_FAR]))
        columns = [*CATEGORY_COLUMNS, DataColumn("Đơn vị tổ chức", 16), *PART_COLUMNS]
        tables.append(DataTable(columns, organisers, sheet="Bảng dữ liệu đơn vị tổ chức"))
    return data_workbook(form, tables)


YEAR_COLUMNS = [
    *CATEGORY_COLUMNS,
    DataColumn("Năm", 8, YEAR),
    *PART_COLUMNS,
    DataColumn("Chỉ tiêu năm", 10, COUNT),
    DataColumn("Tỷ lệ đạt (%)", 10, PERCENT),
    DataColumn("Kết quả lũy kế", 10, COUNT),
    DataColumn("Chỉ tiêu lũy kế", 10, COUNT),
    DataColumn("Tỷ lệ đạt lũy kế (%)", 10, PERCENT),
    DataColumn("Quyết định", 30),
    DataColumn("Ngày quyết định", 12, DATE),
]


def _against_year_targets(scheme: Scheme, lines: list[SummaryLine]) -> Iterator[list[Any]]:
    """Yield a row for each category and year of the categories that have targets of years."""
    for line in year_lines(scheme, lines):
        if line.target_of_years is None:
            continue
        for result in line.years:
            if result.year is None or result.so_far is None:
                continue
            own, so_far = result.own, result.so_far
            decision = line.decided[result.year][-1] if result.year in line.decided else None
            yield [
                *_category_cells(scheme, line.line.category),
                *(result.year, own.result, yes_or_no(own.is_lower_bound), own.target, own.percent),
                *(so_far.result, so_far.target, so_far.percent),
                *((decision.decision, decision.decided_on) if decision else (None, None)),
            ]


YEARS = "Theo năm: một lớp tính vào năm kết thúc; ô “Năm” trống là chưa ghi ngày."


def _category_cells(scheme: Scheme, category: Category) -> list[Any]:
    kind = training.SECTIONS[Category.Kind(category.kind)]
    return [scheme.code, category.code, kind, category.name, UNITS[category.unit]]


def _attainment_cells(scheme: Scheme, line: SummaryLine) -> list[Any]:
    result = line.attainment
    has_target = result.target is not None
    return [
        *_category_cells(scheme, line.category),
        *(result.actual, yes_or_no(result.is_lower_bound)),
        *(result.target, UNITS[line.target_unit] if has_target else None, result.percent),
    ]


def _parts(scheme: Scheme, lines: Iterable[SummaryLine], part_of: Callable[[Course], Any]) -> Iterator[list[Any]]:
    for line in lines:
        parts = split(line.courses, part_of)
        for part in sorted(parts, key=lambda part: (part is None, part)):
            count = parts[part]
            yield [*_category_cells(scheme, line.category), part, count.people, yes_or_no(count.is_lower_bound)]


def _organiser_in_words(course: Course) -> str:
    return str(course_forms.ORGANISERS[Course.Organiser(organiser_of(course))])


COURSE_COLUMNS = [
    DataColumn("Mã đề án", 12),
    DataColumn("Mã nội dung", 20),
    DataColumn("Nội dung", 40),
    DataColumn("Mã lớp", 8, YEAR),
    DataColumn("Tên lớp", 50),
    DataColumn("Cấp tổ chức", 14),
    DataColumn("Mã quận, huyện tổ chức", 14),
    DataColumn("Quận, huyện tổ chức", 26),
    DataColumn("Cơ sở đào tạo", 34),
    DataColumn("Nơi tổ chức", 24),
    DataColumn("Tỉnh, thành phố đến học tập", 24),
    DataColumn("Từ ngày", 12, DATE),
    DataColumn("Đến ngày", 12, DATE),
    DataColumn("Năm", 8, YEAR),
    DataColumn("Số lớp", 8, COUNT),
    DataColumn("Số người, lượt người", 10, COUNT),
    MORE_THAN,
    DataColumn("Đơn vị tính", 10),
    DataColumn("Đăng ký", 9, COUNT),
    DataColumn("Dự học", 9, COUNT),
    DataColumn("Được cấp chứng chỉ", 10, COUNT),
    DataColumn("Tính vào phần tổng hợp", 10),
    DataColumn("Đã hủy", 8),
    DataColumn("Đối tượng", 40),
    DataColumn("Nội dung lớp", 40),
    DataColumn("Nguồn kinh phí", 28),
    DataColumn("Đơn vị tổ chức hỗ trợ (%)", 10, PERCENT),
    DataColumn("Người học tự túc (%)", 10, PERCENT),
]
MORE_FIELDS = ["audience", "subjects", "fund_source", "organiser_share", "participant_share"]
FIELDS = ["category__code", *course_forms.FIELDS, *MORE_FIELDS]


def courses_data(reader: Reader, scheme: Scheme, courses: CourseQuerySet) -> Book:
    """Write a row for each chosen course. `courses` are in the reader's scope."""
    form = Form(reader, course_forms.COURSES, scheme=scheme)
    derived = ["Người và lượt người không cộng với nhau; lớp đã hủy không tính.", LOWER_BOUND]
    return data_workbook(form, [DataTable(COURSE_COLUMNS, _courses(scheme, courses), derived=derived)])


def _courses(scheme: Scheme, courses: CourseQuerySet) -> Iterator[list[Any]]:
    rows = courses.prefetch_related(None).order_by("category__position", "pk").values_list(*FIELDS, named=True)
    districts = course_forms.organising_districts(courses)
    for row in rows:
        organisers = districts.get(row.pk, [])
        day = row.held_to or row.held_from
        yield [
            *(scheme.code, row.category__code, row.category__name, row.pk, row.name),
            str(course_forms.ORGANISERS[row.organiser]),
            *(", ".join(code for code, _ in organisers), ", ".join(title for _, title in organisers)),
            *(row.partner, row.place, row.provinces, row.held_from, row.held_to, day.year if day else None),
            *(row.classes, row.participants, yes_or_no(row.is_lower_bound), UNITS[row.unit]),
            *(row.registered, row.attended, row.certified),
            *(yes_or_no(row.enters_summary), yes_or_no(row.voided_at)),
            *(row.audience, row.subjects, row.fund_source, row.organiser_share, row.participant_share),
        ]


FUNDING_COLUMNS = [
    DataColumn("Mã đề án", 14),
    DataColumn("Nguồn kinh phí", 44),
    DataColumn("Từ năm", 8, YEAR),
    DataColumn("Đến năm", 8, YEAR),
    DataColumn("Số tiền (đồng)", 18, COUNT),
    DataColumn("Ghi chú", 30),
]


def funding_data(reader: Reader, scheme: Scheme) -> Book:
    """Write a row for each source of the money of a scheme."""
    form = Form(reader, course_forms.FUNDING, scheme=scheme, extent=reader.office.whole_area)
    years = (scheme.starts_year, scheme.ends_year)
    rows = (
        [scheme.code, row.get_source_display(), *years, int(row.amount), row.note]
        for row in scheme.fundings.order_by("pk")
    )
    return data_workbook(form, [DataTable(FUNDING_COLUMNS, rows, derived=[course_forms.AMOUNTS])])


WORKFORCE_COLUMNS = [
    DataColumn("Mã đề án", 12),
    DataColumn("Tính đến ngày", 12, DATE),
    DataColumn("Ngày của báo cáo", 10),
    DataColumn("Năm", 8, YEAR),
    DataColumn("Tổng số (người)", 12, COUNT),
    DataColumn("Có trình độ chuyên ngành VTLT (người)", 16, COUNT),
    DataColumn("Tỷ lệ (%)", 10, PERCENT),
]


def workforce_data(reader: Reader, scheme: Scheme) -> Book:
    """Write a row for each day on which the staff was counted."""
    form = Form(reader, course_forms.WORKFORCE, scheme=scheme, extent=reader.office.whole_area)
    rows = (
        [
            *(scheme.code, count.counted_on, yes_or_no(count.is_day_inferred), count.counted_on.year),
            *(count.total, count.qualified),
            percent_of(count.qualified, count.total, scheme.rounding),
        ]
        for count in scheme.workforce_counts.order_by("counted_on")
    )
    derived = course_forms.workforce_rules(scheme)
    return data_workbook(form, [DataTable(WORKFORCE_COLUMNS, rows, derived=derived)])
