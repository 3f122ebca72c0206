"""A finding from the criterion to its closing: written, published, answered, looked at."""

import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from archiveportal.files.models import StoredFile
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Finding, FindingReply, Inspection
from criteria.inspections.services import approve_inspection, open_supplement, reopen_inspection
from criteria.inspections.services.findings import close_finding, move_deadline, withdraw_finding, write_finding
from criteria.inspections.services.replies import answer_finding, judge_reply
from tests.support.factories import answer, submit_signed, visit_today
from tests.support.inspections import photograph


def later() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=30)


DAY = "%d/%m/%Y"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    here = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": here}


@pytest.fixture
def failed(cast, phuong6) -> Enrolment:
    """Phường 6 with every criterion met but the first two."""
    answer(phuong6, cast.inspector, {n: "not_met" if n < 3 else "met" for n in range(1, 24)})
    return Enrolment.objects.select_related("round__criteria_set", "inspection").get(pk=phuong6.pk)


def criterion_of(enrolment, number=1):
    return enrolment.round.criteria_set.criteria.get(number=number)


def write(enrolment, by, number=1, **values):
    values = {"recommendation": "Bố trí kho lưu trữ", "due_on": later(), "seen": 0} | values
    return write_finding(inspection=enrolment.inspection, criterion=criterion_of(enrolment, number), by=by, **values)


@pytest.fixture
def published(cast, failed) -> Finding:
    finding = write(failed, cast.inspector)
    submit_signed(inspection=failed.inspection, by=cast.inspector)
    approve_inspection(inspection=failed.inspection, by=cast.approver)
    return Finding.objects.get(pk=finding.pk)


def reply(finding, by, **values):
    values = {"text": "Đã bố trí kho 25 m²", "submission_id": uuid.uuid4(), "seen": finding.version} | values
    return answer_finding(finding=finding, by=by, **values)


def test_it_is_written_and_changed_until_the_minutes_are_signed(cast, failed):
    finding = write(failed, cast.inspector)
    same = write(failed, cast.inspector)
    assert same == finding and same.version == 1
    changed = write(failed, cast.inspector2, recommendation="Bố trí kho chuyên dụng", seen=1)
    assert (changed.pk, changed.version) == (finding.pk, 2)
    assert list(Event.objects.about(finding).values_list("action", flat=True)) == ["changed", "created"]
    submit_signed(inspection=failed.inspection, by=cast.inspector)
    with pytest.raises(Refused):
        write(failed, cast.inspector, recommendation="Khác", seen=2)
    with pytest.raises(Refused):
        withdraw_finding(finding=finding, seen=2, by=cast.inspector)


def test_nobody_overwrites_a_colleague_unseen(cast, failed):
    write(failed, cast.inspector)
    with pytest.raises(Refused) as refused:
        write(failed, cast.inspector2, recommendation="Khác")
    assert "Bố trí kho lưu trữ" in refused.value.message
    assert Finding.objects.get().recommendation == "Bố trí kho lưu trữ"


def test_only_a_criterion_that_is_not_met_takes_one(cast, failed):
    for number in (3, 23):
        with pytest.raises(Refused):
            write(failed, cast.inspector, number)
    answer(failed, cast.inspector, {1: ""})
    with pytest.raises(Refused):
        write(failed, cast.inspector, 1)
    assert not Finding.objects.exists()


def test_a_deadline_in_the_past_is_refused(cast, failed):
    with pytest.raises(Refused):
        write(failed, cast.inspector, due_on=timezone.localdate() - datetime.timedelta(days=1))


@pytest.mark.parametrize("person", ["quan10", "cangio", "thanhan", "leader", "administrator"])
def test_others_write_none(cast, failed, person):
    with pytest.raises(Refused):
        write(failed, getattr(cast, person))


def test_withdrawn_and_written_again(cast, failed):
    finding = write(failed, cast.inspector)
    withdraw_finding(finding=finding, seen=1, by=cast.inspector)
    withdraw_finding(finding=finding, seen=1, by=cast.inspector)
    again = write(failed, cast.inspector)
    assert again.pk != finding.pk
    assert Event.objects.about(finding).count() == 2


