"""What was found last time: the same ward, the same criterion, the newest approved round before this one."""

import datetime

import pytest

from archiveportal.accounts.models import Role
from criteria.inspections.models import Enrolment, Finding, SelfAnswer, SelfAssessment
from criteria.inspections.queries.units import findings_of, last_time, self_answers
from criteria.inspections.services import approve_inspection
from criteria.models import CriteriaSet, Criterion
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
from wards.models import Succession

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return make_user(Role.INSPECTOR), make_user(Role.APPROVER)


@pytest.fixture
def inspected(people):
    """`inspected(ward, year, criteria_set, outcomes)`: an approved checklist of the ward in a round of that year."""

    def make(ward, year, criteria_set, outcomes="met", approved=True) -> Enrolment:
        inspector, approver = people
        days = {"starts_on": datetime.date(year, 1, 1), "ends_on": datetime.date(year, 12, 31)}
        enrolment = enrol(make_round(criteria_set, name=f"Đợt {year}", **days), ward)
        answer(enrolment, inspector, outcomes)
        submit_signed(inspection=enrolment.inspection, by=inspector)
        if approved:
            approve_inspection(inspection=enrolment.inspection, by=approver)
        return Enrolment.objects.select_related("round__criteria_set").get(pk=enrolment.pk)

    return make


@pytest.fixture
def now():
    def make(ward, criteria_set) -> Enrolment:
        return enrol(make_round(criteria_set, starts_on=datetime.date(2026, 1, 1)), ward)

    return make


def outcomes_of(found, criteria_set) -> dict[int, str]:
    numbers = dict(criteria_set.criteria.values_list("pk", "number"))
    return {numbers[key]: last.outcome for key, last in found.items()}


def test_the_newest_approved_round_before_this_one_counts(inspected, now):
    ward, criteria_set = make_ward(make_district()), make_set(criteria=2)
    inspected(ward, 2022, criteria_set, {1: "met", 2: "met"})
    inspected(ward, 2024, criteria_set, {1: "not_met", 2: "met"})
    inspected(ward, 2025, criteria_set, {1: "met", 2: "met"}, approved=False)
    inspected(make_ward(ward.district), 2025, criteria_set, {1: "met", 2: "not_met"})
    inspected(ward, 2027, criteria_set, {1: "met", 2: "not_met"})
    found = last_time(now(ward, criteria_set))
    assert outcomes_of(found, criteria_set) == {1: "not_met", 2: "met"}
    assert {last.round_name for last in found.values()} == {"Đợt 2024"}
    assert {last.outcome: last.is_failure for last in found.values()} == {"not_met": True, "met": False}


def test_another_version_of_the_set_is_matched_by_code(inspected, now):
    ward, old = make_ward(make_district()), make_set(criteria=3)
    inspected(ward, 2024, old, {1: "not_met", 2: "met", 3: "met"})
    new = CriteriaSet.objects.create(code=old.code, version=2, name="Bộ mới")
    for position, code in enumerate(["TC02", "TC01", "TC09"], start=1):
        Criterion(
            criteria_set=new, position=position, number=position, code=code, heading=code, name=code, group="M"
        ).save()
    found = last_time(now(ward, new))
    assert outcomes_of(found, new) == {1: "met", 2: "not_met"}


def test_another_set_is_not_compared(inspected, now):
    ward = make_ward(make_district())
    inspected(ward, 2024, make_set(criteria=2))
    assert last_time(now(ward, make_set(criteria=2))) == {}


def succeed(old, new):
    day = datetime.date(2025, 7, 1)
    Succession.objects.create(
        predecessor=old,
        successor=new,
        successor_code=new.code,
        successor_name=new.name,
        extent="whole",
        took_effect_on=day,
    )


def test_a_new_ward_shows_its_only_predecessor_by_name(inspected, now):
    old, new, criteria_set = make_ward(make_district()), make_ward(), make_set(criteria=2)
    inspected(old, 2024, criteria_set, "not_met")
    succeed(old, new)
    enrolment = now(new, criteria_set)
    found = last_time(enrolment)
    assert {last.predecessor for last in found.values()} == {old.full_title}
    assert not any(last.is_failure for last in found.values())
    # The officer of the new ward does not see the old one.
    assert last_time(enrolment, make_user(Role.WARD, ward=new)) == {}
    assert len(last_time(enrolment, make_user(Role.INSPECTOR))) == 2


def test_several_predecessors_are_never_merged(inspected, now):
    first, second, new, criteria_set = make_ward(make_district()), make_ward(), make_ward(), make_set(criteria=2)
    inspected(first, 2024, criteria_set)
    succeed(first, new)
    succeed(second, new)
    assert last_time(now(new, criteria_set)) == {}


def test_its_own_result_goes_before_the_predecessors(inspected, now):
    old, new, criteria_set = make_ward(make_district()), make_ward(), make_set(criteria=1)
    inspected(old, 2025, criteria_set, "not_met")
    inspected(new, 2024, criteria_set, "met")
    succeed(old, new)
    assert [last.outcome for last in last_time(now(new, criteria_set)).values()] == ["met"]


def test_the_last_recommendation_stands_beside_it(inspected, now, people):
    ward, criteria_set = make_ward(make_district()), make_set(criteria=2)
    earlier = inspected(ward, 2024, criteria_set, "not_met")
    first, second = criteria_set.criteria.all()
    values = {
        "inspection": earlier.inspection,
        "created_by": people[0],
        "published_at": datetime.datetime.now(datetime.UTC),
    }
    kept = Finding.objects.create(criterion=first, recommendation="Bố trí kho", **values)
    Finding.objects.create(criterion=second, recommendation="Rút lại", status="withdrawn", **values)
    found = last_time(now(ward, criteria_set))
    assert found[first.pk].finding == kept and found[second.pk].finding is None


def test_the_number_of_queries_does_not_grow(inspected, now, django_assert_num_queries):
    for criteria in (2, 12):
        ward, criteria_set = make_ward(make_district()), make_set(criteria=criteria)
        inspected(ward, 2024, criteria_set)
        enrolment = now(ward, criteria_set)
        with django_assert_num_queries(4):
            assert len(last_time(enrolment)) == criteria


def test_findings_and_own_answers_by_what_one_may_see(now):
    ward, criteria_set = make_ward(make_district()), make_set(criteria=2)
    enrolment = now(ward, criteria_set)
    criterion = criteria_set.criteria.first()
    inspector, officer = make_user(Role.INSPECTOR), make_user(Role.DISTRICT, district=ward.district)
    finding = Finding.objects.create(
        inspection=enrolment.inspection, criterion=criterion, recommendation="Bố trí kho", created_by=inspector
    )
    assessment = SelfAssessment.objects.create(enrolment=enrolment)
    own = SelfAnswer.objects.create(
        assessment=assessment, criterion=criterion, outcome="met", changed_at=datetime.datetime.now(datetime.UTC)
    )
    assert findings_of(enrolment, inspector) == {criterion.pk: finding}
    assert findings_of(enrolment, officer) == {}
    assert self_answers(enrolment, inspector) == {}
    assert self_answers(enrolment, officer) == {criterion.pk: own}
    assert self_answers(enrolment, make_user(Role.DISTRICT, district=make_district())) == {}
