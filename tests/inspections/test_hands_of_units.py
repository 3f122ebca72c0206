"""Who answered for a unit and decides for the sub-department later: what stands in the checklist is their own."""

import datetime
import uuid

import pytest
from django.utils import timezone

from archiveportal.accounts.models import Role, User
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, FindingReply, Inspection
from criteria.inspections.services import approve_inspection
from criteria.inspections.services.evidence import void_evidence
from criteria.inspections.services.hands import Hand, hands_in
from criteria.inspections.services.replies import judge_reply
from criteria.inspections.services.self_assessment import hand_back, hand_in, save_self_answers
from criteria.inspections.services.self_confirming import confirm, confirm_on_paper, withdraw
from criteria.inspections.services.taking_over import take_over_answer, take_over_evidence
from criteria.inspections.services.values import BLANK, Change
from tests.inspections.test_four_eyes import change_one
from tests.support.factories import answer, enrol, make_round, make_set, make_user, submit_signed
from tests.support.inspections import published_finding
from tests.support.pictures import PDF, photograph, upload
from tests.support.self_assessments import assess_all, handed_in, shown
from wards.models import Ward

DAY = datetime.timedelta(days=1)


@pytest.fixture
def unit(cast) -> Enrolment:
    """Xã Thạnh An in a round that asks for self-assessment; its officer answers and a team visits it."""
    due = timezone.localdate() + 10 * DAY
    inspection_round = make_round(make_set(), asks_self_assessment=True, self_assessment_due=due)
    enrolment = enrol(inspection_round, Ward.objects.get(code="27676", is_baseline=True))
    return Enrolment.objects.select_related("round__criteria_set", "ward__district", "inspection").get(pk=enrolment.pk)


def made_approver(officer: User) -> User:
    User.objects.filter(pk=officer.pk).update(role=Role.APPROVER, ward=None)
    return User.objects.get(pk=officer.pk)


def take_over(unit: Enrolment, cast, code="TC01") -> None:
    given = unit.self_assessment.answers.get(criterion__code=code)
    result = unit.inspection.results.filter(criterion=given.criterion).first()
    seen = result.version if result else 0
    take_over_answer(inspection=unit.inspection, answer=given, seen=seen, shown=given.version, by=cast.inspector)


def answer_for_unit(unit: Enrolment, by: User, **values) -> None:
    given = unit.self_assessment.answers.get(criterion__code="TC01")
    change = Change(given.criterion, given.version, BLANK | values)
    save_self_answers(enrolment=unit, changes=[change], by=by)


def takes_over_the_answer(unit, cast):
    handed_in(unit, cast.thanhan, "not_met")
    take_over(unit, cast)


def types_the_same_answer(unit, cast):
    handed_in(unit, cast.thanhan, "not_met")
    change_one(unit, cast.inspector, "TC01", outcome="not_met")


def leaves_the_note_under_another_answer(unit, cast):
    takes_over_the_answer(unit, cast)
    change_one(unit, cast.inspector, "TC01", outcome="met")


def takes_over_what_another_wrote_anew_since(unit, cast):
    takes_over_the_answer(unit, cast)
    hand_back(assessment=unit.self_assessment, reason="Bổ sung", by=cast.inspector)
    colleague = make_user(Role.WARD, "dongnghiep", ward=unit.ward)
    answer_for_unit(unit, colleague, outcome="met", note="Ghi lại")


def takes_over_a_document(unit, cast):
    piece = shown(unit, cast.thanhan)
    handed_in(unit, cast.thanhan, "not_met")
    take_over_evidence(inspection=unit.inspection, piece=piece, by=cast.inspector)


def takes_over_a_photograph(unit, cast):
    piece = shown(unit, cast.thanhan, number="", issuer="", upload=upload(photograph(), "kho.jpg"))
    handed_in(unit, cast.thanhan, "not_met")
    take_over_evidence(inspection=unit.inspection, piece=piece, by=cast.inspector)


HANDED_OVER = [
    (takes_over_the_answer, Hand.ANSWERED_FOR_UNIT),
    (types_the_same_answer, Hand.ANSWERED_FOR_UNIT),
    (leaves_the_note_under_another_answer, Hand.ANSWERED_FOR_UNIT),
    (takes_over_what_another_wrote_anew_since, Hand.ANSWERED_FOR_UNIT),
    (takes_over_a_document, Hand.ADDED_EVIDENCE),
    (takes_over_a_photograph, Hand.ADDED_EVIDENCE),
]


@pytest.mark.parametrize(("deed", "hand"), HANDED_OVER)
def test_who_gave_it_for_the_unit_does_not_approve_it(cast, unit, deed, hand):
    answer(unit, cast.inspector, "met")
    deed(unit, cast)
    # The officer of the tests also hands in.
    does_not_approve(unit, cast, made_approver(cast.thanhan), {hand, Hand.SPOKE_FOR_UNIT})


def does_not_approve(unit: Enrolment, cast, person: User, hands: set[Hand]) -> None:
    unit.inspection.refresh_from_db()
    assert set(hands_in(unit.inspection).of(person)) == hands
    submit_signed(inspection=unit.inspection, by=cast.inspector)
    with pytest.raises(Refused, match=cast.approver2.full_name) as refusal:
        approve_inspection(inspection=unit.inspection, by=person)
    assert refusal.value.code == "own_hand"
    assert Inspection.objects.get(pk=unit.inspection.pk).status == "submitted"
    approve_inspection(inspection=unit.inspection, by=cast.approver2)


