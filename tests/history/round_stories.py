"""What is done with a round before it is open, and with one that never counted, for the test of the history."""

import datetime
import uuid

from django.utils.timezone import localdate

from archiveportal.history.models import Via
from criteria.inspections import services
from criteria.inspections.models import Round
from criteria.inspections.services import distant, internal_notes, questions
from criteria.inspections.services.swapped_days import enter_swapped_days, remove_swapped_day
from tests.support.factories import make_round, make_ward
from tests.support.inspections import photograph
from wards.models import Ward


def prepare_rounds(watch, source, *, by):
    """A draft is opened; a copy of `source` is made and deleted, and so is a trial."""
    draft = make_round(status=Round.Status.DRAFT)
    services.enrol_wards(inspection_round=draft, wards=[make_ward()], by=by, via=Via.PAGE)
    draft.deadline = localdate()
    draft.save(update_fields=["deadline"])
    enrolment = draft.enrolments.get()
    later = localdate() + datetime.timedelta(days=1)
    watch(services.extend_deadline, enrolment=enrolment, until=later, ground="Bão", by=by)
    overlap = {"overlap": "audit", "source": "Kiểm toán khu vực, quý III"}
    watch(services.note_overlap, enrolment=enrolment, left_out_reason="Trùng kiểm toán", by=by, **overlap)
    watch(services.note_overlap, enrolment=enrolment, by=by, **overlap)
    watch(services.start_round, inspection_round=draft, by=by)
    (swapped,) = watch(
        enter_swapped_days,
        day_off=localdate(),
        day_worked=None,
        reason="Nghỉ hoán đổi",
        source="Công văn số 1/VPCP-KGVX",
        by=by,
    )
    watch(remove_swapped_day, day=swapped, by=by)
    new = Round(code="kt-2027-1", name="Đợt 1 năm 2027", criteria_set=source.criteria_set)
    new.starts_on, new.ends_on = localdate(), localdate() + datetime.timedelta(days=30)
    copied = watch(services.copy_round, source=source, inspection_round=new, by=by)
    watch(services.delete_round, inspection_round=copied.round, typed_code="kt-2027-1", by=by)


def ask_a_unit(watch, cast):
    """A unit is asked about a criterion, answers, is asked again; colleagues note and mark something."""
    (enrolment,) = services.enrol_wards(
        inspection_round=make_round(), wards=[Ward.objects.get(code="27202")], by=None, via=Via.COMMAND
    )
    inspection, criterion = enrolment.inspection, enrolment.round.criteria_set.criteria.first()
    place = {"inspection": inspection, "criterion": criterion, "by": cast.inspector}
    asked = {"due_on": localdate(), "submission_id": uuid.uuid4()}
    question = watch(questions.ask_question, text="Kho ở đâu?", uploads=[photograph()], **place, **asked)
    answered = {"uploads": [photograph()], "submission_id": uuid.uuid4(), "by": cast.quan10}
    watch(questions.answer_question, question=question, text="Tầng 2", **answered)
    later = {"due_on": localdate() + datetime.timedelta(days=2), "submission_id": uuid.uuid4()}
    question = watch(questions.ask_question, text="Diện tích?", **place, **later)
    watch(questions.close_question, question=question, seen=question.version, by=cast.inspector)
    watch(internal_notes.add_internal_note, text="Xem lại ảnh", submission_id=uuid.uuid4(), **place)
    for is_distant in (True, False):
        watch(distant.mark_distant, is_distant=is_distant, **place)


def follow_up(watch, cast):
    """A round that follows up that of the report is opened: the one approved unit keeps what was met."""
    earlier = Round.objects.get(code="gd1-2019")
    ward = earlier.enrolments.get(inspection__status="approved").ward
    days = {"starts_on": datetime.date(2020, 1, 1), "ends_on": datetime.date(2020, 12, 31)}
    values = {"criteria_set": earlier.criteria_set, "status": Round.Status.DRAFT, "follows": earlier}
    draft = make_round(**values, **days)
    services.enrol_wards(inspection_round=draft, wards=[ward], by=cast.approver, via=Via.PAGE)
    watch(services.start_round, inspection_round=draft, by=cast.approver)
    assert draft.enrolments.get().inspection.results.count() == 23
