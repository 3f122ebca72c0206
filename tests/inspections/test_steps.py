"""Every step from every state by every role, and the lock of what is approved."""

import datetime
import uuid
from itertools import chain, product

import pytest
from django.urls import reverse
from django.utils import timezone

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Finding, Inspection, KeptAnswer, Team, TeamMember
from criteria.inspections.services import (
    Change,
    approve_inspection,
    keep_scans,
    open_supplement,
    reopen_inspection,
    return_inspection,
    save_minutes,
    save_results,
    sign_minutes,
    submit_inspection,
)
from criteria.inspections.services.minutes import DETAILS
from tests.support.factories import answer, visit_today

STATES = ["draft", "signed", "submitted", "returned", "supplement", "approved"]
#: step: the states from which it leads on, and where to
WAYS = {
    "sign": {"draft": "signed", "supplement": "signed"},
    "supplement": {"signed": "draft", "returned": "returned"},
    "submit": {"signed": "submitted", "returned": "submitted"},
    "return": {"submitted": "returned"},
    "approve": {"submitted": "approved"},
    "reopen": {"approved": "returned"},
}
DECISIONS = {"return", "approve", "reopen"}


def take(step, enrolment, by):
    inspection = Inspection.objects.get(enrolment=enrolment)
    if step == "sign":
        return sign_minutes(inspection=inspection, signed_on=timezone.localdate(), by=by)
    steps = {
        "supplement": lambda: open_supplement(inspection=inspection, reason="Sót số liệu", by=by),
        "submit": lambda: submit_inspection(inspection=inspection, by=by),
        "return": lambda: return_inspection(inspection=inspection, reason="Xem lại kho", by=by),
        "approve": lambda: approve_inspection(inspection=inspection, by=by),
        "reopen": lambda: reopen_inspection(inspection=inspection, reason="Phát hiện sai", by=by),
    }
    return steps[step]()


ROAD = {
    "draft": [],
    "signed": ["sign"],
    "submitted": ["sign", "submit"],
    "returned": ["sign", "submit", "return"],
    "supplement": ["sign", "submit", "return", "supplement"],
    "approved": ["sign", "submit", "approve"],
}


@pytest.fixture
def brought_to(cast, phuong6):
    """`brought_to(state)`: the complete checklist of Phường 6 in that state."""

    def make(state):
        answer(phuong6, cast.inspector, "met")
        visit_today(phuong6.inspection)
        second = cast.approver2
        for step in ROAD[state]:
            take(step, phuong6, second if step in DECISIONS else cast.inspector)
        return phuong6

    return make


def status(enrolment):
    return Inspection.objects.get(enrolment=enrolment).status


@pytest.mark.parametrize("state", STATES)
def test_every_step_from_every_state(cast, brought_to, state):
    enrolment = brought_to(state)
    before = Inspection.objects.get(enrolment=enrolment)
    for step, ways in WAYS.items():
        if state in ways:
            continue
        with pytest.raises(Refused):
            take(step, enrolment, cast.approver if step in DECISIONS else cast.inspector2)
        after = Inspection.objects.get(enrolment=enrolment)
        assert (after.status, after.signed_at) == (before.status, before.signed_at), step


#: each step with each state in which it may be taken
TAKEN = list(chain.from_iterable(product([step], ways) for step, ways in WAYS.items()))


@pytest.mark.parametrize(("step", "state"), TAKEN)
def test_every_step_writes_one_event(cast, brought_to, step, state):
    enrolment = brought_to(state)
    before = Event.objects.about(enrolment.inspection).count()
    by = cast.approver if step in DECISIONS else cast.inspector2
    take(step, enrolment, by)
    assert status(enrolment) == WAYS[step][state]
    events = Event.objects.about(enrolment.inspection)
    assert events.count() == before + 1
    assert events.first().actor_id == by.pk
    assert bool(events.first().reason) == (step in {"supplement", "return", "reopen"})


