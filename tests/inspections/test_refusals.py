"""What a service refuses although its page would not send it: an old form, a device, another person."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from archiveportal.accounts.models import User
from archiveportal.history.models import Event
from criteria.inspections import services
from criteria.inspections.models import (
    Enrolment,
    Inspection,
    KeptAnswer,
    Round,
    SelfAssessment,
    Team,
)
from criteria.inspections.services import BLANK, Change, evidence, findings, replies, self_assessment
from criteria.inspections.services.enrolling import remove_ward
from criteria.inspections.services.sending import Sent
from criteria.inspections.services.teams import Member
from criteria.models import Criterion
from tests.support.factories import answer, make_set
from tests.support.inspections import photograph
from tests.support.used_sets import change_used_set
from tests.support.world import World, make_world, today

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def world(db) -> World:
    return make_world()


def save(world: World, criterion: Criterion | None = None, **values: Any) -> None:
    change = Change(criterion or world.criterion(), 0, BLANK | values)
    services.save_results(
        inspection=world.inspection,
        changes=[change],
        by=world.inspector,
        submission_id=uuid.uuid4(),
    )


def save_not_applicable(world: World) -> None:
    change_used_set(world.round.criteria_set, allows_not_applicable=True)
    world.enrolment.round.criteria_set.refresh_from_db()
    save(world, outcome="not_applicable", note=" ")


def send(world: World, by: User, *, code: str = "TC01", criteria_set: int = 0, number: str = "") -> None:
    services.save_answer(
        pk=world.enrolment.pk,
        sent=Sent(
            code=code,
            criteria_set=criteria_set or world.round.criteria_set_id,
            base_version=0,
            submission_id=uuid.UUID(number or str(uuid.uuid4())),
            made_at=timezone.now(),
            typed={"outcome": "met", "note": ""},
        ),
        by=by,
        via="offline",
    )


def settle(world: World, kept: KeptAnswer, *, take: bool, by: User) -> None:
    services.settle_kept(kept=kept, take=take, seen=0, by=by, via="page")


def settle_as_officer(world: World) -> None:
    settle(world, world.kept_answer(), take=True, by=world.officer)


def drop_of_another(world: World) -> None:
    settle(world, world.kept_answer(), take=False, by=world.inspector)


def take_of_another_set(world: World) -> None:
    foreign = world.foreign_criterion()
    kept = world.kept_answer(criterion=foreign, criteria_set=foreign.criteria_set)
    settle(world, kept, take=True, by=world.inspector)


def list_document_twice(world: World) -> None:
    world.document()
    document = world.document("2/KH")
    document.number = "1/KH"
    services.correct_document(document=document, by=world.approver)


def remove_twice(world: World) -> None:
    Inspection.objects.filter(enrolment=world.enrolment).delete()
    Enrolment.objects.filter(pk=world.enrolment.pk).delete()
    remove_ward(enrolment=world.enrolment, by=world.approver)


def remove_with_self_assessment(world: World) -> None:
    SelfAssessment.objects.create(enrolment=world.enrolment)
    remove_ward(enrolment=world.enrolment, by=world.approver)


def add_evidence(world: World) -> Any:
    return evidence.add_evidence(
        inspection=world.inspection,
        criterion=world.criterion(),
        upload_id=uuid.uuid4(),
        number="5/QĐ",
        by=world.inspector,
    )


def void_after_colleague(world: World) -> None:
    added = add_evidence(world)
    evidence.void_evidence(evidence=added, reason="Nhầm", by=world.colleague)
    evidence.void_evidence(evidence=added, reason="Nhầm", by=world.inspector)


def void_without_reason(world: World) -> None:
    evidence.void_evidence(evidence=add_evidence(world), reason=" ", by=world.inspector)


def write_finding(world: World, **options: Any) -> None:
    values = {"criterion": world.criterion(), "recommendation": "Khác", "due_on": today() + DAY}
    findings.write_finding(inspection=world.inspection, by=world.inspector, **values | {"seen": 0} | options)


def rewrite_answered(world: World) -> None:
    found = world.finding(status="answered")
    write_finding(world, due_on=found.due_on, seen=found.version)


def move_deadline(world: World, **values: Any) -> None:
    found = world.finding(**values)
    findings.move_deadline(
        finding=found,
        due_on=today() + 3 * DAY,
        reason="Mưa",
        seen=found.version,
        by=world.inspector,
    )


def answer_finding(world: World, text: str = "Đã làm", uploads: tuple = ()) -> Any:
    found = world.finding()
    return replies.answer_finding(
        finding=found,
        text=text,
        uploads=uploads,
        submission_id=uuid.uuid4(),
        seen=found.version,
        by=world.officer,
    )


def refuse_answer_without_reason(world: World) -> None:
    found = answer_finding(world).finding
    found.refresh_from_db()
    replies.judge_reply(finding=found, accept=False, reason=" ", seen=found.version, by=world.inspector)


def save_minutes_backwards(world: World) -> None:
    now = timezone.now()
    values = {"started_at": now, "ended_at": now - DAY, "place": "UBND", "copies": 3}
    values |= {"ward_remarks": "", "recommendations": ""}
    services.save_minutes(inspection=world.inspection, values=values, people=[], seen=0, by=world.inspector)


def keep_scans_before_signing(world: World) -> None:
    minutes = world.inspection.minutes.create(code="X-1", opened_by=world.inspector)
    services.keep_scans(minutes=minutes, uploads=[photograph()], by=world.inspector)


def replace_scan_of_submitted(world: World) -> None:
    world.submit()
    minutes = world.inspection.minutes.get()
    services.keep_scans(minutes=minutes, uploads=[photograph()], by=world.inspector)
    other = photograph("khác.jpg", size=(20, 20))
    services.keep_scans(minutes=minutes, uploads=[other], by=world.inspector)


def supplement_without_reason(world: World) -> None:
    answer(world.enrolment, world.inspector, "met")
    services.sign_minutes(inspection=world.inspection, signed_on=today(), by=world.inspector)
    services.open_supplement(inspection=world.inspection, reason=" ", by=world.inspector)


def reopen_ward_without_reason(world: World) -> None:
    world.close_round()
    services.reopen_ward(enrolment=world.enrolment, until=today(), reason=" ", by=world.approver)


def open_round(world: World, *, by: User, code: str = "dot-moi") -> None:
    days = {"starts_on": today(), "ends_on": today() + DAY}
    services.open_round(
        inspection_round=Round(code=code, name="Đợt mới", criteria_set=make_set(1), **days),
        by=by,
    )


def hand_back_too_late(world: World) -> None:
    handed_in = {"handed_in_by": world.officer, "handed_in_at": timezone.now()}
    assessment = SelfAssessment.objects.create(enrolment=world.enrolment, **handed_in)
    late = {"asks_self_assessment": True, "self_assessment_due": today() - DAY}
    Round.objects.filter(pk=world.enrolment.round_id).update(**late)
    self_assessment.hand_back(assessment=assessment, reason="Sửa", by=world.inspector)


def save_team_of_closed_round(world: World) -> None:
    world.close_round()
    services.save_team(
        team=Team(round=world.round, name="Đoàn 1"),
        members=[Member("head", "Trưởng đoàn", "", world.inspector)],
        by=world.approver,
    )


def return_in_closed_round(world: World) -> None:
    world.submit()
    world.close_round()
    services.return_inspection(inspection=world.inspection, reason="Sửa", by=world.approver)


def return_without_reason(world: World) -> None:
    world.submit()
    services.return_inspection(inspection=world.inspection, reason=" ", by=world.approver)


def reopen_in_closed_round(world: World) -> None:
    world.approve()
    world.close_round()
    services.reopen_inspection(inspection=world.inspection, reason="Sửa", by=world.approver)


def reopen_without_reason(world: World) -> None:
    world.approve()
    services.reopen_inspection(inspection=world.inspection, reason=" ", by=world.approver)


def submit_with_two_days(world: World) -> None:
    answer(world.enrolment, world.inspector, "met")
    services.sign_minutes(inspection=world.inspection, signed_on=today(), by=world.inspector)
    Inspection.objects.filter(enrolment=world.enrolment).update(inspected_on=today())
    world.kept_answer(criterion=None, reason="conflict", values={"inspected_on": "2026-01-02"})
    services.submit_inspection(inspection=world.inspection, by=world.inspector)


#: by what happens: the words of the refusal, and the way there
REFUSALS: dict[str, tuple[str, Callable[[World], Any]]] = {
    "an answer that the set does not offer": (
        "Choose one of the answers offered",
        lambda world: save(world, outcome="not_applicable", note="Có lý do"),
    ),
    "an answer to another set": (
        "does not belong to the criteria set",
        lambda world: save(world, world.foreign_criterion(), outcome="met"),
    ),
    "not applicable without a note": ("why the criterion does not apply", save_not_applicable),
    "a number that nobody asked for": (
        "takes no number",
        lambda world: save(world, outcome="met", number=Decimal(3)),
    ),
    "a text that nobody asked for": (
        "takes no text",
        lambda world: save(world, outcome="met", text="Chữ"),
    ),
    "a device with a code that no set has": (
        "does not belong to the criteria set",
        lambda world: send(world, world.inspector, code="TC99"),
    ),
    "a device with a code that another set lacks": (
        "does not belong to the criteria set",
        lambda world: send(world, world.inspector, code="TC02", criteria_set=make_set(1).pk),
    ),
    "a kept answer settled by a unit": ("does not fill in checklists", settle_as_officer),
    "a kept answer dropped by a colleague": ("Only the author or an approver", drop_of_another),
    "a kept answer to another set": ("belongs to another criteria set", take_of_another_set),
    "a document listed twice": ("is listed already", list_document_twice),
    "a document taken back without a reason": (
        "why the document is taken back",
        lambda world: services.void_document(document=world.document(), reason=" ", by=world.approver),
    ),
    "a ward that is gone": ("not in the round any more", remove_twice),
    "a ward that assessed itself": ("Something is recorded", remove_with_self_assessment),
    "evidence that a colleague took back": ("has taken this evidence back", void_after_colleague),
    "evidence taken back without a reason": ("why this evidence is taken back", void_without_reason),
    "a finding on another set": (
        "does not belong to the criteria set",
        lambda world: write_finding(world, criterion=world.foreign_criterion()),
    ),
    "a finding that was answered": ("has answered this recommendation", rewrite_answered),
    "the deadline of a matter that is closed": (
        "This matter is closed",
        lambda world: move_deadline(world, status="closed", closed_at=timezone.now(), closed_by=world.inspector),
    ),
    "the deadline of a finding not yet published": (
        "not published yet",
        lambda world: move_deadline(world, published_at=None),
    ),
    "an answer with too many files": (
        "At most 10 files",
        lambda world: answer_finding(world, uploads=(photograph(),) * 11),
    ),
    "an answer without words": ("Say what was done", lambda world: answer_finding(world, " ")),
    "an answer refused without a reason": ("what is still missing", refuse_answer_without_reason),
    "minutes that end before they begin": ("must not come before", save_minutes_backwards),
    "a scan of minutes not signed": ("the day of signing first", keep_scans_before_signing),
    "another scan while approval is awaited": ("is waiting for approval", replace_scan_of_submitted),
    "a supplement without a reason": ("why the minutes are supplemented", supplement_without_reason),
    "a ward opened again without a reason": ("opened again for this ward", reopen_ward_without_reason),
    "a round opened by an inspector": (
        "does not manage inspection rounds",
        lambda world: open_round(world, by=world.inspector),
    ),
    "a round with the code of a page": (
        "needed for an address",
        lambda world: open_round(world, by=world.approver, code="mo"),
    ),
    "a self-assessment handed back too late": ("Nobody could correct it", hand_back_too_late),
    "a team of a closed round": ("This round is closed", save_team_of_closed_round),
    "a return in a closed round": ("nobody could correct", return_in_closed_round),
    "a return without a reason": ("what has to be added", return_without_reason),
    "an approval taken back in a closed round": ("nobody could correct", reopen_in_closed_round),
    "an approval taken back without a reason": ("is opened again", reopen_without_reason),
    "a submission with two days": ("two different days", submit_with_two_days),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_the_service_says_why(world, case):
    words, provoke = REFUSALS[case]
    with override("en"), pytest.raises(ValidationError) as refusal:
        provoke(world)
    assert words in " ".join(refusal.value.messages)


def test_a_save_of_another_person_is_not_shown_to_whoever_repeats_it(world):
    number = str(uuid.uuid4())
    send(world, world.inspector, number=number)
    events = Event.objects.count()
    with override("en"), pytest.raises(ValidationError, match="sent by another person"):
        send(world, world.colleague, number=number)
    assert Event.objects.count() == events
