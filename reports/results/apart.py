"""Deductions and bonuses of a round beside its scores: the points of the criteria, what is taken off, what is added.

A set without either has none of these columns. The limits of a set hold for a whole checklist, so
that sums are taken of checklists, not of answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, Sum

from criteria.models import Criterion
from criteria.outcomes import outcome_of
from criteria.scoring import BONUS, DEDUCTION, ZERO, Rules, points_of
from reports.results.criteria import CriterionCount
from reports.results.rows import APPROVED

#: how the score follows from the columns in front of it
RULE = "Tổng số điểm đạt được = điểm các tiêu chí − điểm trừ + điểm thưởng, không dưới 0 và không quá điểm tối đa."


class ApartColumn(NamedTuple):
    """A column in front of the score; `name` is a field of a row of the summary table."""

    name: str
    heading: str

    def value_of(self, row: Any) -> Decimal | None:
        """Return what an approved checklist has in this column; None while it is not approved."""
        value: Decimal | None = getattr(row, self.name)
        return value if row.is_approved else None


REACHED = ApartColumn("reached", "Điểm các tiêu chí")
DEDUCTED = ApartColumn("deducted", "Điểm trừ")
ADDED = ApartColumn("bonus", "Điểm thưởng")


def apart_columns(columns: Iterable[Criterion]) -> list[ApartColumn]:
    """Return the columns that a set needs in front of its scores; none where nothing is deducted or added."""
    signs = {criterion.sign for criterion in columns if criterion.sign}
    if not signs:
        return []
    return [REACHED, *[DEDUCTED] * (DEDUCTION in signs), *[ADDED] * (BONUS in signs)]


def sums_apart(apart: Sequence[ApartColumn]) -> dict[str, Sum]:
    """Return expressions on enrolments: what approved checklists have in the columns that are stored."""
    approved = Q(inspection__status=APPROVED)
    return {each.name: Sum(f"inspection__{each.name}", filter=approved) for each in apart if each != REACHED}


def deductions_of(table: Any) -> dict[int, list[tuple[ApartColumn, Decimal]]]:
    """Return what each approved checklist of a summary table has taken off and added, by the key of its enrolment."""
    stored = [each for each in table.apart if each != REACHED]
    if not stored:
        return {}
    approved = table.enrolments.filter(inspection__status=APPROVED).order_by()
    rows = approved.values_list("pk", *(f"inspection__{each.name}" for each in stored))
    return {pk: [(column, value or ZERO) for column, value in zip(stored, values, strict=True)] for pk, *values in rows}


@dataclass(frozen=True)
class ApartTotals:
    """The totals row in these columns."""

    apart: Sequence[ApartColumn]
    counts: Iterable[CriterionCount]
    rules: Rules
    #: sums of `sums_apart` by name; None where no checklist is approved
    stored: Mapping[str, Decimal | None]

    @property
    def values(self) -> list[Decimal | None]:
        return [self._reached() if each == REACHED else self.stored[each.name] for each in self.apart]

    def _reached(self) -> Decimal | None:
        counted = [count for count in self.counts if count.criterion.is_in_maximum]
        if not any(count.assessed for count in counted):
            return None
        return sum((points_reached(count, self.rules) for count in counted), ZERO)


def points_reached(count: CriterionCount, rules: Rules) -> Decimal:
    """Return the points that all wards together have of a criterion."""
    points = count.earned_sum or ZERO
    for code, wards in count.answers.items():
        outcome = outcome_of(code)
        if not (outcome.applies and count.criterion.is_derived):
            points += wards * points_of(count.criterion, outcome, None, rules=rules)
    return points