@pytest.mark.parametrize(("step", "state"), TAKEN)
def test_every_step_by_every_role(cast, brought_to, step, state):
    enrolment = brought_to(state)
    approvers = {"approver", "approver2"}
    allowed = approvers if step in DECISIONS else {"inspector", "inspector2", *approvers}
    for name, person in cast.all().items():
        if name in allowed:
            continue
        with pytest.raises(Refused):
            take(step, enrolment, person)
    assert status(enrolment) == ("returned" if state == "supplement" else state)


def test_only_the_head_of_the_team_submits(cast, brought_to, sign_in):
    enrolment = brought_to("signed")
    team = Team.objects.create(round=enrolment.round, name="Đoàn 1")
    TeamMember.objects.create(team=team, person=cast.inspector2, full_name="Trần Văn Trưởng", part="head")
    enrolment.team = team
    enrolment.save(update_fields=["team"])
    with pytest.raises(Refused, match="Trần Văn Trưởng"):
        take("submit", enrolment, cast.inspector)
    submit = reverse("inspections:submit", args=[enrolment.pk])
    page = reverse("inspections:checklist", args=[enrolment.pk])
    assert submit not in sign_in(cast.inspector).get(page).content.decode()
    assert "Trần Văn Trưởng" in sign_in(cast.inspector).get(page).content.decode()
    assert submit in sign_in(cast.inspector2).get(page).content.decode()
    take("submit", enrolment, cast.inspector2)
    assert status(enrolment) == "submitted"


@pytest.mark.parametrize("step", ["submit", "return", "approve", "reopen", "supplement"])
def test_a_step_taken_twice_is_one(cast, brought_to, step):
    enrolment = brought_to(next(iter(WAYS[step])))
    by = cast.approver if step in DECISIONS else cast.inspector2
    take(step, enrolment, by)
    events = Event.objects.count()
    take(step, enrolment, by)
    assert Event.objects.count() == events


def test_signing_twice_is_one(cast, brought_to, sign_in):
    enrolment = brought_to("draft")
    client = sign_in(cast.inspector)
    _save(enrolment, cast.inspector)
    address = reverse("inspections:minutes-sign", args=[enrolment.pk])
    digest = client.get(address).context["paper"].digest
    data = {"signed_on": f"{timezone.localdate():%d/%m/%Y}", "digest": digest}
    answers = [client.post(address, data) for _ in range(2)]
    assert {response.url for response in answers} == {reverse("inspections:checklist", args=[enrolment.pk])}
    assert Event.objects.about(enrolment.inspection).filter(action="signed").count() == 1


def _save(enrolment, by, **changes):
    values = dict.fromkeys(DETAILS, "") | {"started_at": None, "ended_at": None, "copies": 2}
    minutes = enrolment.inspection.minutes.filter(signed_at=None).first()
    seen = minutes.version if minutes else 0
    return save_minutes(inspection=enrolment.inspection, values=values | changes, people=[], seen=seen, by=by)


@pytest.mark.parametrize("person", ["inspector", "approver", "administrator", "quan10", "leader"])
@pytest.mark.parametrize("via", ["page", "autosave", "offline", "import", "command"])
def test_an_approved_checklist_is_locked_for_everybody(cast, brought_to, person, via):
    enrolment, by = brought_to("approved"), getattr(cast, person)
    inspection = enrolment.inspection
    criterion = enrolment.round.criteria_set.criteria.get(code="TC01")
    change = Change(criterion, 1, {"outcome": "not_met", "number": None, "text": "", "note": "muộn"})
    minutes = inspection.minutes.get()
    events = Event.objects.count()
    writes = [
        lambda: save_results(inspection=inspection, changes=[change], by=by, via=via, submission_id=uuid.uuid4()),
        lambda: _save(enrolment, by, place="Nơi khác"),
        lambda: sign_minutes(inspection=inspection, signed_on=timezone.localdate(), by=by, via=via),
        lambda: open_supplement(inspection=inspection, reason="x", by=by, via=via),
        lambda: keep_scans(minutes=minutes, uploads=[], by=by, via=via),
        lambda: submit_inspection(inspection=inspection, by=by, via=via),
        lambda: return_inspection(inspection=inspection, reason="x", by=by, via=via),
    ]
    for write in writes:
        with pytest.raises(Refused):
            write()
    assert inspection.results.get(criterion=criterion).outcome == "met"
    assert status(enrolment) == "approved"
    assert Event.objects.count() == events


