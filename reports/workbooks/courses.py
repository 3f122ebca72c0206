"""The courses of a training scheme, its money, and the people who do the work."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Any

from archiveportal import excel
from archiveportal.excel import Book, Sheet
from archiveportal.own_words import own_lazy_vietnamese
from archiveportal.percent import Rounding, percent_of
from archiveportal.roman import roman
from archiveportal.vietnamese import money_in_words, number
from reports.workbooks.form import (
    NUMBER_FORMATS,
    RULES_IN_WORDS,
    SECTION,
    Form,
    Reader,
    SheetColumn,
    lower_bound_style,
    percent_style,
    write_section,
)
from training.models import CountingUnit, Course, Scheme
from training.querysets import CourseQuerySet
from training.tables import Total, totals
from wards.models import District

COURSES = "DANH SÁCH CÁC LỚP ĐÀO TẠO, BỒI DƯỠNG, TẬP HUẤN"
COURSE_COLUMNS = [
    SheetColumn("STT", 6, excel.CENTRED),
    SheetColumn("Tên lớp", 46),
    SheetColumn("Đơn vị tổ chức", 18),
    SheetColumn("Cơ sở đào tạo", 28),
    SheetColumn("Nơi tổ chức", 22),
    SheetColumn("Từ ngày", 12, excel.DATE),
    SheetColumn("Đến ngày", 12, excel.DATE),
    SheetColumn("Số lớp", 7, excel.COUNT),
    SheetColumn("Số người, lượt người", 12, excel.COUNT),
    SheetColumn("Đơn vị tính", 10, excel.CENTRED),
    SheetColumn("Đăng ký", 9, excel.COUNT),
    SheetColumn("Dự học", 9, excel.COUNT),
    SheetColumn("Được cấp chứng chỉ", 10, excel.COUNT),
    SheetColumn("Tính vào phần tổng hợp", 10, excel.CENTRED),
]
ORGANISERS = {
    Course.Organiser.CITY: own_lazy_vietnamese("%(level)s"),
    Course.Organiser.DEPARTMENT: "Sở, ngành",
    Course.Organiser.DISTRICT: "Quận, huyện",
    Course.Organiser.COMMUNE: "Cấp xã",
}


def courses_workbook(reader: Reader, scheme: Scheme, courses: CourseQuerySet) -> Book:
    """Write the chosen courses in sections by category. `courses` are in the reader's scope."""
    form = Form(reader, COURSES, scheme=scheme)
    form.derived = [
        "Chỉ cộng các dòng cùng nội dung, cùng đơn vị tổ chức, cùng đơn vị tính, cùng tính hoặc cùng không tính vào "
        "phần tổng hợp; các dòng của báo cáo ngoài phần tổng hợp để riêng, vì không rõ có nằm trong nhau hay không.",
        "Lớp đã hủy không tính vào dòng cộng.",
        "“hơn”: báo cáo không ghi số chính xác.",
    ]
    sheet = form.table("Danh sách lớp", COURSE_COLUMNS, form.heading(scheme.name))
    rows = courses.prefetch_related(None).order_by("category__position", "pk").values_list(*FIELDS, named=True)
    organisers, sums = _organisers(courses), totals(courses)
    for place, ((_position, name), found) in enumerate(groupby(rows, key=lambda row: row[:2]), start=1):
        write_section(sheet, place, name)
        for number_in_list, course in enumerate(found, start=1):
            organiser = organisers.get(course.pk) or str(ORGANISERS[course.organiser])
            sheet.fit(_course_cells(sheet, number_in_list, course, organiser=organiser))
            form.records += 1
        for total in sums:
            if total.category == name and total.rows > 1:
                sheet.fit(_total_cells(sheet, total))
    if not form.records:
        form.nothing(sheet)
    form.sign(sheet)
    return form.finish()


