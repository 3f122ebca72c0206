"""Two rounds side by side, ward by ward and criterion by criterion.

Of all wards each round has its own average; changes are those of the wards that have a result in
both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django.db.models import Case, Count, F, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact

from archiveportal.accounts.models import User
from archiveportal.percent import mean, percent_of, percentage_points
from archiveportal.scope import Scope
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.queries.areas import NOTHING, Division
from criteria.measures import CRITERIA, Measure
from criteria.models import Criterion
from criteria.outcomes import MET, OUTCOMES
from criteria.scoring import ZERO
from reports.results.criteria import CriterionCount, answer_counts, approved_answers
from reports.results.crosswalk import Counterparts, crosswalk, reason_of
from reports.results.rows import APPROVED
from reports.results.table import Row, Scores, Summary, summary


@dataclass(frozen=True)
class ComparedWard:
    """A unit in either round or both. A unit that took others over is a unit of its own: no score is carried over."""

    before: Row | None
    after: Row | None
    #: whether the scores of both rounds count the same
    has_one_measure: bool = True

    @property
    def row(self) -> Row:
        return cast(Row, self.after or self.before)

    @property
    def is_in_both(self) -> bool:
        return self.before is not None and self.after is not None

    @property
    def difference(self) -> Decimal | None:
        """Points, where both scores are known and out of the same maximum."""
        before, after = self.before, self.after
        if before is None or after is None or before.score is None or after.score is None:
            return None
        if not self.has_one_measure:
            return None
        return after.score - before.score if before.maximum == after.maximum else None

    @property
    def is_scored_in_both(self) -> bool:
        return all(row is not None and row.score is not None for row in (self.before, self.after))


@dataclass(frozen=True)
class ComparedScores:
    """The units with a result in both rounds: changes are theirs alone, since an average of other
    units is another one although nobody did better or worse."""

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
        return (
            percent_of(self._sum("before", "score"), before),
            percent_of(self._sum("after", "score"), after),
        )

    @property
    def is_of_one_maximum(self) -> bool:
        """Whether points can be set against points: each unit has its two results out of the same maximum."""
        return all(ward.difference is not None for ward in self.wards)

    @property
    def difference(self) -> Decimal | None:
        """Points on average, of the exact averages and rounded once."""
        gained = self._sum("after", "score") - self._sum("before", "score")
        return mean(gained, self.count) if self.is_of_one_maximum else None

    @property
    def percentage_points(self) -> Decimal | None:
        earlier = self._sum("before", "score"), self._sum("before", "maximum")
        return percentage_points(earlier, (self._sum("after", "score"), self._sum("after", "maximum")))

    def _sum(self, side: str, what: str) -> Decimal:
        return sum((getattr(getattr(ward, side), what) for ward in self.wards), Decimal(0))


@dataclass(frozen=True)
class ComparedCriterion:
    """`before` and `after` are of all wards; the rest is of the `both` wards that it applied to in both rounds."""

    before: CriterionCount
    after: CriterionCount
    both: int = 0
    met_before: int = 0
    met_after: int = 0
    #: what these wards earned in each round, of the answers that have more than all or none
    earned_before: Decimal | None = None
    earned_after: Decimal | None = None

    @property
    def is_graded(self) -> bool:
        """Tell whether an answer of either round earns some of the points."""
        return self.before.criterion.is_graded or self.after.criterion.is_graded

    @property
    def points_difference(self) -> Decimal | None:
        """Points on average, over the wards that it applied to in both rounds, where the most is the same in both."""
        before, after = self.before.criterion, self.after.criterion
        if not (before.is_graded and after.is_graded and before.points == after.points):
            return None
        return mean((self.earned_after or ZERO) - (self.earned_before or ZERO), self.both)

    @property
    def difference(self) -> Decimal | None:
        """Percentage points, over the wards that it applied to in both rounds."""
        return percentage_points((self.met_before, self.both), (self.met_after, self.both))


@dataclass(frozen=True)
class NotCompared:
    """A criterion without a counterpart in the other round, and why, in Vietnamese."""

    criterion: Criterion
    is_later: bool
    reason: str


@dataclass(frozen=True)
class Comparison:
    earlier: Round
    later: Round
    wards: list[ComparedWard]
    scores: tuple[Scores, Scores]
    #: the criteria that both rounds ask, by the crosswalk of their sets; none where nothing says which
    criteria: list[ComparedCriterion]
    #: of the later round, or of the earlier one where nothing divides the later
    divided: Division = NOTHING
    #: of both rounds
    divisions: tuple[Division, ...] = ()
    #: what the scores of either round count
    measures: tuple[Measure, Measure] = (CRITERIA, CRITERIA)
    #: criteria of either round without a counterpart in the other
    apart: Sequence[NotCompared] = ()
    #: whether it is known which criteria can be compared
    has_crosswalk: bool = True

    @property
    def is_of_one_set(self) -> bool:
        return self.earlier.criteria_set_id == self.later.criteria_set_id

    @property
    def measure(self) -> Measure | None:
        """Return what the scores of both rounds count; None where it is not the same."""
        earlier, later = self.measures
        return later if earlier == later else None

    @property
    def has_graded(self) -> bool:
        """Tell whether a table over the criteria has columns of average points."""
        return any(each.is_graded for each in self.criteria)

    @property
    def has_published(self) -> bool:
        return any(scores.with_published for scores in self.scores)

    @cached_property
    def in_both(self) -> ComparedScores:
        return ComparedScores([ward for ward in self.wards if ward.is_scored_in_both])


def compare(user: User | Scope, one: Round, other: Round) -> Comparison:
    """Return both rounds side by side, the earlier one first, whichever was named first.

    Units are in the order of the later round. A round is not compared with itself: ValueError.
    """
    if one.pk == other.pk:
        message = f"{one.code} is one round; a comparison needs two"
        raise ValueError(message)
    earlier, later = sorted((one, other), key=lambda each: (each.starts_on, each.pk))
    tables = summary(user, earlier), summary(user, later)
    _divide_alike(*tables)
    divisions = tuple(table.divided for table in tables)
    before = {row.ward_id: row for row in tables[0].standings()}
    has_one_measure = tables[0].measure == tables[1].measure
    wards = [ComparedWard(before.pop(row.ward_id, None), row, has_one_measure) for row in tables[1].standings()]
    wards += [ComparedWard(row, None) for row in before.values()]
    walk = crosswalk(earlier.criteria_set, later.criteria_set)
    scores, criteria = (tables[0].scores, tables[1].scores), _criteria(*tables, walk)
    return Comparison(
        earlier,
        later,
        wards,
        scores,
        criteria,
        divided=_divided(*tables),
        divisions=divisions,
        measures=(tables[0].measure, tables[1].measure),
        apart=_not_compared(*tables, walk),
        has_crosswalk=walk is not None,
    )


def _divide_alike(before: Summary, after: Summary) -> None:
    """Divide both rounds as the later one is: districts and groups do not stand in one column."""
    if before.divided and after.divided and before.divided.grouping != after.divided.grouping:
        before.divided = after.divided


def _divided(before: Summary, after: Summary) -> Division:
    return after.divided or before.divided


def _criteria(before: Summary, after: Summary, walk: Counterparts | None) -> list[ComparedCriterion]:
    """Compare the criteria that have a counterpart, in the order of the later set.

    Three queries of counts; two more of points where an answer earns some of them.
    """
    if walk is None:
        return []
    origins = {new: old for old, new in walk.counterparts.items()}
    columns = {column.pk: column for column in before.columns if column.has_outcome}
    asked = [column for column in after.columns if column.has_outcome and origins.get(column.pk) in columns]
    if not asked:
        return []
    earlier, later = (answer_counts(table.user, table.round) for table in (before, after))
    graded = [columns[origins[column.pk]] for column in asked], asked
    earned_before, earned_after = (
        _earned(table, [column.pk for column in side if column.is_graded])
        for table, side in zip((before, after), graded, strict=True)
    )
    both = _answered_twice(
        before,
        after,
        {column.pk: origins[column.pk] for column in asked},
        has_points=bool(earned_before and earned_after),
    )
    enrolled = before.scores.enrolled, after.scores.enrolled
    compared: list[ComparedCriterion] = []
    for column in asked:
        old = columns[origins[column.pk]]
        counts = (
            CriterionCount(old, enrolled[0], earlier[old.pk], earned_sum=earned_before.get(old.pk)),
            CriterionCount(column, enrolled[1], later[column.pk], earned_sum=earned_after.get(column.pk)),
        )
        compared.append(ComparedCriterion(*counts, *both.get(column.pk, ())))
    return compared


def _earned(table: Summary, graded: Sequence[int]) -> dict[int, Decimal]:
    """Return the points of all wards together by the key of the criterion."""
    if not graded:
        return {}
    answers = approved_answers(table.user, table.round, None).filter(criterion__in=graded, earned__isnull=False)
    return dict(answers.values_list("criterion").annotate(points=Sum("earned")))


#: from an answer of the later round to the enrolments of its ward
OF_WARD = "inspection__enrolment__ward__enrolments"
#: from there to the answers of the other enrolment
OTHER = f"{OF_WARD}__inspection__results"


def _answered_twice(
    before: Summary, after: Summary, origins: Mapping[int, int], *, has_points: bool
) -> dict[int, tuple[Any, ...]]:
    """Count the wards that a criterion applied to in both rounds, and those that met it in either, by its key.

    With points, what they earned in either follows.

    `origins` are the counterparts in the earlier set by the key of the later criterion.
    """
    applying = [outcome.code for outcome in OUTCOMES.values() if outcome.code and outcome.applies]
    enrolled = Enrolment.objects.visible_to(before.user).filter(round=before.round)
    # One `filter`: all its conditions are on the same enrolment of the ward.
    answers = approved_answers(after.user, after.round, None).filter(
        outcome__in=applying,
        **{
            f"{OF_WARD}__in": enrolled.order_by().values("pk"),
            f"{OF_WARD}__inspection__status": APPROVED,
            f"{OTHER}__criterion": _origin(origins),
            f"{OTHER}__outcome__in": applying,
        },
    )
    counted = answers.values_list("criterion").annotate(
        wards=Count("pk"),
        # A `Q` would make outer joins of those that the filter has made.
        met_before=Count("pk", filter=Exact(F(f"{OTHER}__outcome"), MET)),
        met_after=Count("pk", filter=Exact(F("outcome"), MET)),
        **({"earned_before": Sum(F(f"{OTHER}__earned")), "earned_after": Sum(F("earned"))} if has_points else {}),
    )
    return {criterion: tuple(counts) for criterion, *counts in counted}


def _origin(origins: Mapping[int, int]) -> Combinable:
    """Return the counterpart of the criterion of an answer, in SQL. Most rounds are of one set, and
    a list of cases takes the database half as long again."""
    if all(new == old for new, old in origins.items()):
        return F("criterion")
    return Case(*(When(criterion=new, then=Value(old)) for new, old in origins.items()), default=Value(None))


def _not_compared(before: Summary, after: Summary, walk: Counterparts | None) -> list[NotCompared]:
    """Return the criteria of either round that have no counterpart; none where no crosswalk says it."""
    if walk is None:
        return []
    known = set(walk.counterparts), set(walk.counterparts.values())
    apart: list[NotCompared] = []
    for table, is_later in ((before, False), (after, True)):
        for column in table.columns:
            if column.has_outcome and column.pk not in known[is_later]:
                apart.append(NotCompared(column, is_later, reason_of(walk, column, is_later=is_later)))
    return apart
