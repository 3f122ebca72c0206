"""The same button pressed by several people at once: one round, one team, each ward once, one closing."""

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from archiveportal.accounts.models import Role
from archiveportal.history.models import Event
from criteria.inspections.models import Round, Team
from criteria.inspections.services import add_wards, assign_wards, close_round, open_round, save_team
from criteria.inspections.services.teams import Member, Plan
from tests.support.factories import enrol, make_round, make_set, make_user, make_ward

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


def at_once(work: Callable) -> list:
    """What each of several threads got: a result, or the refusal. Anything else fails the test."""
    got, start = [], threading.Barrier(AT_ONCE)

    def run(number: int) -> None:
        start.wait()
        try:
            got.append(work(number))
        except ValidationError as refusal:
            got.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == AT_ONCE
    return got


def refusals(got: list) -> int:
    return sum(isinstance(each, ValidationError) for each in got)


def test_one_round_is_opened(db):
    approver, pattern = make_user(Role.APPROVER), make_round()
    criteria_set = make_set()

    def work(number: int) -> Round:
        days = {"starts_on": pattern.starts_on, "ends_on": pattern.ends_on}
        return open_round(
            inspection_round=Round(code="mot-dot", name="Một đợt", criteria_set=criteria_set, **days), by=approver
        )

    assert len({each.pk for each in at_once(work)}) == 1
    assert Round.objects.filter(code="mot-dot").count() == 1
    assert Event.objects.filter(object_type="inspections.round", action="created").count() == 1


def test_every_ward_is_enrolled_once_and_places_follow_each_other(db):
    approver, inspection_round = make_user(Role.APPROVER), make_round()
    wards = [make_ward() for _number in range(6)]
    got = at_once(lambda number: add_wards(inspection_round=inspection_round, wards=wards[: 3 + number], by=approver))
    assert refusals(got) == 0
    assert sorted(inspection_round.enrolments.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_one_team_is_made(db):
    approver, inspection_round = make_user(Role.APPROVER), make_round()
    members = [Member("head", "Trưởng đoàn")]
    got = at_once(
        lambda number: save_team(team=Team(round=inspection_round, name="Đoàn 1"), members=members, by=approver)
    )
    assert len({each.pk for each in got}) == 1
    assert Event.objects.filter(object_type="inspections.team").count() == 1


def test_one_plan_wins_and_the_others_are_told(db):
    approver, inspection_round = make_user(Role.APPROVER), make_round()
    ward = enrol(inspection_round, make_ward())
    teams = [Team.objects.create(round=inspection_round, name=f"Đoàn {number}") for number in range(AT_ONCE)]
    got = at_once(
        lambda number: assign_wards(
            inspection_round=inspection_round, shown={ward.pk: "|"}, plan=Plan(True, teams[number]), by=approver
        )
    )
    assert refusals(got) == AT_ONCE - 1


def test_a_round_is_closed_once(db):
    approver, inspection_round = make_user(Role.APPROVER), make_round()
    assert refusals(at_once(lambda number: close_round(inspection_round=inspection_round, by=approver))) == AT_ONCE - 1
    assert Event.objects.about(inspection_round).count() == 1
