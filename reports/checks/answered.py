"""What the answers of each checklist of a round come to, under the rules of its set."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from criteria.inspections.models import Result
from criteria.models import Criterion
from criteria.outcomes import OUTCOMES
from criteria.scoring import ZERO, Rules, points_of, score


def points_of_answers(results: QuerySet[Result], criteria: Sequence[Criterion], rules: Rules) -> dict[int, Decimal]:
    """Return the points by checklist. Where every answer earns all or none, the database counts the answers."""
    counted = [criterion for criterion in criteria if criterion.is_counted]
    if any(criterion.sign or criterion.is_derived for criterion in counted):
        return points_one_by_one(results, criteria, rules)
    earning = _earning_answers(counted, rules)
    counts = {f"answers_{place}": Count("pk", filter=answers) for place, answers in enumerate(earning.values())}
    rows = results.order_by().values_list("inspection").annotate(graded=Count("earned"), **counts)
    points, any_graded = {}, 0
    for inspection, graded, *times in rows:
        points[inspection] = sum(map(Decimal.__mul__, earning, map(Decimal, times)), ZERO)
        any_graded += graded
    if any_graded:
        # Points kept beside an answer go before what its criterion is worth, as in the score itself.
        inspections = results.order_by().filter(earned__isnull=False).values("inspection")
        points |= points_one_by_one(results.filter(inspection__in=inspections), criteria, rules)
    return points


def points_one_by_one(results: QuerySet[Result], criteria: Sequence[Criterion], rules: Rules) -> dict[int, Decimal]:
    """Return the points by checklist, from every answer of it."""
    outcomes: dict[int, dict[int, str]] = {}
    earned: dict[int, dict[int, Decimal | None]] = {}
    rows = results.order_by().values_list("inspection_id", "criterion_id", "outcome", "earned")
    for inspection, criterion, outcome, points in rows:
        outcomes.setdefault(inspection, {})[criterion] = outcome
        earned.setdefault(inspection, {})[criterion] = points
    return {
        inspection: score(given, criteria, earned=earned[inspection], rules=rules).points
        for inspection, given in outcomes.items()
    }


def _earning_answers(criteria: Sequence[Criterion], rules: Rules) -> dict[Decimal, Q]:
    """Return the answers that earn points, by how many."""
    by_points: dict[Decimal, list[Criterion]] = {}
    for criterion in criteria:
        by_points.setdefault(criterion.points, []).append(criterion)
    return {
        points: Q(criterion__in=[criterion.pk for criterion in alike], outcome__in=_earning(alike[0], rules))
        for points, alike in by_points.items()
    }


def _earning(criterion: Criterion, rules: Rules) -> list[str]:
    return [code for code, outcome in OUTCOMES.items() if points_of(criterion, outcome, None, rules=rules)]
