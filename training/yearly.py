"""Results against targets year by year and up to each year: arithmetic alone.

A year without a target has no percent. Courses whose days nobody recorded belong to no year: they
are told apart and enter no running total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from archiveportal.percent import percent_of
from training.breakdown import UNKNOWN, Count


@dataclass(frozen=True)
class Reached:
    """People, the target they are held against (None: none was set), and whether they are “more than”.

    Of a year that has not come there is a target and no result yet.
    """

    people: int
    target: int | None
    is_lower_bound: bool
    rounding: str
    has_come: bool = True

    @property
    def result(self) -> int | None:
        return self.people if self.has_come else None

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.result, self.target, self.rounding)


@dataclass(frozen=True)
class YearResult:
    """One year of a category, alone and with all years before it. `so_far` is None for the unknown year."""

    year: int | None
    own: Reached
    so_far: Reached | None


def by_year(
    counts: Mapping[int | None, Count],
    targets: Mapping[int, int | None],
    years: Sequence[int | None],
    *,
    rounding: str,
    this_year: int,
) -> list[YearResult]:
    """Return the results of `years` in their order; the unknown year comes last where it is asked for.

    A year after `this_year` has come once a course of it is recorded.
    """
    results: list[YearResult] = []
    people, target, is_lower_bound = 0, None, False
    for year in years:
        count = counts.get(year, Count(0, is_lower_bound=False))
        if year is UNKNOWN:
            results.append(YearResult(year, Reached(count.people, None, count.is_lower_bound, rounding), None))
            continue
        has_come = year <= this_year or bool(count.people)
        own = Reached(count.people, targets.get(year), count.is_lower_bound, rounding, has_come)
        people += count.people
        is_lower_bound = is_lower_bound or count.is_lower_bound
        if own.target is not None:
            target = (target or 0) + own.target
        results.append(YearResult(year, own, Reached(people, target, is_lower_bound, rounding, has_come)))
    return results


def reached_by_now(years: Sequence[YearResult]) -> Reached | None:
    """Return what the years that have come make together; None where none has."""
    come = [year.so_far for year in years if year.so_far and year.so_far.has_come]
    return come[-1] if come else None
