"""The line of a unit: the units that it took over and those that took it over, each with its own
results. A result is shown under the name that its unit had and never moves to an heir."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q, QuerySet

from archiveportal.accounts.models import User
from archiveportal.vietnamese import number
from criteria.inspections.models import Enrolment
from criteria.models import Band
from criteria.scoring import band_of
from wards.lines import keys_of_heirs, keys_of_predecessors
from wards.models import Succession, Ward


@dataclass(frozen=True)
class LineResult:
    """The standing result of one unit in one round."""

    enrolment: Enrolment
    band: Band | None

    @property
    def shown(self) -> str:
        """Return the standing score as people write it: "15/23"."""
        return f"{number(self.enrolment.standing_score)}/{number(self.enrolment.standing_maximum)}"

    @property
    def is_approved(self) -> bool:
        return self.enrolment.inspection.status == "approved"


@dataclass
class LineUnit:
    """One unit of a line. `taken_over` says where it went, within the line."""

    unit: Ward
    is_own: bool
    #: whether the person may open its page
    is_open: bool
    taken_over: list[Succession] = field(default_factory=list)
    results: list[LineResult] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """The line of a unit as one person may see it, oldest units first."""

    units: list[LineUnit]
    joins: list[Succession]
    #: predecessors in another province, named in words
    elsewhere: list[Succession]

    @cached_property
    def has_others(self) -> bool:
        return len(self.units) > 1

    @cached_property
    def has_results_of_others(self) -> bool:
        return any(each.results and not each.is_own for each in self.units)

    @cached_property
    def former(self) -> list[LineUnit]:
        """Return the units that this one took over, oldest first."""
        own = next(each for each in self.units if each.is_own).unit
        return [each for each in self.units if not each.is_own and _begins(each.unit) < _begins(own)]


def line_of(ward: Ward, user: User) -> Line:
    """Read the line of a unit in as many queries as any other one needs."""
    keys = {ward.pk} | keys_of_predecessors([ward.pk]) | keys_of_heirs([ward.pk])
    joins = _joins(keys)
    between = [each for each in joins if each.successor_id in keys and each.predecessor_id in keys]
    opened = set(Ward.objects.readable_by(user).filter(pk__in=keys).values_list("pk", flat=True))
    wards = Ward.objects.filter(pk__in=keys).select_related("district")
    units = {
        each.pk: LineUnit(each, is_own=each.pk == ward.pk, is_open=each.pk in opened)
        for each in sorted(wards, key=lambda unit: (_begins(unit), unit.valid_to or datetime.date.max, unit.sort_key))
    }
    for join in joins:
        if join.predecessor_id in units:
            units[join.predecessor_id].taken_over.append(join)
    for result in _results(keys, user):
        units[result.enrolment.ward_id].results.append(result)
    return Line(
        units=list(units.values()),
        joins=between,
        elsewhere=[each for each in joins if each.predecessor_id is None],
    )


def _begins(unit: Ward) -> datetime.date:
    """Return the first day; units whose first day is not known are the oldest ones."""
    return unit.valid_from or datetime.date.min


def _joins(keys: set[int]) -> list[Succession]:
    """Return the rows between units of the line, to heirs without a row, and from other provinces."""
    within = Q(predecessor__in=keys, successor__in=keys) | Q(predecessor__in=keys, successor=None)
    found = Succession.objects.filter(within | Q(predecessor=None, successor__in=keys))
    return list(found.select_related("predecessor_province").order_by("took_effect_on", "successor_code", "pk"))


def _results(keys: set[int], user: User) -> list[LineResult]:
    enrolments: QuerySet[Enrolment] = (
        Enrolment.objects.readable_by(user)
        .filter(ward__in=keys)
        .with_standing()
        .select_related("round__criteria_set", "inspection")
        .prefetch_related("round__criteria_set__bands")
        .order_by("round__starts_on", "pk")
    )
    found = []
    for each in enrolments:
        if each.standing_score is not None and each.standing_maximum is not None:
            bands = list(each.round.criteria_set.bands.all())
            found.append(LineResult(each, band_of(each.standing_score, each.standing_maximum, bands)))
    return found
