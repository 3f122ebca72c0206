"""A unit's self-assessment for tests, from the first answer to the leader's confirmation."""

import uuid

from django.utils import timezone

from archiveportal.accounts.models import User
from archiveportal.files.services import keep_file
from criteria.inspections.models import Enrolment, Round, SelfAnswer, SelfAssessment, SelfEvidence, SelfPaper
from criteria.inspections.services import BLANK, Change
from criteria.inspections.services.self_assessment import hand_in, save_self_answers
from criteria.inspections.services.self_confirming import confirm
from criteria.inspections.services.self_evidence import show_evidence
from tests.support.pictures import PDF, upload

DOCUMENT = {"number": "12/QĐ-UBND", "issuer": "UBND xã"}


def assess_all(enrolment: Enrolment, by, outcome="met") -> int:
    """Give one answer to all criteria that take one; return the version."""
    versions = dict(SelfAnswer.objects.filter(assessment__enrolment=enrolment).values_list("criterion", "version"))
    criteria = [each for each in enrolment.round.criteria_set.criteria.all() if each.has_outcome]
    values = BLANK | {"outcome": outcome, "note": "Đã xem xét"}
    changes = [Change(each, versions.get(each.pk, 0), values) for each in criteria]
    return save_self_answers(enrolment=enrolment, changes=changes, by=by).version


def handed_in(enrolment: Enrolment, by, outcome="met") -> SelfAssessment:
    return hand_in(enrolment=enrolment, seen=assess_all(enrolment, by, outcome), by=by)


def confirmed(enrolment: Enrolment, by, leader) -> SelfAssessment:
    assessment = handed_in(enrolment, by)
    return confirm(assessment=assessment, seen=assessment.version, by=leader)


def handed_in_by_hand(enrolment: Enrolment) -> SelfAssessment:
    """Return a self-assessment as rows alone, without answers."""
    Round.objects.filter(pk=enrolment.round_id).update(asks_self_assessment=True)
    officer = User.objects.get(username="thanhan")
    values = {"handed_in_by": officer, "handed_in_at": timezone.now()}
    return SelfAssessment.objects.get_or_create(enrolment=enrolment, defaults=values)[0]


def accepted_by_hand(enrolment: Enrolment, cast) -> SelfAssessment:
    """Return the accepted report of a unit that only reports as rows alone, without answers."""
    Enrolment.objects.filter(pk=enrolment.pk).update(way=Enrolment.Way.REPORT)
    assessment, now = handed_in_by_hand(enrolment), timezone.now()
    read = {"reading": "accepted", "read_by": cast.inspector, "read_at": now, "score": 20, "maximum": 23}
    confirmed_by = {"confirmed_by": cast.ldthanhan, "confirmed_at": now}
    SelfAssessment.objects.filter(pk=assessment.pk).update(**read, **confirmed_by)
    return SelfAssessment.objects.get(pk=assessment.pk)


def of_unit(assessment: SelfAssessment, by) -> SelfEvidence:
    """Return a photograph that the unit shows."""
    criterion = assessment.enrolment.round.criteria_set.criteria.first()
    file = keep_file(upload=upload(), by=by)
    values = {"criterion": criterion, "upload_id": uuid.uuid4(), "file": file, "added_by": by}
    return SelfEvidence.objects.create(assessment=assessment, caption="Danh sách có tên công dân", **values)


def paper_of_unit(assessment: SelfAssessment, by) -> SelfPaper:
    file = keep_file(upload=upload(PDF, "da-ky.pdf"), by=by)
    values = {"signatory": "Chủ tịch", "signed_on": timezone.localdate(), "added_by": by}
    return SelfPaper.objects.create(assessment=assessment, file=file, **values)


def shown(enrolment: Enrolment, by, code="TC01", **described):
    """Show a document by its number at a criterion."""
    criterion = enrolment.round.criteria_set.criteria.get(code=code)
    values = {"upload_id": uuid.uuid4(), **DOCUMENT, **described}
    return show_evidence(enrolment=enrolment, criterion=criterion, by=by, **values)
