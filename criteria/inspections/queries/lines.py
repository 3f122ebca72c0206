"""The line of a unit: the units that it took over and those that took it over, each with its own
results. A result is shown under the name that its unit had and never moves to an heir."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from archiveportal.accounts.models import User
from archiveportal.vietnamese import number
from criteria.inspections.models import Enrolment
from criteria.models import Band
from criteria.scoring import band_of
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
    """Hold one unit of a line. `taken_over` says where it went, within the line."""

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


def line_of(ward: Ward, user: User, *, enrolments: list[Enrolment], keys: frozenset[int]) -> Line:
    """Put the line of a unit together: `keys` are those of its units, `enrolments` those of all of
    them that the person may read, with their standing score and the bands of their set."""
    joins = _joins(keys)
    wards = [ward]
    if len(keys) > 1:
        wards += Ward.objects.filter(pk__in=keys - {ward.pk}).select_related("district")
    wards.sort(key=lambda unit: (_begins(unit), unit.valid_to or datetime.date.max, unit.sort_key))
    scope = user.scope
    units = {
        each.pk: LineUnit(each, is_own=each.pk == ward.pk, is_open=scope.reads_ward(each.pk, each.district_id))
        for each in wards
    }
    for join in joins:
        if join.predecessor_id in units:
            units[join.predecessor_id].taken_over.append(join)
    for result in _results(enrolments):
        units[result.enrolment.ward_id].results.append(result)
    return Line(
        units=list(units.values()),
        joins=[each for each in joins if each.successor_id in keys and each.predecessor_id in keys],
        elsewhere=[each for each in joins if each.predecessor_id is None],
    )


def _begins(unit: Ward) -> datetime.date:
    """Return the first day; units whose first day is not known are the oldest ones."""
    return unit.valid_from or datetime.date.min


def _joins(keys: frozenset[int]) -> list[Succession]:
    """Return the rows between units of the line, to heirs without a row, and from other provinces."""
    within = Q(predecessor__in=keys, successor__in=keys) | Q(predecessor__in=keys, successor=None)
    found = Succession.objects.filter(within | Q(predecessor=None, successor__in=keys))
    return list(found.select_related("predecessor_province").order_by("took_effect_on", "successor_code", "pk"))


def _results(enrolments: list[Enrolment]) -> list[LineResult]:
    """Return the standing results, oldest round first."""
    results = []
    for each in reversed(enrolments):
        if each.round.is_trial:
            continue
        if each.standing_score is not None and each.standing_maximum is not None:
            bands = list(each.round.criteria_set.bands.all())
            band = band_of(each.standing_score, each.standing_maximum, bands, bar=each.standing_bar)
            results.append(LineResult(each, band))
    return results
