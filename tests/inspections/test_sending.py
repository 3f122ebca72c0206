"""One answer as a device sends it: saved once, kept beside a colleague's, or kept because nothing could take it."""

import uuid

import pytest
from django.db import connection
from django.utils import timezone

from archiveportal.history.models import Event, Via
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Inspection, KeptAnswer, Result, Submission
from criteria.inspections.services import approve_inspection, save_answer, settle_kept
from criteria.inspections.services.reading import ASKED, GIVEN
from criteria.inspections.services.sending import DAY, Sent
from criteria.models import Criterion
from tests.support.factories import answer, submit_signed


@pytest.fixture
def phuong6(cast) -> Enrolment:
    return Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")


def send(
    enrolment, by, outcome="met", *, code="TC05", base=0, via=Via.AUTOSAVE, submission_id=None, made_at=None, **values
):
    parts = values if code == DAY else {"outcome": outcome, "note": "", **values}
    sent = Sent(
        code=code,
        criteria_set=enrolment.round.criteria_set_id,
        base_version=base,
        submission_id=submission_id or uuid.uuid4(),
        made_at=made_at or timezone.now(),
        typed={name: "" if value is None else str(value) for name, value in parts.items()},
    )
    return save_answer(pk=enrolment.pk, sent=sent, by=by, via=via)


@pytest.mark.parametrize(("model", "names"), [(Criterion, ASKED), (Result, GIVEN)])
def test_columns_are_read_in_the_order_in_which_rows_are_made_of_them(model, names):
    assert [field.attname for field in model._meta.concrete_fields if field.attname in names] == names


def test_a_day_takes_two_more_reads_for_the_name_of_its_event(cast, phuong6, django_assert_num_queries):
    assert phuong6.round.criteria_set_id
    writes = 1 if connection.vendor == "postgresql" else 3
    # Unit and round name the checklist; two more open and close the savepoint of the test.
    with django_assert_num_queries(2 + 2 + writes + 2):
        send(phuong6, cast.inspector, code=DAY, inspected_on="01/10/2019", shown_on="")


def test_one_answer_takes_two_reads_and_one_turn_of_writes(cast, phuong6, django_assert_num_queries):
    assert phuong6.round.criteria_set_id
    writes = 1 if connection.vendor == "postgresql" else 4
    # Two more open and close the savepoint of the test.
    with django_assert_num_queries(2 + writes + 2):
        received = send(phuong6, cast.inspector)
    assert (received.state, received.version) == ("saved", 1)
    phuong6.inspection.refresh_from_db()
    assert (phuong6.inspection.met_criteria, phuong6.inspection.open_criteria) == (1, 22)
    assert Event.objects.about(phuong6.inspection).get().via == Via.AUTOSAVE


def test_the_same_answer_ten_times_is_one(cast, phuong6):
    same = uuid.uuid4()
    answers = [send(phuong6, cast.inspector, submission_id=same) for _ in range(10)]
    assert {(each.state, each.version) for each in answers} == {("saved", 1)}
    assert Event.objects.about(phuong6.inspection).count() == Submission.objects.count() == 1


def test_a_conflict_keeps_both(cast, phuong6):
    send(phuong6, cast.inspector2, "met")
    received = send(phuong6, cast.inspector, "not_met", note="Chưa ký", via=Via.OFFLINE)
    assert (received.state, received.theirs.outcome, received.version) == ("conflict", "met", 1)
    again = send(phuong6, cast.inspector, "not_met", note="Chưa ký ban hành", via=Via.OFFLINE)
    kept = KeptAnswer.objects.get()
    assert again.kept == kept and kept.values["note"] == "Chưa ký ban hành"
    with pytest.raises(Refused):
        settle_kept(kept=kept, take=True, seen=0, by=cast.inspector, via=Via.PAGE)
    settle_kept(kept=kept, take=True, seen=1, by=cast.inspector, via=Via.PAGE)
    result = phuong6.inspection.results.get()
    assert (result.outcome, result.note, result.version) == ("not_met", "Chưa ký ban hành", 2)
    kept.refresh_from_db()
    assert (kept.decision, kept.decided_by) == ("taken", cast.inspector)


def test_an_answer_to_an_approved_checklist_is_kept_and_not_applied(cast, phuong6):
    answer(phuong6, cast.inspector, "met")
    submit_signed(inspection=phuong6.inspection, by=cast.inspector)
    approve_inspection(inspection=phuong6.inspection, by=cast.approver)
    received = send(phuong6, cast.inspector2, "not_met", base=1, via=Via.OFFLINE)
    assert received.state == "kept" and received.message
    assert phuong6.inspection.results.get(criterion__code="TC05").outcome == "met"
    assert Event.objects.about(received.kept).get().action == "kept"
    settle_kept(kept=received.kept, take=False, seen=None, by=cast.approver, via=Via.PAGE)


def test_an_answer_to_another_set_is_kept(cast, phuong6):
    from criteria.services import copy_set

    newer = copy_set(criteria_set=phuong6.round.criteria_set, by=cast.approver)
    old, phuong6.round.criteria_set = phuong6.round.criteria_set, newer
    received = send(phuong6, cast.inspector)
    phuong6.round.criteria_set = old
    assert (received.state, received.kept.reason) == ("kept", "replaced")
    with pytest.raises(Refused):
        send(phuong6, cast.inspector, code="TC99")


def test_the_day_of_the_inspection(cast, phuong6):
    import datetime

    first = send(phuong6, cast.inspector, code=DAY, inspected_on=datetime.date(2019, 10, 14))
    assert first.state == "saved"
    second = send(phuong6, cast.inspector2, code=DAY, inspected_on=datetime.date(2019, 10, 15))
    assert second.state == "conflict"
    settle_kept(
        kept=second.kept, take=True, seen=datetime.date(2019, 10, 14).toordinal(), by=cast.inspector, via=Via.PAGE
    )
    phuong6.inspection.refresh_from_db()
    assert phuong6.inspection.inspected_on == datetime.date(2019, 10, 15)


def test_roles_and_unknown_rows(cast, phuong6):
    for person in (cast.quan10, cast.cangio, cast.leader):
        with pytest.raises(Refused):
            send(phuong6, person)
    for pk in (0, 2**31, 10**30):
        with pytest.raises(Inspection.DoesNotExist):
            send(Enrolment(pk=pk, round=phuong6.round), cast.inspector)


def test_nobody_takes_an_answer_in_the_place_of_one_unseen(cast, phuong6):
    import datetime

    send(phuong6, cast.inspector2, code=DAY, inspected_on=datetime.date(2019, 10, 9))
    kept = send(phuong6, cast.inspector, code=DAY, inspected_on=datetime.date(2019, 10, 2)).kept
    for seen in (None, 0, datetime.date(2019, 10, 8).toordinal()):
        with pytest.raises(Refused):
            settle_kept(kept=kept, take=True, seen=seen, by=cast.inspector, via=Via.PAGE)


def test_an_older_answer_that_comes_later_replaces_no_newer_one(cast, phuong6):
    import datetime

    send(phuong6, cast.inspector2, "met")
    newer = send(phuong6, cast.inspector, "not_met", note="mới").kept
    older = send(phuong6, cast.inspector, "not_met", note="cũ", made_at=timezone.now() - datetime.timedelta(hours=2))
    newer.refresh_from_db()
    assert (older.kept.pk, newer.values["note"]) == (newer.pk, "mới")
    assert Event.objects.about(newer).first().changes["note"] == ["mới", "cũ"]
