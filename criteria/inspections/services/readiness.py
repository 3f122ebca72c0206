"""Reasons why a checklist cannot be submitted yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from criteria.inspections.models import Finding, Inspection, KeptAnswer, Result
from criteria.inspections.services.following import is_taken_over
from criteria.inspections.services.minutes_content import day_in_minutes
from criteria.models import Criterion
from criteria.outcomes import outcome_of


@dataclass(frozen=True)
class Missing:
    """Something missing at a criterion; `criterion` is None for the day of the inspection."""

    criterion: Criterion | None
    why: str
    #: two answers differ; such minutes are not signed either
    is_conflict: bool = False
    #: it is added at the criterion, whether or not the answers change
    is_evidence: bool = False


def what_is_missing(inspection: Inspection) -> list[Missing]:
    """Return the day, open criteria, evidence and explanations that the set asks for, different
    answers to choose between."""
    results: dict[int, Result] = {result.criterion_id: result for result in inspection.results.all()}
    shown = set(inspection.evidence.counting().values_list("criterion_id", flat=True))
    differing = set(
        inspection.kept_answers.filter(decision="", reason=KeptAnswer.Reason.CONFLICT).values_list(
            "criterion_id", flat=True
        )
    )
    recommended = set(
        inspection.findings.exclude(status__in=[Finding.Status.WITHDRAWN, Finding.Status.CLOSED]).values_list(
            "criterion_id", flat=True
        )
    )
    missing = []
    if None in differing:
        missing.append(Missing(None, _("one of two different days has to be chosen"), is_conflict=True))
    elif not (inspection.inspected_on or _is_day_on_the_way(inspection)):
        missing.append(Missing(None, _("the day of the inspection is missing")))
    for criterion in inspection.enrolment.round.criteria_set.criteria.all():
        result = results.get(criterion.pk)
        code, note = (result.outcome, result.note) if result else ("", "")
        outcome = outcome_of(code)
        if criterion.is_counted and outcome.is_open:
            missing.append(Missing(criterion, _("not assessed")))
        is_shown = criterion.pk in shown or is_taken_over(inspection.enrolment.round, result)
        if outcome.earns and criterion.needs_evidence and not is_shown:
            missing.append(Missing(criterion, _("evidence is missing"), is_evidence=True))
        if outcome.is_failure and criterion.needs_explanation and not note:
            missing.append(Missing(criterion, _("the note is missing")))
        if not outcome.is_failure and criterion.pk in recommended:
            missing.append(Missing(criterion, _("its recommendation has to be withdrawn")))
        if criterion.pk in differing:
            missing.append(Missing(criterion, _("one of two different answers has to be chosen"), is_conflict=True))
    return missing


def _is_day_on_the_way(inspection: Inspection) -> bool:
    """Minutes that wait to be signed: the signing takes the day from them."""
    return day_in_minutes(inspection) is not None and inspection.minutes.filter(signed_at__isnull=True).exists()
