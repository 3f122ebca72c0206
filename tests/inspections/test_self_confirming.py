"""A unit shows evidence with its self-assessment, its leader confirms it, and the sub-department reads it."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.models import Role, User
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Evidence, Inspection, Result, SelfAssessment, SelfEvidence, SelfPaper
from criteria.inspections.services.hands import Hand, hands_in
from criteria.inspections.services.self_assessment import hand_back, hand_in, missing_of
from criteria.inspections.services.self_confirming import confirm, confirm_on_paper, withdraw
from criteria.inspections.services.self_evidence import show_evidence, take_back_evidence
from criteria.inspections.services.self_reading import accept_report, give_more_time
from criteria.inspections.services.taking_over import take_over_answer, take_over_evidence
from tests.support.factories import answer, enrol, make_round, make_set, make_user
from tests.support.pictures import PDF, photograph, upload
from tests.support.self_assessments import assess_all, confirmed, handed_in, shown
from wards.models import Ward

DAY = datetime.timedelta(days=1)
LARGE = 30 * 1024 * 1024


@pytest.fixture
def unit(cast) -> Enrolment:
    """Xã Thạnh An in a round that asks for self-assessment; a team visits it."""
    due = timezone.localdate() + 10 * DAY
    inspection_round = make_round(make_set(), asks_self_assessment=True, self_assessment_due=due)
    enrolment = enrol(inspection_round, Ward.objects.get(code="27676", is_baseline=True))
    enrol(inspection_round, Ward.objects.get(code="27202"))
    return Enrolment.objects.select_related("round__criteria_set", "ward__district", "inspection").get(pk=enrolment.pk)


@pytest.fixture
def reporting(unit) -> Enrolment:
    """The same unit where it only reports."""
    Enrolment.objects.filter(pk=unit.pk).update(way="report")
    unit.way = "report"
    return unit


def paper(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("da ky.pdf", content, "application/pdf")


def on_paper(assessment, by, **changed):
    values = {"upload": paper(), "signatory": "Chủ tịch", "signed_on": timezone.localdate(), "seen": assessment.version}
    return confirm_on_paper(assessment=assessment, by=by, **(values | changed))


def test_the_same_upload_is_one_piece_and_begins_the_self_assessment(cast, unit):
    criterion, key = unit.round.criteria_set.criteria.get(code="TC01"), uuid.uuid4()
    sent = {"enrolment": unit, "criterion": criterion, "upload_id": key, "by": cast.thanhan}
    pieces = [show_evidence(**sent, upload=upload(photograph(), "kho.jpg"), caption="Kho") for _ in range(3)]
    assert len({piece.pk for piece in pieces}) == 1
    assessment = SelfAssessment.objects.get(enrolment=unit)
    entry = Event.objects.about(assessment).get()
    assert (entry.action, entry.object_name) == ("created", str(criterion))
    with pytest.raises(Refused):
        show_evidence(**(sent | {"upload_id": key}), upload=upload(photograph(size=(50, 40)), "khac.jpg"))


@pytest.mark.parametrize("person", ["inspector", "quan10", "ldthanhan", "leader", "administrator"])
def test_evidence_is_the_units_own(cast, unit, person):
    with pytest.raises(Refused):
        shown(unit, getattr(cast, person))
    assert not SelfEvidence.objects.exists()


def test_evidence_of_30_mb_is_refused_and_nothing_is_kept(cast, unit):
    criterion = unit.round.criteria_set.criteria.get(code="TC01")
    large = SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff" + bytes(LARGE), "image/jpeg")
    with pytest.raises(ValidationError, match="15"):
        show_evidence(enrolment=unit, criterion=criterion, upload_id=uuid.uuid4(), upload=large, by=cast.thanhan)
    assert not SelfEvidence.objects.exists()


def test_neither_file_nor_number_is_no_evidence(cast, unit):
    with pytest.raises(ValidationError):
        shown(unit, cast.thanhan, number="")


def test_a_day_typed_by_a_wrong_clock_is_refused_and_the_portals_clock_counts(cast, unit):
    with pytest.raises(ValidationError):
        shown(unit, cast.thanhan, issued_on=datetime.date(2199, 1, 1))
    piece = shown(unit, cast.thanhan)
    assert abs(piece.added_at - timezone.now()) < datetime.timedelta(minutes=5)


def test_what_asks_for_evidence_is_missing_without_it(cast):
    criteria_set = make_set()
    criteria_set.criteria.filter(code="TC01").update(needs_evidence=True)
    unit = enrol(make_round(criteria_set, asks_self_assessment=True), cast.thanhan.ward)
    version = assess_all(unit, cast.thanhan)
    with pytest.raises(Refused) as refused:
        hand_in(enrolment=unit, seen=version, by=cast.thanhan)
    assert refused.value.code == "missing"
    assessment = SelfAssessment.objects.get(enrolment=unit)
    assert [each.criterion.code for each in missing_of(assessment)] == ["TC01"]
    shown(unit, cast.thanhan)
    assert missing_of(assessment) == []


def test_the_leader_confirms_and_nobody_else(cast, unit):
    assessment = handed_in(unit, cast.thanhan)
    for person in (cast.thanhan, cast.cangio, cast.inspector, cast.approver):
        with pytest.raises(Refused):
            confirm(assessment=assessment, seen=assessment.version, by=person)
    done = confirm(assessment=assessment, seen=assessment.version, by=cast.ldthanhan)
    assert done.confirmed_by == cast.ldthanhan and not done.is_confirmed_on_paper


def test_whoever_answered_does_not_confirm_also_with_another_role_later(cast, unit):
    officer = make_user(Role.WARD, "sau-la-lanh-dao", ward=cast.thanhan.ward)
    assess_all(unit, officer, "not_met")
    assessment = handed_in(unit, cast.thanhan)
    User.objects.filter(pk=officer.pk).update(role=Role.UNIT_LEADER)
    with pytest.raises(Refused):
        confirm(assessment=assessment, seen=assessment.version, by=User.objects.get(pk=officer.pk))


def test_the_database_refuses_a_confirmation_by_who_handed_in(cast, unit):
    assessment = handed_in(unit, cast.thanhan)
    with pytest.raises(DatabaseError), transaction.atomic():
        SelfAssessment.objects.filter(pk=assessment.pk).update(confirmed_by=cast.thanhan, confirmed_at=timezone.now())


def test_a_signed_paper_confirms_too(cast, unit):
    assessment = handed_in(unit, cast.thanhan)
    tomorrow = timezone.localdate() + DAY
    for wrong in ({"signatory": " "}, {"signed_on": tomorrow}, {"seen": 0}):
        with pytest.raises(Refused):
            on_paper(assessment, cast.thanhan, **wrong)
    done = on_paper(assessment, cast.thanhan)
    again = on_paper(assessment, cast.thanhan)
    assert done.is_confirmed_on_paper and again.confirmed_at == done.confirmed_at
    assert SelfPaper.objects.count() == 1
    withdraw(assessment=assessment, by=cast.thanhan)
    assert SelfPaper.objects.get().ended_at is not None


def test_evidence_replaced_after_confirming_is_kept_and_needs_a_new_confirmation(cast, unit):
    first = shown(unit, cast.thanhan)
    assessment = confirmed(unit, cast.thanhan, cast.ldthanhan)
    second = shown(unit, cast.thanhan, number="13/QĐ-UBND", replaces=first)
    first.refresh_from_db()
    assessment.refresh_from_db()
    assert first.replaced_at and first.replaced_by == second and assessment.confirmed_at is None
    assert list(assessment.evidence.counting()) == [second]
    entry = Event.objects.about(assessment).first()
    assert entry.changes["evidence"] == ["12/QĐ-UBND", "13/QĐ-UBND"]
    with pytest.raises(Refused):
        shown(unit, cast.thanhan, number="14/QĐ-UBND", replaces=first)
    confirm(assessment=assessment, seen=assessment.version, by=cast.ldthanhan)


def test_what_was_shown_does_not_change_also_by_sql(cast, unit):
    piece = shown(unit, cast.thanhan)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_selfevidence SET number = 'khác' WHERE id = %s", [piece.pk])
    with pytest.raises(Refused):
        take_back_evidence(evidence=piece, reason=" ", by=cast.thanhan)
    take_back_evidence(evidence=piece, reason="Nhầm đơn vị", by=cast.thanhan)
    assert not SelfEvidence.objects.counting().exists() and SelfEvidence.objects.exists()


def test_withdrawn_until_the_team_begins(cast, unit):
    assessment = confirmed(unit, cast.thanhan, cast.ldthanhan)
    for person in (cast.quan10, cast.inspector):
        with pytest.raises(Refused):
            withdraw(assessment=assessment, by=person)
    with pytest.raises(Refused):
        withdraw(assessment=assessment, by=cast.ldthanhan)
    drawn = withdraw(assessment=assessment, reason="Xem lại tiêu chí 2", by=cast.ldthanhan)
    assert (drawn.handed_in_at, drawn.confirmed_at, drawn.return_reason) == (None, None, "Xem lại tiêu chí 2")
    assessment = handed_in(unit, cast.thanhan)
    answer(unit, cast.inspector, "met")
    with pytest.raises(Refused):
        withdraw(assessment=assessment, by=cast.thanhan)


def test_handing_in_from_two_phones_is_once(cast, unit):
    version = assess_all(unit, cast.thanhan)
    colleague = make_user(Role.WARD, "dong-nghiep", ward=cast.thanhan.ward)
    first = hand_in(enrolment=unit, seen=version, by=cast.thanhan)
    assert hand_in(enrolment=unit, seen=version, by=cast.thanhan).handed_in_at == first.handed_in_at
    with pytest.raises(Refused):
        hand_in(enrolment=unit, seen=version, by=colleague)
    assert Event.objects.about(first).filter(action="handed_in").count() == 1


def test_accepted_after_reading_alone_and_the_score_is_of_that_moment(cast, reporting):
    assessment = handed_in(reporting, cast.thanhan)
    with pytest.raises(Refused):
        accept_report(assessment=assessment, seen=assessment.version, by=cast.inspector)
    confirm(assessment=assessment, seen=assessment.version, by=cast.ldthanhan)
    for person in (cast.thanhan, cast.ldthanhan, cast.leader, cast.administrator):
        with pytest.raises(Refused):
            accept_report(assessment=assessment, seen=assessment.version, by=person)
    with pytest.raises(Refused):
        accept_report(assessment=assessment, seen=assessment.version - 1, by=cast.inspector)
    done = accept_report(assessment=assessment, seen=assessment.version, by=cast.inspector)
    assert (done.is_accepted, done.open_criteria, done.met_criteria) == (True, 0, 4)
    assert done.score == done.maximum > 0
    for refused in (
        lambda: withdraw(assessment=done, by=cast.thanhan),
        lambda: hand_back(assessment=done, reason="Thiếu", by=cast.inspector),
        lambda: shown(reporting, cast.thanhan),
        lambda: confirm(assessment=SelfAssessment.objects.get(), seen=done.version, by=cast.cangio),
    ):
        with pytest.raises(Refused):
            refused()


def test_who_stood_by_it_for_the_unit_does_not_accept_it_with_another_role_later(cast, reporting):
    """Its leader, and who attached the paper that the leader signed."""
    assessment = confirmed(reporting, cast.thanhan, cast.ldthanhan)
    User.objects.filter(pk=cast.ldthanhan.pk).update(role=Role.INSPECTOR, ward=None)
    with pytest.raises(Refused):
        accept_report(assessment=assessment, seen=assessment.version, by=User.objects.get(pk=cast.ldthanhan.pk))
    other = make_user(Role.WARD, "nguoi-khac", ward=reporting.ward)
    on_paper(assessment, other)
    User.objects.filter(pk=other.pk).update(role=Role.INSPECTOR, ward=None)
    assessment.refresh_from_db()
    with pytest.raises(Refused):
        accept_report(assessment=assessment, seen=assessment.version, by=User.objects.get(pk=other.pk))
    accept_report(assessment=assessment, seen=assessment.version, by=cast.inspector)


def test_the_result_of_a_visited_unit_is_its_checklist(cast, unit):
    assessment = confirmed(unit, cast.thanhan, cast.ldthanhan)
    with pytest.raises(Refused):
        accept_report(assessment=assessment, seen=assessment.version, by=cast.inspector)


def test_returned_for_additions_says_who_and_when(cast, reporting):
    assessment = confirmed(reporting, cast.thanhan, cast.ldthanhan)
    back = hand_back(assessment=assessment, reason="Thiếu minh chứng", by=cast.inspector)
    assert (back.reading, back.read_by, back.confirmed_at) == ("returned", cast.inspector, None)
    again = confirmed(reporting, cast.thanhan, cast.ldthanhan)
    assert (again.reading, again.read_by) == ("", None)


def test_one_unit_gets_a_later_day_on_a_ground(cast, reporting):
    assessment = confirmed(reporting, cast.thanhan, cast.ldthanhan)
    accept_report(assessment=assessment, seen=assessment.version, by=cast.inspector)
    later = timezone.localdate() + 20 * DAY
    for by, until, ground in (
        (cast.inspector, later, "Lũ"),
        (cast.approver, later, " "),
        (cast.approver, timezone.localdate() + DAY, "Lũ"),
        (cast.approver, timezone.localdate() - DAY, "Lũ"),
    ):
        with pytest.raises(Refused):
            give_more_time(enrolment=reporting, until=until, ground=ground, by=by)
    changed = give_more_time(enrolment=reporting, until=later, ground="Địa bàn bị ngập", by=cast.approver)
    assessment.refresh_from_db()
    assert changed.hands_in_until == later and assessment.handed_in_at is None and not assessment.is_accepted
    assert assessment.return_reason == "Địa bàn bị ngập"


def test_an_answer_is_taken_over_with_one_tap_and_is_a_hand(cast, unit):
    assessment = handed_in(unit, cast.thanhan)
    own = assessment.answers.get(criterion__code="TC02")
    take = {"inspection": unit.inspection, "answer": own, "shown": own.version, "by": cast.inspector}
    take_over_answer(**take, seen=0)
    take_over_answer(**take, seen=0)
    result = Result.objects.get(inspection=unit.inspection, criterion=own.criterion)
    assert (result.outcome, result.changed_by, result.version) == ("met", cast.inspector, 1)
    assert hands_in(Inspection.objects.get(pk=unit.inspection.pk)).of(cast.inspector) == [Hand.ANSWERED]
    answer(unit, cast.inspector2, "not_met")
    with pytest.raises(Refused):
        take_over_answer(**take, seen=1)


def test_evidence_is_taken_over_once_with_its_file(cast, unit):
    criterion = unit.round.criteria_set.criteria.get(code="TC01")
    sent = {"enrolment": unit, "criterion": criterion, "upload_id": uuid.uuid4(), "by": cast.thanhan}
    piece = show_evidence(**sent, upload=upload(photograph(), "kho.jpg"), caption="Kho")
    with pytest.raises(Refused):
        take_over_evidence(inspection=unit.inspection, piece=piece, by=cast.inspector)
    handed_in(unit, cast.thanhan)
    for person in (cast.thanhan, cast.leader):
        with pytest.raises(Refused):
            take_over_evidence(inspection=unit.inspection, piece=piece, by=person)
    taken = [take_over_evidence(inspection=unit.inspection, piece=piece, by=cast.inspector) for _tap in range(2)]
    assert taken[0] == taken[1] == Evidence.objects.get()
    assert (taken[0].file_id, taken[0].caption) == (piece.file_id, "Kho")
    assert Hand.ADDED_EVIDENCE in hands_in(unit.inspection).of(cast.inspector)


def test_others_see_none_of_it(cast, unit):
    shown(unit, cast.thanhan)
    assert SelfEvidence.objects.visible_to(cast.thanhan).count() == 1
    assert SelfEvidence.objects.visible_to(cast.ldthanhan).count() == 1
    for person in (cast.quan10, cast.inspector, cast.leader, cast.administrator):
        assert not SelfEvidence.objects.visible_to(person).exists()
    assessment = handed_in(unit, cast.thanhan)
    on_paper(assessment, cast.thanhan)
    assert SelfEvidence.objects.visible_to(cast.inspector).count() == 1
    for person in (cast.quan10, cast.leader, cast.administrator):
        assert not SelfEvidence.objects.visible_to(person).exists()
        assert not SelfPaper.objects.visible_to(person).exists()


def test_the_paper_to_sign_says_what_the_unit_says_and_shows(cast, unit, sign_in):
    address = reverse("inspections:self-print", args=[unit.pk])
    client = sign_in(cast.thanhan)
    assert "Bản chưa nộp" in client.get(address).content.decode()
    shown(unit, cast.thanhan, issued_on=datetime.date(2026, 3, 2))
    handed_in(unit, cast.thanhan)
    page = client.get(address).content.decode().replace("\u00a0", " ")
    for said in (
        "PHIẾU TỰ KIỂM TRA",
        "Số 12/QĐ-UBND ngày 02/3/2026, UBND xã",
        "Đã xem xét",
        "4/4",
        "THỦ TRƯỞNG ĐƠN VỊ",
    ):
        assert said in page, said
    assert "Bản chưa nộp" not in page
    assert address in client.get(reverse("inspections:self-paper", args=[unit.pk])).content.decode()