def _total_cells(sheet: Sheet, total: Total) -> list[Any]:
    """Return the sum of several rows of a section that are alike."""
    count = lower_bound_style(excel.TOTAL_COUNT, is_lower_bound=total.is_lower_bound)
    cells = [sheet.cell(None, SECTION)] * len(COURSE_COLUMNS)
    cells[1] = sheet.cell(f"Cộng {number(total.rows)} dòng", SECTION)
    cells[2] = sheet.cell(str(ORGANISERS[Course.Organiser(total.organiser)]), SECTION)
    cells[8] = sheet.cell(total.participants, count)
    cells[9] = sheet.cell(UNITS[CountingUnit(total.unit)], excel.TOTAL_CENTRED)
    cells[13] = sheet.cell("có" if total.enters_summary else "không", excel.TOTAL_CENTRED)
    return cells


FIELDS = [
    "category__position", "category__name", "pk", "name", "organiser", "partner", "place", "provinces", "held_from",
    "held_to", "classes", "participants", "is_lower_bound", "unit", "registered", "attended", "certified",
    "enters_summary", "voided_at",
]  # fmt: skip
UNITS = {CountingUnit.PERSONS: "người", CountingUnit.ATTENDANCES: "lượt"}
DISTRICT_KINDS = dict(District.Kind.choices)


def organising_districts(courses: CourseQuerySet) -> dict[int, list[tuple[str, str]]]:
    """Return code and title of the organising districts of each course, in their order."""
    joined = Course.organiser_districts.through.objects.filter(course__in=courses.order_by().values("pk"))
    districts: dict[int, list[tuple[str, str]]] = {}
    fields = ("course_id", "district__code", "district__kind", "district__name")
    for course, code, kind, name in joined.order_by("district__sort_key").values_list(*fields):
        districts.setdefault(course, []).append((code, f"{DISTRICT_KINDS[kind]} {name}"))
    return districts


def _organisers(courses: CourseQuerySet) -> dict[int, str]:
    districts = organising_districts(courses)
    return {course: ", ".join(title for _code, title in names) for course, names in districts.items()}


def _course_cells(sheet: Sheet, place: int, course: Any, *, organiser: str) -> list[Any]:
    shared = sheet.shared
    return [
        shared(place, excel.CENTRED),
        sheet.cell(f"{course.name} (đã hủy)" if course.voided_at else course.name),
        shared(organiser),
        shared(course.partner),
        shared("; ".join(filter(None, [course.place, course.provinces]))),
        shared(course.held_from, excel.DATE),
        shared(course.held_to, excel.DATE),
        shared(course.classes, excel.COUNT),
        shared(course.participants, lower_bound_style(excel.COUNT, is_lower_bound=course.is_lower_bound)),
        shared(UNITS[course.unit], excel.CENTRED),
        shared(course.registered, excel.COUNT),
        shared(course.attended, excel.COUNT),
        shared(course.certified, excel.COUNT),
        shared("có" if course.enters_summary else "không", excel.CENTRED),
    ]


FUNDING = "KINH PHÍ ĐÀO TẠO, BỒI DƯỠNG VỀ VĂN THƯ, LƯU TRỮ"
FUNDING_COLUMNS = [
    SheetColumn("STT", 6, excel.CENTRED),
    SheetColumn("Nội dung", 40),
    SheetColumn("Số tiền (đồng)", 20, excel.COUNT),
    SheetColumn("Bằng chữ", 50),
    SheetColumn("Ghi chú", 18),
]


AMOUNTS = "Số tiền do báo cáo hoặc người nhập ghi, tính bằng đồng."


def funding_workbook(reader: Reader, scheme: Scheme) -> Book:
    """Write the money of a scheme by source. What a round costs at its units is no part of it."""
    form = Form(reader, FUNDING, scheme=scheme, extent=reader.office.whole_area)
    form.derived = [AMOUNTS]
    sheet = form.table("Kinh phí", FUNDING_COLUMNS, form.heading(scheme.name))
    title = f"Kinh phí đào tạo, bồi dưỡng ({scheme.starts_year} - {scheme.ends_year})"
    rows = [(row.get_source_display(), int(row.amount), row.note) for row in scheme.fundings.order_by("pk")]
    form.records = len(rows)
    if rows:
        _funding_section(sheet, title=title, rows=rows)
    else:
        form.nothing(sheet)
    form.sign(sheet)
    return form.finish()


