"""One answer is saved by itself as it is given; what cannot be applied is kept and shown."""

import datetime
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archiveportal.history.models import Event
from criteria.inspections.models import Inspection, KeptAnswer, Result, Submission
from criteria.inspections.services import approve_inspection
from tests.support.factories import answer, submit_signed

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def url(phuong6):
    return reverse("inspections:save", args=[phuong6.pk])


@pytest.fixture
def asked(cast, phuong6):
    """What the script sends for one criterion."""

    def make(code="TC05", by=None, **changes):
        now = timezone.now().isoformat()
        asked = {
            "user": (by or cast.inspector).pk,
            "set": phuong6.round.criteria_set_id,
            "criterion": code,
            "submission_id": str(uuid.uuid4()),
            "base_version": 0,
            "outcome": "met",
            "number": "",
            "text": "",
            "note": "",
            "via": "autosave",
            "made_at": now,
            "device_now": now,
        }
        return asked | changes

    return make


def post(client, url, data):
    return client.post(url, data, **JSON)


def test_an_answer_is_saved_in_ten_queries(cast, sign_in, phuong6, url, asked, django_assert_max_num_queries):
    client, data = sign_in(cast.inspector), asked("TC15", number="18,5", note="Kho ở tầng 2")
    with django_assert_max_num_queries(10):
        response = post(client, url, data)
    found = response.json()
    assert response.status_code == 200
    assert (found["state"], found["version"], found["message"], found["errors"]) == ("saved", 1, "", {})
    assert found["values"] == {"outcome": "met", "number": "18,5", "text": "", "note": "Kho ở tầng 2"}
    assert found["checklist"] == {"version": 1, "points": 1.0, "maximum": 23.0, "met": 1, "open": 22}
    assert found["saved_at"] == f"{timezone.localtime():%H:%M}"
    event = Event.objects.about(phuong6.inspection).get()
    assert (event.via, event.actor_id) == ("autosave", cast.inspector.pk)
    # The page carries the same "seen": what the script puts there is what a reload would show.
    page = client.get(reverse("inspections:checklist", args=[phuong6.pk])).content.decode()
    assert f'name=TC15-seen value="{found["seen"]}"' in page


def test_the_same_save_ten_times_is_one(cast, sign_in, phuong6, url, asked):
    client, data = sign_in(cast.inspector), asked(note="Có danh mục")
    answers = [post(client, url, data).json() for _ in range(10)]
    assert all(each == answers[0] for each in answers)
    assert answers[0]["state"] == "saved"
    assert Event.objects.about(phuong6.inspection).count() == 1
    assert Result.objects.filter(inspection=phuong6.inspection).count() == Submission.objects.count() == 1


def test_something_else_under_the_same_number_is_not_lost(cast, sign_in, phuong6, url, asked):
    client, data = sign_in(cast.inspector), asked()
    post(client, url, data)
    assert post(client, url, data | {"outcome": "not_met", "base_version": 1}).json()["state"] == "saved"
    assert phuong6.inspection.results.get().outcome == "not_met"


def test_a_number_used_for_another_checklist_is_no_answer_to_this_one(cast, sign_in, phuong6, url, asked):
    client, data = sign_in(cast.inspector), asked()
    post(client, url, data)
    other = phuong6.round.enrolments.filter(inspection__results=None).exclude(pk=phuong6.pk).first()
    assert post(client, reverse("inspections:save", args=[other.pk]), data).json()["state"] == "saved"
    assert other.inspection.results.get().outcome == "met"


@pytest.mark.parametrize("days", [-3, 3])
def test_a_clock_three_days_wrong_is_set_right(cast, sign_in, phuong6, url, asked, days):
    answer(phuong6, cast.inspector2, {5: "not_met"})
    device = timezone.now() + datetime.timedelta(days=days)
    typed = device - datetime.timedelta(hours=2)
    data = asked(via="offline", device_now=device.isoformat(), made_at=typed.isoformat())
    assert post(sign_in(cast.inspector), url, data).json()["state"] == "conflict"
    waited = timezone.now() - KeptAnswer.objects.get().made_at
    assert abs(waited - datetime.timedelta(hours=2)) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize("made_at", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", ""])
def test_no_answer_is_made_in_the_future_or_before_time(cast, sign_in, phuong6, url, asked, made_at):
    answer(phuong6, cast.inspector2, {5: "not_met"})
    assert post(sign_in(cast.inspector), url, asked(made_at=made_at)).json()["state"] == "conflict"
    assert abs(timezone.now() - KeptAnswer.objects.get().made_at) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"submission_id": "x"},
        {"submission_id": ""},
        {"user": ""},
        {"user": "9" * 40},
        {"set": "x"},
        {"base_version": "-1"},
        {"base_version": "9" * 30},
        {"made_at": "2019-13-45T00:00:00Z"},
        {"made_at": "0001-01-01T00:00:00+14:00"},
        {"device_now": "2019-01-01T00:00:00"},
        {"via": "page"},
        {"criterion": ""},
        {"criterion": "x" * 10_000},
        {"criterion": "TC\x00"},
        {"criterion": "inspected_on"},
    ],
)
def test_what_no_device_sends_is_answered_with_400(cast, sign_in, phuong6, url, asked, changes):
    response = post(sign_in(cast.inspector), url, asked(**changes))
    assert response.status_code == 400
    assert response.json()["message"]
    assert not Submission.objects.exists()


