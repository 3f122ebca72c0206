"""Whoever had a hand in a checklist does not approve it; a stand-in may, for some days."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.models import StandIn
from archiveportal.accounts.stand_ins import deciders, end_stand_in, name_stand_in
from archiveportal.files.withdrawing import withdraw_file
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection, KeptAnswer
from criteria.inspections.services import (
    Change,
    approve_inspection,
    save_results,
    settle_kept,
    submit_inspection,
    values_of,
)
from criteria.inspections.services.evidence import add_evidence, void_evidence
from criteria.inspections.services.hands import Hand, hands_in
from criteria.inspections.services.minutes import DETAILS, keep_scans, open_supplement, save_minutes, sign_minutes
from tests.support.factories import answer, enrol, make_district, make_round, make_ward, submit_signed, visit_today
from tests.support.mixed_sets import make_mixed_set
from tests.support.pictures import PDF, pdf_of

DAY = datetime.timedelta(days=1)


def change_one(enrolment, by, code="TC03", **values):
    """Change parts of one answer, as a page does."""
    enrolment.inspection.refresh_from_db()
    criterion = enrolment.round.criteria_set.criteria.get(code=code)
    result = enrolment.inspection.results.get(criterion=criterion)
    change = Change(criterion, result.version, values_of(result) | values)
    save_results(inspection=enrolment.inspection, changes=[change], by=by, submission_id=uuid.uuid4())


def add_document(enrolment, by):
    return add_evidence(
        inspection=enrolment.inspection,
        criterion=enrolment.round.criteria_set.criteria.get(code="TC03"),
        upload_id=uuid.uuid4(),
        number="12/QĐ-UBND",
        by=by,
    )


def answers_one(enrolment, cast):
    change_one(enrolment, cast.approver, outcome="not_met")


def writes_a_note(enrolment, cast):
    change_one(enrolment, cast.approver, note="Hồ sơ lưu tại văn phòng")
    # The row of the answer names the inspector again; the note is still the approver's.
    change_one(enrolment, cast.inspector, outcome="not_met")


def adds_evidence(enrolment, cast):
    add_document(enrolment, cast.approver)


def takes_over_a_kept_answer(enrolment, cast):
    settle_kept(kept=_kept(enrolment, cast.inspector2), take=True, seen=1, by=cast.approver, via="page")


def sent_an_answer_that_was_taken(enrolment, cast):
    settle_kept(kept=_kept(enrolment, cast.approver), take=True, seen=1, by=cast.inspector, via="page")


def writes_recommendations(enrolment, cast):
    """Write minutes that the inspector signs; a supplement with words of the inspector's own follows."""
    write_minutes(enrolment, cast.approver, seen=0, recommendations="Bố trí kho lưu trữ")
    sign_minutes(inspection=enrolment.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    supplement = open_supplement(inspection=enrolment.inspection, reason="Ghi thiếu", by=cast.inspector)
    write_minutes(enrolment, cast.inspector, seen=supplement.version, recommendations="Chỉnh lý tài liệu")


def write_minutes(enrolment, by, *, seen, **values):
    """Write minutes, or write them anew."""
    texts = dict.fromkeys(DETAILS, "") | {"started_at": None, "ended_at": None, "copies": 2} | values
    save_minutes(inspection=enrolment.inspection, values=texts, people=[], seen=seen, by=by)


def _kept(enrolment, by):
    criterion = enrolment.round.criteria_set.criteria.get(code="TC03")
    return KeptAnswer.objects.create(
        inspection=enrolment.inspection,
        criterion=criterion,
        criteria_set=criterion.criteria_set,
        values={"outcome": "not_met", "number": None, "text": "", "note": ""},
        base_version=0,
        reason=KeptAnswer.Reason.CONFLICT,
        submission_id=uuid.uuid4(),
        via="offline",
        sent_by=by,
        made_at=timezone.now() - DAY,
    )


HANDS = [
    (answers_one, Hand.ANSWERED),
    (writes_a_note, Hand.ANSWERED),
    (adds_evidence, Hand.ADDED_EVIDENCE),
    (takes_over_a_kept_answer, Hand.ANSWERED),
    (sent_an_answer_that_was_taken, Hand.ANSWERED),
    (writes_recommendations, Hand.WROTE_MINUTES),
]


def test_who_adds_the_scan_of_the_signed_minutes_does_not_approve(cast, phuong6):
    answer(phuong6, cast.inspector, "met")
    visit_today(phuong6.inspection)
    minutes = sign_minutes(inspection=phuong6.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    keep_scans(minutes=minutes, uploads=[SimpleUploadedFile("mo.pdf", PDF)], by=cast.approver)
    assert hands_in(phuong6.inspection).of(cast.approver) == [Hand.SIGNED]
    # In the place of it another one, which is withdrawn.
    keep_scans(minutes=minutes, uploads=[SimpleUploadedFile("ro.pdf", pdf_of([["Rõ"]]))], by=cast.approver2)
    assert hands_in(phuong6.inspection).of(cast.approver) == []
    file = minutes.scans.get(replaced_at=None).file
    withdraw_file(file=file, reason="Chụp nhầm", by=cast.approver)
    assert hands_in(phuong6.inspection).of(cast.approver2) == []


@pytest.mark.parametrize(("deed", "hand"), HANDS)
def test_who_had_a_hand_in_it_does_not_approve(cast, phuong6, deed, hand):
    answer(phuong6, cast.inspector, "met")
    deed(phuong6, cast)
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    assert hands_in(phuong6.inspection).of(cast.approver) == [hand]
    with pytest.raises(Refused, match=cast.approver2.full_name) as refusal:
        approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    assert refusal.value.code == "own_hand"
    assert Inspection.objects.get(pk=phuong6.inspection.pk).status == "submitted"
    approve_inspection(inspection=phuong6.inspection, by=cast.approver2)


def test_who_signed_the_minutes_does_not_approve(cast, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.approver)
    Inspection.objects.filter(pk=phuong6.inspection.pk).update(submitted_by=cast.inspector)
    with pytest.raises(Refused):
        approve_inspection(inspection=phuong6.inspection, by=cast.approver)


def test_what_no_longer_counts_is_no_hand_in_it(cast, phuong6):
    """An answer written anew by another, a note taken out, evidence taken back, minutes written anew."""
    answer(phuong6, cast.inspector, "met")
    write_minutes(phuong6, cast.approver, seen=0, recommendations="Bố trí kho")
    write_minutes(phuong6, cast.inspector, seen=1, recommendations="Bố trí kho lưu trữ")
    change_one(phuong6, cast.approver, outcome="not_met", note="Sai")
    change_one(phuong6, cast.inspector, outcome="met", note="")
    evidence = add_document(phuong6, cast.approver)
    void_evidence(evidence=evidence, reason="Nhầm phường", by=cast.approver)
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    assert hands_in(phuong6.inspection).of(cast.approver) == []
    approve_inspection(inspection=phuong6.inspection, by=cast.approver)


def test_the_page_says_before_submitting_who_can_approve(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    change_one(phuong6, cast.approver, outcome="not_met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    Inspection.objects.filter(pk=phuong6.inspection.pk).update(status="signed", submitted_by=None)
    page = sign_in(cast.inspector).get(reverse("inspections:checklist", args=[phuong6.pk]))
    assert f"Người có thể phê duyệt: {cast.approver2.full_name}." in page.content.decode()
    cast.approver2.is_active = False
    cast.approver2.save()
    page = sign_in(cast.inspector).get(reverse("inspections:checklist", args=[phuong6.pk]))
    assert "Không còn ai phê duyệt được phiếu này" in page.content.decode()


def named(cast, **values):
    today = timezone.localdate()
    facts = {"person": cast.inspector2, "decision": "12/QĐ-CCVTLT", "starts_on": today, "ends_on": today + 6 * DAY}
    return name_stand_in(**facts | values, by=cast.approver)


def test_a_stand_in_approves_for_some_days(cast, sign_in, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    client, address = sign_in(cast.inspector2), reverse("inspections:approve", args=[phuong6.pk])
    version = {"version": Inspection.objects.get(pk=phuong6.inspection.pk).version}
    assert client.post(address, version).status_code == 403
    stand_in = named(cast)
    assert cast.inspector2 in deciders()
    end_stand_in(stand_in=stand_in, by=cast.approver)
    assert client.post(address, version).status_code == 403
    named(cast, decision="13/QĐ-CCVTLT")
    assert "Phê duyệt" in client.get(reverse("inspections:checklist", args=[phuong6.pk])).content.decode()
    client.post(address, version)
    assert Inspection.objects.get(pk=phuong6.inspection.pk).approved_by == cast.inspector2


def test_a_stand_in_with_a_hand_in_it_does_not_approve_either(cast, phuong6):
    answer(phuong6, cast.inspector2, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    named(cast)
    with pytest.raises(Refused):
        approve_inspection(inspection=phuong6.inspection, by=cast.inspector2)


def test_a_stand_in_is_named_once_and_ended_once(cast):
    first, second = named(cast), named(cast)
    assert first == second
    ended = end_stand_in(stand_in=first, by=cast.approver)
    assert end_stand_in(stand_in=first, by=cast.approver2).ended_by == ended.ended_by == cast.approver
    assert [event.action for event in Event.objects.about(first)] == ["changed", "created"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"decision": " "}, "decision"),
        ({"ends_on": -30}, "ends_on"),
        ({"starts_on": -60, "ends_on": -59}, "ends_on"),
        ({"ends_on": 400}, "ends_on"),
        ({"person": "leader"}, "person"),
        ({"person": "approver"}, "person"),
        ({"person": "approver2"}, "person"),
    ],
)
def test_a_wrong_stand_in_is_refused_at_its_field(cast, values, field):
    today = timezone.localdate()
    if "person" in values:
        values = {"person": getattr(cast, values["person"])}
    else:
        values = {name: days if name == "decision" else today + days * DAY for name, days in values.items()}
    with pytest.raises(ValidationError) as refusal:
        named(cast, **values)
    assert field in refusal.value.message_dict
    assert not StandIn.objects.exists()


def test_only_an_approver_names_a_stand_in(cast):
    today = timezone.localdate()
    with pytest.raises(Refused):
        name_stand_in(person=cast.inspector2, decision="1/QĐ", starts_on=today, ends_on=today, by=cast.inspector)
    with pytest.raises(Refused):
        end_stand_in(stand_in=named(cast), by=cast.leader)


def test_a_stand_in_that_was_recorded_does_not_change(cast):
    stand_in = named(cast)
    for statement in (
        "UPDATE accounts_standin SET ends_on = '2030-01-01'",
        "DELETE FROM accounts_standin",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert StandIn.objects.get().ends_on == stand_in.ends_on


def test_the_page_names_and_ends_a_stand_in(cast, sign_in):
    client, today = sign_in(cast.approver), timezone.localdate()
    address = reverse("stand-ins:list")
    wrong = {"person": cast.inspector2.pk, "decision": "", "starts_on": "01/12/2026", "ends_on": "x"}
    page = client.post(address, wrong).content.decode()
    assert "Nhập số quyết định." in page
    assert 'value="x"' in page
    right = wrong | {"decision": "12/QĐ-CCVTLT", "starts_on": f"{today:%d/%m/%Y}", "ends_on": f"{today + DAY:%d/%m/%Y}"}
    assert client.post(address, right).status_code == 302
    stand_in = StandIn.objects.get()
    assert "12/QĐ-CCVTLT" in sign_in(cast.leader).get(address).content.decode()
    assert 'name="decision"' not in sign_in(cast.leader).get(address).content.decode()
    assert sign_in(cast.leader).post(address, right).status_code == 403
    client.post(reverse("stand-ins:end", args=[stand_in.pk]))
    assert StandIn.objects.get().ended_by == cast.approver


def test_submitting_is_possible_where_nobody_is_left(cast, phuong6):
    """Work does not stop: the stand-in can be named afterwards."""
    answer(phuong6, cast.inspector, "met")
    cast.approver.is_active = cast.approver2.is_active = False
    cast.approver.save()
    cast.approver2.save()
    submitted = submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    assert submitted.status == "submitted"
    with pytest.raises(Refused):
        submit_inspection(inspection=submitted, by=cast.inspector2)


@pytest.mark.parametrize(
    ("code", "first", "then"),
    [
        ("RATIO", {"number": 30, "of_number": 40}, {"of_number": 41}),
        ("DATE", {"day": datetime.date(2026, 6, 1)}, {"day": datetime.date(2026, 6, 2)}),
        ("CHOICE", {"option": "Đầy đủ"}, {"option": "Một phần"}),
    ],
)
def test_whoever_changed_any_value_of_an_answer_had_a_hand_in_it(cast, code, first, then):
    enrolment = enrol(make_round(make_mixed_set()), make_ward(make_district()))
    criterion = enrolment.round.criteria_set.criteria.get(code=code)

    def values(typed):
        options = {option.text: option.pk for option in criterion.options.all()}
        return {"outcome": ""} | {name: options.get(value, value) for name, value in typed.items()}

    change = Change(criterion, 0, values(first))
    save_results(inspection=enrolment.inspection, changes=[change], by=cast.inspector, submission_id=uuid.uuid4())
    assert not hands_in(enrolment.inspection).of(cast.approver)
    change_one(enrolment, cast.approver, code, **{name: value for name, value in values(then).items() if value})
    assert hands_in(enrolment.inspection).of(cast.approver) == [Hand.ANSWERED]
