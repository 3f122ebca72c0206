"""The table of rights, and scopes: they answer every right, and narrowing never shows more."""

import datetime
from itertools import pairwise

import pytest

from archiveportal.accounts.access import needs
from archiveportal.accounts.models import Role, User
from archiveportal.accounts.rights import RIGHTS
from archiveportal.accounts.scope import EVERYTHING, LEADERSHIP
from archiveportal.scope import AnswersRights, Right, Scope
from criteria.inspections.models import Enrolment, Round
from reports.models import Closing
from reports.workbooks import Reader
from training.models import Course, Scheme
from wards.models import District, Ward

PEOPLE = ["inspector", "approver", "quan10", "cangio", "thanhan", "leader", "administrator"]
MODELS = [District, Ward, Round, Enrolment, Scheme, Course, Closing]


def test_every_role_has_a_row():
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("right", Right)
def test_every_right_is_answered_by_people_and_scopes(right):
    for role in Role:
        assert getattr(User(role=role), right) is (right in RIGHTS[role])
    for scope in (EVERYTHING, LEADERSHIP):
        assert getattr(scope, right) is (right in scope.rights)


def test_an_account_in_the_making_has_no_right():
    for role in ("", "unknown"):
        assert not any(getattr(User(role=role), right) for right in Right)


def test_a_command_sees_what_leadership_sees_and_the_ledger():
    assert EVERYTHING.rights - LEADERSHIP.rights == {Right.SEES_LEDGER}
    changing = {right for right in Right if right.startswith(("can_", "answers_"))}
    assert not EVERYTHING.rights & changing


def test_a_view_cannot_ask_for_an_unknown_right():
    with pytest.raises(ValueError, match="can_aprove"):
        needs("can_aprove")


def test_an_attribute_without_a_right_fails_with_its_class():
    held = type(vars(AnswersRights)["can_approve"])
    # Python 3.11 wraps what __set_name__ raises.
    with pytest.raises((ValueError, RuntimeError)):
        type("Wrong", (), {"can_aprove": held()})


def seen(viewer) -> dict[type, set[int]]:
    return {model: set(model.objects.visible_to(viewer).values_list("pk", flat=True)) for model in MODELS}


@pytest.mark.parametrize("person", [*PEOPLE, "everything"])
def test_narrowed_scopes_never_widen(cast, person):
    scope = EVERYTHING if person == "everything" else getattr(cast, person).scope
    own, foreign = Ward.objects.get(code="27202"), Ward.objects.get(code="27676")
    districts = [own.district_id, foreign.district_id]
    steps = [
        scope,
        scope.within(districts=districts),
        scope.within(districts=districts).within(districts=districts[:1]),
        scope.within(districts=districts[:1]).within(wards=[own.pk, foreign.pk]),
        scope.within(districts=districts[:1]).within(wards=[foreign.pk]),
    ]
    for wider, narrower in pairwise(steps):
        assert narrower.rights <= wider.rights
        before, after = seen(wider), seen(narrower)
        assert all(after[model] <= before[model] for model in MODELS)
    # The ward lies outside the district: nothing of a unit is left.
    assert not any(seen(steps[-1])[model] for model in (District, Ward, Round, Enrolment, Course))
    # A step back is none: what was given up does not return.
    again = steps[2].within(districts=districts)
    assert seen(again) == seen(steps[2])


def test_a_narrowed_scope_holds_exactly_its_units(baseline):
    ten = District.objects.get(code="771")
    scope = EVERYTHING.within(districts=[ten.pk])
    assert set(District.objects.visible_to(scope)) == {ten}
    assert set(Ward.objects.visible_to(scope)) == set(ten.wards.all())
    assert not (scope.sees_all_units or scope.sees_all_courses or scope.sees_reports)
    assert EVERYTHING.within() == EVERYTHING


def test_accounts_are_for_those_who_manage_them_else_the_own_one(cast):
    everyone = set(User.objects.all())
    assert set(User.objects.visible_to(cast.administrator)) == everyone
    assert set(User.objects.visible_to(cast.administrator.scope)) == everyone
    assert set(User.objects.editable_by(cast.administrator.scope)) == everyone
    assert set(User.objects.visible_to(cast.quan10)) == {cast.quan10}
    # A scope without the right has no account of its own.
    assert not User.objects.visible_to(cast.quan10.scope) | User.objects.visible_to(EVERYTHING)
    assert not User.objects.editable_by(cast.quan10) | User.objects.editable_by(EVERYTHING)


def test_a_scope_of_several_wards_lists_each_district_once(baseline):
    wards = list(Ward.objects.filter(district__code="771")[:2])
    scope = EVERYTHING.within(wards=[ward.pk for ward in wards])
    assert set(Ward.objects.visible_to(scope)) == set(wards)
    assert [district.code for district in District.objects.visible_to(scope)] == ["771"]


def test_an_account_without_a_unit_sees_no_unit(baseline):
    scope = Scope.of(User(role=Role.DISTRICT))
    assert not any(seen(scope)[model] for model in (District, Ward, Round, Enrolment, Course))


def test_a_scope_of_a_day_holds_the_units_in_force_on_it(baseline):
    day = datetime.date(2019, 12, 30)
    ward = Ward.objects.get(code="27202")
    Ward.objects.filter(pk=ward.pk).update(valid_to=day)
    assert ward in Ward.objects.visible_to(EVERYTHING.on(day))
    assert ward not in Ward.objects.visible_to(EVERYTHING.on(day + datetime.timedelta(days=1)))
    assert ward in Ward.objects.visible_to(EVERYTHING)


def test_a_workbook_narrows_only_those_who_see_all_units(cast):
    can_gio = District.objects.get(code="787")
    assert Reader(cast.leader, can_gio).scope == cast.leader.scope.within(districts=[can_gio.pk])
    for person in (cast.cangio, cast.thanhan):
        assert Reader(person, can_gio).scope == person.scope
