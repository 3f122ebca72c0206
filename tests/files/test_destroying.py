"""The bytes of a withdrawn file are destroyed by two people; the trace stays."""

import datetime
import io
import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from archiveportal.files.models import Destruction, StoredFile
from archiveportal.files.places import without_place
from archiveportal.files.services import keep_file
from archiveportal.files.withdrawing import carry_out, drop_destruction, record_destruction, withdraw_file
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Evidence, Inspection, Minutes, RoundDocument
from criteria.inspections.services.evidence import add_evidence, describe_evidence, void_evidence
from criteria.inspections.services.hands import hands_in
from criteria.inspections.services.minutes import keep_scans
from criteria.inspections.services.readiness import what_is_missing
from reports.closing.signed import read_signed
from reports.models import Closing
from tests.support.kept_files import REASON, decided, of_document, of_evidence, of_scan, of_signed_copy, withdrawn
from tests.support.pictures import PDF, photograph, upload


@pytest.fixture
def approved(cast) -> Inspection:
    return Inspection.objects.select_related("enrolment__round", "enrolment__ward").get(status="approved")


def bytes_of(file: StoredFile) -> list[bool]:
    return [default_storage.exists(field.name) for field in (file.original, file.shown) if field]


def test_two_people_destroy_the_bytes_and_the_trace_stays(approved, cast, sign_in):
    kept = of_evidence(approved, cast)
    with pytest.raises(Refused):
        record_destruction(file=kept.file, number="1/QĐ", decided_on=timezone.localdate(), by=cast.approver)
    decision = decided(kept, cast, by=cast.approver)
    with pytest.raises(Refused) as refusal:
        carry_out(destruction=decision, by=cast.approver)
    assert refusal.value.code == "own_hand" and bytes_of(kept.file) == [True, True]
    address = reverse("files:item", args=[kept.file.pk])
    first = sign_in(cast.approver).get(address).content.decode()
    assert 'value="destroy"' not in first and str(cast.approver2) in first
    second = sign_in(cast.approver2)
    assert kept.file.name in second.get(reverse("files:withdrawn")).content.decode()
    second.post(address, {"action": "destroy", "destruction": decision.pk})
    assert bytes_of(kept.file) == [False, False]
    page = sign_in(cast.leader).get(address).content.decode()
    for trace in (kept.file.name, kept.file.sha256, "12/QĐ-SNV", cast.inspector, cast.approver, cast.approver2):
        assert str(trace) in page, trace
    told = Event.objects.about(approved).first()
    assert (told.action, told.actor_id) == ("deleted", cast.approver2.pk) and "12/QĐ-SNV" in told.reason
    # Pressed twice it is one deed.
    assert carry_out(destruction=decision, by=cast.approver2).carried_out_by == cast.approver2
    assert Event.objects.about(approved).filter(action="deleted").count() == 1


def test_who_uploaded_the_file_is_not_the_second_person(approved, cast):
    decision = decided(of_document(approved, cast), cast, by=cast.approver2)
    with pytest.raises(Refused):
        carry_out(destruction=decision, by=cast.approver)
    for person in (cast.approver, cast.approver2):
        with pytest.raises(IntegrityError, match="destruction_by_another"), transaction.atomic():
            Destruction.objects.update(carried_out_by=person, carried_out_at=timezone.now())


def test_a_decision_recorded_wrongly_is_dropped_and_recorded_anew(approved, cast):
    kept = of_evidence(approved, cast)
    wrong = decided(kept, cast, by=cast.approver)
    assert decided(kept, cast, by=cast.approver) == wrong
    with pytest.raises(Refused):
        record_destruction(file=kept.file, number="13/QĐ", decided_on=timezone.localdate(), by=cast.approver2)
    drop_destruction(destruction=wrong, by=cast.approver)
    with pytest.raises(Refused):
        carry_out(destruction=wrong, by=cast.approver2)
    right = record_destruction(file=kept.file, number="13/QĐ", decided_on=timezone.localdate(), by=cast.approver)
    carry_out(destruction=right, by=cast.approver2)
    with pytest.raises(Refused):
        drop_destruction(destruction=right, by=cast.approver)
    tomorrow = timezone.localdate() + datetime.timedelta(days=2)
    other = of_document(approved, cast)
    withdrawn(other, cast)
    with pytest.raises(Refused):
        record_destruction(file=other.file, number="14/QĐ", decided_on=tomorrow, by=cast.approver)


