"""Rows that join units over time: what the database refuses, what the service refuses, what the check finds."""

import datetime
import json
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from archiveportal.history.models import Action, Event
from tests.support.factories import make_district, make_user, make_ward
from wards.checking import find_faults
from wards.lines import keys_of_line, keys_of_predecessors
from wards.models import District, Province, Succession, Ward
from wards.services import record_succession, remove_succession

DAY = datetime.date(2025, 7, 1)
BEFORE = DAY - datetime.timedelta(days=1)


def joined(former: Ward | None, heir: Ward | None, extent: str = "whole", **values) -> Succession:
    named = {"successor_code": heir.code, "successor_name": heir.title} if heir else {}
    return Succession(predecessor=former, successor=heir, extent=extent, **{"took_effect_on": DAY} | named | values)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def old(db) -> Ward:
    return make_ward(None, "Cũ", valid_to=BEFORE)


@pytest.fixture
def new(db) -> Ward:
    return make_ward(None, "Mới", valid_from=DAY)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((None, None), (None, None)),
        ((None, BEFORE), (BEFORE, None)),
        ((None, BEFORE), (None, datetime.date(2020, 1, 1))),
        ((DAY, None), (datetime.date(2026, 1, 1), datetime.date(2026, 2, 1))),
        ((datetime.date(2020, 1, 1), BEFORE), (datetime.date(2021, 1, 1), datetime.date(2022, 1, 1))),
    ],
)
@pytest.mark.parametrize("model", [Province, District, Ward])
def test_the_database_refuses_one_code_at_one_time(db, model, first, second):
    kind = model.Kind.values[0]
    model(code="27", kind=kind, name="A", valid_from=first[0], valid_to=first[1]).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        model(code="27", kind=kind, name="B", valid_from=second[0], valid_to=second[1]).save()
    # Elsewhere in time, and moved into the way by SQL.
    later = model(code="27", kind=kind, name="B", valid_from=datetime.date(2090, 1, 1))
    if first[1] is None:
        return
    later.save()
    statement = f"UPDATE {model._meta.db_table} SET valid_from = %s WHERE id = %s"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [second[0] or datetime.date(2000, 1, 1), later.pk])


def test_a_code_may_go_on_the_day_after(db):
    make_ward(None, "4", code="27373", valid_to=datetime.date(2024, 12, 31))
    make_ward(None, "1", code="27373", valid_from=datetime.date(2025, 1, 1), valid_to=BEFORE)
    make_ward(None, "Bình Tiên", code="27373", valid_from=DAY)
    assert Ward.objects.filter(code="27373").count() == 3
    assert Ward.objects.in_force_on(BEFORE).get(code="27373").name == "1"
    assert find_faults() == []


def test_a_succession_is_recorded_and_taken_back(old, new):
    administrator = make_user("administrator")
    succession = record_succession(succession=joined(old, new), by=administrator)
    assert (succession.successor_code, succession.successor_name) == (new.code, "Phường Mới")
    (event,) = Event.objects.about(succession)
    assert event.action == Action.CREATED and event.changes["extent"] == [None, "whole"]
    assert find_faults() == []
    key = succession.pk
    remove_succession(succession=succession, reason="Nhầm", by=administrator)
    assert not Succession.objects.exists()
    event = Event.objects.filter(object_type="wards.succession", object_id=key).latest("pk")
    assert (event.action, event.reason, event.changes["extent"]) == (Action.DELETED, "Nhầm", ["whole", None])


@pytest.mark.parametrize(
    ("last", "extent", "has_gap", "fits"),
    [
        (BEFORE, "whole", False, True),
        (DAY, "whole", False, False),
        (None, "whole", False, False),
        # A unit that gives a part away goes on.
        (None, "part", False, True),
        (datetime.date(2024, 12, 31), "whole", False, False),
        (datetime.date(2024, 12, 31), "whole", True, True),
    ],
)
def test_days_of_both_units_have_to_fit(new, last, extent, has_gap, fits):
    old = make_ward(None, "Cũ", valid_to=last)
    succession = joined(old, new, extent, has_gap=has_gap)
    if fits:
        record_succession(succession=succession, by=None)
        assert find_faults() == []
    else:
        with pytest.raises(ValidationError):
            record_succession(succession=succession, by=None)
        succession.save()
        (fault,) = find_faults()
        assert "Phường Cũ" in fault


def test_an_heir_that_does_not_stand_yet_is_refused(old):
    with pytest.raises(ValidationError):
        record_succession(succession=joined(old, make_ward(None, "Sau", valid_from=datetime.date(2026, 1, 1))), by=None)


