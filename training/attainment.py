"""Actual against target: pure functions over course rows and targets (2710/BC-SNV, I.2.b)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from archiveportal.percent import percent_of


class CourseRow(Protocol):
    participants: int
    is_lower_bound: bool
    enters_summary: bool


@dataclass(frozen=True)
class Attainment:
    """The sum of the rows that enter a summary line, against the line's target (None: no target was set)."""

    actual: int
    target: int | None
    rounding: str
    is_lower_bound: bool = False

    @property
    def percent(self) -> Decimal | None:
        """Rounded by the rule of the scheme; None without a target or with target zero."""
        return percent_of(self.actual, self.target, self.rounding)


def attainment(rows: Iterable[CourseRow], target: int | None, rounding: str) -> Attainment:
    """One lower bound among the rows makes the sum a lower bound."""
    counted = [row for row in rows if row.enters_summary]
    return Attainment(
        actual=sum(row.participants for row in counted),
        target=target,
        rounding=rounding,
        is_lower_bound=any(row.is_lower_bound for row in counted),
    )
