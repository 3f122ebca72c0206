"""What a service hands to the history, and what it is told of a form that is out of date."""

import datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from archiveportal.accounts.models import Role, User
from archiveportal.history.models import Event
from archiveportal.history.services import (
    Stale,
    differences,
    digest,
    digest_of_values,
    event,
    record,
    record_all,
    refuse_stale,
)
from criteria.models import Criterion
from tests.support.factories import make_district, make_set, make_user, make_ward
from wards.models import Ward

pytestmark = pytest.mark.django_db
NAMES = ["username", "full_name", "role", "district", "email"]


@pytest.fixture
def person(db) -> User:
    return make_user(Role.INSPECTOR, "nguoi", full_name="Trần Văn A")


def test_an_event_has_who_what_and_why(person):
    ward = make_ward(make_district(), "6")
    changes = {"name": ("5", "6"), "ends": (None, datetime.date(2026, 1, 2)), "count": (1, True)}
    options = {"action": "created", "changes": changes | {"area": (Decimal("18.50"), ward)}}
    made = event(about=ward, by=person, via="command", reason="Nhầm", **options)
    assert made.pk is None
    assert (made.actor_id, made.actor_name) == (person.pk, str(person))
    assert (made.via, made.action, made.reason) == ("command", "created", "Nhầm")
    assert (made.object_type, made.object_id) == ("wards.ward", ward.pk)
    assert made.object_name == str(ward)
    assert made.changes == {
        "name": ["5", "6"],
        "ends": [None, "2026-01-02"],
        "count": [1, True],
        "area": ["18.50", str(ward)],
    }
    assert made.changes["count"][1] is True


def test_an_event_of_the_portal_has_no_person_and_a_part_its_own_name():
    ward = make_ward(make_district(), "6")
    made = event(about=ward, by=None, via="page", name="x" * 301)
    assert (made.actor_id, made.actor_name) == (None, "")
    assert (made.action, made.changes, made.reason) == ("changed", {}, "")
    assert made.object_name == "x" * 300


def test_events_are_saved_one_by_one_or_together(person):
    ward = make_ward(make_district())
    record(about=ward, by=person, reason="Một")
    record_all(event(about=ward, by=None, via="page", reason=reason) for reason in ("Hai", "Ba"))
    told = Event.objects.about(ward).values_list("reason", "via", "actor_id")
    assert set(told) == {
        ("Một", "page", person.pk),
        ("Hai", "page", None),
        ("Ba", "page", None),
    }


def test_a_digest_follows_each_of_the_named_fields(person):
    before = digest(person, NAMES)
    assert len(before) == 16 and digest(person, NAMES) == before
    seen = {before}
    changed = {"full_name": "B", "role": Role.DISTRICT, "district": make_district(), "email": "b@x.vn"}
    for name, value in changed.items():
        setattr(person, name, value)
        seen.add(digest(person, NAMES))
    assert len(seen) == 5
    person.is_active = False
    assert digest(person, NAMES) in seen
    assert digest_of_values([1, None]) != digest_of_values(["1", None])


def test_a_stale_form_is_told_what_stands_now(person):
    made_on = digest(person, NAMES)
    typed = User.objects.get(pk=person.pk)
    refuse_stale(stored=person, typed=typed, names=NAMES, made_on=made_on)
    person.role, person.email, person.full_name = Role.APPROVER, "", "Lê B"
    typed.email, typed.full_name = "a@x.vn", "Lê B"
    with override("en"), pytest.raises(Stale) as refusal:
        refuse_stale(stored=person, typed=typed, names=NAMES, made_on=made_on)
    (message,) = refusal.value.messages
    assert "now: role: Leader (Records and Archives" in message
    assert "Sub-department); email address: —. What you typed" in message
    assert "Lê B" not in message


def test_a_stale_form_that_agrees_is_told_so(person):
    typed = User.objects.get(pk=person.pk)
    with override("en"), pytest.raises(Stale, match="the same as you typed"):
        refuse_stale(stored=person, typed=typed, names=NAMES, made_on="")


def test_an_empty_and_a_false_value_are_two_things():
    criterion = make_set(1).criteria.get()
    stored, typed = criterion, Criterion.objects.get(pk=criterion.pk)
    stored.fact_minimum, typed.fact_minimum = Decimal(0), Decimal(1)
    with override("en"), pytest.raises(Stale, match=r"now: .*: 0\. What"):
        refuse_stale(stored=stored, typed=typed, names=["fact_minimum"], made_on="")


def test_differences_have_both_values_of_what_differs():
    before = make_ward(make_district(), "5")
    after = Ward.objects.get(pk=before.pk)
    after.name, after.legal_act = "6", before.legal_act
    assert differences(before, after, ["name", "legal_act", "kind"]) == {"name": ("5", "6")}
