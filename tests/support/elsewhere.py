"""A portal of another department. No record of it is of the City: nothing that it shows may name the City's office."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils.timezone import localdate

from archiveportal.accounts.models import Role
from archiveportal.office.kinds import PaperKind
from archiveportal.office.models import Office
from criteria.inspections.models import Decision, Enrolment, Round, RoundDocument, Team
from criteria.inspections.services import approve_inspection
from criteria.inspections.services import official_papers as papers
from criteria.inspections.services.decisions import issue_decision, save_decision
from criteria.inspections.services.self_reading import accept_report
from criteria.inspections.services.teams import Member, save_team
from tests.support.decisions import announce, draft
from tests.support.factories import (
    answer,
    enrol,
    make_district,
    make_round,
    make_set,
    make_user,
    make_ward,
    submit_signed,
)
from tests.support.inspections import asked_question, published_finding
from tests.support.self_assessments import confirmed
from tests.support.training import make_category, make_course, make_scheme
from training.models import Course, Funding

OFFICE = {
    "first_day": datetime.date(2020, 1, 1),
    "name": "Sở Dân chính",
    "superior_head": "ỦY BAN NHÂN DÂN\nTỈNH ĐỒNG NAI",
    "superior": "UBND tỉnh Đồng Nai",
    "area": "tỉnh Đồng Nai",
    "area_noun": "tỉnh",
    "place": "Đồng Nai",
    "symbol": "SDC",
    "head_title": "Trưởng Sở",
    "deputy_title": "Phó Trưởng Sở",
}
DIVISION = {
    "division": "Phòng Lưu trữ",
    "division_short": "Phòng LT",
    "division_symbol": "PLT",
    "division_head_title": "Trưởng phòng",
}
#: what the City's office is called, in whole or in part
CITYS = re.compile(
    r"Sở Nội vụ|SỞ NỘI VỤ|[Cc]hi cục|CHI CỤC|Thành phố|THÀNH PHỐ|Hồ Chí Minh|HỒ CHÍ MINH|TP\.? ?HCM|\bSNV\b|CCVTLT"
    r"|Giám đốc|GIÁM ĐỐC|Ho Chi Minh|the City\b|Department of Home Affairs|Sub-department"
)


def make_office(**values) -> Office:
    Office.objects.all().delete()
    return Office.objects.create(**OFFICE | values)


def make_people() -> SimpleNamespace:
    ward = make_ward(make_district("Long Thành"), name="An Phước")
    return SimpleNamespace(
        inspector=make_user(Role.INSPECTOR),
        approver=make_user(Role.APPROVER),
        leader=make_user(Role.LEADERSHIP),
        administrator=make_user(Role.ADMINISTRATOR),
        officer=make_user(Role.WARD, ward=ward),
        head=make_user(Role.UNIT_LEADER, ward=ward),
        district=make_user(Role.DISTRICT, district=ward.district),
        ward=ward,
    )


def make_portal() -> SimpleNamespace:
    """A round with a checklist of each state and a report that was accepted, a decision, a scheme and papers."""
    people = make_people()
    first = make_round(make_set(3), name="Đợt thử", code="dot-thu", asks_self_assessment=True)
    unit = enrol(first, people.ward)
    answer(unit, people.inspector, {1: "met", 2: "not_met", 3: "met"})
    published_finding(unit, people.inspector, "TC02", due_on=localdate())
    asked_question(unit, people.inspector)
    submit_signed(inspection=unit.inspection, by=people.inspector)
    approve_inspection(inspection=unit.inspection, by=people.approver)
    # Which checklist a list leads to first is not said; signed minutes alone are there as a file.
    people.minutes = reverse("inspections:minutes", args=[unit.pk])
    begun = enrol(first, make_ward(people.ward.district, name="Bình Sơn"))
    answer(begun, people.inspector, {1: "met"})
    reports_itself(first, people)
    values = {"kind": "plan", "number": "12/KH-SDC", "issued_on": localdate()}
    RoundDocument.objects.create(round=first, **values)
    papers.draft_paper(about=papers.About(PaperKind.PLAN, first), by=people.approver)
    decided(people)
    scheme = make_scheme(code="de-an-thu")
    course = make_course(make_category(scheme, target=10), people.inspector)
    Course.objects.filter(pk=course.pk).update(organiser=Course.Organiser.CITY)
    Funding.objects.create(scheme=scheme, source=Funding.Source.CITY, amount=10**8)
    return people


def reports_itself(inspection_round: Round, people: SimpleNamespace) -> Enrolment:
    ward = make_ward(people.ward.district, name="Cẩm Đường")
    unit = enrol(inspection_round, ward)
    Enrolment.objects.filter(pk=unit.pk).update(way=Enrolment.Way.REPORT)
    unit = Enrolment.objects.select_related("round__criteria_set", "ward").get(pk=unit.pk)
    assessment = confirmed(unit, make_user(Role.WARD, ward=ward), make_user(Role.UNIT_LEADER, ward=ward))
    accept_report(assessment=assessment, seen=assessment.version, by=people.inspector)
    return unit


def decided(people: SimpleNamespace) -> Decision:
    """An announced decision over a unit."""
    specialised = make_round(make_set(2), name="Đợt chuyên ngành", code="dot-217", kind=Round.Kind.SPECIALISED)
    members = [
        Member("head", people.inspector.full_name, "Phó Trưởng phòng", people.inspector),
        Member("member", "Nguyễn Thị Thư", "Chuyên viên"),
    ]
    team = save_team(team=Team(round=specialised, name="Đoàn 1"), members=members, by=people.approver)
    unit = enrol(specialised, people.ward)
    Enrolment.objects.filter(pk=unit.pk).update(team=team)
    plan = "Kế hoạch số 15/KH-UBND ngày 05/01/2026 của Ủy ban nhân dân tỉnh"
    rows = list(specialised.enrolments.all())
    made = save_decision(decision=draft(team, grounds=plan), enrolments=rows, by=people.approver)
    made = issue_decision(decision=made, number="7/QĐ-PLT", issued_on=localdate(), by=people.approver)
    announce(made, people, localdate(), is_confirmed=True)
    return made


def name_of(address: str) -> str:
    """Return the name of an address; blank where it is a file beside the portal."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def walk(client: Client, starts: Iterable[str], left_out: frozenset[str]) -> Iterator[tuple[str, object]]:
    """Yield one answer of each address that links lead to."""
    waiting, seen = list(starts), set()
    while waiting:
        address = waiting.pop(0)
        name = name_of(address)
        if not name or name in seen or name in left_out:
            continue
        response = client.get(address)
        seen.add(name)
        yield name, response
        if response.status_code == 302 and response.url.startswith("/"):
            waiting.append(response.url)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            links = re.findall(r'href="([^"#]+)', response.content.decode())
            links = [urljoin(address, link.replace("&amp;", "&")) for link in links]
            waiting += [link for link in links if link.startswith("/") and not link.startswith("/static/")]


def words_of(response) -> str:
    """Return what a page or a file says, with the text of each part of a workbook or a Word file."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if content[:2] == b"PK":
        return words_of_file(content)
    if kind.startswith(("text/", "application/json", "image/svg")):
        return re.sub(r"<[^>]*>", " ", content.decode())
    return ""


def words_of_file(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = [parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))]
    return "\n".join(re.sub(r"<[^>]*>", "", text.replace("</w:p>", "\n").replace("</t>", "\n")) for text in texts)
