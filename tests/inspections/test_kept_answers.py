"""Answers that were kept: shown beside the colleague's, taken or dropped by those who may."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from archiveportal.history.models import Event
from criteria.inspections.models import KeptAnswer
from criteria.inspections.services import (
    approve_inspection,
    open_supplement,
    reopen_inspection,
    save_answer,
    sign_minutes,
)
from criteria.inspections.services.sending import DAY, Sent
from tests.support.factories import answer, enrol, make_round, submit_signed

JSON = {"HTTP_ACCEPT": "application/json"}


def send(enrolment, by, outcome="not_met", *, code="TC05", base=0, **values):
    parts = {"outcome": outcome, "note": "", **values} if code != DAY else values
    sent = Sent(
        code=code,
        criteria_set=enrolment.round.criteria_set_id,
        base_version=base,
        submission_id=uuid.uuid4(),
        made_at=timezone.now(),
        typed={name: "" if value is None else str(value) for name, value in parts.items()},
    )
    return save_answer(pk=enrolment.pk, sent=sent, by=by, via="offline").kept


def settle(client, enrolment, kept, take, **options):
    return client.post(reverse("inspections:settle", args=[enrolment.pk, kept.pk]), {"take": take} | options)


def settle_json(client, enrolment, kept, take, seen=""):
    address = reverse("inspections:settle", args=[enrolment.pk, kept.pk])
    return client.post(f"{address}?seen={seen}", {"take": take}, **JSON).json()


def page_of(client, enrolment):
    return client.get(reverse("inspections:checklist", args=[enrolment.pk])).content.decode()


@pytest.fixture
def conflict(cast, phuong6):
    answer(phuong6, cast.inspector2, {5: "met"})
    return send(phuong6, cast.inspector, note="Chưa ký ban hành")


def test_both_values_stand_at_the_criterion_with_buttons_that_need_no_script(cast, sign_in, phuong6, conflict):
    page = page_of(sign_in(cast.inspector), phuong6)
    line = page[page.index("id=TC05 ") :]
    line = line[: line.index("</fieldset>")]
    assert f'data-kept="{conflict.pk}" data-seen="1"' in line
    assert "Chưa ký ban hành" in line
    assert str(cast.inspector2) in line
    address = reverse("inspections:settle", args=[phuong6.pk, conflict.pk])
    assert line.count(f'form="settle" formaction="{address}?seen=1"') == 2
    # The buttons belong to a form of their own, outside that of the checklist.
    assert page.index('<form id="settle"') < page.index("data-checklist")
    assert "<form" not in line


def test_taking_mine_goes_back_to_the_criterion(cast, sign_in, phuong6, conflict):
    client = sign_in(cast.inspector)
    response = settle(client, phuong6, conflict, "1", seen="1")
    assert response.url == f"{reverse('inspections:checklist', args=[phuong6.pk])}#TC05"
    assert phuong6.inspection.results.get().note == "Chưa ký ban hành"
    # Pressed twice, it is decided once.
    assert settle(client, phuong6, conflict, "1", seen="1").status_code == 302
    assert phuong6.inspection.results.get().version == 2
    assert 'class="kept"' not in page_of(client, phuong6)


def test_keeping_the_colleagues_leaves_it_as_it_is(cast, sign_in, phuong6, conflict):
    found = settle_json(sign_in(cast.inspector2), phuong6, conflict, "0", seen=1)
    assert (found["state"], found["version"], found["values"]["outcome"]) == ("saved", 1, "met")
    assert found["seen"].startswith("1:")
    assert Event.objects.about(conflict).filter(action="dropped").count() == 1
    assert phuong6.inspection.results.get().outcome == "met"


def heading_of(page):
    return page.split('class="kept"')[1].split("<b>")[1].split("</b>")[0]


def test_the_story_tells_a_choice_between_answers_as_what_it_is(cast, sign_in, phuong6, conflict):
    settle(sign_in(cast.inspector), phuong6, conflict, "1", seen="1")
    assert Event.objects.about(conflict).first().deed == gettext("chose the answer that was kept")
    dropped = Event(action="dropped", object_type="inspections.keptanswer")
    assert dropped.deed == gettext("left the answer that stands in the checklist")
    assert Event(action="accepted", object_type="inspections.finding").deed == gettext("accepted the answer")


def test_two_answers_of_one_person_and_one_against_nothing_are_called_so(cast, sign_in, phuong6):
    client = sign_in(cast.inspector)
    answer(phuong6, cast.inspector, {5: "met"})
    kept = send(phuong6, cast.inspector)
    assert heading_of(page_of(client, phuong6)) == gettext("The same person answered twice, differently")
    answer(phuong6, cast.inspector2, {5: ""})
    page = page_of(client, phuong6)
    assert heading_of(page) == gettext("The checklist has no answer now; this one was sent")
    assert gettext("Leave it blank") in page
    answer(phuong6, cast.inspector2, {5: "met"})
    assert heading_of(page_of(client, phuong6)) == gettext("Two people answered differently")
    assert kept.decision == ""


def test_nobody_decides_on_a_value_unseen(cast, sign_in, phuong6, conflict):
    answer(phuong6, cast.inspector2, {5: "not_met"})
    found = settle_json(sign_in(cast.inspector), phuong6, conflict, "1", seen=1)
    assert (found["state"], bool(found["message"])) == ("refused", True)
    conflict.refresh_from_db()
    assert conflict.decision == ""
    assert settle_json(sign_in(cast.inspector), phuong6, conflict, "1", seen=2)["state"] == "saved"


def test_two_people_decide_once(cast, sign_in, phuong6, conflict):
    assert settle_json(sign_in(cast.inspector), phuong6, conflict, "1", seen=1)["state"] == "saved"
    assert settle_json(sign_in(cast.inspector2), phuong6, conflict, "0", seen=1)["state"] == "refused"
    assert phuong6.inspection.results.get().outcome == "not_met"


@pytest.mark.parametrize("data", [{}, {"take": "2"}, {"take": "1", "seen": "x"}, {"take": "1", "seen": "9" * 30}])
def test_a_choice_that_cannot_be_read(cast, sign_in, phuong6, conflict, data):
    address = reverse("inspections:settle", args=[phuong6.pk, conflict.pk])
    assert sign_in(cast.inspector).post(address, data, **JSON).status_code == 400
    conflict.refresh_from_db()
    assert conflict.decision == ""


def test_other_roles_and_other_checklists(cast, sign_in, phuong6, conflict):
    assert settle(sign_in(cast.quan10), phuong6, conflict, "1").status_code == 403
    other = phuong6.round.enrolments.exclude(pk=phuong6.pk).first()
    assert settle(sign_in(cast.inspector), other, conflict, "1").status_code == 404


@pytest.mark.parametrize("person", ["inspector2", "approver", "quan10"])
def test_nobody_decides_in_the_name_of_the_page_of_another(cast, sign_in, phuong6, conflict, person):
    """A page that is still open while somebody else has signed in on the device."""
    client, address = sign_in(getattr(cast, person)), reverse("inspections:settle", args=[phuong6.pk, conflict.pk])
    data = {"take": "1", "user": cast.inspector.pk}
    answered = client.post(f"{address}?seen=1", data, **JSON)
    assert answered.status_code == 403 and answered.json()["other"] is True and answered.json()["message"]
    assert client.post(f"{address}?seen=1", data).status_code == 302
    conflict.refresh_from_db()
    assert conflict.decision == "" and phuong6.inspection.results.get().outcome == "met"


def test_the_day_stands_at_the_top(cast, sign_in, phuong6):
    import datetime

    send(phuong6, cast.inspector2, code=DAY, inspected_on=datetime.date(2019, 10, 14))
    kept = send(phuong6, cast.inspector, code=DAY, inspected_on=datetime.date(2019, 10, 15))
    client = sign_in(cast.inspector)
    page = page_of(client, phuong6)
    assert page.index(f'data-kept="{kept.pk}"') < page.index("data-checklist")
    found = settle_json(client, phuong6, kept, "1", datetime.date(2019, 10, 14).toordinal())
    assert (found["seen"], found["values"]) == ("2019-10-15", {"inspected_on": "15/10/2019"})


@pytest.fixture
def too_late(cast, phuong6):
    """Sent from off-line, received once the checklist was approved."""
    answer(phuong6, cast.inspector2, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector2)
    approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    return send(phuong6, cast.inspector, base=1)


def test_what_came_too_late_is_for_its_author_and_the_approver(cast, sign_in, phuong6, too_late):
    box, take = f'data-kept="{too_late.pk}"', 'name="take" value="1"'
    for person, sees in (("inspector", True), ("approver", True), ("inspector2", False), ("leader", False)):
        page = page_of(sign_in(getattr(cast, person)), phuong6)
        assert (box in page) is sees, person
        assert take not in page
    assert settle(sign_in(cast.inspector2), phuong6, too_late, "0").status_code == 404
    assert settle_json(sign_in(cast.inspector), phuong6, too_late, "1", seen=1)["state"] == "refused"
    assert settle_json(sign_in(cast.approver), phuong6, too_late, "0")["state"] == "saved"
    assert phuong6.inspection.results.get(criterion__code="TC05").outcome == "met"
    assert 'class="kept"' not in page_of(sign_in(cast.inspector), phuong6)


def test_the_box_has_the_true_answer_and_says_what_became_of_the_checklist(cast, sign_in, phuong6, too_late):
    criteria_set = phuong6.round.criteria_set_id
    data = {"user": cast.inspector.pk, "set": criteria_set, "criterion": "TC05", "base_version": 1, "via": "autosave"}
    data |= {"outcome": "not_met", "number": "", "text": "", "note": "Gửi muộn", "submission_id": str(uuid.uuid4())}
    client = sign_in(cast.inspector)
    for _time in range(2):
        found = client.post(reverse("inspections:save", args=[phuong6.pk]), data, **JSON).json()
        assert (found["state"], found["version"]) == ("kept", 1)
        assert found["message"] and found["message"] in found["html"]
        assert str(cast.inspector2) in found["html"][found["html"].rindex("<dt>") :]
        assert "answer-met" in found["html"][found["html"].rindex("<dd>") :]


def test_what_came_too_late_can_be_taken_once_answers_are_open_again(cast, sign_in, phuong6, too_late):
    reopen_inspection(inspection=phuong6.inspection, reason="Có tài liệu mới", by=cast.approver)
    open_supplement(inspection=phuong6.inspection, reason="Có tài liệu mới", by=cast.inspector2)
    client = sign_in(cast.inspector)
    page = page_of(client, phuong6)
    line = page[page.index("id=TC05 ") :]
    line = line[: line.index("</fieldset>")]
    assert page.count('name="take" value="1"') == line.count('name="take" value="1"') == 1
    assert KeptAnswer.Reason.LOCKED.label.capitalize() not in page
    assert settle_json(client, phuong6, too_late, "1", seen=1)["state"] == "saved"
    assert phuong6.inspection.results.get(criterion__code="TC05").outcome == "not_met"
    assert KeptAnswer.objects.get().decision == "taken"


def test_what_was_found_last_time_stands_beside_and_a_failure_again_is_marked(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    answer(phuong6, cast.inspector, {5: "not_met", 6: "not_met"})
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    later = enrol(make_round(phuong6.round.criteria_set), phuong6.ward)
    answer(later, cast.inspector, {5: "not_met", 6: "met"})
    client = sign_in(cast.inspector)
    for page in (page_of(client, later), _read(client, cast, later)):
        assert page.count('<p class="last met">') == 21
        assert page.count('<p class="last not_met">') == 2
        assert page.count(f"· {phuong6.round.name}") >= 23
        assert page.count("<strong>") == 1
        assert "<strong>" in re.search(r'id="?TC05\b(.*?)id="?TC06\b', page, re.DOTALL)[1]


def _read(client, cast, enrolment):
    """The page once answers do not change any more."""
    sign_minutes(inspection=enrolment.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    return page_of(client, enrolment)
