"""What keeps a checklist from being submitted."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from criteria.inspections.models import Finding, Inspection, KeptAnswer, Result
from criteria.models import Criterion
from criteria.scoring import MET, NOT_MET


@dataclass(frozen=True)
class Missing:
    """What is missing at a criterion; `criterion` is None for the day of the inspection."""

    criterion: Criterion | None
    why: str
    #: two answers differ; such minutes are not signed either
    is_conflict: bool = False
    #: it is added at the criterion, whether or not the answers change
    is_evidence: bool = False


def what_is_missing(inspection: Inspection) -> list[Missing]:
    """Open criteria, evidence and explanations that the set asks for, different answers that wait for a choice."""
    results: dict[int, Result] = {result.criterion_id: result for result in inspection.results.all()}
    shown = set(inspection.evidence.filter(voided_at__isnull=True).values_list("criterion_id", flat=True))
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
    found = (
        [Missing(None, _("one of two different days has to be chosen"), is_conflict=True)] if None in differing else []
    )
    for criterion in inspection.enrolment.round.criteria_set.criteria.all():
        result = results.get(criterion.pk)
        outcome = result.outcome if result else ""
        if criterion.is_counted and not outcome:
            found.append(Missing(criterion, _("not assessed")))
        if outcome == MET and criterion.needs_evidence and criterion.pk not in shown:
            found.append(Missing(criterion, _("evidence is missing"), is_evidence=True))
        if outcome == NOT_MET and criterion.needs_explanation and not result.note:
            found.append(Missing(criterion, _("the note is missing")))
        if outcome != NOT_MET and criterion.pk in recommended:
            found.append(Missing(criterion, _("its recommendation has to be withdrawn")))
        if criterion.pk in differing:
            found.append(Missing(criterion, _("one of two different answers has to be chosen"), is_conflict=True))
    return found