def _funding_section(sheet: Sheet, *, title: str, rows: list[tuple[str, int, str]]) -> None:
    total = sum(amount for _, amount, _ in rows)
    head = [(roman(1), excel.TOTAL_CENTRED), (title, SECTION), (total, excel.TOTAL_COUNT)]
    head += [(money_in_words(total), SECTION), (None, SECTION)]
    sheet.fit([sheet.cell(value, style) for value, style in head])
    sheet.keep_with_next()
    for number_in_list, (label, amount, note) in enumerate(rows, start=1):
        values = [number_in_list, label, amount, money_in_words(amount), note]
        sheet.fit([sheet.cell(v, column.style) for v, column in zip(values, FUNDING_COLUMNS, strict=True)])


WORKFORCE = "SỐ LƯỢNG, CHẤT LƯỢNG ĐỘI NGŨ LÀM CÔNG TÁC VĂN THƯ, LƯU TRỮ"
DAY_OF_REPORT = "Số liệu lấy từ báo cáo đã ký ghi theo ngày của báo cáo; báo cáo không nêu ngày thống kê."
WORKFORCE_COLUMNS = [
    SheetColumn("STT", 6, excel.CENTRED),
    SheetColumn("Tính đến ngày", 18, excel.DATE),
    SheetColumn("Tổng số (người)", 18, excel.COUNT),
    SheetColumn("Có trình độ chuyên ngành VTLT (người)", 22, excel.COUNT),
    SheetColumn("Tỷ lệ (%)", 20, excel.PERCENT),
]


def workforce_rules(scheme: Scheme) -> list[str]:
    has_day_of_report = any(count.is_day_inferred for count in scheme.workforce_counts.all())
    return [
        f"Tỷ lệ = người có trình độ chuyên ngành / tổng số, {RULES_IN_WORDS[Rounding(scheme.rounding)]}.",
        "Đây là tỷ lệ trên tổng số người làm công tác văn thư, lưu trữ, không phải tỷ lệ so với chỉ tiêu.",
        *([DAY_OF_REPORT] if has_day_of_report else []),
    ]


def workforce_workbook(reader: Reader, scheme: Scheme) -> Book:
    """Staff by day and the share with an archives qualification: 1.302/3.995 = 32,59 % (E01)."""
    rounding = Rounding(scheme.rounding)
    form = Form(reader, WORKFORCE, scheme=scheme, extent=reader.office.whole_area)
    form.derived = workforce_rules(scheme)
    sheet = form.table("Đội ngũ", WORKFORCE_COLUMNS, form.heading(scheme.name))
    counts = list(scheme.workforce_counts.order_by("counted_on"))
    form.records = len(counts)
    bars: list[tuple[str, Decimal]] = []
    for place, count in enumerate(counts, start=1):
        share = percent_of(count.qualified, count.total, rounding)
        styles = [column.style for column in WORKFORCE_COLUMNS[:-1]]
        values = [place, count.counted_on, count.total, count.qualified]
        cells = [sheet.cell(*cell) for cell in zip(values, styles, strict=True)]
        sheet.fit([*cells, sheet.cell(share, percent_style(rounding, excel.PERCENT))])
        if share is not None:
            bars.append((f"{count.counted_on:%d/%m/%Y}", share))
    if not counts:
        form.nothing(sheet)
    form.sign(sheet)
    if len(counts) > 1:
        form.chart(
            "Tỷ lệ có trình độ chuyên ngành VTLT (%)",
            bars,
            label="Tính đến ngày",
            unit="Tỷ lệ (%)",
            number_format=NUMBER_FORMATS[rounding],
        )
    return form.finish()
