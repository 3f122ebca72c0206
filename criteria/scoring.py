"""Scores of a checklist: pure functions over answers, criteria, bands and bars.

Rules of 5355/BC-SNV, II.2.a, as ../criteria/data has them: a ward's score is the points of the criteria met, of
those that count. What is not assessed is open, never "not met". What does not apply lowers the maximum, or
earns its points where the set says so. While a criterion is open there is no percentage and no band.

Deductions and bonuses are no part of the maximum. They are capped, shown apart, and the score with
them stays between zero and the maximum.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeVar

from archiveportal.percent import PAGES, percent_of
from criteria.outcomes import MET, NOT_MET, NOT_SHOWN, OPEN, PARTLY, Outcome, outcome_of

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
DEDUCTION, BONUS = "deduction", "bonus"


class ScoredCriterion(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def is_counted(self) -> bool: ...
    @property
    def points(self) -> Decimal: ...
    @property
    def sign(self) -> str: ...


class ScoredLeaf(Protocol):
    """A criterion with what its answer is worth."""

    @property
    def kind(self) -> str: ...
    @property
    def points(self) -> Decimal: ...
    @property
    def sign(self) -> str: ...
    @property
    def threshold(self) -> Decimal | None: ...
    @property
    def threshold_rule(self) -> str: ...
    @property
    def deadline(self) -> datetime.date | None: ...
    @property
    def option_points(self) -> Mapping[int, Decimal]: ...
    @property
    def step_points(self) -> Sequence[tuple[Decimal, Decimal]]: ...


class Range(Protocol):
    @property
    def lower_percent(self) -> Decimal: ...
    @property
    def upper_percent(self) -> Decimal | None: ...


#: a band, which comes back as the class it is
SomeRange = TypeVar("SomeRange", bound=Range)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a set scores as a whole."""

    #: what does not apply or is excused earns its points, and does not lower the maximum
    is_full_without: bool = False
    #: None: no limit
    deduction_cap: Decimal | None = None
    bonus_cap: Decimal | None = None


def rules_of(criteria_set: Any) -> Rules:
    """Return the rules of a criteria set."""
    is_full = criteria_set.not_applicable_counts == "full"
    return Rules(is_full, criteria_set.deduction_cap, criteria_set.bonus_cap)


@dataclass(frozen=True)
class Score:
    """Points of those that can be reached; `met` and `open` count criteria.

    `points` has the deductions and bonuses in it; `deducted` and `bonus` are what they come to
    within their limits. A deduction or bonus is open until it is answered, and never among the met.
    """

    points: Decimal
    maximum: Decimal
    met: int
    open: int
    #: rule for the percentage, of the round that the checklist belongs to
    rounding: str = PAGES
    deducted: Decimal = ZERO
    bonus: Decimal = ZERO
    #: points of the criteria, before deductions and bonuses
    reached: Decimal = ZERO

    @property
    def is_complete(self) -> bool:
        return self.open == 0 and self.maximum > 0

    @property
    def percent(self) -> Decimal | None:
        """None while a criterion is open."""
        return percent_of(self.points, self.maximum, self.rounding) if self.is_complete else None


def score(
    outcomes: Mapping[int, str],
    criteria: Iterable[ScoredCriterion],
    *,
    earned: Mapping[int, Decimal | None] | None = None,
    rules: Rules | None = None,
    rounding: str = PAGES,
) -> Score:
    """Return the score of a checklist.

    `outcomes` maps the key of a criterion to the code of its answer; a missing one is open.
    `earned` has the points of answers that have more than all or none (`worth`).
    """
    earned, rules = earned or {}, rules or Rules()
    points = maximum = deducted = bonus = ZERO
    met = open_criteria = 0
    for criterion in criteria:
        if not criterion.is_counted:
            continue
        key, sign = criterion.pk, criterion.sign
        outcome = outcome_of(outcomes.get(key))
        got = points_of(criterion, outcome, earned.get(key), rules=rules)
        open_criteria += outcome.is_open
        if not sign:
            points += got
            maximum += criterion.points if outcome.applies or rules.is_full_without else ZERO
            met += outcome.earns
        elif sign == BONUS:
            bonus += got
        else:
            deducted -= got
    deducted, bonus = _capped(deducted, rules.deduction_cap), _capped(bonus, rules.bonus_cap)
    total = min(max(points - deducted + bonus, ZERO), maximum)
    return Score(total, maximum, met, open_criteria, rounding, deducted, bonus, points)


def _capped(points: Decimal, cap: Decimal | None) -> Decimal:
    return points if cap is None else min(points, cap)


