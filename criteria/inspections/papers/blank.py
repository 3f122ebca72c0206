"""The blank checklist: each criterion of a set as it is filled in by hand, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from criteria.given import only_points, rule_of, shown
from criteria.leaves import SubHeading, answered_of, in_sections, is_in_points, leaves_of
from criteria.models import CriteriaSet, Criterion, RatioStep
from criteria.outcomes import Outcome, offered_for, offered_in

KIND = Criterion.Kind
DOTS = "………"
DAY = "……/……/…………"


@dataclass
class BlankLine:
    """A criterion on paper; `answers` are the lines that are ticked or filled in."""

    criterion: Criterion
    answers: list[str]
    points: str
    headings: Sequence[SubHeading] = ()


def blank_of(criteria_set: CriteriaSet) -> dict[str, Any]:
    """Return what the page of the blank checklist prints, in Vietnamese."""
    criteria, offered = leaves_of(criteria_set), offered_in(criteria_set)
    answered = answered_of(criteria)
    with override("vi"):
        lines = [BlankLine(each, list(_answers(each, offered)), _points(each)) for each in answered]
        return {
            "criteria": answered,
            "in_points": is_in_points(criteria, criteria_set),
            "sections": in_sections(lines, criteria),
            "total": only_points(sum((each.points for each in answered if each.is_in_maximum), Decimal(0))),
            "signs": {each.sign for each in answered if each.sign},
        }


def _points(criterion: Criterion) -> str:
    return shown(criterion.points) if criterion.is_counted else ""


def _answers(criterion: Criterion, offered: Iterable[Outcome]) -> Iterable[str]:
    """Yield the lines of a criterion: what is given, met or not, then the answers that take its place."""
    if not criterion.has_outcome:
        yield f"{DOTS} {criterion.fact_unit}".strip()
        return
    if criterion.is_derived:
        yield from _given(criterion)
    kinds = [outcome for outcome in offered_for(criterion, offered) if outcome.code]
    for place in (False, True):
        boxes = [f"☐ {outcome.word}" for outcome in kinds if bool(outcome.offered_by) == place]
        if boxes:
            yield "  ".join(boxes)


def _given(criterion: Criterion) -> Iterable[str]:
    if criterion.kind == KIND.CHOICE:
        yield from (f"☐ {option.text} ({only_points(option.points)})" for option in criterion.options.all())
    elif criterion.kind == KIND.PART:
        yield f"{DOTS}/{only_points(criterion.points)}"
    elif criterion.kind == KIND.RATIO:
        yield f"{DOTS} / {DOTS} = {DOTS}%"
        yield from _steps(list(criterion.steps.all()))
    else:
        blank = DAY if criterion.kind == KIND.DATE else f"{DOTS} {criterion.fact_unit}".strip()
        yield f"{blank} ({rule_of(criterion)})" if rule_of(criterion) else blank


def _steps(steps: Sequence[RatioStep]) -> Iterable[str]:
    """Yield the points of each step, from the highest; the one that begins at 0% ends below the one above it."""
    above: RatioStep | None = None
    for step in steps:
        is_rest = above is not None and not step.lower_percent
        bound = f"dưới {shown(above.lower_percent)}" if above and is_rest else f"từ {shown(step.lower_percent)}"
        yield f"{bound}%: {only_points(step.points)}"
        above = step