def test_units_see_it_from_the_approval_on(cast, failed):
    finding = write(failed, cast.inspector)
    withdrawn = write(failed, cast.inspector, 2)
    withdraw_finding(finding=withdrawn, seen=1, by=cast.inspector)
    submit_signed(inspection=failed.inspection, by=cast.inspector)
    assert not Finding.objects.visible_to(cast.quan10).exists()
    approve_inspection(inspection=failed.inspection, by=cast.approver)
    assert list(Finding.objects.visible_to(cast.quan10)) == [finding]
    assert list(Finding.objects.visible_to(cast.leader)) == [finding]
    for person in (cast.cangio, cast.thanhan, cast.administrator):
        assert not Finding.objects.visible_to(person).exists()
    assert Event.objects.about(finding).first().actor_id == cast.approver.pk
    assert Event.objects.about(withdrawn).first().action == "voided"


def test_answered_refused_answered_accepted(cast, published):
    first = reply(published, cast.quan10, uploads=[photograph(), photograph("b.jpg")])
    published.refresh_from_db()
    assert published.status == "answered" and first.files.count() == 2
    judge_reply(
        finding=published, accept=False, reason="Kho còn ẩm", due_on=later(), seen=published.version, by=cast.inspector2
    )
    published.refresh_from_db()
    assert (published.status, published.due_on) == ("open", later())
    reply(published, cast.quan10)
    published.refresh_from_db()
    judge_reply(finding=published, accept=True, seen=published.version, by=cast.inspector)
    published.refresh_from_db()
    assert (published.status, published.closed_by) == ("closed", cast.inspector)
    actions = list(Event.objects.about(published).values_list("action", flat=True))
    assert actions == ["accepted", "answered", "refused", "answered", "published", "created"]
    with pytest.raises(Refused):
        reply(published, cast.quan10)


def test_the_same_answer_ten_times_is_one(cast, published):
    values = {"submission_id": uuid.uuid4(), "seen": published.version}
    replies = {reply(published, cast.quan10, uploads=[photograph()], **values).pk for _time in range(10)}
    assert len(replies) == 1 and FindingReply.objects.count() == 1 and StoredFile.objects.count() == 1
    with pytest.raises(Refused):
        reply(published, cast.quan10, text="Khác", **values)


def test_two_judgements_and_a_double_click(cast, published):
    reply(published, cast.quan10)
    published.refresh_from_db()
    for _click in range(2):
        judge_reply(finding=published, accept=True, seen=published.version, by=cast.inspector)
    with pytest.raises(Refused):
        judge_reply(finding=published, accept=False, reason="Chưa", seen=published.version, by=cast.inspector2)
    assert Event.objects.about(published).filter(action="accepted").count() == 1


@pytest.mark.parametrize("person", ["inspector", "approver", "cangio", "thanhan", "leader", "administrator"])
def test_only_its_units_answer(cast, published, person):
    with pytest.raises(Refused):
        reply(published, getattr(cast, person))
    assert not FindingReply.objects.exists()


