"""What units say of themselves, shown, confirmed, read and taken over, for the test of the history."""

import datetime
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from archiveportal.history.models import Via
from criteria.inspections import services
from criteria.inspections.services import self_confirming, self_evidence, self_reading, taking_over
from tests.support.factories import make_round
from tests.support.pictures import PDF
from tests.support.self_assessments import DOCUMENT, confirmed, handed_in
from wards.models import Ward

DAY = datetime.timedelta(days=1)


def tell_self_assessments(watch, cast):
    """One unit is visited and what it showed is taken over; another one only reports and is accepted."""
    due = {"asks_self_assessment": True, "self_assessment_due": localdate() + DAY}
    own = Ward.objects.get(code="27676", is_baseline=True)
    visited, reporting = (_enrol(make_round(**due), own) for _round in range(2))
    reporting.way = "report"
    reporting.save(update_fields=["way"])
    officer, leader, inspector = cast.thanhan, cast.ldthanhan, cast.inspector
    criterion = visited.round.criteria_set.criteria.get(code="TC01")
    shown = {"enrolment": visited, "criterion": criterion, "by": officer, **DOCUMENT}
    first = watch(self_evidence.show_evidence, upload_id=uuid.uuid4(), **shown)
    piece = watch(self_evidence.show_evidence, upload_id=uuid.uuid4(), replaces=first, **shown)
    spare = watch(self_evidence.show_evidence, upload_id=uuid.uuid4(), **shown)
    watch(self_evidence.take_back_evidence, evidence=spare, reason="Nhầm", by=officer)
    assessment = handed_in(visited, officer)
    watch(self_confirming.confirm, assessment=assessment, seen=assessment.version, by=leader)
    watch(self_confirming.withdraw, assessment=assessment, reason="Xem lại", by=leader)
    assessment = handed_in(visited, officer)
    paper = SimpleUploadedFile("da-ky.pdf", PDF, "application/pdf")
    signed = {"upload": paper, "signatory": "Chủ tịch", "signed_on": localdate()}
    watch(self_confirming.confirm_on_paper, assessment=assessment, seen=assessment.version, by=officer, **signed)
    taken = {"inspection": visited.inspection, "by": inspector}
    watch(taking_over.take_over_evidence, piece=piece, **taken)
    answer = assessment.answers.get(criterion=criterion)
    watch(taking_over.take_over_answer, answer=answer, seen=0, shown=answer.version, **taken)
    report = confirmed(reporting, officer, leader)
    watch(self_reading.accept_report, assessment=report, seen=report.version, by=inspector)
    later = localdate() + 5 * DAY
    watch(self_reading.give_more_time, enrolment=reporting, until=later, ground="Ngập lụt", by=cast.approver)


def _enrol(inspection_round, ward):
    (enrolment,) = services.enrol_wards(inspection_round=inspection_round, wards=[ward], by=None, via=Via.COMMAND)
    return enrolment
