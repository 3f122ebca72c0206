"""How a round is divided: by its way of grouping, by districts, or not at all; within what a person sees."""

import datetime

import pytest
from django.utils import translation

from archiveportal.accounts.models import Role
from criteria.inspections.models import Round
from criteria.inspections.queries.areas import Kind, division, division_in_words
from tests.support.factories import enrol, make_district, make_grouping, make_round, make_user, make_ward


@pytest.fixture
def wards(db):
    return [make_ward(None, name) for name in ("Một", "Hai", "Ba", "Bốn")]


def grouped_round(wards, groups: dict) -> Round:
    inspection_round = make_round(grouping=make_grouping("Khu vực", groups))
    for ward in wards:
        enrol(inspection_round, ward)
    return inspection_round


def test_groups_divide_a_round_in_their_order(wards, django_assert_num_queries):
    first, second, third, alone = wards
    inspection_round = grouped_round(wards, {"Bắc": [third], "Nam": [first, second], "Trống": []})
    approver = make_user(Role.APPROVER)
    with django_assert_num_queries(1):
        divided = division(approver, inspection_round)
    assert (divided.kind, divided.noun, divided.noun_in_sentence) == (Kind.GROUPS, "Khu vực", "khu vực")
    assert [area.title for area in divided.areas] == ["Bắc", "Nam"]
    with django_assert_num_queries(1):
        assert [divided.title_of(ward) for ward in wards] == ["Nam", "Nam", "Bắc", ""]
    assert [divided.place_of(ward) for ward in wards] == [1, 1, 0, 2]
    rows = inspection_round.enrolments.all()
    in_order = rows.order_by(*divided.order_by(), "position").values_list("ward", flat=True)
    assert list(in_order) == [third.pk, first.pk, second.pk, alone.pk]
    south = divided.areas[1].pk
    assert {row.ward for row in divided.within(rows, south)} == {first, second}
    assert {row.ward for row in divided.within(rows, None)} == {alone}
    areas = dict(divided.with_areas(rows).values_list("ward", "area"))
    assert areas == {first.pk: south, second.pk: south, third.pk: divided.areas[0].pk, alone.pk: None}


def test_a_round_is_divided_as_on_its_first_day(wards):
    first, *others = wards
    inspection_round = grouped_round(wards, {"Bắc": [first], "Nam": others})
    row = first.memberships.get()
    row.first_day = inspection_round.starts_on + datetime.timedelta(days=1)
    row.save()
    divided = division(make_user(Role.APPROVER), inspection_round)
    assert [area.title for area in divided.areas] == ["Nam"]
    assert divided.area_of(first) is None


def test_a_person_sees_the_areas_of_own_units(wards):
    first, *others = wards
    inspection_round = grouped_round(wards, {"Bắc": [first], "Nam": others})
    divided = division(make_user(Role.WARD, ward=first), inspection_round)
    assert [area.title for area in divided.areas] == ["Bắc"]


def test_districts_divide_a_round_without_groups(db):
    inspection_round = make_round()
    quan = make_district("10")
    ward = make_ward(quan, "6")
    enrolment = enrol(inspection_round, ward)
    divided = division(make_user(Role.APPROVER), inspection_round)
    with translation.override("vi"):
        assert (divided.noun, divided.noun_on_paper) == ("Quận, huyện", "Quận, huyện")
    assert [area.pk for area in divided.areas] == [quan.pk]
    assert divided.area_of(ward) == divided.areas[0]
    assert list(divided.within(inspection_round.enrolments.all(), quan.pk)) == [enrolment]
    assert list(divided.with_areas(inspection_round.enrolments.all()).values_list("area", flat=True)) == [quan.pk]


@pytest.mark.parametrize(("role", "districts"), [(Role.APPROVER, 1), (Role.DISTRICT, 1), (Role.WARD, 0)])
def test_words_of_a_division_need_one_of_its_districts(db, django_assert_num_queries, role, districts):
    inspection_round, first, second = make_round(), make_district("10"), make_district("11")
    for ward in (make_ward(None, "Đặc khu"), make_ward(first, "6"), make_ward(second, "7")):
        enrol(inspection_round, ward)
    own = {Role.DISTRICT: {"district": second}, Role.WARD: {"ward": inspection_round.enrolments.first().ward}}
    viewer = make_user(role, **own.get(role, {}))
    with django_assert_num_queries(1):
        in_words = division_in_words(viewer, inspection_round)
    divided = division(viewer, inspection_round)
    assert (in_words.kind, in_words.by_noun, bool(in_words)) == (divided.kind, divided.by_noun, bool(divided))
    assert len(in_words.areas) == districts
    assert {area.pk for area in in_words.areas} <= {area.pk for area in divided.areas}


def test_nothing_divides_units_of_today_without_groups(wards):
    inspection_round = make_round()
    for ward in wards:
        enrol(inspection_round, ward)
    divided = division(make_user(Role.APPROVER), inspection_round)
    assert not divided
    assert (divided.kind, divided.noun, divided.noun_on_paper, divided.areas) == (Kind.NONE, "", "", [])
    rows = inspection_round.enrolments.all()
    assert divided.order_by() == []
    assert divided.within(rows, None).count() == 4
    assert set(divided.with_areas(rows).values_list("area", flat=True)) == {None}
    assert divided.area_of(wards[0]) is None


def test_a_grouping_without_units_of_the_round_divides_nothing(wards):
    inspection_round = grouped_round(wards, {"Bắc": []})
    assert not division(make_user(Role.APPROVER), inspection_round)