def test_a_bad_file_keeps_nothing(cast, published, tmp_path, sign_in):
    bad = SimpleUploadedFile("kho.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    page = reverse("inspections:finding-answer", args=[published.pk])
    data = {"text": "Đã bố trí", "submission_id": uuid.uuid4(), "version": published.version}
    response = sign_in(cast.quan10).post(page, data | {"files": [photograph(), bad]})
    assert response.status_code == 200 and "Đã bố trí" in response.content.decode()
    assert not FindingReply.objects.exists() and not StoredFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("noon")
def test_the_deadline_moves_with_a_reason(cast, published):
    day = later() + datetime.timedelta(days=10)
    with pytest.raises(Refused):
        move_deadline(finding=published, due_on=day, reason=" ", seen=published.version, by=cast.inspector)
    with pytest.raises(Refused):
        move_deadline(finding=published, due_on=day, reason="Chờ vốn", seen=published.version, by=cast.quan10)
    move_deadline(finding=published, due_on=day, reason="Chờ vốn", seen=published.version, by=cast.inspector)
    move_deadline(finding=published, due_on=day, reason="Chờ vốn", seen=published.version, by=cast.inspector)
    event = Event.objects.about(published).first()
    assert event.reason == "Chờ vốn" and event.changes == {"due_on": [str(later()), str(day)]}
    with pytest.raises(Refused):
        move_deadline(finding=published, due_on=later(), reason="Lại", seen=published.version, by=cast.inspector)


def test_closed_without_an_answer_when_seen_on_site(cast, published):
    with pytest.raises(Refused):
        close_finding(finding=published, reason="", seen=published.version, by=cast.inspector)
    close_finding(finding=published, reason="Đã xem tại chỗ", seen=published.version, by=cast.inspector)
    published.refresh_from_db()
    assert published.status == "closed"


def test_pages_from_writing_to_closing(cast, failed, sign_in):
    inspector, district = sign_in(cast.inspector), sign_in(cast.quan10)
    page = reverse("inspections:finding-write", args=[failed.pk, "TC01"])
    assert inspector.get(page).status_code == 200
    typed = {"recommendation": "Bố trí kho", "due_on": "31/02/2027", "version": 0}
    response = inspector.post(page, typed)
    assert response.status_code == 200 and "Bố trí kho" in response.content.decode()
    assert inspector.post(page, typed | {"due_on": later().strftime(DAY)}).status_code == 302
    finding = Finding.objects.get()
    inspection = Inspection.objects.get(pk=failed.inspection.pk)
    submit_signed(inspection=inspection, by=cast.inspector)
    approve_inspection(inspection=inspection, by=cast.approver)
    address = reverse("inspections:finding", args=[finding.pk])
    assert district.get(address).status_code == 200
    assert sign_in(cast.cangio).get(address).status_code == 404
    data = {"text": "Đã làm", "submission_id": uuid.uuid4(), "version": finding.version, "files": [photograph()]}
    assert district.post(reverse("inspections:finding-answer", args=[finding.pk]), data).status_code == 302
    file = StoredFile.objects.get()
    for name in ("finding-file", "finding-picture"):
        place = reverse(f"inspections:{name}", args=[finding.pk, file.pk])
        response = district.get(place)
        assert response.status_code == 200 and response["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response.streaming_content)
        assert sign_in(cast.cangio).get(place).status_code == 404
    finding.refresh_from_db()
    judge = reverse("inspections:finding-judge", args=[finding.pk])
    shown = inspector.post(judge, {"judge-version": finding.version, "judge-decision": "refuse"})
    assert shown.status_code == 200
    done = inspector.post(judge, {"judge-version": finding.version, "judge-decision": "accept"})
    assert done.status_code == 302
    finding.refresh_from_db()
    assert finding.status == "closed"
    assert "Đã làm" in district.get(address).content.decode()


def test_a_stale_page_shows_what_was_typed(cast, published, sign_in):
    reply(published, cast.quan10, text="Câu trả lời thứ nhất")
    data = {"text": "Câu trả lời thứ hai", "submission_id": uuid.uuid4(), "version": published.version}
    response = sign_in(cast.quan10).post(reverse("inspections:finding-answer", args=[published.pk]), data)
    assert response.status_code == 200
    assert "Câu trả lời thứ hai" in response.content.decode() and FindingReply.objects.count() == 1


def test_withdrawal_of_what_the_unit_saw_needs_a_reason(cast, published):
    inspection = published.inspection
    reopen_inspection(inspection=inspection, reason="Nhầm", by=cast.approver)
    open_supplement(inspection=inspection, reason="Nhầm", by=cast.inspector)
    with pytest.raises(Refused):
        withdraw_finding(finding=published, seen=published.version, by=cast.inspector)
    withdraw_finding(finding=published, reason="Ghi nhầm", seen=published.version, by=cast.inspector)
    assert not Finding.objects.visible_to(cast.quan10).exists()


@pytest.fixture
def reopened(cast, published) -> Finding:
    """A published recommendation, its checklist opened again and supplemented."""
    reopen_inspection(inspection=published.inspection, reason="Nhầm", by=cast.approver)
    open_supplement(inspection=published.inspection, reason="Nhầm", by=cast.inspector)
    return published


def rewrite(finding, by, **values):
    values = {"recommendation": "Bố trí kho chuyên dụng", "due_on": later()} | values
    values = {"seen": Finding.objects.get(pk=finding.pk).version} | values
    return write_finding(inspection=finding.inspection, criterion=finding.criterion, by=by, **values)


def approve_again(cast, finding) -> None:
    submit_signed(inspection=finding.inspection, by=cast.inspector)
    approve_inspection(inspection=finding.inspection, by=cast.approver)
    finding.refresh_from_db()


def test_the_unit_sees_new_words_once_they_are_approved(cast, reopened, sign_in):
    address = reverse("inspections:finding", args=[reopened.pk])
    district, inspector = sign_in(cast.quan10), sign_in(cast.inspector)
    before = district.get(address).content.decode()
    rewrite(reopened, cast.inspector, due_on=later() + datetime.timedelta(days=5))
    for place in (address, reverse("inspections:findings"), reverse("home")):
        assert "chuyên dụng" not in district.get(place).content.decode()
    assert "chuyên dụng" in inspector.get(address).content.decode()
    checklist = reverse("inspections:checklist", args=[reopened.inspection.enrolment_id])
    assert "chuyên dụng" in inspector.get(checklist).content.decode()
    assert Event.objects.about(reopened).first().action == "published"
    story = Event.objects.about(reopened.inspection).first()
    assert story.changes["recommendation"] == ["Bố trí kho lưu trữ", "Bố trí kho chuyên dụng"]
    assert story.object_name == str(reopened.criterion)

    approve_again(cast, reopened)
    assert "chuyên dụng" in district.get(address).content.decode() and "chuyên dụng" not in before
    assert (reopened.due_on, reopened.next_recommendation) == (later() + datetime.timedelta(days=5), "")
    event = Event.objects.about(reopened).first()
    assert (event.action, event.actor_id) == ("published", cast.approver.pk)
    assert event.changes["recommendation"] == ["Bố trí kho lưu trữ", "Bố trí kho chuyên dụng"]


def test_new_words_stand_in_the_supplement(cast, reopened):
    rewrite(reopened, cast.inspector)
    submit_signed(inspection=reopened.inspection, by=cast.inspector)
    minutes = reopened.inspection.minutes.order_by("-sequence").first()
    [change] = minutes.content["changes"]
    assert "Bố trí kho lưu trữ" in change["before"] and "Bố trí kho chuyên dụng" in change["after"]


@pytest.mark.usefixtures("noon")
def test_back_to_the_words_that_were_sent(cast, reopened):
    rewrite(reopened, cast.inspector)
    back = rewrite(reopened, cast.inspector, recommendation="Bố trí kho lưu trữ")
    assert (back.next_recommendation, back.next_due_on) == ("", None)
    approve_again(cast, reopened)
    assert Event.objects.about(reopened).filter(action="published").count() == 1


def test_nobody_overwrites_new_words_unseen(cast, reopened):
    rewrite(reopened, cast.inspector)
    with pytest.raises(Refused) as refused:
        rewrite(reopened, cast.inspector2, recommendation="Khác", seen=reopened.version)
    assert "Bố trí kho chuyên dụng" in refused.value.message


def test_an_answer_to_the_old_words_waits_for_the_inspector(cast, reopened):
    rewrite(reopened, cast.inspector)
    reopened.refresh_from_db()
    reply(reopened, cast.quan10)
    approve_again(cast, reopened)
    assert (reopened.status, reopened.recommendation) == ("answered", "Bố trí kho chuyên dụng")


def test_a_deadline_moved_meanwhile_is_the_one_that_counts(cast, reopened):
    rewrite(reopened, cast.inspector)
    reopened.refresh_from_db()
    day = later() + datetime.timedelta(days=20)
    move_deadline(finding=reopened, due_on=day, reason="Chờ vốn", seen=reopened.version, by=cast.inspector)
    approve_again(cast, reopened)
    assert (reopened.due_on, reopened.recommendation) == (day, "Bố trí kho chuyên dụng")


def test_what_was_closed_meanwhile_keeps_its_words(cast, reopened):
    rewrite(reopened, cast.inspector)
    reopened.refresh_from_db()
    close_finding(finding=reopened, reason="Đã xem tại chỗ", seen=reopened.version, by=cast.inspector)
    approve_again(cast, reopened)
    assert (reopened.status, reopened.recommendation) == ("closed", "Bố trí kho lưu trữ")


def test_a_closed_recommendation_keeps_nobody_from_submitting(cast, phuong6):
    from criteria.inspections.services import what_is_missing

    answer(phuong6, cast.inspector, "not_met")
    Finding.objects.create(
        inspection=phuong6.inspection,
        criterion=phuong6.round.criteria_set.criteria.get(code="TC05"),
        recommendation="Ban hành Danh mục hồ sơ.",
        status="closed",
        created_by=cast.inspector,
        closed_by=cast.inspector,
        closed_at=timezone.now(),
    )
    answer(phuong6, cast.inspector, "met")
    visit_today(phuong6.inspection)
    assert what_is_missing(Inspection.objects.get(enrolment=phuong6)) == []


def test_withdrawing_what_was_sent_asks_for_the_reason(cast, reopened, sign_in):
    page = reverse("inspections:finding-write", args=[reopened.inspection.enrolment_id, reopened.criterion.code])
    shown = sign_in(cast.inspector).get(page).content.decode()
    field = shown[shown.index('name="withdraw-reason"') :]
    assert " required" in field[: field.index(">")]
