"""The City's own lists: 322, 312, 273 and 168 units with their lines, beside what people entered."""

import datetime
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archiveportal.history.models import Event
from tests.support.factories import make_ward
from wards.baseline import load_city
from wards.checking import find_faults
from wards.lines import keys_of_predecessors
from wards.models import District, Province, Succession, Ward

LIST = "/don-vi/"
TODAY_BEGAN = datetime.date(2025, 7, 1)
#: {day: (districts, wards, wards by kind)}
LISTS = {
    datetime.date(2019, 12, 1): (24, 322, {"phuong": 259, "xa": 58, "thi_tran": 5}),
    datetime.date(2021, 1, 1): (22, 312, {"phuong": 249, "xa": 58, "thi_tran": 5}),
    datetime.date(2025, 1, 1): (22, 273, {"phuong": 210, "xa": 58, "thi_tran": 5}),
    TODAY_BEGAN: (0, 168, {"phuong": 113, "xa": 54, "dac_khu": 1}),
}


def today(code: str) -> Ward:
    return Ward.objects.get(code=code, valid_from=TODAY_BEGAN)


def test_the_city_at_its_four_days(city):
    for day, (districts, wards, kinds) in LISTS.items():
        assert District.objects.in_force_on(day).count() == districts, day
        standing = Ward.objects.in_force_on(day)
        assert standing.count() == wards, day
        assert Counter(standing.values_list("kind", flat=True)) == kinds, day
        assert len(set(standing.values_list("code", flat=True))) == wards
    assert (Province.objects.count(), District.objects.count(), Ward.objects.count()) == (4, 25, 568)
    assert Ward.objects.filter(province=None).count() == District.objects.filter(province=None).count() == 0
    assert not Ward.objects.filter(valid_from__gt="2020-01-01", legal_act="").exists()
    # What is not known stays unknown.
    assert Ward.objects.filter(valid_from=None).count() == 322
    assert city.notes == [] and find_faults() == []


def test_a_code_is_no_identity(city):
    names = Ward.objects.filter(code="27373").order_by("valid_to").values_list("kind", "name")
    assert set(names) == {("phuong", "4"), ("phuong", "1"), ("phuong", "Bình Tiên")}


@pytest.mark.parametrize(
    ("heir", "former"),
    [
        ("27664", {("Xã Long Hòa", "whole"), ("Thị trấn Cần Thạnh", "whole")}),
        ("27169", {("Phường 6", "whole"), ("Phường 8", "whole"), ("Phường 14", "part")}),
        ("27676", {("Xã Thạnh An", "whole")}),
    ],
)
def test_lines_of_today(city, heir, former):
    joined = today(heir).predecessions.select_related("predecessor")
    assert {(each.predecessor.title, each.extent) for each in joined} == former


def test_a_pilot_ward_leads_to_today_over_the_units_between(city):
    pilot = Ward.objects.get(code="27373", is_baseline=True)
    (between,) = pilot.successions.all()
    assert (between.successor.title, f"{between.took_effect_on}") == ("Phường 1", "2025-01-01")
    assert pilot.pk in keys_of_predecessors([today("27373").pk])
    assert not Succession.objects.filter(successor=None).exists()
    joined = Event.objects.filter(object_type="wards.succession", action="changed")
    assert joined.count() == 38 and {"successor", "predecessor"} >= set(joined.first().changes)


def test_units_of_former_provinces_name_theirs_in_words(city):
    elsewhere = Succession.objects.filter(predecessor=None).select_related("predecessor_province")
    assert elsewhere.count() == elsewhere.values("successor").distinct().count() == 66
    assert Counter(each.predecessor_province.title for each in elsewhere) == {
        "Tỉnh Bình Dương": 36,
        "Tỉnh Bà Rịa - Vũng Tàu": 30,
    }
    alone = Ward.objects.in_force_on(TODAY_BEGAN).filter(predecessions__predecessor__isnull=False).distinct()
    assert alone.count() == 168 - 66


def test_every_unit_that_ended_has_an_heir(city):
    assert not Ward.objects.filter(valid_to__isnull=False, successions=None).exists()


