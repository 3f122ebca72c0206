"""Groups of units: what the database refuses, what the services write, who sees them."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from archiveportal.accounts.models import Role
from archiveportal.history.models import Action, Event
from tests.support.factories import make_district, make_grouping, make_user, make_ward
from wards import guard
from wards.models import Grouping, GroupMembership, UnitGroup, Ward
from wards.services import (
    assign_units,
    create_group,
    create_grouping,
    remove_group,
    update_group,
    update_grouping,
)

DAY = datetime.date(2026, 3, 1)
BEFORE = DAY - datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def by(db):
    return make_user(Role.APPROVER)


@pytest.fixture
def ward(db) -> Ward:
    return make_ward(None, "Một")


@pytest.fixture
def areas(db) -> list[UnitGroup]:
    return list(make_grouping("Khu vực", ["Khu vực 1", "Khu vực 2"]).groups.all())


def rows_of(ward: Ward) -> list[tuple]:
    rows = ward.memberships.order_by("first_day", "pk")
    return sorted((str(row.first_day or ""), str(row.last_day or ""), row.group.name) for row in rows)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((None, None), (None, None)),
        ((None, DAY), (DAY, None)),
        ((BEFORE, DAY), (None, None)),
        ((None, DAY), (datetime.date(2020, 1, 1), BEFORE)),
    ],
)
def test_the_database_refuses_a_unit_in_two_groups_on_one_day(areas, ward, first, second):
    values = {"grouping": areas[0].grouping, "ward": ward}
    GroupMembership.objects.create(group=areas[0], first_day=first[0], last_day=first[1], **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMembership.objects.create(group=areas[1], first_day=second[0], last_day=second[1], **values)
    other = make_grouping("Cụm", ["Cụm 1"]).groups.get()
    GroupMembership.objects.create(grouping=other.grouping, group=other, ward=ward)


def test_the_database_refuses_to_move_a_row_into_the_days_of_another(areas, ward):
    values = {"grouping": areas[0].grouping, "ward": ward}
    GroupMembership.objects.create(group=areas[0], last_day=BEFORE, **values)
    row = GroupMembership.objects.create(group=areas[1], first_day=DAY, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMembership.objects.filter(pk=row.pk).update(first_day=BEFORE)


# PostgreSQL has a constraint.
@pytest.mark.only_sqlite
def test_a_missing_trigger_is_named(db):
    name = "unit_code_guard_update_wards_groupmembership"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}")
    assert guard.not_in_place(connection) == [name]


def test_a_unit_moves_on_a_day_and_stays_where_it_was_before(areas, ward, by):
    first, second = areas
    grouping = first.grouping
    assert assign_units(grouping=grouping, group=first, wards=[ward], by=by) == [ward]
    assert assign_units(grouping=grouping, group=first, wards=[ward], by=by) == []
    assign_units(grouping=grouping, group=second, wards=[ward], since=DAY, by=by)
    assert rows_of(ward) == [("", str(BEFORE), "Khu vực 1"), (str(DAY), "", "Khu vực 2")]
    assert [row.group for row in ward.memberships.on_day(BEFORE)] == [first]
    assert [row.group for row in ward.memberships.on_day(DAY)] == [second]
    with pytest.raises(ValidationError, match="from 01/03/2026 on"):
        assign_units(grouping=grouping, group=first, wards=[ward], since=BEFORE, by=by)
    assign_units(grouping=grouping, group=first, wards=[ward], by=by)
    assert rows_of(ward) == [("", str(BEFORE), "Khu vực 1"), (str(DAY), "", "Khu vực 1")]
    assign_units(grouping=grouping, group=None, wards=[ward], by=by)
    assert rows_of(ward) == [("", str(BEFORE), "Khu vực 1")]
    assign_units(grouping=grouping, group=second, wards=[ward], by=by)
    assert rows_of(ward)[1] == (str(DAY), "", "Khu vực 2")


def test_a_unit_leaves_its_group_on_a_day(areas, ward, by):
    assign_units(grouping=areas[0].grouping, group=areas[0], wards=[ward], by=by)
    assign_units(grouping=areas[0].grouping, group=None, wards=[ward], since=DAY, by=by)
    assert rows_of(ward) == [("", str(BEFORE), "Khu vực 1")]


def test_every_step_is_told(areas, ward, by):
    grouping = create_grouping(grouping=Grouping(code="cum", name="Cụm  thi đua"), by=by)
    group = create_group(group=UnitGroup(grouping=grouping, code="cum-1", name="Cụm 1"), by=by)
    assert (grouping.name, group.position) == ("Cụm thi đua", 1)
    grouping.name, group.name = "Cụm", "Cụm số 1"
    assert (update_grouping(grouping=grouping, by=by), update_group(group=group, by=by)) == (["name"], ["name"])
    assign_units(grouping=grouping, group=group, wards=[ward], by=by)
    with pytest.raises(ValidationError, match="Units are or were in this group"):
        remove_group(group=group, by=by)
    assign_units(grouping=grouping, group=None, wards=[ward], by=by)
    remove_group(group=group, by=by)
    told = Event.objects.filter(actor_id=by.pk).order_by("pk").values_list("object_type", "action")
    created, changed, deleted = Action.CREATED, Action.CHANGED, Action.DELETED
    kinds = ["grouping", "unitgroup", "grouping", "unitgroup", "groupmembership", "groupmembership", "unitgroup"]
    deeds = [created, created, changed, changed, created, deleted, deleted]
    assert list(told) == list(zip([f"wards.{kind}" for kind in kinds], deeds, strict=True))


def test_refusals(areas, ward, by):
    other = make_grouping("Cụm", ["Cụm 1"]).groups.get()
    with pytest.raises(ValidationError, match="another way of grouping"):
        assign_units(grouping=areas[0].grouping, group=other, wards=[ward], by=by)
    ended = make_ward(None, "Cũ", valid_to=BEFORE)
    with pytest.raises(ValidationError, match="ended on 28/02/2026"):
        assign_units(grouping=areas[0].grouping, group=areas[0], wards=[ended], since=DAY, by=by)
    with pytest.raises(ValidationError, match="already a group of this name"):
        create_group(group=UnitGroup(grouping=areas[0].grouping, code="khac", name="Khu vực 1"), by=by)


def test_who_sees_which_groups(areas, by):
    district = make_district()
    own, foreign = make_ward(district, "Một"), make_ward(None, "Hai")
    assign_units(grouping=areas[0].grouping, group=areas[0], wards=[own], by=by)
    assign_units(grouping=areas[0].grouping, group=areas[1], wards=[foreign], by=by)
    alone = make_grouping("Cụm", ["Cụm 1"])
    for role, place in ((Role.WARD, {"ward": own}), (Role.DISTRICT, {"district": district})):
        person = make_user(role, **place)
        assert list(Grouping.objects.visible_to(person)) == [areas[0].grouping]
        assert list(UnitGroup.objects.visible_to(person)) == [areas[0]]
        assert [row.ward for row in GroupMembership.objects.visible_to(person)] == [own]
        assert not Grouping.objects.editable_by(person)
    assert set(Grouping.objects.visible_to(by)) == {areas[0].grouping, alone}
    assert set(Grouping.objects.editable_by(by)) == {areas[0].grouping, alone}
    assert GroupMembership.objects.visible_to(by).count() == 2
