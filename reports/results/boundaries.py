"""Results by the boundaries of today: the predecessors of a unit side by side.

A result stays under the name of the unit that had it. Nothing is added up and no mean is taken:
half of a unit that was split has no score of its own.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from django.db.models import Q
from django.utils import timezone

from archiveportal.scope import Viewer
from archiveportal.vietnamese import number
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.querysets import is_visited
from wards.models import Succession, Ward


@dataclass(frozen=True)
class RoundOfResults:
    pk: int
    code: str
    name: str


@dataclass
class FormerUnit:
    """A unit with results, as a part of a unit of today, or that unit itself."""

    ward: Ward
    is_itself: bool
    #: it went whole from unit to unit; else only a part of it did
    is_whole: bool
    #: {round: "15/23"}
    scores: dict[int, str] = field(default_factory=dict)
    #: the same in the order of the rounds, blank where there is none
    cells: list[str] = field(default_factory=list)


@dataclass
class UnitOfToday:
    ward: Ward
    formers: list[FormerUnit] = field(default_factory=list)


@dataclass(frozen=True)
class Boundaries:
    """The units of today with those of their predecessors that have results, and the rounds."""

    rounds: list[RoundOfResults]
    units: list[UnitOfToday]


class _WaysToHeirs:
    """Leads from a unit to its heirs that stand on a day."""

    def __init__(self, day: datetime.date) -> None:
        self.day = day
        self.wards: dict[int, Ward] = {}
        self.next: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        rows = Succession.objects.filter(predecessor__isnull=False, successor__isnull=False, took_effect_on__lte=day)
        for former, heir, extent in rows.values_list("predecessor", "successor", "extent"):
            self.next[former].append((heir, extent == Succession.Extent.WHOLE))

    def read(self, keys: Iterable[int]) -> None:
        """Read the units that can be reached from these, in one query."""
        reached: set[int] = set()
        for key in keys:
            reached.update(self._ways(key))
        self.wards = Ward.objects.select_related("district").in_bulk(sorted(reached))

    def heirs(self, key: int) -> dict[int, bool]:
        """Return {unit that stands today: whether the whole of this one went to it}."""
        return {each: whole for each, whole in self._ways(key).items() if self.wards[each].stands_on(self.day)}

    def _ways(self, key: int) -> dict[int, bool]:
        """Return every unit to which a unit leads, itself first, and whether a way is whole."""
        ways = {key: True}
        waiting = [key]
        while waiting:
            here = waiting.pop()
            for heir, is_whole in self.next.get(here, ()):
                is_better = ways[here] and is_whole and not ways.get(heir, False)
                if heir not in ways or is_better:
                    ways[heir] = ways[here] and is_whole
                    waiting.append(heir)
        return ways


def by_boundaries(user: Viewer, inspection_round: Round | None = None) -> Boundaries:
    """Return the results in scope of all rounds by the units of today. Four queries at most.

    With a round, the units of today are those of the round and the heirs of its units: a result of
    one round alone has nothing beside it.
    """
    visible = Enrolment.objects.visible_to(user)
    rows = visible.counted().filter(is_visited()).with_standing().filter(Q(standing_score__isnull=False))
    enrolled = set(visible.filter(round=inspection_round).values_list("ward", flat=True)) if inspection_round else None
    fields = ("ward", "standing_score", "standing_maximum", "round", "round__code", "round__name")
    rounds: dict[int, RoundOfResults] = {}
    scores: dict[int, dict[int, str]] = defaultdict(dict)
    for ward, score, maximum, key, code, name in rows.order_by("round__starts_on", "round").values_list(*fields):
        rounds.setdefault(key, RoundOfResults(key, code, name))
        scores[ward][key] = f"{number(score)}/{number(maximum)}"
    lines = _WaysToHeirs(timezone.localdate())
    lines.read({*scores, *(enrolled or ())})
    shown = None if enrolled is None else set(chain.from_iterable(map(lines.heirs, enrolled)))
    units: dict[int, UnitOfToday] = {}
    for ward, of_rounds in scores.items():
        cells = [of_rounds.get(key, "") for key in rounds]
        for heir, is_whole in lines.heirs(ward).items():
            if shown is not None and heir not in shown:
                continue
            unit = units.setdefault(heir, UnitOfToday(lines.wards[heir]))
            former = FormerUnit(lines.wards[ward], heir == ward, is_whole, of_rounds, cells)
            unit.formers.append(former)
    for unit in units.values():
        unit.formers.sort(key=lambda former: (former.is_itself, former.ward.sort_key))
    return Boundaries(list(rounds.values()), sorted(units.values(), key=lambda unit: unit.ward.sort_key))