def test_reopening_needs_a_reason_and_leads_over_a_supplement(cast, brought_to, sign_in, form_data):
    enrolment = brought_to("approved")
    client, address = sign_in(cast.approver), reverse("inspections:reopen", args=[enrolment.pk])
    version = Inspection.objects.get(enrolment=enrolment).version
    assert client.post(address, {"reason": " ", "version": version}).status_code == 200
    assert client.post(address, {"reason": "Cũ", "version": version - 1}).status_code == 200
    assert status(enrolment) == "approved"
    assert client.post(address, {"reason": "Sai số liệu kho", "version": version}).status_code == 302
    inspection = Inspection.objects.get(enrolment=enrolment)
    assert (inspection.status, inspection.is_locked) == ("returned", True)
    assert "Sai số liệu kho" in sign_in(cast.inspector).get(f"/phieu/{enrolment.pk}/").content.decode()
    open_supplement(inspection=inspection, reason="Sai số liệu kho", by=cast.inspector)
    assert not Inspection.objects.get(enrolment=enrolment).is_locked


def test_two_answers_keep_the_minutes_from_being_signed(cast, brought_to):
    enrolment = brought_to("draft")
    criterion = enrolment.round.criteria_set.criteria.get(code="TC01")
    kept = KeptAnswer.objects.create(
        inspection=enrolment.inspection,
        criterion=criterion,
        criteria_set=criterion.criteria_set,
        values={"outcome": "not_met", "number": "", "text": "", "note": ""},
        base_version=0,
        reason="conflict",
        submission_id=uuid.uuid4(),
        via="offline",
        sent_by=cast.inspector2,
        made_at=timezone.now(),
    )
    with pytest.raises(Refused) as refusal:
        take("sign", enrolment, cast.inspector)
    assert refusal.value.code == "conflict"
    kept.decision, kept.decided_by, kept.decided_at = "dropped", cast.inspector, timezone.now()
    kept.save(update_fields=["decision", "decided_by", "decided_at"])
    take("sign", enrolment, cast.inspector)
    assert status(enrolment) == "signed"


def test_open_criteria_can_be_signed_and_not_submitted(cast, phuong6):
    answer(phuong6, cast.inspector, {1: "met"})
    minutes = take("sign", phuong6, cast.inspector)
    lines = {line["code"]: line["outcome"] for line in minutes.content["lines"]}
    assert (lines["TC01"], lines["TC02"]) == ("met", "")
    with pytest.raises(Refused) as refusal:
        take("submit", phuong6, cast.inspector)
    assert refusal.value.code == "missing"


def test_the_day_of_signing_is_not_in_the_future_nor_before_the_visit(cast, brought_to):
    enrolment = brought_to("draft")
    inspection = enrolment.inspection
    today = timezone.localdate()
    Inspection.objects.filter(pk=inspection.pk).update(inspected_on=today)
    for day in (today + datetime.timedelta(days=1), today - datetime.timedelta(days=1)):
        with pytest.raises(Refused) as refusal:
            sign_minutes(inspection=inspection, signed_on=day, by=cast.inspector)
        assert refusal.value.code == "day"


def test_approval_shows_the_recommendations_to_the_ward(cast, brought_to):
    enrolment = brought_to("submitted")
    finding = Finding.objects.create(
        inspection=enrolment.inspection,
        criterion=enrolment.round.criteria_set.criteria.get(code="TC01"),
        recommendation="Bố trí kho",
        due_on=timezone.localdate(),
        created_by=cast.inspector,
    )
    take("approve", enrolment, cast.approver)
    finding.refresh_from_db()
    assert finding.published_at
