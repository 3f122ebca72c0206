"""Workbooks that the page of reports offers for each round, with the choices for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Round
from reports.workbooks.catalogue import ROUND_KINDS, WorkbookKind
from wards.models import District


@dataclass(frozen=True)
class Offer:
    kinds: list[WorkbookKind]
    #: districts that a workbook can be narrowed to; none for people of one district or ward
    districts: list[District]
    #: rounds to compare with, the next earlier one first
    others: list[Round]


def offers(user: Viewer, rounds: Iterable[Round]) -> list[tuple[Round, Offer]]:
    """Three queries, whatever the number of rounds."""
    rounds = list(rounds)
    districts = _districts(user) if user.scope.sees_all_units else {}
    return [
        (inspection_round, _offer(place, rounds, districts.get(inspection_round.pk, [])))
        for place, inspection_round in enumerate(rounds)
    ]


def _offer(place: int, rounds: list[Round], districts: list[District]) -> Offer:
    others = rounds[place + 1 :] + rounds[:place][::-1]
    kinds = [kind for kind in ROUND_KINDS.values() if others or not kind.needs_other]
    return Offer(kinds, districts if len(districts) > 1 else [], others)


def _districts(user: Viewer) -> dict[int, list[District]]:
    """Return the districts of each round in natural order."""
    enrolled = Enrolment.objects.visible_to(user).filter(ward__district__isnull=False).order_by()
    pairs = list(enrolled.values_list("round", "ward__district").distinct())
    known = District.objects.visible_to(user).in_bulk([district for _, district in pairs])
    by_round: dict[int, list[District]] = {}
    for inspection_round, district in sorted(pairs, key=lambda pair: known[pair[1]].sort_key):
        by_round.setdefault(inspection_round, []).append(known[district])
    return by_round
