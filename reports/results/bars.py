"""Why a unit is in a lower band than its score alone would give: the answers that bar the higher ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from archiveportal.scope import Viewer
from criteria.given import given_in_documents
from criteria.inspections.models import Inspection, Result, Round
from criteria.inspections.queries.bars import bars_that_lower, is_true_of
from criteria.models import Bar, Criterion
from criteria.outcomes import outcome_of

#: what an answer consists of
ANSWER = ("outcome", "option", "number", "of_number", "day")
#: what the score alone gives
SCORE = ("inspection__score", "inspection__maximum")


def bar_reasons(viewer: Viewer, inspection_round: Round) -> dict[int, str]:
    """Return what holds each unit down, by the key of its enrolment, in Vietnamese: "Điểm liệt: ...".

    A bar that is true and did not lower the band is not named. Only of approved checklists. A set without bars is
    asked for them and for nothing else.
    """
    bars = list(inspection_round.criteria_set.bars.select_related("highest_band").prefetch_related("conditions"))
    if not bars:
        return {}
    criteria = {each.pk: each for each in inspection_round.criteria_set.criteria.all()}
    bands = list(inspection_round.criteria_set.bands.all())
    held = Result.objects.visible_to(viewer).filter(
        inspection__enrolment__round=inspection_round,
        inspection__status=Inspection.Status.APPROVED,
        inspection__highest_band__isnull=False,
    )
    answers: dict[int, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    scores: dict[int, tuple[Decimal, Decimal]] = {}
    for row in held.values("inspection__enrolment", "criterion", *SCORE, *ANSWER).order_by():
        unit = row["inspection__enrolment"]
        answers[unit][row["criterion"]] = row
        scores[unit] = row["inspection__score"], row["inspection__maximum"]
    reasons: dict[int, str] = {}
    for unit, given in answers.items():
        outcomes = {key: row["outcome"] for key, row in given.items()}
        options = {key: row["option"] for key, row in given.items()}
        true_bars = [bar for bar in bars if is_true_of(bar, outcomes, options)]
        points, maximum = scores[unit]
        lowering = bars_that_lower(true_bars, bands, points=points, maximum=maximum)
        reasons[unit] = "; ".join(_words(bar, criteria, given) for bar in lowering)
    return {unit: f"Điểm liệt: {words}" for unit, words in reasons.items() if words}


def _words(bar: Bar, criteria: Mapping[int, Criterion], answers: Mapping[int, Mapping[str, Any]]) -> str:
    """ "“Có kho lưu trữ” chưa đạt nên cao nhất là mức “Đạt”"."""
    keys = [each.criterion_id for each in bar.conditions.all()]
    parts = [f"“{criteria[key].name}” {_answer(criteria[key], answers.get(key, {}))}" for key in keys]
    return f"{' và '.join(parts)} nên cao nhất là mức “{bar.highest_band.label}”"


def _answer(criterion: Criterion, answer: Mapping[str, Any]) -> str:
    """Return the word of the outcome, or what was given: "được chọn là “Không có”", "là 3/10 = 30%"."""
    outcome = outcome_of(answer.get("outcome"))
    given = given_in_documents(criterion, answer) if outcome.applies else ""
    if not given:
        return outcome.in_sentence
    return f"được chọn là “{given}”" if criterion.kind == Criterion.Kind.CHOICE else f"là {given}"