def hands_in_what_the_officer_said(unit, cast):
    """A colleague hands in what the officer answered and shows."""
    colleague = make_user(Role.WARD, "dongnghiep", ward=unit.ward)
    shown(unit, cast.thanhan)
    hand_in(enrolment=unit, seen=assess_all(unit, cast.thanhan, "not_met"), by=colleague)
    return colleague


def confirms_it(unit, cast):
    hands_in_what_the_officer_said(unit, cast)
    confirm(assessment=unit.self_assessment, seen=version_of(unit), by=cast.ldthanhan)
    return cast.ldthanhan


def attaches_the_signed_paper(unit, cast):
    hands_in_what_the_officer_said(unit, cast)
    third = make_user(Role.WARD, "nguoithuba", ward=unit.ward)
    signed = {"upload": upload(PDF, "da-ky.pdf"), "signatory": "Chủ tịch", "signed_on": timezone.localdate()}
    confirm_on_paper(assessment=unit.self_assessment, seen=version_of(unit), by=third, **signed)
    return third


def withdraws_it(unit, cast):
    colleague = hands_in_what_the_officer_said(unit, cast)
    withdraw(assessment=unit.self_assessment, reason="Xem lại", by=cast.ldthanhan)
    hand_in(enrolment=unit, seen=version_of(unit), by=colleague)
    return cast.ldthanhan


def version_of(unit: Enrolment) -> int:
    unit.self_assessment.refresh_from_db()
    return unit.self_assessment.version


SPEAKING = [hands_in_what_the_officer_said, confirms_it, attaches_the_signed_paper, withdraws_it]


def takes_over_its_answer(unit, cast):
    take_over(unit, cast)


def takes_over_its_document(unit, cast):
    piece = unit.self_assessment.evidence.get()
    take_over_evidence(inspection=unit.inspection, piece=piece, by=cast.inspector)


@pytest.mark.parametrize("speak", SPEAKING)
@pytest.mark.parametrize("deed", [takes_over_its_answer, takes_over_its_document])
def test_who_spoke_for_the_unit_does_not_approve_what_came_from_it(cast, unit, speak, deed):
    person = made_approver(speak(unit, cast))
    answer(unit, cast.inspector, "met")
    deed(unit, cast)
    does_not_approve(unit, cast, person, {Hand.SPOKE_FOR_UNIT})


@pytest.mark.parametrize("speak", SPEAKING)
def test_who_spoke_for_the_unit_approves_where_nothing_came_from_it(cast, unit, speak):
    person = made_approver(speak(unit, cast))
    answer(unit, cast.inspector, "met")
    assert hands_in(unit.inspection).of(person) == []
    submit_signed(inspection=unit.inspection, by=cast.inspector)
    assert approve_inspection(inspection=unit.inspection, by=person).approved_by == person


def test_what_was_taken_over_and_taken_back_is_no_hand_of_the_unit(cast, unit):
    person = made_approver(confirms_it(unit, cast))
    answer(unit, cast.inspector, "met")
    takes_over_its_document(unit, cast)
    void_evidence(evidence=unit.inspection.evidence.get(), reason="Nhầm", by=cast.inspector)
    assert hands_in(unit.inspection).of(person) == []


def differs_from_the_unit(unit, cast):
    handed_in(unit, cast.thanhan, "not_met")


def answers_anew_after_taking_over(unit, cast):
    takes_over_the_answer(unit, cast)
    change_one(unit, cast.inspector, "TC01", outcome="met", note="Kho riêng")


def gives_what_the_unit_has_not_shown_yet(unit, cast):
    assess_all(unit, cast.thanhan, "not_met")
    change_one(unit, cast.inspector, "TC01", outcome="not_met")


@pytest.mark.parametrize(
    "deed", [differs_from_the_unit, answers_anew_after_taking_over, gives_what_the_unit_has_not_shown_yet]
)
def test_what_is_not_from_the_unit_is_no_hand_of_its_officer(cast, unit, deed):
    answer(unit, cast.inspector, "met")
    deed(unit, cast)
    officer = made_approver(cast.thanhan)
    unit.inspection.refresh_from_db()
    assert hands_in(unit.inspection).of(officer) == []
    submit_signed(inspection=unit.inspection, by=cast.inspector)
    assert approve_inspection(inspection=unit.inspection, by=officer).approved_by == officer


def test_the_history_says_that_an_answer_was_taken_over(cast, unit):
    takes_over_the_answer(unit, cast)
    entry = Event.objects.about(unit.inspection).first()
    assert (entry.actor_id, entry.reason) == (cast.inspector.pk, "lấy từ phiếu tự kiểm tra")


def test_who_answered_a_finding_for_the_unit_does_not_decide_on_the_answer(cast, unit):
    answer(unit, cast.inspector, "not_met")
    finding = published_finding(unit, cast.inspector, status="answered")
    common = {"finding": finding, "submission_id": uuid.uuid4()}
    FindingReply.objects.create(text="Đã làm", answered_by=cast.thanhan, **common)
    officer = made_approver(cast.thanhan)
    for accept in (True, False):
        with pytest.raises(Refused):
            judge_reply(finding=finding, accept=accept, reason="Đủ", seen=finding.version, by=officer)
    assert judge_reply(finding=finding, accept=True, seen=finding.version, by=cast.inspector).status == "closed"