def test_an_answer_with_a_part_left_out_wipes_nothing(cast, sign_in, phuong6, url, asked):
    client = sign_in(cast.inspector)
    post(client, url, asked(note="Giữ lại"))
    data = asked(base_version=1)
    del data["note"]
    assert post(client, url, data).status_code == 400
    assert phuong6.inspection.results.get().note == "Giữ lại"


@pytest.mark.parametrize(
    ("code", "field", "typed"),
    [
        ("TC05", "outcome", "maybe"),
        ("TC05", "outcome", "not_applicable"),
        ("TC05", "note", "x" * 10_000),
        ("TC05", "note", "a\x08b"),
        ("TC06", "text", "x" * 301),
        ("TT01", "number", "hai"),
        ("TT01", "number", "12345678"),
        ("TC15", "number", "12,345"),
        ("TC15", "number", "9" * 5000),
        ("TC99", "note", ""),
    ],
)
def test_a_wrong_value_is_refused_with_words(cast, sign_in, phuong6, url, asked, code, field, typed):
    data = asked(code, **{field: typed})
    response = post(sign_in(cast.inspector), url, data)
    assert response.status_code == 200
    found = response.json()
    assert found["state"] == "refused"
    assert found["message"]
    assert not Submission.objects.exists()
    assert not Result.objects.filter(inspection=phuong6.inspection).exists()


def test_an_answer_of_another_person_is_not_taken(cast, sign_in, phuong6, url, asked):
    # Whatever the role of the one who is signed in now: the device hears that it is another person, and waits.
    for person in (cast.inspector, cast.quan10):
        response = post(sign_in(person), url, asked(by=cast.inspector2))
        assert response.status_code == 403
        assert response.json()["other"] is True
        assert response.json()["message"]
    assert sign_in(cast.inspector).post(url, asked(by=cast.inspector2)).status_code == 302
    assert not Submission.objects.exists()


def test_roles_and_places(cast, sign_in, phuong6, url, asked):
    assert post(sign_in(cast.quan10), url, asked(by=cast.quan10)).status_code == 403
    assert post(sign_in(cast.leader), url, asked(by=cast.leader)).status_code == 403
    client = sign_in(cast.inspector)
    for pk in (999_999, 2**40, 10**30):
        assert post(client, f"/phieu/{pk}/luu/", asked()).status_code == 404
    assert client.get(url).status_code == 405
    assert post(Client(), url, asked()).status_code == 401


def test_a_conflict_shows_both_and_typing_on_changes_what_was_kept(cast, sign_in, phuong6, url, asked):
    client = sign_in(cast.inspector)
    post(sign_in(cast.inspector2), url, asked(by=cast.inspector2, note="Có quyết định số 5"))
    first = post(client, url, asked(outcome="not_met", note="Chưa ký", via="offline")).json()
    assert (first["state"], first["version"]) == ("conflict", 1)
    assert "Có quyết định số 5" in first["html"]
    assert "Chưa ký" in first["html"]
    assert str(cast.inspector2) in first["html"]
    base = first["seen"].partition(":")[0]
    second = asked(outcome="not_met", note="Chưa ký ban hành", via="offline", base_version=base)
    assert post(client, url, second).json()["state"] == "conflict"
    assert KeptAnswer.objects.get().values["note"] == "Chưa ký ban hành"
    assert phuong6.inspection.results.get().outcome == "met"


def test_the_day_saves_and_conflicts(cast, sign_in, phuong6, url, asked):
    client = sign_in(cast.inspector)
    found = post(client, url, asked("inspected_on", inspected_on="14/10/2019", shown_on="")).json()
    assert (found["state"], found["seen"], found["values"]) == ("saved", "2019-10-14", {"inspected_on": "14/10/2019"})
    assert post(client, url, asked("inspected_on", inspected_on="31/02/2019")).json()["state"] == "refused"
    mine = asked("inspected_on", by=cast.inspector2, inspected_on="15/10/2019", shown_on="")
    found = post(sign_in(cast.inspector2), url, mine).json()
    assert found["state"] == "conflict"
    assert "15/10/2019" in found["html"] and "14/10/2019" in found["html"]
    assert f"{Inspection.objects.get(enrolment=phuong6).inspected_on}" == "2019-10-14"


def test_an_approved_checklist_keeps_what_arrives_and_changes_nothing(cast, sign_in, phuong6, url, asked):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    found = post(sign_in(cast.inspector), url, asked(outcome="not_met", base_version=1, via="offline")).json()
    assert found["state"] == "kept"
    assert found["message"]
    assert phuong6.inspection.results.get(criterion__code="TC05").outcome == "met"
    page = reverse("inspections:checklist", args=[phuong6.pk])
    box = f'data-kept="{KeptAnswer.objects.get().pk}"'
    for person, sees in (("inspector", True), ("approver", True), ("inspector2", False), ("quan10", False)):
        assert (box in sign_in(getattr(cast, person)).get(page).content.decode()) is sees
