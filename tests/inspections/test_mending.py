"""Progress between rounds: what became of unmet criteria, and rounds that ask only for them."""

import datetime
import io
import uuid
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from archiveportal.accounts.models import Role
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria import guard
from criteria.inspections.forms.rounds import RoundForm
from criteria.inspections.models import Enrolment, Inspection, Round, SelfAssessment
from criteria.inspections.queries.areas import division
from criteria.inspections.queries.mending import Tally, mending_of_round, mending_of_unit
from criteria.inspections.services import Change, save_results
from criteria.inspections.services.enrolling import add_wards, enrol_wards
from criteria.inspections.services.findings import close_finding, write_finding
from criteria.inspections.services.hands import hands_in
from criteria.inspections.services.preparing import start_round
from criteria.inspections.services.readiness import what_is_missing
from criteria.inspections.services.rounds import open_round, update_round
from criteria.inspections.services.self_assessment import missing_of, save_self_answers
from criteria.inspections.services.workflow import approve_inspection
from criteria.models import CriteriaSet
from tests.support.factories import (
    answer,
    enrol,
    make_district,
    make_grouping,
    make_round,
    make_set,
    make_user,
    make_ward,
    submit_signed,
)
from tests.support.mixed_sets import make_mixed_set

pytestmark = pytest.mark.usefixtures("noon")

FIRST = {"starts_on": datetime.date(2025, 1, 1), "ends_on": datetime.date(2025, 12, 31)}
MIXED = {1: "met", 2: "not_met", 3: "not_met", 4: "met"}


@pytest.fixture
def people(db):
    return {"inspector": make_user(Role.INSPECTOR), "approver": make_user(Role.APPROVER)}


@pytest.fixture
def earlier(people):
    """A round with one approved unit, which fails two criteria of four; one has a recommendation."""
    inspection_round = make_round(make_set(), **FIRST)
    approved(enrol(inspection_round, make_ward(make_district())), people, MIXED, recommended=2)
    return inspection_round


def approved(enrolment, people, outcomes, recommended=None):
    answer(enrolment, people["inspector"], outcomes)
    inspection = Inspection.objects.get(enrolment=enrolment)
    if recommended:
        criterion = enrolment.round.criteria_set.criteria.get(number=recommended)
        what = {"recommendation": "Bố trí kho", "due_on": localdate(), "seen": 0}
        write_finding(inspection=inspection, criterion=criterion, by=people["inspector"], **what)
    submit_signed(inspection=inspection, by=people["inspector"])
    approve_inspection(inspection=inspection, by=people["approver"])
    return inspection


def following(earlier, people, **values):
    """A draft that follows up the earlier round, with its unit."""
    values.setdefault("criteria_set", earlier.criteria_set)
    inspection_round = Round(
        code="theo-doi",
        name="Theo dõi",
        starts_on=datetime.date(2026, 1, 1),
        ends_on=datetime.date(2026, 12, 31),
        follows=earlier,
        status="in_draft",
        **values,
    )
    inspection_round = open_round(inspection_round=inspection_round, by=people["approver"])
    wards = [row.ward for row in earlier.enrolments.all()]
    enrol_wards(inspection_round=inspection_round, wards=wards, by=people["approver"], via="page")
    return start_round(inspection_round=inspection_round, by=people["approver"])


def tally_of(inspection_round) -> Tally:
    return mending_of_round(EVERYTHING, inspection_round, division(EVERYTHING, inspection_round)).tally


def test_a_closed_recommendation_is_put_right_until_a_later_checklist_says_otherwise(people, earlier):
    assert tally_of(earlier) == Tally(0, 2)
    finding = earlier.enrolments.get().inspection.findings.get()
    close_finding(finding=finding, reason="Đã xem", seen=finding.version, by=people["inspector"])
    assert tally_of(earlier) == Tally(1, 2)
    later = make_round(earlier.criteria_set)
    ward = earlier.enrolments.get().ward
    approved(enrol(later, ward), people, {1: "met", 2: "not_met", 3: "met", 4: "met"})
    assert tally_of(earlier) == Tally(1, 2), "the third is met now, the second fails again"
    lines = mending_of_unit(people["inspector"], Enrolment.objects.get(round=earlier))
    assert [(line.criterion.number, line.now.outcome, line.is_mended) for line in lines] == [
        (2, "not_met", False),
        (3, "met", True),
    ]


