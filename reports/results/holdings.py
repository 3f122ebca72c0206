"""What the units of a round hold and need: records, backlog, stores, digitising, money.

The columns are the facts that the criteria set of the round marks as indicators. A unit that a team
inspects counts with its approved checklist, one that only reports with the self-assessment that it
handed in; the two are added up apart. A unit without a number is counted as such and never as 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from archiveportal.scope import Viewer
from criteria.indicators import INDICATORS, Indicator
from criteria.inspections.models import Enrolment, Inspection, Result, Round, SelfAnswer, SelfAssessment
from criteria.inspections.queries.areas import Area, Division, division
from criteria.models import Criterion
from wards.models import Ward
from wards.titles import Titled

NOTHING = Decimal(0)


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


#: of an enrolment, as it is read for thousands of units
READ = (
    *("pk", "ward", "ward__code", "ward__kind", "ward__name", "ward__district"),
    *("way", "is_left_out", "inspection__status", "self_assessment__handed_in_at"),
)


@dataclass(frozen=True, slots=True)
class EnrolledWard(Titled):
    """The unit of an enrolment by its names alone."""

    pk: int
    code: str
    kind: str
    name: str
    district_id: int | None

    def get_kind_display(self) -> str:
        return str(KINDS[self.kind])


KINDS = dict(Ward.Kind.choices)


@dataclass(frozen=True, slots=True)
class EnrolledUnit:
    """A unit of the round, without the rows behind it: a table of the City has thousands."""

    pk: int
    ward: EnrolledWard
    way: str
    is_left_out: bool
    status: str
    has_reported: bool

    @property
    def only_reports(self) -> bool:
        return self.way == Enrolment.Way.REPORT

    @property
    def is_verified(self) -> bool:
        """A team inspected it, and its checklist is approved."""
        return self.status == Inspection.Status.APPROVED and not (self.only_reports or self.is_left_out)


@dataclass(frozen=True)
class UnitLine:
    """A unit of the round with its numbers by the code of their indicator; one that is not there is unknown."""

    enrolment: EnrolledUnit
    area: Area | None
    source: FigureSource
    values: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def is_reported(self) -> bool:
        return self.source == FigureSource.REPORTED

    @property
    def why_nothing(self) -> str:
        """Say in Vietnamese why a unit has no numbers; blank where it has some."""
        if self.values:
            return ""
        if self.enrolment.is_left_out:
            return "đưa ra khỏi kế hoạch"
        if self.source != FigureSource.NONE:
            return "không ghi số liệu"
        return "chưa gửi tự kiểm tra" if self.enrolment.only_reports else "chưa có phiếu được duyệt"


@dataclass(frozen=True)
class HoldingsSum:
    """The sum of an indicator over units, those that a team verified and those that reported apart."""

    units: int = 0
    verified: Decimal = NOTHING
    verified_units: int = 0
    reported: Decimal = NOTHING
    reported_units: int = 0

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

    @property
    def is_whole(self) -> bool:
        return self.units > 0 and not self.missing


def add_up(lines: Sequence[UnitLine], code: str) -> HoldingsSum:
    """Add up one indicator over units."""
    verified = [line.values[code] for line in lines if code in line.values and not line.is_reported]
    reported = [line.values[code] for line in lines if code in line.values and line.is_reported]
    return HoldingsSum(
        units=len(lines),
        verified=sum(verified, NOTHING),
        verified_units=len(verified),
        reported=sum(reported, NOTHING),
        reported_units=len(reported),
    )


@dataclass(frozen=True)
class AreaLines:
    """The units of an area with the sum of each column; None are the units in no area."""

    area: Area | None
    lines: Sequence[UnitLine]
    sums: Sequence[HoldingsSum]

    @property
    def answered(self) -> int:
        """Return how many of the units have any number."""
        return sum(bool(line.values) for line in self.lines)


@dataclass(frozen=True)
class Holdings:
    """The table of a round as one person sees it. `lines` are in the order of their areas."""

    round: Round
    divided: Division
    columns: Sequence[HoldingsColumn]
    lines: Sequence[UnitLine]

    @cached_property
    def totals(self) -> AreaLines:
        return self._sums_of(None, self.lines)

    @cached_property
    def by_area(self) -> list[AreaLines]:
        by_place = groupby(self.lines, key=lambda line: line.area)
        return [self._sums_of(area, list(lines)) for area, lines in by_place]

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Return the upper headings on paper with the number of columns below each."""
        groups = groupby(self.columns, key=lambda column: column.indicator.group)
        return [(title, len(list(columns))) for title, columns in groups]

    def units_from(self, source: FigureSource) -> int:
        """Count the units with any number, of one source."""
        return sum(bool(line.values) for line in self.lines if line.source == source)

    def lacking(self, code: str) -> list[UnitLine]:
        """Return the units without a number for an indicator."""
        return [line for line in self.lines if code not in line.values]

    def sum_of(self, code: str) -> HoldingsSum | None:
        """Return the sum of an indicator; None where the set does not have it."""
        pairs = zip(self.columns, self.totals.sums, strict=True)
        return next((total for column, total in pairs if column.code == code), None)

    def _sums_of(self, area: Area | None, lines: Sequence[UnitLine]) -> AreaLines:
        return AreaLines(area, lines, [add_up(lines, column.code) for column in self.columns])


