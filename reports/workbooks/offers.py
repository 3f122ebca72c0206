"""Workbooks that the page of reports offers for each round, with the choices for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.queries.indicators import sets_with_indicators
from reports.workbooks.catalogue import ROUND_KINDS, WorkbookKind
from wards.models import District, UnitGroup


@dataclass(frozen=True)
class Offer:
    #: kinds of workbooks with their titles
    kinds: list[tuple[WorkbookKind, Any]]
    #: districts or groups that a workbook can be narrowed to; none for people of one district or ward
    areas: Sequence[District | UnitGroup]
    #: rounds to compare with, the next earlier one first
    others: list[Round]
    #: noun of the areas as a label, and the parameter that names one of them
    noun: str
    parameter: str


def offers(user: Viewer, rounds: Iterable[Round]) -> list[tuple[Round, Offer]]:
    """Five queries at most, whatever the number of rounds; these are read with their ways of grouping."""
    rounds = list(rounds)
    districts, groups, with_indicators = _districts(user), _groups(user, rounds), sets_with_indicators()
    offered = []
    for place, each in enumerate(rounds):
        areas = groups.get(each.grouping_id or 0) or districts.get(each.pk, [])
        kinds = [kind for kind in ROUND_KINDS.values() if _has_facts_for(kind, each, with_indicators)]
        offered.append((each, _offer(rounds, place, areas, kinds=kinds, user=user)))
    return offered


def _has_facts_for(kind: WorkbookKind, inspection_round: Round, with_indicators: Set[int]) -> bool:
    return not kind.needs_indicators or inspection_round.criteria_set_id in with_indicators


def _offer(
    rounds: list[Round],
    place: int,
    areas: Sequence[District | UnitGroup],
    *,
    kinds: list[WorkbookKind],
    user: Viewer,
) -> Offer:
    inspection_round = rounds[place]
    noun = _noun(inspection_round)
    others = rounds[place + 1 :] + rounds[:place][::-1]
    is_divided = bool(areas or noun)
    possible = [kind for kind in kinds if others or not kind.needs_other]
    titled = [(kind, kind.titled(noun)) for kind in possible if is_divided or not kind.needs_areas]
    narrows = user.scope.sees_all_units and len(areas) > 1
    grouping = inspection_round.grouping
    label, parameter = (grouping.name, "nhom") if grouping else (_("District"), "quan")
    return Offer(titled, areas if narrows else [], others, noun=label, parameter=parameter)


def _noun(inspection_round: Round) -> str:
    """Return what the groups of a round with a way of grouping are called, within a sentence."""
    name = inspection_round.grouping.name if inspection_round.grouping else ""
    return name[:1].lower() + name[1:]


def _groups(user: Viewer, rounds: list[Round]) -> dict[int, list[UnitGroup]]:
    """Return the groups of each way of grouping that a round follows, in their order."""
    groupings = {each.grouping_id for each in rounds if each.grouping_id}
    if not groupings:
        return {}
    by_grouping: dict[int, list[UnitGroup]] = {}
    for group in UnitGroup.objects.visible_to(user).filter(grouping__in=groupings).order_by("position", "pk"):
        by_grouping.setdefault(group.grouping_id, []).append(group)
    return by_grouping


def _districts(user: Viewer) -> dict[int, list[District]]:
    """Return the districts of each round in natural order."""
    enrolled = Enrolment.objects.visible_to(user).filter(ward__district__isnull=False).order_by()
    pairs = list(enrolled.values_list("round", "ward__district").distinct())
    # All of them: a list of 800 keys takes longer than the rows.
    known = {district.pk: district for district in District.objects.visible_to(user)} if pairs else {}
    by_round: dict[int, list[District]] = {}
    for inspection_round, district in sorted(pairs, key=lambda pair: known[pair[1]].sort_key):
        by_round.setdefault(inspection_round, []).append(known[district])
    return by_round