def test_a_round_that_follows_up_asks_only_what_was_not_met(people, earlier):
    guard.take_down(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE criteria_criterion SET needs_evidence = %s", [True])
    guard.put_up(connection)
    opened = following(earlier, people, asks_self_assessment=True, self_assessment_due=localdate())
    inspection = opened.enrolments.get().inspection
    assert {row.criterion.number: row.outcome for row in inspection.results.all()} == {1: "met", 4: "met"}
    assert (inspection.open_criteria, inspection.met_criteria, inspection.version) == (2, 2, 0)
    asked = {each.criterion.number for each in what_is_missing(inspection) if each.criterion}
    assert asked == {2, 3}, "no evidence is asked for what was taken over"
    own = SelfAssessment.objects.get(enrolment=inspection.enrolment)
    assert own.answers.count() == 2
    assert {each.criterion.number for each in missing_of(own)} == {2, 3}, "nor of the unit"
    assert hands_in(inspection).by_person == {}
    told = Event.objects.about(inspection).filter(actor_id=None, changes__has_key="outcome")
    assert told.count() == 2 and all("Giữ kết quả" in event.reason for event in told)
    start_round(inspection_round=opened, by=people["approver"])
    assert inspection.results.count() == 2
    new = add_wards(inspection_round=opened, wards=[make_ward()], by=people["approver"])
    assert new[0].inspection.results.count() == 0, "a unit without a result is asked everything"


def test_in_another_version_what_follows_from_answers_is_derived_again(people):
    earlier = make_round(make_mixed_set(), **FIRST)
    enrolment = enrol(earlier, make_ward(make_district()))
    criteria = {each.code: each for each in earlier.criteria_set.criteria.all()}
    options = {option.text: option.pk for option in criteria["CHOICE"].options.all()}
    given = {
        "MET": {"outcome": "met"},
        "CHOICE": {"option": options["Đầy đủ"]},
        "MEASURE": {"number": 25},
        "RATIO": {"number": 40, "of_number": 50},
        "PART1": {"number": Decimal("0.2")},
    }
    changes = [Change(criteria[code], 0, values) for code, values in given.items()]
    save_results(inspection=enrolment.inspection, changes=changes, by=people["inspector"], submission_id=uuid.uuid4())
    Inspection.objects.filter(enrolment=enrolment).update(status="approved", open_criteria=0)
    newer = make_mixed_set()
    leaves = newer.criteria
    leaves.get(code="CHOICE").options.filter(text="Đầy đủ").update(position=9)
    leaves.filter(code="MEASURE").update(threshold=30)
    leaves.filter(code="PART1").update(points=Decimal("0.1"))
    leaves.filter(code="PART2").update(points=F("points") + Decimal("0.1"))
    CriteriaSet.objects.filter(pk=newer.pk).update(code=earlier.criteria_set.code, version=2)
    opened = following(earlier, people, criteria_set=CriteriaSet.objects.get(pk=newer.pk))
    taken = {row.criterion.code: row for row in opened.enrolments.get().inspection.results.all()}
    assert {code: row.earned for code, row in taken.items()} == {"MET": None, "CHOICE": 3, "RATIO": 4}
    assert taken["CHOICE"].option.text == "Đầy đủ" and taken["CHOICE"].option.criterion.criteria_set_id == newer.pk


def test_the_rounds_meet_on_one_page(people, earlier, sign_in):
    opened = following(earlier, people)
    enrolment = opened.enrolments.get()
    approved(enrolment, people, {2: "met", 3: "not_met"})
    assert tally_of(earlier) == Tally(1, 2)
    own = sign_in(make_user(Role.WARD, ward=enrolment.ward))
    page = own.get(reverse("inspections:mending", args=[enrolment.pk])).content.decode()
    assert "1/2" in page and "Theo dõi" in page
    page = own.get(reverse("inspections:round-mending", args=[earlier.code])).content.decode()
    assert "Theo dõi" in page
    stranger = sign_in(make_user(Role.WARD, ward=make_ward()))
    assert stranger.get(reverse("inspections:mending", args=[enrolment.pk])).status_code == 404
    assert stranger.get(reverse("inspections:round-mending", args=[earlier.code])).status_code == 404


def test_what_cannot_be_followed_says_why(people, earlier):
    values = {"code": "td-2", "name": "Theo dõi 2", "criteria_set": earlier.criteria_set, "status": "in_draft"}
    days = {"starts_on": datetime.date(2024, 1, 1), "ends_on": datetime.date(2024, 2, 1)}
    with pytest.raises(Refused, match="bắt đầu trước"):
        open_round(inspection_round=Round(**values, **days, follows=earlier), by=people["approver"])
    days = {"starts_on": datetime.date(2026, 1, 1), "ends_on": datetime.date(2026, 2, 1)}
    with pytest.raises(Refused, match="bộ tiêu chí khác"):
        open_round(
            inspection_round=Round(**values | {"criteria_set": make_set()}, **days, follows=earlier),
            by=people["approver"],
        )
    opened = following(earlier, people)
    opened.follows = None
    with pytest.raises(Refused, match="không đổi được nữa"):
        update_round(inspection_round=opened, by=people["approver"])
    assert "follows" not in RoundForm(instance=opened, user=people["approver"]).fields


def test_groups_and_the_workbook_have_the_same_figures(people, earlier, sign_in):
    ward = earlier.enrolments.get().ward
    earlier.grouping = make_grouping(groups={"Khu vực Một": [ward]})
    earlier.save(update_fields=["grouping"])
    found = mending_of_round(EVERYTHING, earlier, division(EVERYTHING, earlier))
    assert [(group.title, group.tally) for group in found.groups] == [("Khu vực Một", Tally(0, 2))]
    client = sign_in(people["inspector"])
    response = client.get(reverse("reports:round-workbook", args=[earlier.code, "khac-phuc"]))
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    rows = [[cell for cell in row if cell is not None] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert [1, ward.title, 2, 0, 2] in rows and ["Đã khắc phục 0/2", 2, 0, 2] in rows


def test_the_page_of_a_round_asks_a_constant_number_of_questions(people, earlier, sign_in):
    client, address = sign_in(people["inspector"]), reverse("inspections:round-mending", args=[earlier.code])
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        approved(enrol(earlier, make_ward()), people, MIXED)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= max(counts) <= 20


def page_of(client, enrolment, name="checklist") -> str:
    return client.get(reverse(f"inspections:{name}", args=[enrolment.pk])).content.decode()


@pytest.mark.parametrize(("role", "name"), [(Role.INSPECTOR, "checklist"), (Role.WARD, "self-assessment")])
def test_what_was_met_is_folded_away_under_one_line(people, earlier, sign_in, role, name):
    opened = following(earlier, people, asks_self_assessment=True, self_assessment_due=localdate())
    enrolment, before = opened.enrolments.get(), earlier.enrolments.get()
    person = make_user(role, ward=enrolment.ward) if role == Role.WARD else people["inspector"]
    page = page_of(sign_in(person), enrolment, name)
    asked, _line, kept = page.partition('<details class="taken-over">')
    assert "2 tiêu chí đã đạt ở đợt trước" in kept and "giữ từ đợt trước" in kept and "5355" not in page
    assert ["TC02-outcome" in asked, "TC03-outcome" in asked, "TC01-outcome" in asked] == [True, True, False]
    assert "TC01-outcome" in kept and "TC04-outcome" in kept
    for link in ("result-sheet", "mending"):
        assert reverse(f"inspections:{link}", args=[before.pk]) in asked
    assert reverse("inspections:round", args=[earlier.code]) in asked and ">2/4<" in asked


def test_an_answer_that_somebody_gives_anew_is_asked_and_others_stay_folded(people, earlier, sign_in):
    enrolment = following(earlier, people).enrolments.get()
    criterion = enrolment.round.criteria_set.criteria.get(number=1)
    version = enrolment.inspection.results.get(criterion=criterion).version
    change = Change(criterion, version, {"outcome": "not_met", "note": "Đã hỏng"})
    save_results(inspection=enrolment.inspection, changes=[change], by=people["inspector"], submission_id=uuid.uuid4())
    asked, _line, kept = page_of(sign_in(people["inspector"]), enrolment).partition('<details class="taken-over">')
    assert "TC01-outcome" in asked and "1 tiêu chí đã đạt ở đợt trước" in kept


def test_nothing_is_folded_where_nothing_is_followed_or_the_unit_has_no_result(people, earlier, sign_in):
    client = sign_in(people["inspector"])
    page = page_of(client, enrol(make_round(earlier.criteria_set), make_ward()))
    assert "taken-over" not in page and "theo dõi" not in page
    opened = following(earlier, people)
    (new,) = add_wards(inspection_round=opened, wards=[make_ward()], by=people["approver"])
    page = page_of(client, new)
    assert "taken-over" not in page and "hỏi tất cả các tiêu chí" in page


def test_progress_shows_the_new_self_assessment_of_the_unit(people, earlier, sign_in):
    opened = following(earlier, people, asks_self_assessment=True, self_assessment_due=localdate())
    enrolment, before = opened.enrolments.get(), earlier.enrolments.get()
    own, criteria = make_user(Role.WARD, ward=enrolment.ward), enrolment.round.criteria_set.criteria
    given = {2: ("met", "Đã bố trí kho"), 3: ("not_met", "Chưa có kinh phí")}
    changes = [Change(criteria.get(number=n), 0, {"outcome": o, "note": note}) for n, (o, note) in given.items()]
    save_self_answers(enrolment=enrolment, changes=changes, by=own)
    assert [line.own for line in mending_of_unit(people["inspector"], before)] == [None, None], "not handed in yet"
    SelfAssessment.objects.filter(enrolment=enrolment).update(handed_in_by=own, handed_in_at=timezone.now())
    lines = mending_of_unit(people["inspector"], before)
    assert [line.is_mended_by_own_word for line in lines] == [True, False]
    assert not any(line.is_mended for line in lines), "the word of the unit puts nothing right"
    page = page_of(sign_in(own), before, "mending")
    assert "Đã bố trí kho" in page and "Đơn vị tự chấm đã khắc phục 1/2" in page
    assert f"{reverse('inspections:self-assessment', args=[enrolment.pk])}#TC02" in page
    page = page_of(sign_in(make_user(Role.LEADERSHIP)), before, "mending")
    assert "Đã bố trí kho" not in page and "tự chấm" not in page
