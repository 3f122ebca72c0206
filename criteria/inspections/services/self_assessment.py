"""Self-assessment: what a ward says of itself, saved as a draft, handed in, handed back. It never scores."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import event, record, record_all
from archiveportal.logs import log_event
from archiveportal.own_words import in_own_words
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Inspection, SelfAnswer, SelfAssessment
from criteria.inspections.services.answers import SavedAnswers
from criteria.inspections.services.following import is_taken_over
from criteria.inspections.services.readiness import Missing
from criteria.inspections.services.self_confirming import HANDED_IN, READ, back_to_draft
from criteria.inspections.services.self_gate import locked_assessment, why_closed
from criteria.inspections.services.telling import self_assessment_moved
from criteria.inspections.services.values import COLUMNS, Change, give_values, settle, told_changes, values_of
from criteria.outcomes import outcome_of


@transaction.atomic
def save_self_answers(
    *, enrolment: Enrolment, changes: Iterable[Change], by: User, via: str = Via.PAGE
) -> SavedAnswers:
    """Applies all the changes, or none if a colleague of the unit changed one of the same answers meanwhile.

    The same page sent twice changes nothing the second time.
    """
    enrolment, assessment = _held(enrolment, by)
    inspection = Inspection(enrolment=enrolment)
    given = assessment.answers.select_related("changed_by") if assessment.pk else ()
    answers = {answer.criterion_id: answer for answer in given}
    saved, changed = SavedAnswers(version_before=assessment.version, version=assessment.version), []
    for change in [settle(inspection, each) for each in changes]:
        answer = answers.get(change.criterion.pk)
        if values_of(answer) == change.values:
            continue
        if (answer.version if answer else 0) != change.base_version:
            saved.conflicts[change.criterion.pk] = answer
            continue
        changed.append((change, answer))
    if saved.is_refused or not changed:
        return saved
    _refuse_handed_in(assessment)
    _write(assessment, changed, by, via=via)
    saved.applied, saved.version = [change.criterion.pk for change, _answer in changed], assessment.version
    return saved


def _held(enrolment: Enrolment, by: User) -> tuple[Enrolment, SelfAssessment]:
    """Return the self-assessment, unsaved if there is none yet, for the ward's own people. The
    enrolment is held."""
    if not by.answers_for_units:
        raise Refused(_("A self-assessment is made by the ward or its district."))
    rows = Enrolment.objects.visible_to(by).filter(pk=enrolment.pk)
    fresh = rows.select_related("round__criteria_set", "ward").select_for_update(of=("self",)).first()
    if fresh is None:
        raise Refused(_("A self-assessment is made by the ward or its district."))
    if why := why_closed(fresh):
        raise Refused(why)
    # The enrolment is held, so that nobody begins a second one. An unsaved row has no answers yet.
    return fresh, SelfAssessment.objects.filter(enrolment=fresh).first() or SelfAssessment(enrolment=fresh)


def _refuse_handed_in(assessment: SelfAssessment) -> None:
    if assessment.handed_in_at:
        raise Refused(_("The self-assessment is handed in and does not change any more. The team can hand it back."))


def _write(assessment: SelfAssessment, changed: list[tuple[Change, SelfAnswer | None]], by: User, *, via: str) -> None:
    if assessment.pk is None:
        assessment.save(force_insert=True)
    now, rows, events = timezone.now(), [], []
    for change, answer in changed:
        before = values_of(answer)
        pairs = told_changes(answer, change, before)
        answer = answer or SelfAnswer(assessment=assessment, criterion=change.criterion, version=0)
        give_values(answer, change)
        answer.version, answer.changed_by, answer.changed_at = answer.version + 1, by, now
        rows.append(answer)
        entry = event(about=assessment, by=by, via=via, changes=pairs)
        entry.object_name = str(change.criterion)[:300]
        events.append(entry)
    SelfAnswer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=[*COLUMNS, "version", "changed_by", "changed_at"],
    )
    assessment.version += 1
    assessment.save(update_fields=["version"])
    record_all(events)


def missing_of(assessment: SelfAssessment) -> list[Missing]:
    """Return what is missing before a self-assessment can be handed in."""
    answers = {answer.criterion_id: answer for answer in (assessment.answers.all() if assessment.pk else ())}
    shown = set(assessment.evidence.counting().values_list("criterion_id", flat=True)) if assessment.pk else set()
    missing = []
    for criterion in assessment.enrolment.round.criteria_set.criteria.all():
        answer = answers.get(criterion.pk)
        code, note = (answer.outcome, answer.note) if answer else ("", "")
        outcome = outcome_of(code)
        if criterion.is_counted and outcome.is_open:
            missing.append(Missing(criterion, _("not assessed")))
        is_shown = criterion.pk in shown or is_taken_over(assessment.enrolment.round, answer)
        if outcome.earns and criterion.needs_evidence and not is_shown:
            missing.append(Missing(criterion, _("evidence is missing"), is_evidence=True))
        if outcome.is_failure and criterion.needs_explanation and not note:
            missing.append(Missing(criterion, _("the explanation is missing")))
    return missing


@transaction.atomic
def hand_in(*, enrolment: Enrolment, seen: int, by: User, via: str = Via.PAGE) -> SelfAssessment:
    """Shows the self-assessment to the team; from then on it is read only. `seen` is the version the page showed."""
    enrolment, assessment = _held(enrolment, by)
    if assessment.handed_in_at and assessment.handed_in_by_id == by.pk:
        # The same person pressed on two devices: handed in once.
        return assessment
    _refuse_handed_in(assessment)
    if assessment.version != seen:
        raise Refused(_("A colleague changed the self-assessment after you opened it. Look at it again, then decide."))
    assessment.enrolment = enrolment
    if missing := missing_of(assessment):
        count = len({each.criterion.pk for each in missing if each.criterion})
        message = ngettext(
            "Not handed in yet: something is missing at %(count)d criterion.",
            "Not handed in yet: something is missing at %(count)d criteria.",
            count,
        )
        raise Refused(message % {"count": count}, code="missing")
    assessment.handed_in_by, assessment.handed_in_at, assessment.return_reason = by, timezone.now(), ""
    read = {"reading": (assessment.reading, "")} if assessment.reading else {}
    assessment.reading, assessment.read_by, assessment.read_at = "", None, None
    assessment.save(update_fields=[*HANDED_IN, *READ, "return_reason"])
    record(about=assessment, by=by, via=via, action=Action.HANDED_IN, changes=read)
    self_assessment_moved(assessment, by=by)
    log_event("self-assessment handed in", user=by.pk, enrolment=enrolment.pk)
    return assessment


@transaction.atomic
def hand_back(*, assessment: SelfAssessment, reason: str, by: User, via: str = Via.PAGE) -> SelfAssessment:
    """Handed in -> draft again, with the reason that the unit reads; while there is time to correct it."""
    if not by.can_inspect:
        raise Refused(_("Your role does not fill in checklists."))
    assessment = locked_assessment(assessment)
    if assessment.handed_in_at is None:
        return assessment
    if assessment.is_accepted:
        raise Refused(in_own_words(_("It is accepted already. It can be opened again for the unit by %(leader)s.")))
    if why := why_closed(assessment.enrolment):
        raise Refused(_("%(why)s Nobody could correct it any more.") % {"why": why})
    if not reason.strip():
        raise Refused(_("Say what has to be added or corrected."), code="reason")
    told = back_to_draft(assessment)
    assessment.reading, assessment.read_by, assessment.read_at = "returned", by, timezone.now()
    assessment.return_reason = reason.strip()
    assessment.save(update_fields=[*READ, "return_reason"])
    told["reading"] = ("", assessment.reading)
    record(about=assessment, by=by, via=via, action=Action.RETURNED, changes=told, reason=reason.strip())
    self_assessment_moved(assessment, by=by)
    return assessment