def points_of(criterion: ScoredCriterion, outcome: Outcome, earned: Decimal | None, *, rules: Rules) -> Decimal:
    """Return the points that an answer brings; below zero where a deduction takes them off."""
    if outcome.is_open:
        return ZERO
    if not outcome.applies:
        return criterion.points if rules.is_full_without and not criterion.sign else ZERO
    if earned is not None:
        return earned
    if criterion.sign == DEDUCTION:
        return ZERO if outcome.earns else -criterion.points
    return criterion.points if outcome.earns else ZERO


class Worth(NamedTuple):
    """What an answer comes to. `earned` is None where all or none of the points says enough."""

    outcome: str
    earned: Decimal | None


def worth(criterion: ScoredLeaf, values: Mapping[str, Any]) -> Worth:
    """Return outcome and points of an answer by its values, for every kind of criterion.

    An outcome that was chosen and does not follow from values (does not apply, could not be shown,
    excused) stays as it is. Points of a deduction are what it takes off: none is "met".
    """
    if criterion.kind not in SIZES:
        return Worth(values["outcome"], None)
    if is_chosen(values["outcome"]):
        return Worth(values["outcome"], _of_failure(criterion) if values["outcome"] == NOT_SHOWN else None)
    size = SIZES[criterion.kind](criterion, values)
    if size is None:
        return Worth(OPEN, None)
    full = _full(criterion)
    size = min(max(size, ZERO), full)
    earned = min(size, criterion.points)
    if criterion.sign == DEDUCTION:
        return Worth(_outcome_of_size(full - size, full), ZERO - earned)
    return Worth(_outcome_of_size(size, full), earned)


def is_chosen(outcome: str) -> bool:
    """Whether an answer with this outcome says itself what it is, whatever its other values."""
    return bool(outcome) and outcome not in DERIVED_OUTCOMES


#: outcomes that follow from values
DERIVED_OUTCOMES = frozenset({MET, NOT_MET, PARTLY})


def _full(criterion: ScoredLeaf) -> Decimal:
    """Return the points of a criterion; one that does not count may have none, and is still met or not."""
    return criterion.points or ONE


def _of_failure(criterion: ScoredLeaf) -> Decimal:
    return -criterion.points if criterion.sign == DEDUCTION else ZERO


def _outcome_of_size(size: Decimal, points: Decimal) -> str:
    if size >= points:
        return MET
    return PARTLY if size > 0 else NOT_MET


def _size_of_choice(criterion: ScoredLeaf, values: Mapping[str, Any]) -> Decimal | None:
    return criterion.option_points.get(values["option"])


def _size_of_part(criterion: ScoredLeaf, values: Mapping[str, Any]) -> Decimal | None:
    return _decimal(values["number"])


def _size_of_ratio(criterion: ScoredLeaf, values: Mapping[str, Any]) -> Decimal | None:
    """Return the points of the highest step reached; compared as fractions: 1/3 is not 33,33 %."""
    number, of_number = _decimal(values["number"]), _decimal(values["of_number"])
    if number is None or not of_number:
        return None
    reached = [step for step in criterion.step_points if number * HUNDRED >= step[0] * of_number]
    return max(reached)[1] if reached else ZERO


def _size_of_measure(criterion: ScoredLeaf, values: Mapping[str, Any]) -> Decimal | None:
    number = _decimal(values["number"])
    if number is None or criterion.threshold is None:
        return None
    is_low_good = criterion.threshold_rule == "at_most"
    is_reached = number <= criterion.threshold if is_low_good else number >= criterion.threshold
    return _all_or_none(criterion, is_reached)


def _size_of_date(criterion: ScoredLeaf, values: Mapping[str, Any]) -> Decimal | None:
    if values["day"] is None or criterion.deadline is None:
        return None
    return _all_or_none(criterion, values["day"] <= criterion.deadline)


def _all_or_none(criterion: ScoredLeaf, is_reached: bool) -> Decimal:
    """Return all points, or of a deduction none, where what is asked is reached."""
    return _full(criterion) if is_reached != (criterion.sign == DEDUCTION) else ZERO


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


#: {kind: how many points the values come to; None while a value is missing}
SIZES = {
    "choice": _size_of_choice,
    "part": _size_of_part,
    "ratio": _size_of_ratio,
    "measure": _size_of_measure,
    "date": _size_of_date,
}


