"""Scores and answers of a round, each a function of (who asks, round, filters).

Page, workbook, document and command take their figures from here, so that a figure cannot differ between them.
What is not assessed is open: it is counted apart and never as "not met", and an average names its coverage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, Sum

from archiveportal.percent import mean, percent_of
from archiveportal.scope import Viewer
from criteria.inspections.models import Result, Round
from criteria.inspections.queries.areas import Division, division
from criteria.inspections.querysets import EnrolmentQuerySet
from criteria.leaves import answered_of, leaves_of
from criteria.measures import Measure, measure_of
from criteria.models import Band, Criterion
from criteria.outcomes import outcome_of
from criteria.scoring import DERIVED_OUTCOMES, ZERO, Rules, band_of, points_of, rules_of
from reports.results.apart import ApartColumn, ApartTotals, apart_columns, sums_apart
from reports.results.criteria import CriterionCount, criterion_counts, drop_zero_decimals
from reports.results.headings import HeadRow, head_rows
from reports.results.rows import APPROVED, visible_enrolments
from wards.models import Ward

#: rows that one read of the database fetches while a table is streamed
CHUNK = 5000


@dataclass(frozen=True)
class HeadGroup:
    """One upper heading of the table with its leaf columns; a column of its own has no title above it."""

    title: str
    criteria: list[Criterion]


@dataclass(slots=True)
class Row:
    """A ward in the table. `cells` are in the order of the columns: an outcome ("" where open), or
    a fact."""

    pk: int
    position: int
    ward_id: int
    ward: str
    #: of the area in which the ward lies, as the round is divided
    area_id: int | None
    area: str
    status: str
    #: met and open criteria of the checklist; None where the person may not see an unapproved one
    met: int | None
    open: int | None
    score: Decimal | None
    maximum: Decimal | None
    published_score: Decimal | None
    personnel: str
    percent: Decimal | None
    band: Band | None
    cells: list[Any]
    #: points of the criteria, before deductions and bonuses; None where the set has neither
    reached: Decimal | None = None
    deducted: Decimal = ZERO
    bonus: Decimal = ZERO
    #: by the place of a column whose answers earn some of the points: how many
    earned: dict[int, Any] = field(default_factory=dict)

    @property
    def is_approved(self) -> bool:
        return self.status == APPROVED

    @property
    def is_published(self) -> bool:
        """Tell whether the standing score is the one that a report printed."""
        return self.score is not None and not self.is_approved

    @property
    def difference(self) -> Decimal | None:
        """Computed minus published score, where both are known and differ."""
        if not self.is_approved or self.score is None or self.published_score is None:
            return None
        return (self.score - self.published_score) or None


@dataclass(frozen=True)
class Scores:
    """Standing scores of several wards: their sum in points, and how many of the enrolled wards have one."""

    enrolled: int
    scored: int
    points: Decimal | None
    #: wards whose personnel a report published as scanned text
    with_personnel: int = 0
    #: wards whose score a report printed
    with_published: int = 0
    #: what approved checklists have taken off and added
    deducted: Decimal | None = None
    bonus: Decimal | None = None

    @property
    def average(self) -> Decimal | None:
        return mean(self.points, self.scored)


@dataclass
class Summary:
    """The table of a round for one person. `enrolments` are the rows in scope, filtered, in printed order."""

    user: Viewer
    round: Round
    enrolments: EnrolmentQuerySet
    is_filtered: bool = False

    @cached_property
    def divided(self) -> Division:
        return division(self.user, self.round)

    @cached_property
    def columns(self) -> list[Criterion]:
        """Return what a column of the table stands for: a sum of parts is a heading over its parts."""
        return answered_of(self.all_criteria)

    @cached_property
    def all_criteria(self) -> list[Criterion]:
        return leaves_of(self.round.criteria_set)

    @cached_property
    def head_rows(self) -> list[HeadRow]:
        """Return the rows of headings over the columns."""
        return self.head_of(range(len(self.columns)))

    def head_of(self, part: range) -> list[HeadRow]:
        """Return the rows of headings over some of the columns that follow each other."""
        parents = {criterion.pk: criterion for criterion in self.all_criteria}
        return head_rows(self.columns[part.start : part.stop], parents)

    @cached_property
    def measure(self) -> Measure:
        """Return what the scores of the round count."""
        return measure_of(self.columns, self.round.criteria_set)

    @cached_property
    def bands(self) -> list[Band]:
        return list(self.round.criteria_set.bands.all())

    @cached_property
    def head(self) -> list[HeadGroup]:
        """Return both header rows: neighbours under the same upper heading are grouped."""
        groups = []
        for _key, columns in groupby(self.columns, key=lambda c: c.printed_group or c.position):
            criteria = list(columns)
            groups.append(HeadGroup(criteria[0].printed_group, criteria))
        return groups

    @cached_property
    def totals(self) -> list[CriterionCount]:
        chosen = self.enrolments if self.is_filtered else None
        enrolled = self.scores.enrolled
        return criterion_counts(self.user, self.round, chosen, enrolled=enrolled, columns=self.columns)

    @cached_property
    def apart(self) -> list[ApartColumn]:
        """Return the columns of deductions and bonuses in front of the scores."""
        return apart_columns(self.columns)

    @cached_property
    def rules(self) -> Rules:
        return rules_of(self.round.criteria_set)

    @property
    def has_graded(self) -> bool:
        """Tell whether a column shows points in place of marks."""
        return any(criterion.is_graded for criterion in self.columns)

    @cached_property
    def apart_totals(self) -> list[Decimal | None]:
        return self.apart_totals_of(self.totals, self.scores)

    def apart_totals_of(self, counts: list[CriterionCount], scores: Scores) -> list[Decimal | None]:
        stored = {"deducted": scores.deducted, "bonus": scores.bonus}
        return ApartTotals(self.apart, counts, self.rules, stored).values

    @cached_property
    def scores(self) -> Scores:
        return Scores(
            **self.enrolments.order_by().aggregate(
                enrolled=Count("pk"),
                scored=Count("standing_score"),
                points=Sum("standing_score"),
                with_personnel=Count("pk", filter=~Q(published_personnel="")),
                with_published=Count("published_score"),
                **sums_apart(self.apart),
            )
        )

    @property
    def has_personnel(self) -> bool:
        return self.scores.with_personnel > 0

    def standings(self) -> Iterator[Row]:
        """Yield the wards in printed order without answers, for callers that need only scores. One
        query."""
        reader = _Reader(self)
        heads = self.enrolments.order_by("position").values_list(*HEAD)
        return (reader.row(head) for head in heads.iterator(chunk_size=CHUNK))

    def keeping_rows(self) -> Summary:
        """Return the same table with its rows in memory, for callers that write several papers of
        it."""
        return _KeptSummary(self.user, self.round, self.enrolments, self.is_filtered)

    def rows(self, part: slice | None = None) -> Iterator[Row]:
        """Yield the wards in printed order: two queries, read side by side in one pass, whatever
        their number."""
        enrolled = self.enrolments.order_by("position").values_list(*HEAD)
        answers = (
            Result.objects.visible_to(self.user)
            .filter(inspection__enrolment__round=self.round)
            .order_by("inspection__enrolment__position")
            .values_list("inspection__enrolment__position", "criterion_id", "outcome", "number", "text", "earned")
        )
        if part is not None:
            heads: Iterable[tuple] = list(enrolled[part])
            answers = answers.filter(inspection__enrolment__in=[head[0] for head in heads])
        else:
            if self.is_filtered:
                answers = answers.filter(inspection__enrolment__in=self.enrolments.order_by().values("pk"))
            heads = enrolled.iterator(chunk_size=CHUNK)
        return _merge(heads, answers.iterator(chunk_size=CHUNK), _Reader(self))


class _KeptSummary(Summary):
    """A table whose rows are read once."""

    @cached_property
    def _kept(self) -> list[Row]:
        return list(super().rows())

    def rows(self, part: slice | None = None) -> Iterator[Row]:
        return iter(self._kept if part is None else self._kept[part])


HEAD = [
    "pk", "position", "ward", "ward__kind", "ward__name", "ward__district", "inspection__status",
    "inspection__met_criteria", "inspection__open_criteria",
    "inspection__version", "standing_score", "standing_maximum", "published_score", "published_personnel",
    "standing_bar", "inspection__deducted", "inspection__bonus",
]  # fmt: skip


class _Reader:
    """Makes rows out of plain tuples; what recurs (percent and band of a score) is worked out once."""

    def __init__(self, table: Summary) -> None:
        self.divided = table.divided
        self.titles: dict[int | None, str] = {area.pk: area.title for area in table.divided.areas}
        self.sees_drafts = table.user.scope.sees_unapproved_results
        self.bands = table.bands
        self.rounding = table.round.rounding
        self.places = {criterion.pk: place for place, criterion in enumerate(table.columns)}
        self.facts = {c.pk: c.fact_kind for c in table.columns if not c.has_outcome}
        self.rules, self.has_apart = table.rules, bool(table.apart)
        self.criteria = {criterion.pk: criterion for criterion in table.columns}
        self.empty = [None if c.pk in self.facts else "" for c in table.columns]
        self.known: dict[tuple, tuple] = {}

    def row(self, head: tuple) -> Row:
        (pk, position, ward_id, kind, name, district_id, status, met, left, version, score, maximum, published,
         personnel, bar, deducted, bonus) = head  # fmt: skip
        area_id = self.divided.key_at(ward_id, district_id)
        if (score, maximum, bar) not in self.known:
            band = band_of(score, maximum, self.bands, bar=bar) if score is not None else None
            self.known[score, maximum, bar] = (percent_of(score, maximum, self.rounding), band)
        percent, band = self.known[score, maximum, bar]
        shows_progress = status == APPROVED or (self.sees_drafts and version)
        return Row(
            pk, position, ward_id, f"{Ward.KINDS[kind]} {name}", area_id, self.titles.get(area_id, ""),
            # A draft is nobody's business but of those who work on it.
            status if self.sees_drafts or status == APPROVED else "",
            met if shows_progress else None, left if shows_progress else None,
            score, maximum, published, personnel, percent, band, self.empty.copy(),
            deducted=deducted or ZERO, bonus=bonus or ZERO,
        )  # fmt: skip

    def fill(self, row: Row, answer: tuple) -> None:
        criterion_id, outcome, number, text, earned = answer[1:]
        kind, place = self.facts.get(criterion_id), self.places[criterion_id]
        if kind is None:
            row.cells[place] = outcome
            self._add_points(row, criterion_id, outcome=outcome, earned=earned)
        else:
            row.cells[place] = text or None if kind == Criterion.FactKind.TEXT else drop_zero_decimals(number)

    def _add_points(self, row: Row, criterion_id: int, *, outcome: str, earned: Decimal | None) -> None:
        criterion = self.criteria[criterion_id]
        if earned is not None and criterion.is_graded and outcome in DERIVED_OUTCOMES:
            row.earned[self.places[criterion_id]] = drop_zero_decimals(earned)
        if self.has_apart and criterion.is_in_maximum:
            points = points_of(criterion, outcome_of(outcome), earned, rules=self.rules)
            row.reached = (row.reached or ZERO) + points


def _merge(heads: Iterable[tuple], answers: Iterator[tuple], reader: _Reader) -> Iterator[Row]:
    """Both come by position; an answer belongs to the row of the same position."""
    answer = next(answers, None)
    for head in heads:
        row, position = reader.row(head), head[1]
        while answer is not None and answer[0] <= position:
            if answer[0] == position:
                reader.fill(row, answer)
            answer = next(answers, None)
        yield row


def summary(user: Viewer, inspection_round: Round, enrolments: EnrolmentQuerySet | None = None) -> Summary:
    """Return the appendix table of 5355/BC-SNV. `enrolments` narrows the rows (a filter); scope
    holds in any case."""
    if enrolments is None:
        return Summary(user, inspection_round, visible_enrolments(user, inspection_round))
    if "standing_score" not in enrolments.query.annotations:
        enrolments = enrolments.with_standing()
    return Summary(user, inspection_round, enrolments.visible_to(user).filter(round=inspection_round), is_filtered=True)
