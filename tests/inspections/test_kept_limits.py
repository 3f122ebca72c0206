"""A checklist that takes no answers keeps so many of them; the device keeps what is not taken."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from archiveportal.history.models import Event
from criteria.inspections.models import Inspection, KeptAnswer, Submission
from criteria.inspections.services import kept_limits as limits
from criteria.inspections.services import settle_kept, sign_minutes
from tests.inspections.test_kept_answers import send
from tests.support.factories import answer, visit_today

CODES = ("TC01", "TC02", "TC05")


@pytest.fixture
def signed(cast, phuong6):
    answer(phuong6, cast.inspector, "met")
    visit_today(phuong6.inspection)
    sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    return phuong6


def sent_by_device(client, enrolment, code="TC05", **values) -> dict:
    data = {
        "set": enrolment.round.criteria_set_id,
        "user": client.session["_auth_user_id"],
        "criterion": code,
        "submission_id": uuid.uuid4(),
        "base_version": 1,
        "via": "offline",
        "outcome": "not_met",
        "note": "",
        "number": "",
        "text": "",
    }
    return client.post(
        reverse("inspections:save", args=[enrolment.pk]), data | values, HTTP_ACCEPT="application/json"
    ).json()


def stored() -> tuple[int, int, int]:
    return Event.objects.count(), KeptAnswer.objects.count(), Submission.objects.count()


def test_beyond_the_count_the_device_keeps_it(cast, signed, sign_in, monkeypatch):
    monkeypatch.setattr(limits, "MOST_KEPT", 2)
    for code in CODES[:2]:
        assert send(signed, cast.inspector, code=code)
    before, client = stored(), sign_in(cast.inspector)
    answered = sent_by_device(client, signed)
    # The state by which the device keeps an answer and shows why.
    assert answered["state"] == "refused" and "tối đa 2" in answered["message"] and "thiết bị" in answered["message"]
    assert stored() == before
    # One in the place of an earlier one needs no more room; one that is decided on makes some.
    assert send(signed, cast.inspector, code=CODES[0], note="Sửa")
    settle_kept(kept=KeptAnswer.objects.first(), take=False, seen=None, by=cast.inspector, via="page")
    assert sent_by_device(client, signed)["state"] == "kept"


def test_beyond_the_letters_too(cast, signed, sign_in, monkeypatch):
    monkeypatch.setattr(limits, "MOST_LETTERS", 100)
    assert send(signed, cast.inspector, code=CODES[0], note="a" * 60)
    before = stored()
    assert sent_by_device(sign_in(cast.inspector), signed, note="b" * 60)["state"] == "refused"
    assert stored() == before


def test_one_person_does_not_send_for_ever(cast, signed, sign_in, monkeypatch):
    monkeypatch.setattr(limits, "MOST_SENT", 3)
    for number in range(3):
        assert send(signed, cast.inspector, code=CODES[0], note=f"Lần {number}")
    assert sent_by_device(sign_in(cast.inspector), signed)["state"] == "refused"
    assert sent_by_device(sign_in(cast.inspector2), signed)["state"] == "kept"


def test_an_answer_that_differs_from_a_colleagues_is_always_kept(cast, phuong6, monkeypatch):
    monkeypatch.setattr(limits, "MOST_KEPT", 0)
    answer(phuong6, cast.inspector2, {5: "met"})
    assert Inspection.objects.get(pk=phuong6.inspection.pk).status == "draft"
    assert send(phuong6, cast.inspector, note="Khác").reason == "conflict"
