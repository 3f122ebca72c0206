"""The result sheet of a unit: its figures, who opens it, and that page, print and Word say the same."""

import datetime
import io
from decimal import Decimal

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from archiveportal.accounts.models import Role
from criteria.inspections.models import Enrolment, Finding, Inspection, SelfAssessment
from criteria.inspections.papers.result_sheet import result_sheet
from criteria.inspections.queries.result_sheet import quartile_of, sheet_of
from criteria.inspections.services.distant import mark_distant
from criteria.inspections.services.findings import write_finding
from criteria.inspections.services.self_reading import accept_report
from criteria.inspections.services.workflow import approve_inspection
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
from tests.support.self_assessments import confirmed

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def people(db):
    return {"inspector": make_user(Role.INSPECTOR), "approver": make_user(Role.APPROVER)}


@pytest.fixture
def ward(people):
    return make_ward(make_district(), name="Bến Thành")


def fresh(enrolment) -> Enrolment:
    enrolment = Enrolment.objects.select_related("round__criteria_set", "ward", "inspection", "team").get(
        pk=enrolment.pk
    )
    enrolment.inspection.enrolment = enrolment
    return enrolment


def approved(inspection_round, ward, people, outcomes, *, recommended=(), distant=()):
    """A checklist on its whole way; `recommended` numbers get a recommendation."""
    enrolment = enrol(inspection_round, ward)
    answer(enrolment, people["inspector"], outcomes)
    criteria = {each.number: each for each in inspection_round.criteria_set.criteria.all()}
    inspection = Inspection.objects.get(enrolment=enrolment)
    for number in distant:
        mark_distant(inspection=inspection, criterion=criteria[number], is_distant=True, by=people["inspector"])
    for number in recommended:
        days = {"due_on": localdate() + number * DAY, "recommendation": f"Khắc phục tiêu chí {number}"}
        write_finding(inspection=inspection, criterion=criteria[number], seen=0, by=people["inspector"], **days)
    submit_signed(inspection=inspection, by=people["inspector"])
    approve_inspection(inspection=inspection, by=people["approver"])
    return fresh(enrolment)


def words_of(document: bytes) -> str:
    paper = docx.Document(io.BytesIO(document))
    words = [paragraph.text for paragraph in paper.paragraphs]
    for table in paper.tables:
        words += [cell.text for cell in table._cells]
    return "\n".join(words).replace("\u00a0", " ")


MIXED = {1: "met", 2: "not_met", 3: "not_met", 4: "met"}


def test_the_sheet_says_what_was_found_and_what_to_mend_first(people, ward):
    criteria_set = make_set()
    criteria_set.criteria.filter(number=3).update(points=5)
    earlier = make_round(criteria_set, starts_on=datetime.date(2025, 1, 1), ends_on=datetime.date(2025, 12, 31))
    approved(earlier, ward, people, {1: "not_met", 2: "not_met", 3: "met", 4: "met"})
    enrolment = approved(make_round(criteria_set), ward, people, MIXED, recommended=(2, 3), distant=(4,))
    sheet = sheet_of(enrolment, people["inspector"])
    assert (sheet.score, sheet.maximum) == (Decimal(2), Decimal(8))
    assert [each.line.criterion.number for each in sheet.to_mend] == [3, 2], "the dearest comes first"
    assert [each.line.lost for each in sheet.to_mend] == [5, 1]
    assert sheet.to_mend[0].due_on == localdate() + 3 * DAY
    assert (sheet.last.score, sheet.last.maximum, sheet.last.round_name) == (6, 8, earlier.name)
    (section,) = sheet.sections
    assert [line.last.outcome for line in section.lines] == ["not_met", "not_met", "met", "met"]
    assert [line.is_distant for line in section.lines] == [False, False, False, True]
    assert (section.points, section.maximum) == (2, 8)
    Finding.objects.filter(criterion__number=3).update(
        status="closed", closed_by=people["inspector"], closed_at="2026-01-01T00:00Z"
    )
    sheet = sheet_of(enrolment, people["inspector"])
    assert [each.line.criterion.number for each in sheet.to_mend] == [2] and sheet.mended == 1


def test_word_page_and_print_say_the_same(people, ward, sign_in):
    enrolment = approved(make_round(), ward, people, MIXED, recommended=(2,), distant=(1,))
    words = words_of(result_sheet(people["inspector"], enrolment))
    assert result_sheet(people["inspector"], enrolment) == result_sheet(people["inspector"], fresh(enrolment))
    client = sign_in(make_user(Role.WARD, ward=ward))
    pages = [
        client.get(reverse(f"inspections:result-{name}", args=[enrolment.pk])).content.decode()
        for name in ("sheet", "print")
    ]
    for said in (
        "Kết quả ghi nhận tại thời điểm kiểm tra",
        "Khắc phục tiêu chí 2",
        "Tiêu chí thử 3",
        "Chi cục Văn thư",
    ):
        assert said in words
        assert all(said.replace(" ", "") in page.replace("\u00a0", "").replace(" ", "") for page in pages), said
    assert "xác minh từ xa" in words and "đạt 2/4 tiêu chí" in words and "Đã khắc phục 0/1 kiến nghị" in words
    assert "Chưa có kết quả kiểm tra lần trước" in words


