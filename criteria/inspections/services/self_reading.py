"""The sub-department reads self-assessments: accepts those of units that only report, and gives single units time."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.own_words import in_own_words
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Inspection, SelfAssessment
from criteria.inspections.services.scores import SCORE_FIELDS, bars_of, highest_band, score_of
from criteria.inspections.services.self_confirming import back_to_draft
from criteria.inspections.services.self_gate import authors_of, locked_assessment, stood_by
from criteria.inspections.services.telling import self_assessment_moved

#: where the team has recorded its result, nothing of the unit's own opens again
OPEN_STATES = (Inspection.Status.DRAFT, Inspection.Status.RETURNED)


@transaction.atomic
def accept_report(*, assessment: SelfAssessment, seen: int, by: User, via: str = Via.PAGE) -> SelfAssessment:
    """Accept what a unit that only reports says of itself: from now on it counts, marked as the unit's own.

    `seen` is the version that the page showed. The second time changes nothing.
    """
    if not by.can_inspect:
        raise Refused(_("Your role does not read self-assessments."))
    assessment = locked_assessment(assessment)
    if assessment.is_accepted:
        return assessment
    _refuse_unless_ready(assessment)
    if assessment.version != seen:
        raise Refused(_("The unit changed its self-assessment after you opened it. Look at it again, then decide."))
    if by.pk in authors_of(assessment) | stood_by(assessment):
        raise Refused(_("You had a hand in this self-assessment; another person has to read it."))
    _give_score(assessment)
    before = assessment.reading
    assessment.reading, assessment.read_by, assessment.read_at = "accepted", by, timezone.now()
    assessment.save(update_fields=["reading", "read_by", "read_at", *SCORE_FIELDS])
    record(about=assessment, by=by, via=via, action=Action.ACCEPTED, changes={"reading": (before, assessment.reading)})
    self_assessment_moved(assessment, by=by)
    log_event("self-assessment accepted", user=by.pk, enrolment=assessment.enrolment_id)
    return assessment


def _refuse_unless_ready(assessment: SelfAssessment) -> None:
    if not assessment.enrolment.only_reports or assessment.enrolment.is_left_out:
        raise Refused(_("A team inspects this unit: its result is the one of the checklist."))
    if not assessment.enrolment.is_open_now:
        raise Refused(in_own_words(_("This round is closed. Ask %(leader)s to open it again.")))
    if assessment.handed_in_at is None:
        raise Refused(_("The unit has not handed in its self-assessment yet."))
    if assessment.confirmed_at is None:
        raise Refused(_("The leader of the unit has not confirmed this self-assessment yet."))


def _give_score(assessment: SelfAssessment) -> None:
    """Set the score fields (not saved) from the answers."""
    criteria_set = assessment.enrolment.round.criteria_set
    answers = {answer.criterion_id: answer for answer in assessment.answers.all()}
    total = score_of(answers, criteria_set.criteria.all(), criteria_set)
    if total.open or not total.maximum:
        raise Refused(_("Criteria are left open; hand it back to the unit."))
    assessment.score, assessment.maximum = total.points, total.maximum
    assessment.met_criteria, assessment.open_criteria = total.met, total.open
    assessment.deducted, assessment.bonus = total.deducted, total.bonus
    assessment.highest_band = highest_band(answers, bars_of(criteria_set))


@transaction.atomic
def give_more_time(
    *, enrolment: Enrolment, until: datetime.date, ground: str, by: User, via: str = Via.PAGE
) -> Enrolment:
    """Give one unit a later day for its self-assessment, on a ground; one that was handed in opens again.

    The same again changes nothing.
    """
    if not by.can_approve:
        raise Refused(_("Your role does not manage inspection rounds."))
    rows = Enrolment.objects.select_related("round", "ward__district", "inspection").select_for_update(of=("self",))
    enrolment, ground = rows.get(pk=enrolment.pk), ground.strip()
    _refuse_more_time(enrolment, until, ground)
    assessment = SelfAssessment.objects.filter(enrolment=enrolment).first()
    values = {"self_extended_until": until, "self_extension_ground": ground}
    changes = {
        name: (getattr(enrolment, name), value) for name, value in values.items() if getattr(enrolment, name) != value
    }
    if changes:
        for name, value in values.items():
            setattr(enrolment, name, value)
        enrolment.save(update_fields=list(values))
        record(about=enrolment, by=by, via=via, changes=changes, reason=ground)
        log_event("self-assessment extended", user=by.pk, enrolment=enrolment.pk)
    if assessment and assessment.handed_in_at:
        assessment = locked_assessment(assessment)
        told = back_to_draft(assessment)
        assessment.return_reason = ground
        assessment.save(update_fields=["return_reason"])
        record(about=assessment, by=by, via=via, action=Action.REOPENED, changes=told, reason=ground)
        self_assessment_moved(assessment, by=by)
    return enrolment


def _refuse_more_time(enrolment: Enrolment, until: datetime.date, ground: str) -> None:
    if not enrolment.round.asks_self_assessment:
        raise Refused(_("This round does not ask for a self-assessment."))
    if not enrolment.is_open_now:
        raise Refused(_("This round is closed. Open it again for the unit first."))
    if enrolment.inspection.status not in OPEN_STATES:
        raise Refused(_("The team has recorded its result; what the unit shows does not change any more."))
    refuse_far_days(until)
    if until < timezone.localdate():
        raise Refused({"until": _("This day is past.")})
    if enrolment.round.self_assessment_due and until < enrolment.round.self_assessment_due:
        raise Refused({"until": _("The round gives a later day already.")})
    if not ground:
        raise Refused({"ground": _("Say on what ground the unit gets a later day.")})
