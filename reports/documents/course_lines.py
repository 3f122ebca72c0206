"""Section I.2.a of 2710/BC-SNV: what the City held, and what agencies and districts held, row by row."""

from __future__ import annotations

from archiveportal.vietnamese import count_in_text, number
from archiveportal.word.report import Noted
from archiveportal.word.writer import Block, Text
from reports.documents.context import SchemeContext, people
from training.breakdown import alike, count_of
from training.models import Category, CountingUnit, Course

Kind, Organiser = Category.Kind, Course.Organiser
#: up to so many rows of a kind are listed one by one; more are summed up by category
MOST_ROWS = 40
KINDS = {
    Kind.DEGREE: "Đào tạo:",
    Kind.PROFESSIONAL: "Bồi dưỡng:",
    Kind.BRIEFING: "Tập huấn:",
    Kind.STUDY_TOUR: "Học tập nghiệp vụ, trao đổi kinh nghiệm:",
}
#: codes of the ledger for the rows of the report
FIGURES = {
    "cu-nhan-van-bang-2": ["2710-01"],
    "trung-cap-thanh-pho": ["2710-02"],
    "boi-duong-3-thang": ["2710-03", "2710-04"],
    "boi-duong-chinh-ly": ["2710-05", "2710-06"],
    "boi-duong-10-ngay": ["2710-07", "2710-08"],
    "boi-duong-so-hoa": ["2710-09", "2710-10"],
    "tap-huan-thanh-pho": ["2710-11"],
    "hoc-tap-so-hoa": ["2710-14"],
    "hoc-tap-kinh-nghiem": ["2710-15", "2710-16"],
    "tap-huan-so-nganh": ["2710-17"],
    "tap-huan-quan-huyen": ["2710-18"],
    "trung-cap-quan": ["2710-19", "2710-20"],
    "quan-11-cu-nhan": ["2710-21"],
    "quan-11-cao-dang": ["2710-22"],
}


def courses_of_city(context: SchemeContext) -> list[Block]:
    rows = [course for course in context.courses if course.organiser == Organiser.CITY]
    if not rows:
        return []
    blocks: list[Block] = [
        Text(f"- Tại {context.office.area_noun} đã tổ chức các lớp đào tạo, bồi dưỡng, tập huấn như sau:")
    ]
    for kind, heading in KINDS.items():
        courses = [course for course in rows if course.category.kind == kind]
        if courses:
            blocks += [Text(heading, is_italic=True), *_told(context, courses)]
            if kind == Kind.STUDY_TOUR:
                blocks += _tours(context, courses)
    return blocks


def courses_of_agencies(context: SchemeContext) -> list[Block]:
    blocks: list[Block] = []
    for organiser, heading in (
        (Organiser.DEPARTMENT, "Tại các sở, ngành:"),
        (Organiser.DISTRICT, "Tại Ủy ban nhân dân quận, huyện:"),
        (Organiser.COMMUNE, "Tại Ủy ban nhân dân phường, xã, đặc khu:"),
    ):
        courses = [course for course in context.courses if course.organiser == organiser]
        if courses:
            blocks += [Text(heading, is_italic=True), *_told(context, courses)]
    return [Text("- Tại các cơ quan, tổ chức:"), *blocks] if blocks else []


def _told(context: SchemeContext, rows: list[Course]) -> list[Block]:
    if len(rows) <= MOST_ROWS:
        return [Noted([sentence(course), *_notes(context, course), "."]) for course in rows]
    blocks: list[Block] = []
    for alike_rows in alike(rows):
        count, first = count_of(alike_rows), alike_rows[0]
        words = people(count.people, is_lower_bound=count.is_lower_bound)
        name = first.name if first.stands_alone else first.category.name
        blocks.append(Text(f"{name}: {words} {_unit(first.unit)} tham gia."))
    return blocks


def _notes(context: SchemeContext, course: Course) -> list:
    return context.notes.of(*FIGURES.get(course.report_key, [])) if course.is_baseline else []


def sentence(course: Course) -> str:
    """ "17 lớp bồi dưỡng nghiệp vụ VTLT (03 tháng), phối hợp với ..., cho 1.341 lượt người" without the stop."""
    name = course.name
    if course.classes:
        name = f"{name[:1].lower()}{name[1:]}"
        name = f"{count_in_text(course.classes)} {name if name.startswith('lớp ') else f'lớp {name}'}"
    name += f" ({course.subjects})" if course.subjects else ""
    partner = f", phối hợp với {course.partner}" if course.partner else ""
    audience = f", đối tượng là {course.audience}" if course.audience else ""
    place = f" tại {course.place}" if course.place and "tại" not in name else f" ({course.place})" * bool(course.place)
    more = people(course.participants, is_lower_bound=course.is_lower_bound)
    result = f"{more} {_unit(course.unit)} tham gia{_funds(course)}{_provinces(course)}"
    return f"{name}{place}{_period(course)}{partner}{audience}: {result}"


def _period(course: Course) -> str:
    days = [day for day in (course.held_from, course.held_to) if day]
    years = sorted({day.year for day in days})
    return f" (năm {' - '.join(map(str, years))})" if years else ""


def _funds(course: Course) -> str:
    """Say who pays: ", kinh phí: đơn vị tổ chức hỗ trợ 50% từ nguồn ..., người học tự túc 50%".

    A share that is not known is left out; without any, the source alone is named.
    """
    source, parts = course.fund_source, []
    if course.organiser_share is not None:
        parts.append(f"đơn vị tổ chức hỗ trợ {number(course.organiser_share)}%{f' từ {source}' if source else ''}")
    if course.participant_share is not None:
        parts.append(f"người học tự túc {number(course.participant_share)}%")
    named = f", bằng {source}" if source and course.organiser_share is None else ""
    return named + (f", kinh phí: {', '.join(parts)}" if parts else "")


def _provinces(course: Course) -> str:
    """List the provinces that neither name nor place of the course says."""
    said = f"{course.name} {course.place}"
    names = [name.strip() for name in course.provinces.split(";")]
    missing = [name for name in names if name and name not in said]
    return f", tại các tỉnh, thành phố: {', '.join(missing)}" if missing else ""


def _unit(unit: str) -> str:
    return "lượt người" if unit == CountingUnit.ATTENDANCES else "người"


def _tours(context: SchemeContext, rows: list[Course]) -> list[Block]:
    """Write the sum of the tours that enter the summary: "03 lớp ... với 45 lượt" (2710-12,
    2710-13)."""
    counted = [course for course in rows if course.enters_summary]
    if len(counted) < 2:
        return []
    count, classes = count_of(counted), sum(course.classes or 0 for course in counted)
    words = people(count.people, is_lower_bound=count.is_lower_bound)
    lessons = f"{count_in_text(classes)} lớp với " if classes else ""
    notes = context.notes.of("2710-12", "2710-13")
    return [
        Noted([f"Cộng học tập nghiệp vụ trong nước: {lessons}{words} {_unit(counted[0].unit)} tham gia", *notes, "."])
    ]