def test_a_second_run_changes_nothing(city):
    before = [list(model.objects.order_by("pk").values()) for model in (Province, District, Ward, Succession)]
    events = Event.objects.count()
    again = load_city()
    assert again.notes == [] and not again.new and Event.objects.count() == events
    after = [list(model.objects.order_by("pk").values()) for model in (Province, District, Ward, Succession)]
    assert after == before


def test_each_row_has_one_event(city):
    added = Event.objects.filter(via="command", object_type="wards.ward", action="created").count()
    assert added == 568
    adopted = Event.objects.filter(object_type="wards.ward", action="changed")
    assert adopted.count() == 26 and set(adopted.first().changes) == {"listed_as", "province"}
    assert Event.objects.filter(object_type="wards.succession", action="created").count() == Succession.objects.count()


def test_what_people_entered_is_adopted_and_named(baseline):
    typed = make_ward(None, "Cần Giờ", code="27664", kind="xa", valid_from=datetime.date(2025, 7, 2))
    in_the_way = make_ward(None, "Lạ", code="27373", valid_from=datetime.date(2025, 1, 1))
    pilot = Ward.objects.get(code="27202")
    Ward.objects.filter(pk=pilot.pk).update(code="99202", name="Sáu", as_reported={"code": "27202", "name": "6"})
    load = load_city()
    typed.refresh_from_db()
    assert (typed.name, typed.valid_from, typed.listed_as) == ("Cần Giờ", datetime.date(2025, 7, 2), "27664/2025-07-01")
    assert typed.predecessions.count() == 2
    assert [note for note in load.notes if note.startswith("27664/")] == [
        "27664/2025-07-01: Xã Cần Giờ was entered before and stays: valid_from '2025-07-02', in the list "
        "'2025-07-01'; legal_act '', in the list 'Nghị quyết số 1685/NQ-UBTVQH15'."
    ]
    # One row that covers two of the list is the one that began with it; there is no place for the other.
    in_the_way.refresh_from_db()
    assert in_the_way.listed_as == "27373/2025-01-01"
    assert any(note.startswith("27373/2025-07-01") and note.endswith("not added.") for note in load.notes)
    assert Ward.objects.get(pk=pilot.pk).listed_as == "27202/" and not Ward.objects.filter(
        code="27202", valid_from=None
    )
    call_command("load_baseline", stdout=StringIO())
    assert Ward.objects.in_force_on(typed.valid_from).count() == 168


def test_what_people_change_and_take_back_stays(city):
    unit = today("27664")
    unit.name = "Cần Giờ Mới"
    unit.save()
    unit.predecessions.first().delete()
    load_city()
    unit.refresh_from_db()
    assert unit.name == "Cần Giờ Mới" and unit.predecessions.count() == 1


def test_the_list_shows_the_units_of_today(city, cast, sign_in):
    client = sign_in(cast.inspector)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(LIST)
    assert len(queries) <= 12
    assert len(page.context["table"].rows) == 168
    assert len(client.get(f"{LIST}?period=").context["table"].rows) == 568
    assert len(client.get(f"{LIST}?day=01/12/2019").context["table"].rows) == 322
    assert len(client.get(f"{LIST}?day=01/12/2019").context["districts"]) == 24
    assert client.get(f"{LIST}?day=32/12/2019").context["filter"].form.errors
    # A search finds units of all times.
    assert len(client.get(f"{LIST}?q=27373").context["table"].rows) == 3
    counts = {district.code: district for district in client.get(LIST).context["districts"] if district.is_baseline}
    assert all(district.recorded_wards == district.ward_count for district in counts.values())


def test_a_unit_names_its_list(city, cast, sign_in):
    page = sign_in(cast.inspector).get(f"/don-vi/{today('26732').pk}/").content.decode()
    assert "Danh mục của gói vietnamadminunits" in page
    assert "Chưa có dữ liệu trước 01/07/2025" in page and "Huyện Côn Đảo" in page


def test_an_office_still_sees_its_own_units(city, cast, sign_in):
    shown = sign_in(cast.quan10).get(LIST).context["table"].rows
    assert {row.record.district.title for row in shown} == {"Quận 10"} and len(shown) == 15 + 1 + 3
