"""The score of a checklist from its answers, with the bars of its set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Protocol

from archiveportal.percent import PAGES
from criteria.inspections.models import Inspection
from criteria.models import Band, Bar, CriteriaSet
from criteria.outcomes import OPEN
from criteria.scoring import Condition, Score, ScoredCriterion, is_barred, lower_bound, rules_of, score

#: of a checklist, what follows from its answers
SCORE_FIELDS = ["score", "maximum", "met_criteria", "open_criteria", "deducted", "bonus", "highest_band"]


class ScoredAnswer(Protocol):
    """An answer, as far as a score depends on it."""

    @property
    def outcome(self) -> str | None: ...
    @property
    def earned(self) -> Decimal | None: ...
    @property
    def option_id(self) -> int | None: ...


def score_of(
    answers: Mapping[int, ScoredAnswer],
    criteria: Iterable[ScoredCriterion],
    criteria_set: CriteriaSet,
    *,
    rounding: str = PAGES,
) -> Score:
    """Return the score of answers by the key of their criterion, under the rules of their set."""
    return score(
        _outcomes(answers),
        criteria,
        earned={key: answer.earned for key, answer in answers.items() if answer.earned is not None},
        rules=rules_of(criteria_set),
        rounding=rounding,
    )


def update_score(
    inspection: Inspection,
    answers: Mapping[int, ScoredAnswer],
    criteria: Iterable[ScoredCriterion],
    *,
    bars: Iterable[Bar] | None = None,
) -> None:
    """Set the score fields (not saved) from the answers. `bars` are those of the set, read where None."""
    criteria_set = inspection.enrolment.round.criteria_set
    total = score_of(answers, criteria, criteria_set)
    inspection.score, inspection.maximum = total.points, total.maximum
    inspection.met_criteria, inspection.open_criteria = total.met, total.open
    inspection.deducted, inspection.bonus = total.deducted, total.bonus
    if bars is None:
        # The lock of a save says it; elsewhere they are asked for.
        is_possible = getattr(inspection, "is_bar_possible", True)
        bars = bars_of(criteria_set) if is_possible else ()
    band = highest_band(answers, bars)
    inspection.highest_band_id = None if band is None else band.pk


def bars_of(criteria_set: CriteriaSet) -> Iterable[Bar]:
    return criteria_set.bars.select_related("highest_band").prefetch_related("conditions")


def highest_band(answers: Mapping[int, ScoredAnswer], bars: Iterable[Bar]) -> Band | None:
    """Return the lowest of the bands at which the answers hold a unit; None where no bar is true."""
    if not bars:
        return None
    outcomes = _outcomes(answers)
    options = {key: answer.option_id for key, answer in answers.items()}
    held = [bar.highest_band for bar in bars if is_barred(_conditions(bar), outcomes, options)]
    return min(held, key=lower_bound, default=None)


def _conditions(bar: Bar) -> list[Condition]:
    return [Condition(each.criterion_id, each.outcome, each.option_id) for each in bar.conditions.all()]


def _outcomes(answers: Mapping[int, ScoredAnswer]) -> dict[int, str]:
    return {key: answer.outcome or OPEN for key, answer in answers.items()}
