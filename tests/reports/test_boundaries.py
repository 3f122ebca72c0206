"""Results by the boundaries of today: predecessors side by side, nothing added up."""

import datetime
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archiveportal.accounts.models import Role
from criteria.inspections.models import Enrolment, Round
from reports.results.boundaries import by_boundaries
from tests.support.factories import enrol, make_district, make_round, make_user, make_ward
from wards.models import Succession, Ward

PAGE = "/bao-cao/theo-dia-gioi/"
TODAY = datetime.date(2025, 7, 1)


def shown(unit):
    return {(each.ward.title, each.is_whole, tuple(each.cells)) for each in unit.formers}


def test_the_pilots_of_2019_by_todays_units(city, cast):
    found = by_boundaries(cast.approver)
    units = {unit.ward.title: unit for unit in found.units}
    assert shown(units["Xã Cần Giờ"]) == {
        ("Xã Long Hòa", True, ("15/23",)),
        ("Thị trấn Cần Thạnh", True, ("11/23",)),
    }
    assert shown(units["Phường Diên Hồng"]) == {("Phường 6", True, ("11/23",)), ("Phường 14", False, ("12/23",))}
    # Every pilot ward is found again, one that was split with each of its heirs.
    formers = chain.from_iterable(unit.formers for unit in found.units)
    pilots = {former.ward.pk for former in formers}
    assert pilots == set(Ward.objects.filter(is_baseline=True).values_list("pk", flat=True))


def test_the_page_of_a_round_and_of_all(city, cast, sign_in):
    client = sign_in(cast.leader)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(PAGE)
    assert len(queries) <= 9
    text = page.content.decode()
    assert "Xã Cần Giờ" in text and "15/23" in text and "13/23" not in text.partition("Xã Cần Giờ")[2][:900]
    assert client.get(f"{PAGE}?dot=gd1-2019").status_code == 200
    assert client.get(f"{PAGE}?dot=khong-co").status_code == 404
    assert f"{PAGE}?dot=gd1-2019" in client.get("/bao-cao/toan-canh/gd1-2019/").content.decode()
    assert sign_in(cast.thanhan).get(PAGE).status_code == 403
    # A district office sees its own units alone.
    text = sign_in(cast.cangio).get(PAGE).content.decode()
    assert "Xã Long Hòa" in text and "Phường 14" not in text


def test_units_that_no_team_visits_and_trials_are_not_set_side_by_side(cast, sign_in):
    row = enrol(make_round(), make_ward(), published_score=15, published_maximum=23)
    assert len(by_boundaries(cast.approver).units) == 1
    Enrolment.objects.filter(pk=row.pk).update(way="report")
    assert by_boundaries(cast.approver).units == []
    Round.objects.filter(pk=row.round_id).update(is_trial=True)
    page = sign_in(cast.leader).get(f"/bao-cao/toan-canh/{row.round.code}/").content.decode()
    assert "theo-dia-gioi" not in page


@pytest.fixture
def line(db):
    """A was cut in two; B took a part, and all of B went to C."""
    old = make_ward(make_district(), "A", valid_to=datetime.date(2020, 12, 31))
    middle = make_ward(make_district(), "B", valid_to=datetime.date(2025, 6, 30))
    other, new = make_ward(None, "D"), make_ward(None, "C")
    for former, heir, extent, day in (
        (old, middle, "part", "2021-01-01"),
        (old, other, "part", "2021-01-01"),
        (middle, new, "whole", "2025-07-01"),
    ):
        Succession(
            predecessor=former, successor=heir, successor_code=heir.code, extent=extent, took_effect_on=day
        ).save()
    return old, middle, other, new


def test_a_part_stays_a_part_along_the_line(line):
    old, middle, other, new = line
    earlier = make_round(starts_on=datetime.date(2019, 1, 1), ends_on=datetime.date(2019, 12, 31))
    later = make_round()
    for inspection_round, ward, score in ((earlier, old, 3), (later, new, 4), (later, middle, 2)):
        enrol(inspection_round, ward, published_score=score, published_maximum=4)
    found = by_boundaries(make_user(Role.APPROVER))
    units = {unit.ward.pk: unit for unit in found.units}
    assert [each.pk for each in found.rounds] == [earlier.pk, later.pk]
    assert shown(units[new.pk]) == {
        ("Phường A", False, ("3/4", "")),
        ("Phường B", True, ("", "2/4")),
        ("Phường C", True, ("", "4/4")),
    }
    assert shown(units[other.pk]) == {("Phường A", False, ("3/4", ""))}
    assert set(units) == {new.pk, other.pk}
    assert not by_boundaries(make_user(Role.APPROVER), make_round()).units
    # Of a round, its units and the heirs of its units, with what they had in earlier rounds.
    of_later = {unit.ward.pk: unit for unit in by_boundaries(make_user(Role.APPROVER), later).units}
    assert set(of_later) == {new.pk} and shown(of_later[new.pk]) == shown(units[new.pk])
    assert len(by_boundaries(make_user(Role.APPROVER), earlier).units) == 2
    prepared = make_round()
    enrol(prepared, other)
    assert [unit.ward.pk for unit in by_boundaries(make_user(Role.APPROVER), prepared).units] == [other.pk]
