"""What is done with a round before it is open, and with one that never counted, for the test of the history."""

import datetime

from django.utils.timezone import localdate

from archiveportal.history.models import Via
from criteria.inspections import services
from criteria.inspections.models import Round
from criteria.inspections.services.swapped_days import enter_swapped_days, remove_swapped_day
from tests.support.factories import make_round, make_ward


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
