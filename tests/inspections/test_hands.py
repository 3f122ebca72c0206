"""What counts as a hand in a checklist: each way in which words or marks come into it."""

import datetime

import pytest
from django.utils import timezone

from archiveportal.history.services import digest
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection, SelfAnswer
from criteria.inspections.services import approve_inspection, findings, reopen_inspection
from criteria.inspections.services.distant import mark_distant
from criteria.inspections.services.evidence import CAPTION, describe_evidence, void_evidence
from criteria.inspections.services.hands import IN_THE_MINUTES, RECOMMENDATION, Hand, hands_in
from criteria.inspections.services.minutes import DETAILS, open_supplement, save_minutes
from criteria.inspections.services.minutes_merge import FIELDS as MINUTES_FIELDS
from criteria.inspections.services.minutes_merge import HandedOver
from criteria.inspections.services.taking_over import take_over_answer, take_over_evidence
from tests.inspections.test_four_eyes import add_document, change_one, write_minutes
from tests.support.factories import answer, submit_signed
from tests.support.self_assessments import handed_in_by_hand, of_unit

DAY = datetime.timedelta(days=1)


def writes_what_is_inspected(enrolment, cast):
    write_minutes(enrolment, cast.approver, seen=0, inspected_content="Kho lưu trữ và mục lục hồ sơ")


def lists_what_was_handed_over(enrolment, cast):
    texts = dict.fromkeys(DETAILS, "") | {"started_at": None, "ended_at": None, "copies": 2}
    received = [HandedOver("Mục lục hồ sơ", "12/ML")]
    save_minutes(inspection=enrolment.inspection, values=texts, people=[], received=received, seen=0, by=cast.approver)


def marks_as_seen_from_a_distance(enrolment, cast):
    mark_distant(inspection=enrolment.inspection, criterion=criterion_of(enrolment), is_distant=True, by=cast.approver)


def says_what_evidence_shows(enrolment, cast):
    evidence = add_document(enrolment, cast.inspector)
    seen = digest(evidence, CAPTION)
    describe_evidence(evidence=evidence, caption="Kho đạt chuẩn", made_on=seen, by=cast.approver)


def recommends(enrolment, cast):
    change_one(enrolment, cast.inspector, outcome="not_met")
    write_finding(enrolment, cast.approver)


def takes_over_evidence_of_the_unit(enrolment, cast):
    piece = of_unit(handed_in_by_hand(enrolment), cast.thanhan)
    take_over_evidence(inspection=enrolment.inspection, piece=piece, by=cast.approver)


def takes_over_an_answer_of_the_unit(enrolment, cast):
    assessment = handed_in_by_hand(enrolment)
    facts = {"outcome": "not_met", "changed_at": timezone.now()}
    given = SelfAnswer.objects.create(assessment=assessment, criterion=criterion_of(enrolment), **facts)
    seen = enrolment.inspection.results.get(criterion=given.criterion).version
    take_over_answer(inspection=enrolment.inspection, answer=given, seen=seen, shown=given.version, by=cast.approver)


def write_finding(enrolment, by, *, text="Bố trí kho", seen=0):
    return findings.write_finding(
        inspection=enrolment.inspection,
        criterion=criterion_of(enrolment),
        recommendation=text,
        due_on=timezone.localdate() + 30 * DAY,
        seen=seen,
        by=by,
    )


def criterion_of(enrolment):
    return enrolment.round.criteria_set.criteria.get(code="TC03")


HANDS = [
    (takes_over_an_answer_of_the_unit, Hand.ANSWERED),
    (takes_over_evidence_of_the_unit, Hand.ADDED_EVIDENCE),
    (says_what_evidence_shows, Hand.ADDED_EVIDENCE),
    (marks_as_seen_from_a_distance, Hand.ANSWERED),
    (recommends, Hand.RECOMMENDED),
    (writes_what_is_inspected, Hand.WROTE_MINUTES),
    (lists_what_was_handed_over, Hand.WROTE_MINUTES),
]


@pytest.mark.parametrize(("deed", "hand"), HANDS)
def test_who_had_a_hand_in_it_does_not_approve(cast, phuong6, deed, hand):
    answer(phuong6, cast.inspector, "met")
    deed(phuong6, cast)
    assert hands_in(phuong6.inspection).of(cast.approver) == [hand]
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    with pytest.raises(Refused, match=cast.approver2.full_name) as refusal:
        approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    assert refusal.value.code == "own_hand"
    assert Inspection.objects.get(pk=phuong6.inspection.pk).status == "submitted"
    approve_inspection(inspection=phuong6.inspection, by=cast.approver2)


def test_what_no_longer_counts_is_no_hand_in_it(cast, phuong6):
    """A mark that was taken off, a recommendation withdrawn, evidence with words of another taken back."""
    answer(phuong6, cast.inspector, "met")
    marks_as_seen_from_a_distance(phuong6, cast)
    mark_distant(inspection=phuong6.inspection, criterion=criterion_of(phuong6), is_distant=False, by=cast.approver)
    recommends(phuong6, cast)
    finding = phuong6.inspection.findings.get()
    findings.withdraw_finding(finding=finding, seen=finding.version, by=cast.inspector)
    says_what_evidence_shows(phuong6, cast)
    for evidence in phuong6.inspection.evidence.counting():
        void_evidence(evidence=evidence, reason="Nhầm phường", by=cast.inspector)
    assert hands_in(phuong6.inspection).of(cast.approver) == []


def test_everything_that_minutes_say_is_a_hand_or_no_words():
    """A part that minutes get later is decided on here."""
    no_words = {"started_at", "ended_at", "place", "copies", "participants"}
    assert set(IN_THE_MINUTES) == set(MINUTES_FIELDS) - no_words
    assert RECOMMENDATION == findings.WRITTEN


def test_new_words_for_a_unit_need_four_eyes_too(cast, phuong6):
    """A recommendation that the unit has seen is written anew after the checklist was opened again."""
    answer(phuong6, cast.inspector, "met")
    change_one(phuong6, cast.inspector, outcome="not_met")
    write_finding(phuong6, cast.approver)
    assert hands_in(phuong6.inspection).of(cast.approver) == [Hand.RECOMMENDED]
    write_finding(phuong6, cast.inspector, text="Bố trí kho lưu trữ", seen=1)
    # Its day is still the approver's own.
    assert hands_in(phuong6.inspection).of(cast.approver) == [Hand.RECOMMENDED]
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    approved = approve_inspection(inspection=phuong6.inspection, by=cast.approver2)
    assert hands_in(approved).of(cast.approver) == []
    reopen_inspection(inspection=approved, reason="Nhầm", by=cast.approver)
    open_supplement(inspection=approved, reason="Nhầm", by=cast.inspector)
    write_finding(phuong6, cast.approver2, text="Bố trí kho chuyên dụng", seen=approved.findings.get().version)
    assert hands_in(approved).of(cast.approver2) == [Hand.RECOMMENDED]
    assert hands_in(approved).of(cast.approver) == []
