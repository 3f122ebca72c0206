"""Draft, submitted, returned, approved; and nobody decides on an own submission."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Inspection
from criteria.inspections.services import Change, approve_inspection, return_inspection, save_results, sign_minutes
from tests.support.factories import answer, submit_signed, visit_today
from tests.support.used_sets import change_used_set


def page_of(enrolment, name="checklist"):
    return reverse(f"inspections:{name}", args=[enrolment.pk])


def seen(enrolment):
    """What the page says that it showed."""
    return {"version": Inspection.objects.get(enrolment=enrolment).version}


def status(enrolment):
    return Inspection.objects.get(enrolment=enrolment).status


def sign(enrolment, by):
    """What the page of the signing does."""
    visit_today(enrolment.inspection)
    return sign_minutes(inspection=enrolment.inspection, signed_on=timezone.localdate(), by=by)


def test_the_way_to_approval(cast, sign_in, phuong6, all_answered):
    inspector, approver = sign_in(cast.inspector), sign_in(cast.approver)
    response = inspector.post(page_of(phuong6), all_answered(phuong6, 13) | {"action": "minutes"})
    assert response.url == page_of(phuong6, "minutes")
    sign(phuong6, cast.inspector)
    assert status(phuong6) == "signed"
    inspector.post(page_of(phuong6, "submit"), seen(phuong6))
    assert status(phuong6) == "submitted"
    approver.post(page_of(phuong6, "return"), {"reason": "Bổ sung diện tích kho"} | seen(phuong6))
    assert status(phuong6) == "returned"
    assert "Bổ sung diện tích kho" in inspector.get(page_of(phuong6)).content.decode()
    inspector.post(page_of(phuong6, "submit"), seen(phuong6))
    approver.post(page_of(phuong6, "approve"), seen(phuong6))
    assert status(phuong6) == "approved"
    standing = Enrolment.objects.with_standing().get(pk=phuong6.pk)
    assert (standing.standing_score, standing.published_score) == (13, 11)
    steps = Event.objects.about(phuong6.inspection).exclude(action="changed").values_list("action", flat=True)
    assert list(steps) == ["approved", "submitted", "returned", "submitted", "signed"]


def test_the_published_score_stands_until_approval(cast, sign_in, phuong6, all_answered):
    client = sign_in(cast.inspector)
    client.post(page_of(phuong6), all_answered(phuong6, 13))
    sign(phuong6, cast.inspector)
    client.post(page_of(phuong6, "submit"), seen(phuong6))
    assert status(phuong6) == "submitted"
    assert Enrolment.objects.with_standing().get(pk=phuong6.pk).standing_score == 11


def test_open_criteria_are_listed_with_links(cast, sign_in, phuong6, form_data):
    answers = {f"TC{n:02d}": {"outcome": "met"} for n in range(1, 24) if n not in (12, 17)}
    client = sign_in(cast.inspector)
    client.post(page_of(phuong6), form_data(phuong6, **answers))
    sign(phuong6, cast.inspector)
    page = client.post(page_of(phuong6, "submit"), seen(phuong6), follow=True).content.decode()
    assert 'href="#TC12">12</a>' in page
    assert 'href="#TC17">17</a>' in page
    assert 'href="#TC11">11</a>' not in page
    assert status(phuong6) == "signed"
    # What was typed is saved all the same.
    assert Inspection.objects.get(enrolment=phuong6).met_criteria == 21


def test_nobody_approves_an_own_submission(cast, sign_in, phuong6):
    answer(phuong6, cast.approver, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.approver)
    client = sign_in(cast.approver)
    page = client.get(page_of(phuong6)).content.decode()
    assert "(đã trả lời tiêu chí, ghi nhận biên bản đã ký, trình duyệt)" in page
    assert f"Người có thể phê duyệt: {cast.approver2.full_name}." in page
    client.post(page_of(phuong6, "approve"), seen(phuong6))
    assert status(phuong6) == "submitted"
    client.post(page_of(phuong6, "return"), {"reason": "x"} | seen(phuong6))
    assert status(phuong6) == "submitted"


def test_an_inspector_does_not_approve(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    assert sign_in(cast.inspector2).post(page_of(phuong6, "approve")).status_code == 403
    assert status(phuong6) == "submitted"


@pytest.mark.parametrize("step", ["submitted", "approved"])
def test_a_submitted_or_approved_checklist_does_not_change(cast, sign_in, phuong6, form_data, step):
    data = form_data(phuong6, TC01={"outcome": "not_met", "note": "muộn"})
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    if step == "approved":
        approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    page = sign_in(cast.inspector).post(page_of(phuong6), data).content.decode()
    assert "chờ phê duyệt" in page or "đã được phê duyệt" in page
    assert phuong6.inspection.results.get(criterion__code="TC01").outcome == "met"


def test_returning_needs_a_reason_and_keeps_what_was_typed(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    client = sign_in(cast.approver)
    assert "ghi rõ nội dung cần bổ sung" in client.post(page_of(phuong6, "return"), {"reason": " "}).content.decode()
    long = "x" * 2001
    assert long in client.post(page_of(phuong6, "return"), {"reason": long}).content.decode()
    assert status(phuong6) == "submitted"


def test_a_closed_round_refuses_and_keeps_what_was_typed(cast, sign_in, phuong6, form_data):
    data = form_data(phuong6, TC01={"outcome": "met", "note": "Đã gõ vào"})
    phuong6.round.status = "closed"
    phuong6.round.save(update_fields=["status"])
    response = sign_in(cast.inspector).post(page_of(phuong6), data)
    page = response.content.decode()
    assert "Đợt kiểm tra này đã đóng" in page
    assert "Đã gõ vào" in page
    assert not phuong6.inspection.results.exists()


def test_a_decision_twice_is_one(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    client = sign_in(cast.approver)
    for _ in range(3):
        client.post(page_of(phuong6, "approve"), seen(phuong6))
    assert Event.objects.about(phuong6.inspection).filter(action="approved").count() == 1


def test_the_service_refuses_what_the_page_does_not_offer(cast, phuong6):
    with pytest.raises(Refused):
        submit_signed(inspection=phuong6.inspection, by=cast.quan10)
    with pytest.raises(Refused):
        approve_inspection(inspection=phuong6.inspection, by=cast.approver)


def test_submitting_twice_gets_the_same_answer(cast, sign_in, phuong6, all_answered):
    client = sign_in(cast.inspector)
    client.post(page_of(phuong6), all_answered(phuong6, 23))
    sign(phuong6, cast.inspector)
    data = seen(phuong6)
    for _ in range(2):
        page = client.post(page_of(phuong6, "submit"), data, follow=True).content.decode()
        assert "Đã trình duyệt" in page
    assert Event.objects.about(phuong6.inspection).filter(action="submitted").count() == 1


def test_a_checklist_to_which_nothing_applies_is_not_submitted(cast, phuong6):
    change_used_set(phuong6.round.criteria_set, allows_not_applicable=True)
    changes = [
        Change(criterion, 0, {"outcome": "not_applicable", "number": None, "text": "", "note": "Không có"})
        for criterion in phuong6.round.criteria_set.criteria.filter(is_counted=True)
    ]
    save_results(inspection=phuong6.inspection, changes=changes, by=cast.inspector, submission_id=uuid.uuid4())
    with pytest.raises(Refused):
        submit_signed(inspection=phuong6.inspection, by=cast.inspector)


def test_a_return_in_a_closed_round_is_refused(cast, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    phuong6.round.status = "closed"
    phuong6.round.save(update_fields=["status"])
    with pytest.raises(Refused):
        return_inspection(inspection=phuong6.inspection, by=cast.approver, reason="Bổ sung")


def test_the_work_before_approval_stays_inside(cast, sign_in, phuong6, all_answered):
    inspector, approver = sign_in(cast.inspector), sign_in(cast.approver)
    inspector.post(page_of(phuong6), all_answered(phuong6, 23))
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    approver.post(page_of(phuong6, "return"), {"reason": "Nội bộ: xem lại"} | seen(phuong6))
    inspector.post(page_of(phuong6, "submit"), seen(phuong6))
    approver.post(page_of(phuong6, "approve"), seen(phuong6))
    for person in (cast.quan10, cast.leader):
        page = sign_in(person).get(page_of(phuong6)).content.decode().partition("<main")[2]
        assert "đã phê duyệt" in page
        assert "Nội bộ" not in page
        assert "kết quả:" not in page
    assert "Nội bộ" in inspector.get(page_of(phuong6)).content.decode()
