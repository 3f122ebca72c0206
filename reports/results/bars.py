"""Why a unit is in a lower band than its score alone would give: the answers that bar the higher ones."""

from __future__ import annotations

from collections import defaultdict

from archiveportal.scope import Viewer
from criteria.inspections.models import Inspection, Result, Round
from criteria.models import Bar
from criteria.outcomes import outcome_of
from criteria.scoring import Condition, is_barred


def bar_reasons(viewer: Viewer, inspection_round: Round) -> dict[int, str]:
    """Return what holds each unit down, by the key of its enrolment, in Vietnamese: "Điểm liệt: ...".

    Only of approved checklists. A set without bars is asked for them and for nothing else.
    """
    bars = list(inspection_round.criteria_set.bars.select_related("highest_band").prefetch_related("conditions"))
    if not bars:
        return {}
    names = {each.pk: each.name for each in inspection_round.criteria_set.criteria.all()}
    held = Result.objects.visible_to(viewer).filter(
        inspection__enrolment__round=inspection_round,
        inspection__status=Inspection.Status.APPROVED,
        inspection__highest_band__isnull=False,
    )
    outcomes: dict[int, dict[int, str]] = defaultdict(dict)
    options: dict[int, dict[int, int | None]] = defaultdict(dict)
    for unit, criterion, outcome, option in held.values_list(
        "inspection__enrolment", "criterion", "outcome", "option"
    ).order_by():
        outcomes[unit][criterion], options[unit][criterion] = outcome, option
    reasons: dict[int, str] = {}
    for unit, answers in outcomes.items():
        true = [bar for bar in bars if is_barred(_conditions(bar), answers, options[unit])]
        reasons[unit] = "; ".join(_words(bar, names, answers) for bar in true)
    return {unit: f"Điểm liệt: {words}" for unit, words in reasons.items() if words}


def _conditions(bar: Bar) -> list[Condition]:
    return [Condition(each.criterion_id, each.outcome, each.option_id) for each in bar.conditions.all()]


def _words(bar: Bar, names: dict[int, str], answers: dict[int, str]) -> str:
    """ "“Có kho lưu trữ” chưa đạt nên cao nhất là mức “Đạt”"."""
    parts = []
    for each in bar.conditions.all():
        parts.append(f"“{names[each.criterion_id]}” {outcome_of(answers.get(each.criterion_id)).in_sentence}")
    return f"{' và '.join(parts)} nên cao nhất là mức “{bar.highest_band.label}”"
