"""Filling in the checklist of a ward in the browser."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from archiveportal.history.models import Event
from criteria.inspections.models import Inspection, Result, Submission
from tests.support.used_sets import change_used_set


@pytest.fixture
def url(phuong6):
    return reverse("inspections:checklist", args=[phuong6.pk])


def test_the_page_shows_every_criterion_with_guidance_and_choices(cast, sign_in, url):
    page = sign_in(cast.inspector).get(url).content.decode()
    assert page.count("data-criterion") == 24
    assert page.count("<input type=radio") == 23 * 3
    assert 'value="not_applicable"' not in page
    assert page.count("<details class=guidance") == 24
    assert "Diện tích kho" in page


def test_saving_some_answers_keeps_score_and_progress_true(cast, sign_in, phuong6, url, form_data):
    data = form_data(
        phuong6,
        TC01={"outcome": "met", "note": "Kế hoạch số 12/KH-UBND"},
        TC02={"outcome": "not_met"},
        TT01={"number": "2"},
        TC06={"text": "Cử nhân Luật"},
        TC15={"outcome": "met", "number": "18,5"},
    )
    data["inspected_on"] = "14/10/2019"
    response = sign_in(cast.inspector).post(url, data)
    assert response.status_code == 302
    inspection = Inspection.objects.get(enrolment=phuong6)
    assert (inspection.score, inspection.maximum, inspection.met_criteria, inspection.open_criteria) == (2, 23, 2, 20)
    assert inspection.inspected_on == datetime.date(2019, 10, 14)
    assert inspection.changed_by == cast.inspector
    results = {result.criterion.code: result for result in inspection.results.select_related("criterion")}
    assert set(results) == {"TC01", "TC02", "TT01", "TC06", "TC15"}
    assert results["TC15"].number == Decimal("18.5")
    assert results["TC06"].outcome == ""
    assert results["TC06"].text == "Cử nhân Luật"


def test_every_changed_answer_leaves_one_event(cast, sign_in, phuong6, url, form_data):
    before = Event.objects.count()
    sign_in(cast.inspector).post(url, form_data(phuong6, TC01={"outcome": "met"}, TC02={"outcome": "not_met"}))
    events = Event.objects.order_by("pk")[before:]
    assert [(e.actor_id, e.via, e.changes) for e in events] == [
        (cast.inspector.pk, "page", {"outcome": ["", "met"]}),
        (cast.inspector.pk, "page", {"outcome": ["", "not_met"]}),
    ]


def test_an_answer_can_be_taken_back_and_its_row_stays(cast, sign_in, phuong6, url, form_data):
    client = sign_in(cast.inspector)
    client.post(url, form_data(phuong6, TC01={"outcome": "met", "note": "có"}))
    client.post(url, form_data(phuong6, TC01={"outcome": ""}))
    result = Result.objects.get(inspection__enrolment=phuong6, criterion__code="TC01")
    assert (result.outcome, result.note, result.version) == ("", "có", 2)
    assert Inspection.objects.get(enrolment=phuong6).open_criteria == 23


def test_saving_without_a_change_writes_nothing(cast, sign_in, phuong6, url, form_data):
    client = sign_in(cast.inspector)
    client.post(url, form_data(phuong6, TC01={"outcome": "met"}))
    events, version = Event.objects.count(), Inspection.objects.get(enrolment=phuong6).version
    client.post(url, form_data(phuong6))
    assert Event.objects.count() == events
    assert Inspection.objects.get(enrolment=phuong6).version == version


def test_the_same_submission_ten_times_is_one(cast, sign_in, phuong6, url, form_data):
    client = sign_in(cast.inspector)
    data = form_data(phuong6, TC01={"outcome": "met"})
    statuses = {client.post(url, data).status_code for _ in range(10)}
    assert statuses == {302}
    assert Result.objects.get(inspection__enrolment=phuong6).version == 1
    assert Submission.objects.filter(inspection__enrolment=phuong6).count() == 1


def test_the_page_says_who_changed_it_last(cast, sign_in, phuong6, url, form_data):
    sign_in(cast.inspector).post(url, form_data(phuong6, TC01={"outcome": "met"}))
    page = sign_in(cast.inspector2).get(url).content.decode()
    assert f"sửa lần cuối bởi {cast.inspector}" in page


def test_a_small_store_warns_and_decides_nothing(cast, sign_in, phuong6, url, form_data):
    client = sign_in(cast.inspector)
    client.post(url, form_data(phuong6, TC15={"outcome": "met", "number": "12"}))
    page = client.get(url).content.decode()
    assert '<p class="fact-warning" data-warning>' in page
    assert Result.objects.get(inspection__enrolment=phuong6).outcome == "met"


def test_a_get_writes_nothing(cast, sign_in, phuong6, url):
    events = Event.objects.count()
    sign_in(cast.inspector).get(url)
    assert Event.objects.count() == events
    assert not Result.objects.filter(inspection__enrolment=phuong6).exists()


def test_the_blank_checklist_has_every_line(cast, sign_in, phuong6):
    page = sign_in(cast.inspector).get(reverse("inspections:blank", args=[phuong6.pk]))
    assert page.content.decode().count("<tr><td>") == 24


def test_not_applicable_needs_a_set_that_allows_it_and_a_reason(cast, sign_in, phuong6, url, form_data):
    client = sign_in(cast.inspector)
    data = form_data(phuong6, TC01={"outcome": "not_applicable", "note": "Không có"})
    assert "Vui lòng chọn một trong các kết quả có sẵn" in client.post(url, data).content.decode()
    change_used_set(phuong6.round.criteria_set, allows_not_applicable=True)
    without = client.post(url, form_data(phuong6, TC01={"outcome": "not_applicable"}))
    assert "ghi lý do không áp dụng" in without.content.decode()
    assert client.post(url, {**data, "submission_id": uuid.uuid4()}).status_code == 302
    assert Inspection.objects.get(enrolment=phuong6).maximum == 22


def test_the_way_to_the_minutes_saves_first(cast, sign_in, phuong6, url, form_data):
    response = sign_in(cast.inspector).post(url, form_data(phuong6, TC01={"outcome": "met"}) | {"action": "minutes"})
    assert response.url == reverse("inspections:minutes", args=[phuong6.pk])
    assert Result.objects.get(inspection__enrolment=phuong6).outcome == "met"
