"""Two rounds side by side, ward by ward and criterion by criterion.

Of all wards each round has its own average; what changed is told of the wards that have a result in both."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from archiveportal.percent import exact_percent, mean
from criteria.inspections.models import Round
from criteria.scoring import MET, NOT_MET
from reports.queries import CHUNK, CriterionCount, Row, Scores, approved_answers, criterion_counts, summary


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

    @property
    def is_scored_in_both(self) -> bool:
        return self.is_in_both and self.before.score is not None and self.after.score is not None


@dataclass(frozen=True)
class ComparedScores:
    """The units with a result in both rounds: what changed is told of them alone, since an average of other units is
    another one although nobody did better or worse."""

    wards: list[ComparedWard]

    @property
    def count(self) -> int:
        return len(self.wards)

    @property
    def averages(self) -> tuple[Decimal | None, Decimal | None]:
        return mean(self._sum("before", "score"), self.count), mean(self._sum("after", "score"), self.count)

    @property
    def percents(self) -> tuple[Decimal | None, Decimal | None]:
        """Points reached, of those that these units could reach."""
        before, after = self._sum("before", "maximum"), self._sum("after", "maximum")
        return exact_percent(self._sum("before", "score"), before), exact_percent(self._sum("after", "score"), after)

    @property
    def is_of_one_maximum(self) -> bool:
        """Whether points can be set against points: each unit has its two results out of the same maximum."""
        return all(ward.difference is not None for ward in self.wards)

    @property
    def difference(self) -> Decimal | None:
        """Points on average."""
        return _difference(self.averages) if self.is_of_one_maximum else None

    @property
    def percentage_points(self) -> Decimal | None:
        return _difference(self.percents)

    def _sum(self, side: str, what: str) -> Decimal:
        return sum((getattr(getattr(ward, side), what) for ward in self.wards), Decimal(0))


def _difference(pair: tuple[Decimal | None, Decimal | None]) -> Decimal | None:
    before, after = pair
    return None if before is None or after is None else after - before


@dataclass(frozen=True)
class ComparedCriterion:
    """`before` and `after` are of all wards; the rest is of the `both` wards in which both rounds assessed it."""

    before: CriterionCount
    after: CriterionCount
    both: int = 0
    met_before: int = 0
    met_after: int = 0

    @property
    def difference(self) -> Decimal | None:
        """Percentage points, over the wards assessed in both rounds."""
        return _difference((exact_percent(self.met_before, self.both), exact_percent(self.met_after, self.both)))


@dataclass(frozen=True)
class Comparison:
    earlier: Round
    later: Round
    wards: list[ComparedWard]
    scores: tuple[Scores, Scores]
    #: the criteria that both rounds ask under the same code; none where their sets are different ones
    criteria: list[ComparedCriterion]

    @cached_property
    def in_both(self) -> ComparedScores:
        return ComparedScores([ward for ward in self.wards if ward.is_scored_in_both])


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
    before, after = criterion_counts(user, earlier), criterion_counts(user, later)
    by_code = {count.criterion.code: count for count in before}
    in_both = _answered_in_both(_answers(user, earlier, before), _answers(user, later, after))
    return [
        ComparedCriterion(by_code[code], count, *in_both.get(code, (0, 0, 0)))
        for count in after
        if count.criterion.has_outcome and (code := count.criterion.code) in by_code
    ]


def _answered_in_both(before: dict[str, Answered], after: dict[str, Answered]) -> dict[str, tuple[int, int, int]]:
    """By the code of a criterion: wards with met or not met in both rounds, those met before, those met after."""
    found = {}
    for code in before.keys() & after.keys():
        both = before[code].wards & after[code].wards
        found[code] = (len(both), len(both & before[code].met), len(both & after[code].met))
    return found


@dataclass(frozen=True)
class Answered:
    """The wards in which a criterion is met or not met, and those where it is met."""

    wards: set[int]
    met: set[int]


def _answers(user: Any, round: Round, columns: list[CriterionCount]) -> dict[str, Answered]:
    """By the code of a criterion."""
    wards: dict[tuple[int, str], set[int]] = defaultdict(set)
    answers = approved_answers(user, round, None).filter(outcome__in=[MET, NOT_MET])
    rows = answers.values_list("inspection__enrolment__ward", "criterion_id", "outcome")
    for ward, criterion, outcome in rows.iterator(CHUNK):
        wards[criterion, outcome].add(ward)
    found = {}
    for column in columns:
        met, not_met = (wards[column.criterion.pk, outcome] for outcome in (MET, NOT_MET))
        found[column.criterion.code] = Answered(met | not_met, met)
    return found