def band_of(
    points: Decimal | int,
    maximum: Decimal | int | None,
    bands: Iterable[SomeRange],
    *,
    bar: int | None = None,
) -> SomeRange | None:
    """Return the band that a score belongs to. Compared as fractions: 12/23 is at least 50 %, 11/23
    is not.

    `bar` is the key of the highest band that the bars of the set allow: the worse band wins.
    """
    if not maximum:
        return None
    bands = list(bands) if bar else bands
    reached = next((band for band in bands if is_in_band(points, maximum, band)), None)
    if bar is None or reached is None:
        return reached
    highest = next((band for band in bands if getattr(band, "pk", None) == bar), reached)
    return min(reached, highest, key=lower_bound)


def is_in_band(points: Decimal | int, maximum: Decimal | int, band: Range) -> bool:
    """Tell whether a score lies within the bounds of a band, by points or by percent."""
    lower, upper, value = band.lower_percent, band.upper_percent, points * 100
    if is_by_points(band):
        lower, upper, value, maximum = lower_bound(band), band.upper_points, points, 1  # type: ignore[attr-defined]
    return value >= lower * maximum and (upper is None or value < upper * maximum)


def is_by_points(band: Range) -> bool:
    return getattr(band, "lower_points", None) is not None


def lower_bound(band: Range) -> Decimal:
    """Return where a band begins, by which bands of one set are compared."""
    return band.lower_points if is_by_points(band) else band.lower_percent  # type: ignore[attr-defined]


def upper_bound(band: Range) -> Decimal | None:
    """Return where a band ends, which belongs to the next; None where nothing ends it."""
    return band.upper_points if is_by_points(band) else band.upper_percent  # type: ignore[attr-defined]


class Condition(NamedTuple):
    """An answer that a bar asks for: an outcome, or the key of an option."""

    criterion: int
    outcome: str
    option: int | None = None


def is_barred(
    conditions: Collection[Condition], outcomes: Mapping[int, str], options: Mapping[int, int | None]
) -> bool:
    """Tell whether every condition of a bar is true of the answers. A bar without any bars nothing."""
    return bool(conditions) and all(_is_true(each, outcomes, options) for each in conditions)


def _is_true(condition: Condition, outcomes: Mapping[int, str], options: Mapping[int, int | None]) -> bool:
    if condition.option is not None:
        return options.get(condition.criterion) == condition.option
    return outcomes.get(condition.criterion, OPEN) == condition.outcome


def whole_score_bounds(band: Range, maximum: Decimal | int) -> tuple[int, int] | None:
    """Return the lowest and highest whole score of a band: (12, 22) of 23 for "from 50 % to under
    100 %"."""
    scores = [points for points in range(int(maximum) + 1) if band_of(points, maximum, [band])]
    return (scores[0], scores[-1]) if scores else None


class BandFault(NamedTuple):
    """Scores that no band has, or several have; `upper` is None where the overlap has no end."""

    is_overlap: bool
    lower: Decimal
    upper: Decimal | None


def band_faults(bands: Iterable[Range], top: Decimal = HUNDRED) -> list[BandFault]:
    """Return where bands leave out or double a score between 0 and `top`, the lowest first.

    `top` is the maximum of points where bands are by points.
    """
    faults: list[BandFault] = []
    #: first score that no band has so far; None: there is none
    reached: Decimal | None = ZERO
    for band in sorted(bands, key=lower_bound):
        lower, upper = lower_bound(band), upper_bound(band)
        if reached is not None and lower > reached:
            faults.append(BandFault(False, reached, lower))
        elif reached is None or lower < reached:
            faults.append(BandFault(True, lower, _lower_of(reached, upper)))
        reached = None if reached is None or upper is None else max(reached, upper)
    if reached is not None and reached <= top:
        faults.append(BandFault(False, reached, top))
    return faults


def _lower_of(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    ends = [end for end in (first, second) if end is not None]
    return min(ends) if ends else None


def top_of(bands: Iterable[Range], criteria: Iterable[ScoredCriterion]) -> Decimal:
    """Return where the bands of a set have to end: at its maximum of points, or at 100 percent."""
    if not any(is_by_points(band) for band in bands):
        return HUNDRED
    return score({}, criteria).maximum


def gaps(bands: Iterable[Range], top: Decimal = HUNDRED) -> list[str]:
    """Return where bands leave out or double a score, as "50–60"; empty if each has one band."""
    return [_span(fault, top) for fault in band_faults(bands, top)]


def _span(fault: BandFault, top: Decimal) -> str:
    upper = max(fault.lower, top) if fault.upper is None else fault.upper
    if fault.is_overlap and upper == fault.lower:
        return f"{fault.lower.normalize():f}"
    return f"{fault.lower.normalize():f}–{upper.normalize():f}"