def checked() -> tuple[int, str]:
    printed = io.StringIO()
    try:
        call_command("check_files", stdout=printed)
    except CommandError as error:
        return error.returncode, printed.getvalue()
    return 0, printed.getvalue()


def test_a_destroyed_file_is_not_missing(approved, cast, monkeypatch):
    kept = of_evidence(approved, cast)
    decision = decided(kept, cast, by=cast.approver)
    assert checked()[0] == 0
    # The process dies between the row and the bytes.
    with monkeypatch.context() as patch:
        patch.setattr("archiveportal.files.withdrawing.remove_bytes", lambda file: None)
        carry_out(destruction=decision, by=cast.approver2)
    code, said = checked()
    assert code == 1 and "still in the store" in said
    call_command("sweep_files", stdout=io.StringIO())
    assert bytes_of(kept.file) == [False, False]
    code, said = checked()
    assert code == 0 and "1 were destroyed by a decision" in said


@pytest.mark.parametrize("table", ["files_withdrawal", "files_destruction"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET uploaded_by_id = uploaded_by_id + 1", "DELETE FROM {table}"])
def test_sql_changes_neither_a_withdrawal_nor_a_decision(approved, cast, table, statement):
    decided(of_evidence(approved, cast), cast, by=cast.approver)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))


# --- what depended on it ---


def test_withdrawn_evidence_counts_no_more(cast):
    inspection = Inspection.objects.get(enrolment__ward__code="27202", enrolment__round__code="gd1-2019")
    criterion = inspection.enrolment.round.criteria_set.criteria.get(code="TC01")
    made = add_evidence(
        inspection=inspection, criterion=criterion, upload_id=uuid.uuid4(), upload=upload(), by=cast.inspector
    )
    assert hands_in(inspection).of(cast.inspector)
    withdraw_file(file=made.file, reason=REASON, by=cast.approver)
    assert not hands_in(inspection).of(cast.inspector)
    assert not inspection.evidence.counting().exists()
    assert not [each for each in what_is_missing(inspection) if each.is_evidence]
    made = Evidence.objects.get(pk=made.pk)
    with pytest.raises(Refused):
        describe_evidence(evidence=made, caption="Kho", made_on="", by=cast.inspector)
    with pytest.raises(Refused):
        void_evidence(evidence=made, reason="Nhầm", by=cast.inspector)


def test_another_scan_takes_the_place_of_a_withdrawn_one_at_once(approved, cast):
    kept = of_scan(approved, cast)
    values = {"submitted_by": cast.inspector, "submitted_at": timezone.now()}
    Inspection.objects.filter(pk=approved.pk).update(status="submitted", **values)
    minutes = Minutes.objects.get()
    with pytest.raises(Refused):
        keep_scans(minutes=minutes, uploads=[upload(photograph(colour="red"))], by=cast.inspector)
    withdrawn(kept, cast)
    keep_scans(minutes=minutes, uploads=[upload(photograph(colour="red"))], by=cast.inspector)
    assert minutes.scans.get(replaced_at=None).file != kept.file


def test_the_comparison_of_a_signed_copy_goes_with_its_bytes(approved, cast):
    kept = of_signed_copy(approved, cast)
    decision = decided(kept, cast, by=cast.approver)
    closing = Closing.objects.get()
    assert closing.signed_comparison and read_signed(None, closing) is None
    # The approver uploaded it and recorded the decision: the other one carries it out.
    carry_out(destruction=decision, by=cast.approver2)
    closing.refresh_from_db()
    assert closing.signed_comparison is None and closing.signed_copy == kept.file


def test_a_file_whose_place_was_taken_can_still_be_destroyed(approved, cast, sign_in):
    kept = of_document(approved, cast)
    newer = keep_file(upload=upload(PDF + b" ", "moi.pdf"), by=cast.approver)
    RoundDocument.objects.filter(file=kept.file).update(file=newer)
    assert kept.file in without_place() and newer not in without_place()
    assert kept.file.name in sign_in(cast.approver2).get(reverse("files:withdrawn")).content.decode()
    address = reverse("files:item", args=[kept.file.pk])
    assert sign_in(cast.leader).get(address).status_code == 404
    assert sign_in(cast.approver2).get(address).status_code == 200
    withdrawn(kept, cast)
    assert Event.objects.about(kept.file).get().reason == REASON
