"""Scores of a checklist: pure functions over answers, criteria and bands.

Rules of 5355/BC-SNV, II.2.a, as ../criteria/data has them: a ward's score is the points of the criteria met, of
those that count. What is not assessed is open, never "not met". What does not apply lowers the maximum. While
a criterion is open there is no percentage and no band.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from archiveportal.percent import PAGES, percent_of
from criteria.outcomes import OPEN, OUTCOMES


class Question(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def is_counted(self) -> bool: ...
    @property
    def points(self) -> Decimal: ...


class Range(Protocol):
    @property
    def lower_percent(self) -> Decimal: ...
    @property
    def upper_percent(self) -> Decimal | None: ...


#: a band, which comes back as the class it is
SomeRange = TypeVar("SomeRange", bound=Range)


@dataclass(frozen=True)
class Score:
    """Points met of the points that apply; `met` and `open` count criteria."""

    points: Decimal
    maximum: Decimal
    met: int
    open: int
    #: rule for the percentage, of the round that the checklist belongs to
    rounding: str = PAGES

    @property
    def is_complete(self) -> bool:
        return self.open == 0 and self.maximum > 0

    @property
    def percent(self) -> Decimal | None:
        """None while a criterion is open."""
        return percent_of(self.points, self.maximum, self.rounding) if self.is_complete else None


def score(
    outcomes: Mapping[int, str],
    criteria: Iterable[Question],
    *,
    rounding: str = PAGES,
) -> Score:
    """`outcomes` maps the key of a criterion to the code of its answer; a missing one is open."""
    points = maximum = Decimal(0)
    met = open_criteria = 0
    for criterion in criteria:
        if not criterion.is_counted:
            continue
        outcome = OUTCOMES[outcomes.get(criterion.pk, OPEN)]
        if not outcome.applies:
            continue
        maximum += criterion.points
        if outcome.earns:
            points += criterion.points
            met += 1
        elif outcome.is_open:
            open_criteria += 1
    return Score(points, maximum, met, open_criteria, rounding)


def band_of(points: Decimal | int, maximum: Decimal | int | None, bands: Iterable[SomeRange]) -> SomeRange | None:
    """Return the band that a score belongs to. Compared as fractions: 12/23 is at least 50 %, 11/23
    is not."""
    if not maximum:
        return None
    for band in bands:
        reached = points * 100 >= band.lower_percent * maximum
        passed = band.upper_percent is not None and points * 100 >= band.upper_percent * maximum
        if reached and not passed:
            return band
    return None


def whole_score_bounds(band: Range, maximum: int) -> tuple[int, int] | None:
    """Return the lowest and highest whole score of a band: (12, 22) of 23 for "from 50 % to under
    100 %"."""
    scores = [points for points in range(maximum + 1) if band_of(points, maximum, [band])]
    return (scores[0], scores[-1]) if scores else None


def gaps(bands: Sequence[Range]) -> list[str]:
    """Return where bands leave out or double a score, as "50–60"; empty if each has one band."""
    faults: list[str] = []
    reached, is_endless = Decimal(0), False
    for band in sorted(bands, key=lambda band: band.lower_percent):
        if band.lower_percent != reached:
            faults.append(_span(*sorted((reached, band.lower_percent))))
        if band.upper_percent is None:
            is_endless = True
            break
        reached = band.upper_percent
    if not is_endless:
        faults.append(_span(reached, Decimal(100)))
    elif sum(band.upper_percent is None for band in bands) > 1:
        faults.append("100")
    return faults


def _span(lower: Decimal, upper: Decimal) -> str:
    return f"{lower.normalize():f}–{upper.normalize():f}"