def test_only_an_approved_result_of_ones_own_has_a_sheet(people, ward, sign_in):
    inspection_round = make_round()
    enrolment = approved(inspection_round, ward, people, "met")
    waiting = enrol(inspection_round, make_ward(ward.district))
    own, stranger = make_user(Role.WARD, ward=ward), make_user(Role.WARD, ward=make_ward(ward.district))
    for name in ("sheet", "print", "word"):
        address = reverse(f"inspections:result-{name}", args=[enrolment.pk])
        assert sign_in(own).get(address).status_code == 200
        assert sign_in(stranger).get(address).status_code == 404
        assert (
            sign_in(people["inspector"]).get(reverse(f"inspections:result-{name}", args=[waiting.pk])).status_code
            == 404
        )
    page = sign_in(own).get(reverse("wards:detail", args=[ward.pk])).content.decode()
    assert reverse("inspections:result-sheet", args=[enrolment.pk]) in page


@pytest.fixture
def reported(people, ward):
    """A unit that only reports, read and accepted."""
    enrolment = enrol(make_round(asks_self_assessment=True), ward)
    Enrolment.objects.filter(pk=enrolment.pk).update(way="report")
    officer, leader = make_user(Role.WARD, ward=ward), make_user(Role.UNIT_LEADER, ward=ward)
    assessment = confirmed(fresh(enrolment), officer, leader)
    accept_report(assessment=assessment, seen=assessment.version, by=people["inspector"])
    return fresh(enrolment)


def test_the_day_of_an_accepted_report_is_that_of_the_office(reported):
    SelfAssessment.objects.update(read_at="2026-03-04T18:30Z")
    sheet = sheet_of(fresh(reported), None)
    assert sheet.is_reported and sheet.day == datetime.date(2026, 3, 5)
    assert "ngày 05/3/2026" in words_of(result_sheet(None, fresh(reported)))


def addresses_of(enrolment) -> list[str]:
    return [reverse(f"inspections:result-{name}", args=[enrolment.pk]) for name in ("sheet", "print", "word")]


def test_an_accepted_report_has_a_sheet_for_all_who_read_the_results_of_the_unit(people, reported, sign_in):
    page, addresses = reverse("inspections:self-assessment", args=[reported.pk]), addresses_of(reported)
    unit = reverse("wards:detail", args=[reported.ward_id])
    for reader in (make_user(Role.WARD, ward=reported.ward), people["inspector"], make_user(Role.LEADERSHIP)):
        client = sign_in(reader)
        assert (addresses[0] in client.get(page).content.decode()) == (reader.role != Role.LEADERSHIP)
        assert addresses[0] in client.get(unit).content.decode()
        assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    leadership = sign_in(make_user(Role.LEADERSHIP))
    assert leadership.get(page).status_code in (403, 404), "only the result, not what the unit filled in"
    assert ">4/4<" in leadership.get(unit).content.decode()
    stranger = sign_in(make_user(Role.WARD, ward=make_ward(reported.ward.district)))
    assert [stranger.get(address).status_code for address in addresses] == [404, 404, 404]


@pytest.mark.parametrize("change", [{"reading": ""}, {"reading": "returned"}])
def test_a_report_that_is_not_accepted_has_no_sheet(people, reported, sign_in, change):
    read = {"read_by": None, "read_at": None} if not change["reading"] else {}
    SelfAssessment.objects.update(**change, **read)
    for reader in (make_user(Role.LEADERSHIP), people["inspector"], make_user(Role.WARD, ward=reported.ward)):
        client = sign_in(reader)
        assert [client.get(address).status_code for address in addresses_of(reported)] == [404, 404, 404]
        unit = client.get(reverse("wards:detail", args=[reported.ward_id])).content.decode()
        assert addresses_of(reported)[0] not in unit


def test_the_sheet_of_a_report_says_what_it_is(reported, sign_in):
    leadership, title = sign_in(make_user(Role.LEADERSHIP)), "Kết quả tự kiểm tra, báo cáo (Chi cục đã chấp nhận)"
    sheet, printed, _word = addresses_of(reported)
    pages = [leadership.get(address).content.decode().replace("\u00a0", " ") for address in (sheet, printed)]
    for said in (*pages, words_of(result_sheet(None, reported))):
        assert title in said and "tại thời điểm kiểm tra" not in said
        assert "chưa có đoàn kiểm tra xác minh" in said


def test_a_quartile_needs_eight_units_of_the_kind_and_names_none(people, ward):
    inspection_round = make_round()
    enrolment = approved(inspection_round, ward, people, MIXED)
    for number in range(6):
        other = enrol(inspection_round, make_ward(ward.district, name=f"Khác {number}"))
        Inspection.objects.filter(enrolment=other).update(status="approved", score=3, maximum=4, open_criteria=0)
    town = enrol(inspection_round, make_ward(ward.district, kind="xa"))
    Inspection.objects.filter(enrolment=town).update(status="approved", score=4, maximum=4, open_criteria=0)
    assert quartile_of(enrolment) is None, "seven of its kind"
    last = enrol(inspection_round, make_ward(ward.district, name="Khác 7"))
    Inspection.objects.filter(enrolment=last).update(status="approved", score=1, maximum=4, open_criteria=0)
    assert (quartile_of(enrolment).number, quartile_of(enrolment).units) == (4, 8)
    assert quartile_of(fresh(last)).number == 4
    assert quartile_of(fresh(Enrolment.objects.get(ward__name="Khác 1"))).number == 1
    words = words_of(result_sheet(None, enrolment))
    assert "25% thấp nhất trong 8 phường" in words and "Khác" not in words


def test_the_sheet_asks_the_database_a_constant_number_of_questions(people, ward):
    counts = []
    for criteria in (4, 24):
        outcomes = dict.fromkeys(range(1, criteria + 1), "not_met")
        enrolment = approved(
            make_round(make_set(criteria)),
            make_ward(ward.district),
            people,
            outcomes,
            recommended=range(1, criteria + 1),
        )
        with CaptureQueriesContext(connection) as queries:
            sheet_of(enrolment, people["inspector"])
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