def columns_of(criteria: Iterable[Criterion]) -> list[HoldingsColumn]:
    """Return the columns that a set has, in the order of the table."""
    by_code = {criterion.indicator: criterion for criterion in criteria if criterion.indicator}
    return [HoldingsColumn(indicator, by_code[code]) for code, indicator in INDICATORS.items() if code in by_code]


def holdings(user: Viewer, inspection_round: Round, *, divided: Division | None = None) -> Holdings:
    """Read the table of a round, of the units that the person sees. Five queries, whatever their number."""
    columns = columns_of(inspection_round.criteria_set.criteria.all())
    if divided is None:
        divided = division(user, inspection_round)
    enrolments = Enrolment.objects.visible_to(user).filter(round=inspection_round)
    rows = [_unit(*row) for row in enrolments.order_by("position").values_list(*READ)]
    verified = _verified_values(user, inspection_round, columns)
    reported = _reported_values(user, inspection_round, columns)
    lines = [_line(row, divided, verified=verified, reported=reported) for row in rows]
    lines.sort(key=lambda line: divided.place_of(line.enrolment.ward))
    return Holdings(inspection_round, divided, columns, lines)


Values = dict[int, dict[str, Decimal]]


def _unit(*row: Any) -> EnrolledUnit:
    """Return a unit of the columns that are read (`READ`)."""
    pk, ward, code, kind, name, district, way, is_left_out, status, handed_in_at = row
    unit = EnrolledWard(ward, code, kind, name, district)
    return EnrolledUnit(pk, unit, way, is_left_out, status or "", handed_in_at is not None)


def _line(enrolment: EnrolledUnit, divided: Division, *, verified: Values, reported: Values) -> UnitLine:
    area = divided.area_of(enrolment.ward)
    if enrolment.is_verified:
        return UnitLine(enrolment, area, FigureSource.VERIFIED, verified.get(enrolment.pk, {}))
    if enrolment.only_reports and not enrolment.is_left_out and enrolment.has_reported:
        return UnitLine(enrolment, area, FigureSource.REPORTED, reported.get(enrolment.pk, {}))
    return UnitLine(enrolment, area, FigureSource.NONE)


def _verified_values(user: Viewer, inspection_round: Round, columns: Iterable[HoldingsColumn]) -> Values:
    """Return the numbers of the approved checklists by the key of the enrolment."""
    results = Result.objects.visible_to(user).filter(
        inspection__enrolment__round=inspection_round,
        inspection__status=Inspection.Status.APPROVED,
        number__isnull=False,
    )
    return _by_enrolment(results, "inspection__enrolment", columns)


def _reported_values(user: Viewer, inspection_round: Round, columns: Iterable[HoldingsColumn]) -> Values:
    """Return the numbers of the self-assessments that were handed in, by the key of the enrolment."""
    assessments = SelfAssessment.objects.reported_to(user).filter(enrolment__round=inspection_round)
    answers = SelfAnswer.objects.filter(assessment__in=assessments, number__isnull=False)
    return _by_enrolment(answers, "assessment__enrolment", columns)


def _by_enrolment(answers: QuerySet, path: str, columns: Iterable[HoldingsColumn]) -> Values:
    codes = {column.criterion.pk: column.code for column in columns}
    values: Values = {}
    for enrolment, criterion, number in answers.filter(criterion__in=codes).values_list(path, "criterion", "number"):
        values.setdefault(enrolment, {})[codes[criterion]] = number
    return values