def test_a_circle_is_refused_and_found(old, new):
    joined(old, new).save()
    with pytest.raises(ValidationError):
        record_succession(succession=joined(new, old), by=None)
    joined(new, old).save()
    assert keys_of_line(old.pk) == keys_of_predecessors([old.pk]) == {old.pk, new.pk}
    assert len([fault for fault in find_faults() if "among its own heirs" in fault]) == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        joined(old, old, successor_code="x").save()


def test_a_predecessor_elsewhere_is_named_in_words(new):
    province = Province(code="77", kind="tinh", name="Bà Rịa - Vũng Tàu", valid_to=BEFORE)
    province.save()
    words = {"predecessor_name": "Huyện Côn Đảo", "predecessor_province": province}
    succession = record_succession(succession=joined(None, new, "", **words), by=None)
    assert succession.predecessor is None and str(succession) == "Huyện Côn Đảo → Phường Mới"
    assert find_faults() == [] and keys_of_predecessors([new.pk]) == frozenset()
    for wrong in (joined(None, new, ""), joined(new, None, "", successor_code="1", successor_name="A", **words)):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


def test_the_check_finds_what_was_written_past_the_service(db, old, new):
    later = make_ward(None, "Khác", valid_from=DAY)
    joined(old, new).save()
    joined(old, later).save()
    lone = make_ward(None, "Một phần", valid_to=BEFORE)
    joined(lone, new, "part").save()
    joined(lone, None, took_effect_on=DAY, extent="part", successor_code=later.code, successor_name="Khác").save()
    outliving = make_ward(make_district(valid_to=BEFORE), "Lâu")
    texts = "\n".join(find_faults())
    for words in ("to another one as well", "names its heir in words", "stands longer than"):
        assert words in texts
    assert outliving.title in texts
    with pytest.raises(CommandError, match="fault") as caught:
        call_command("check_units", json=True, stdout=(out := StringIO()))
    assert caught.value.returncode == 1 and len(json.loads(out.getvalue())) == len(find_faults())


@pytest.fixture
def page(new):
    return reverse("wards:predecessors", args=[new.pk])


@pytest.fixture
def administrator(db, sign_in):
    return sign_in(make_user("administrator"))


def typed(old: Ward, **changes) -> dict:
    return {"predecessor": old.pk, "extent": "whole", "took_effect_on": "01/07/2025", "legal_act": "1685"} | changes


def test_the_administrator_records_and_takes_back(old, new, page, administrator):
    assert administrator.get(page).status_code == 200
    assert administrator.post(page, typed(old)).status_code == 302
    (succession,) = new.predecessions.all()
    assert (succession.predecessor, succession.successor_name, succession.legal_act) == (old, "Phường Mới", "1685")
    assert "Phường Cũ" in administrator.get(page).content.decode()
    remove = reverse("wards:predecessor-remove", args=[new.pk, succession.pk])
    administrator.post(remove, {"reason": " "})
    refused = administrator.post(remove, {"reason": "Nhầm \x07"}).content.decode()
    assert new.predecessions.exists() and 'value="Nhầm \x07"' in refused
    assert f'id="reason-{succession.pk}-error"' in refused and f'action="{page}"' in refused
    # Only of the unit whose page it is.
    elsewhere = reverse("wards:predecessor-remove", args=[old.pk, succession.pk])
    assert administrator.post(elsewhere, {"reason": "Nhầm"}).status_code == 404
    administrator.post(remove, {"reason": "Nhầm"})
    assert not new.predecessions.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"predecessor": ""}, "predecessor"),
        ({"predecessor_name": "Huyện Côn Đảo"}, "predecessor"),
        ({"predecessor": "x"}, "predecessor"),
        ({"extent": ""}, "extent"),
        ({"extent": "half"}, "extent"),
        ({"took_effect_on": ""}, "took_effect_on"),
        ({"took_effect_on": "30/06/2025"}, "__all__"),
        ({"took_effect_on": "01/08/2025"}, "__all__"),
    ],
)
def test_what_cannot_be_is_named_beside_its_field(old, page, administrator, changes, field):
    answer = administrator.post(page, typed(old, **changes))
    assert answer.status_code == 200 and field in answer.context["form"].errors
    assert not Succession.objects.exists()


def test_a_unit_of_another_province_is_typed_in_words(new, page, administrator):
    values = {"predecessor_name": "Huyện Côn Đảo", "took_effect_on": "01/07/2025"}
    assert administrator.post(page, values).status_code == 302
    (succession,) = new.predecessions.all()
    assert succession.predecessor is None and succession.extent == ""
    assert "Huyện Côn Đảo" in administrator.get(page).content.decode()
