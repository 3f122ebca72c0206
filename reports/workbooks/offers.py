"""Workbooks that the page of reports offers for each round, with the choices for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Round
from reports.workbooks.catalogue import ROUND_KINDS, WorkbookKind
from wards.models import District


@dataclass(frozen=True)
class Offer:
    #: kinds of workbooks with their titles
    kinds: list[tuple[WorkbookKind, Any]]
    #: districts that a workbook can be narrowed to; none for people of one district or ward
    districts: list[District]
    #: rounds to compare with, the next earlier one first
    others: list[Round]


def offers(user: Viewer, rounds: Iterable[Round]) -> list[tuple[Round, Offer]]:
    """Three queries, whatever the number of rounds; these are read with their ways of grouping."""
    rounds = list(rounds)
    districts = _districts(user)
    return [
        (each, _offer(rounds, place, districts.get(each.pk, []), noun=_noun(each), user=user))
        for place, each in enumerate(rounds)
    ]


def _offer(rounds: list[Round], place: int, districts: list[District], *, noun: str, user: Viewer) -> Offer:
    others = rounds[place + 1 :] + rounds[:place][::-1]
    is_divided = bool(districts or noun)
    possible = [kind for kind in ROUND_KINDS.values() if others or not kind.needs_other]
    kinds = [(kind, kind.titled(noun)) for kind in possible if is_divided or not kind.needs_areas]
    narrows = user.scope.sees_all_units and not noun and len(districts) > 1
    return Offer(kinds, districts if narrows else [], others)


def _noun(inspection_round: Round) -> str:
    """Return what the groups of a round with a way of grouping are called, within a sentence."""
    name = inspection_round.grouping.name if inspection_round.grouping else ""
    return name[:1].lower() + name[1:]


def _districts(user: Viewer) -> dict[int, list[District]]:
    """Return the districts of each round in natural order."""
    enrolled = Enrolment.objects.visible_to(user).filter(ward__district__isnull=False).order_by()
    pairs = list(enrolled.values_list("round", "ward__district").distinct())
    known = District.objects.visible_to(user).in_bulk([district for _, district in pairs])
    by_round: dict[int, list[District]] = {}
    for inspection_round, district in sorted(pairs, key=lambda pair: known[pair[1]].sort_key):
        by_round.setdefault(inspection_round, []).append(known[district])
    return by_round
