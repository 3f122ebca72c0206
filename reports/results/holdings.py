"""What the units of a round hold and need: records, backlog, stores, digitising, money.

The columns are the facts that the criteria set of the round marks as indicators. A unit that a team
inspects counts with its approved checklist, one that only reports with the self-assessment that it
handed in; the two are added up apart. A unit without a number is counted as such and never as 0.

The database adds up; units are read one by one only where they are listed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Sum, Value, When

from archiveportal.scope import Viewer
from criteria.indicators import INDICATORS, Indicator
from criteria.inspections.models import Enrolment, Inspection, Round, SelfAnswer
from criteria.inspections.queries.areas import Area, Division, division
from criteria.inspections.querysets import EnrolmentQuerySet, is_visited
from criteria.models import Criterion
from reports.results.criteria import approved_answers
from reports.results.standings import UNIT, WardReader
from wards.titles import WardNames

NOTHING = Decimal(0)
#: numbers are stored with two decimals; SQLite adds them up as binary fractions
CENT = Decimal("0.01")


class FigureSource(StrEnum):
    """Where the numbers of a unit are from."""

    VERIFIED = "verified"
    REPORTED = "reported"
    NONE = "none"


@dataclass(frozen=True)
class HoldingsColumn:
    """An indicator that the set of the round has, with the criterion whose fact it is."""

    indicator: Indicator
    criterion: Criterion

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def unit(self) -> str:
        return self.criterion.fact_unit

    @property
    def heading(self) -> str:
        """Return the heading on paper: "Tồn đọng (mét giá)"."""
        return f"{self.indicator.heading} ({self.unit})" if self.unit else self.indicator.heading


@dataclass(frozen=True)
class UnitLine:
    """A unit of the round with its numbers by the code of their indicator; one that is not there is unknown."""

    #: of the enrolment
    pk: int
    ward: WardNames
    area: Area | None
    source: FigureSource
    only_reports: bool
    is_left_out: bool
    values: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def is_reported(self) -> bool:
        return self.source == FigureSource.REPORTED

    @property
    def why_nothing(self) -> str:
        """Say in Vietnamese why a unit has no numbers; blank where it has some."""
        if self.values:
            return ""
        if self.is_left_out:
            return "đưa ra khỏi kế hoạch"
        if self.source != FigureSource.NONE:
            return "không ghi số liệu"
        return "chưa gửi tự kiểm tra" if self.only_reports else "chưa có phiếu được duyệt"


@dataclass(frozen=True)
class HoldingsSum:
    """The sum of an indicator over units, those that a team verified and those that reported apart."""

    units: int = 0
    verified: Decimal = NOTHING
    verified_units: int = 0
    reported: Decimal = NOTHING
    reported_units: int = 0

    def __add__(self, other: HoldingsSum) -> HoldingsSum:
        return HoldingsSum(
            units=self.units + other.units,
            verified=self.verified + other.verified,
            verified_units=self.verified_units + other.verified_units,
            reported=self.reported + other.reported,
            reported_units=self.reported_units + other.reported_units,
        )

    @property
    def answered(self) -> int:
        return self.verified_units + self.reported_units

    @property
    def missing(self) -> int:
        return self.units - self.answered

    @property
    def total(self) -> Decimal | None:
        """Return the sum of both; None where no unit has a number."""
        return self.verified + self.reported if self.answered else None

    @property
    def verified_total(self) -> Decimal | None:
        return self.verified if self.verified_units else None

    @property
    def reported_total(self) -> Decimal | None:
        return self.reported if self.reported_units else None


@dataclass(frozen=True)
class AreaSums:
    """The sum of each column over the units of an area; None are the units in no area, or all of them."""

    area: Area | None
    sums: Sequence[HoldingsSum]
    units: int = 0
    #: units with any number, by their source
    verified_units: int = 0
    reported_units: int = 0

    @property
    def answered(self) -> int:
        """Return how many of the units have any number."""
        return self.verified_units + self.reported_units


@dataclass(frozen=True)
class _Numbers:
    """The numbers of one source: answers to the indicators, and the way from an answer to its enrolment."""

    source: FigureSource
    answers: QuerySet[Any]
    path: str

    def given(self, **conditions: Any) -> Q:
        """Return the condition on enrolments that they have such a number."""
        return Q(pk__in=self.answers.filter(**conditions).values(self.path))

    def all_given(self, count: int) -> Q:
        """Return the condition on enrolments that they have so many numbers."""
        by_unit = self.answers.values(self.path).annotate(numbers=Count("pk"))
        return Q(pk__in=by_unit.filter(numbers=count).values(self.path))

    def sums(self, divided: Division) -> QuerySet[Any]:
        """Return source, area, criterion, count of units and sum, a row for each sum."""
        rows = divided.with_areas(self.answers, f"{self.path}__ward")
        rows = rows.annotate(source=Value(self.source.value, output_field=CharField()))
        counted = rows.values("source", "area", "criterion").annotate(units=Count("pk"), added=Sum("number"))
        return counted.values_list("source", "area", "criterion", "units", "added")

    def values(self, enrolments: Sequence[int] | None) -> QuerySet[Any]:
        """Return enrolment, criterion and number, of these enrolments or of all."""
        rows = self.answers if enrolments is None else self.answers.filter(**{f"{self.path}__in": enrolments})
        return rows.values_list(self.path, "criterion", "number")


#: where the numbers of an enrolment come from, as far as there are any
SOURCE = Case(
    When(is_visited() & Q(inspection__status=Inspection.Status.APPROVED), then=Value(FigureSource.VERIFIED.value)),
    When(
        Q(way=Enrolment.Way.REPORT, is_left_out=False, self_assessment__handed_in_at__isnull=False),
        then=Value(FigureSource.REPORTED.value),
    ),
    default=Value(FigureSource.NONE.value),
    output_field=CharField(),
)


#: keys of an area and a criterion, and a source
Place = tuple[int | None, int, str]
#: a sum, and of how many units it is
Added = tuple[Decimal, int]


@dataclass(frozen=True)
class Holdings:
    """The table of a round as one person sees it."""

    user: Viewer
    round: Round
    divided: Division
    columns: Sequence[HoldingsColumn]

    @cached_property
    def totals(self) -> AreaSums:
        """Return the sums over all units."""
        parts = self.by_area
        return AreaSums(
            area=None,
            sums=[sum(sums, HoldingsSum()) for sums in zip(*(part.sums for part in parts), strict=True)]
            or [HoldingsSum() for _column in self.columns],
            units=sum(part.units for part in parts),
            verified_units=sum(part.verified_units for part in parts),
            reported_units=sum(part.reported_units for part in parts),
        )

    @cached_property
    def by_area(self) -> list[AreaSums]:
        """Return the areas that have a unit, in their order, units in none last. Two queries."""
        counted, added = self._counted_units(), self._added()
        areas: list[Area | None] = [*self.divided.areas, None]
        return [
            AreaSums(area, self._sums(key, counted[key]["units"], added), **counted[key])
            for area in areas
            if (key := area.pk if area else None) in counted
        ]

    def _sums(self, area: int | None, units: int, added: Mapping[Place, Added]) -> list[HoldingsSum]:
        """Return the sum of each column over the units of an area."""
        places = [(area, column.criterion.pk) for column in self.columns]
        return [
            HoldingsSum(units, *added[*place, FigureSource.VERIFIED], *added[*place, FigureSource.REPORTED])
            for place in places
        ]

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Return the upper headings on paper with the number of columns below each."""
        groups = groupby(self.columns, key=lambda column: column.indicator.group)
        return [(title, len(list(columns))) for title, columns in groups]

    def sum_of(self, code: str) -> HoldingsSum | None:
        """Return the sum of an indicator; None where the set does not have it."""
        pairs = zip(self.columns, self.totals.sums, strict=True)
        return next((total for column, total in pairs if column.code == code), None)

    # The units one by one

    @property
    def units(self) -> EnrolmentQuerySet:
        """Return the units that the person sees, area by area."""
        order = self.divided.order_by()
        ways = [*order, "area"] if order else []
        return self.divided.with_areas(self._enrolments).order_by(*ways, "position")

    def has_source(self, source: FigureSource) -> Q:
        """Return the condition on units that they have any number of a source, or none at all."""
        given = {numbers.source: numbers.given() for numbers in self._numbers}
        return given.get(source, ~self._has_number())

    def lacks(self, code: str) -> Q:
        """Return the condition on units that they have no number for an indicator."""
        return ~self._has_number(criterion__indicator=code)

    def lacks_any(self) -> Q:
        """Return the condition on units that they have no number for one of the indicators at least."""
        verified, reported = (numbers.all_given(len(self.columns)) for numbers in self._numbers)
        return ~(verified | reported)

    @cached_property
    def lines(self) -> list[UnitLine]:
        return self.lines_of(None)

    @property
    def lines_by_area(self) -> list[tuple[AreaSums, list[UnitLine]]]:
        """Return the areas, each with its units."""
        lines: defaultdict[Area | None, list[UnitLine]] = defaultdict(list)
        for line in self.lines:
            lines[line.area].append(line)
        return [(part, lines[part.area]) for part in self.by_area]

    def lines_of(self, units: EnrolmentQuerySet | None) -> list[UnitLine]:
        """Return some of `units`, or all of them, with their numbers. Two queries, whatever their number."""
        chosen = self.units if units is None else units
        rows = list(chosen.annotate(source=SOURCE).values_list("pk", "area", "source", "way", "is_left_out", *UNIT))
        values = self._values(None if units is None else [row[0] for row in rows])
        reader = WardReader()
        return [
            UnitLine(
                pk,
                reader.names_of(ward),
                self.divided.by_key.get(area),
                FigureSource(source),
                only_reports=way == Enrolment.Way.REPORT,
                is_left_out=is_left_out,
                values=values.get(pk, {}),
            )
            for pk, area, source, way, is_left_out, *ward in rows
        ]

    # What is read

    @property
    def _enrolments(self) -> EnrolmentQuerySet:
        return Enrolment.objects.visible_to(self.user).filter(round=self.round)

    @cached_property
    def _numbers(self) -> tuple[_Numbers, _Numbers]:
        """Return what teams verified and what units reported."""
        asked = {"criterion__in": [column.criterion.pk for column in self.columns], "number__isnull": False}
        verified = approved_answers(self.user, self.round, None).filter(is_visited("inspection__enrolment__"))
        reported = SelfAnswer.objects.reported_to(self.user).filter(assessment__enrolment__round=self.round).order_by()
        return (
            _Numbers(FigureSource.VERIFIED, verified.filter(**asked), "inspection__enrolment"),
            _Numbers(FigureSource.REPORTED, reported.filter(**asked), "assessment__enrolment"),
        )

    def _has_number(self, **conditions: Any) -> Q:
        verified, reported = self._numbers
        return verified.given(**conditions) | reported.given(**conditions)

    def _known(self, area: int | None) -> int | None:
        """Return the key of an area that the table has; units of any other are in none."""
        return area if area in self.divided.by_key else None

    def _counted_units(self) -> Mapping[int | None, Counter[str]]:
        """Count the units of each area, and those with any number by its source."""
        verified, reported = (Count("pk", filter=numbers.given()) for numbers in self._numbers)
        rows = self.divided.with_areas(self._enrolments.order_by()).values("area")
        counted: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
        for row in rows.annotate(units=Count("pk"), verified_units=verified, reported_units=reported):
            counted[self._known(row.pop("area"))].update(row)
        return counted

    def _added(self) -> Mapping[Place, Added]:
        verified, reported = (numbers.sums(self.divided) for numbers in self._numbers)
        added: defaultdict[Place, Added] = defaultdict(lambda: (NOTHING, 0))
        for source, area, criterion, units, total in verified.union(reported, all=True):
            place = (self._known(area), criterion, source)
            before, count = added[place]
            added[place] = (before + total.quantize(CENT), count + units)
        return added

    def _values(self, enrolments: Sequence[int] | None) -> Mapping[int, Mapping[str, Decimal]]:
        """Return the numbers by the key of the enrolment and the code of the indicator."""
        codes = {column.criterion.pk: column.code for column in self.columns}
        verified, reported = (numbers.values(enrolments) for numbers in self._numbers)
        values: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
        for enrolment, criterion, number in verified.union(reported, all=True):
            values[enrolment][codes[criterion]] = number
        return values


def columns_of(criteria: Iterable[Criterion]) -> list[HoldingsColumn]:
    """Return the columns that a set has, in the order of the table."""
    by_code = {criterion.indicator: criterion for criterion in criteria if criterion.indicator}
    return [HoldingsColumn(indicator, by_code[code]) for code, indicator in INDICATORS.items() if code in by_code]


def holdings(user: Viewer, inspection_round: Round, *, divided: Division | None = None) -> Holdings:
    """Return the table of a round, of the units that the person sees; it reads what it is asked for."""
    columns = columns_of(inspection_round.criteria_set.criteria.all())
    return Holdings(user, inspection_round, divided or division(user, inspection_round), columns)
