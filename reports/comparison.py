"""Two rounds side by side, ward by ward and criterion by criterion."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from criteria.inspections.models import Round
from reports.queries import CriterionCount, Row, Scores, criterion_counts, summary


@dataclass(frozen=True)
class ComparedWard:
    """A unit in either round or both. A unit that took others over is a unit of its own: no score is carried over."""

    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        return self.after or self.before

    @property
    def is_in_both(self) -> bool:
        return self.before is not None and self.after is not None

    @property
    def difference(self) -> Decimal | None:
        """Points, where both scores are known and out of the same maximum."""
        if not self.is_in_both or self.before.score is None or self.after.score is None:
            return None
        return self.after.score - self.before.score if self.before.maximum == self.after.maximum else None


@dataclass(frozen=True)
class ComparedCriterion:
    before: CriterionCount
    after: CriterionCount

    @property
    def difference(self) -> Decimal | None:
        """Percentage points."""
        if self.before.percent is None or self.after.percent is None:
            return None
        return self.after.percent - self.before.percent


@dataclass(frozen=True)
class Comparison:
    earlier: Round
    later: Round
    wards: list[ComparedWard]
    scores: tuple[Scores, Scores]
    #: the criteria that both rounds ask under the same code; none where their sets are different ones
    criteria: list[ComparedCriterion]


def compare(user: Any, one: Round, other: Round) -> Comparison:
    """The earlier round first, whichever was named first. Units stand in the order of the later round."""
    earlier, later = sorted((one, other), key=lambda round: (round.starts_on, round.pk))
    tables = summary(user, earlier), summary(user, later)
    before = {row.ward_id: row for row in tables[0].standings()}
    wards = [ComparedWard(before.pop(row.ward_id, None), row) for row in tables[1].standings()]
    wards += [ComparedWard(row, None) for row in before.values()]
    return Comparison(earlier, later, wards, (tables[0].scores, tables[1].scores), _criteria(user, earlier, later))


def _criteria(user: Any, earlier: Round, later: Round) -> list[ComparedCriterion]:
    if earlier.criteria_set.code != later.criteria_set.code:
        return []
    before = {count.criterion.code: count for count in criterion_counts(user, earlier)}
    return [
        ComparedCriterion(before[count.criterion.code], count)
        for count in criterion_counts(user, later)
        if count.criterion.has_outcome and count.criterion.code in before
    ]
