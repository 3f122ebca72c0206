"""The periods that the first pages and the page of a round show: those that near their end, or are over."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from archiveportal.accounts.models import User
from archiveportal.scope import Viewer
from criteria.inspections.models import Decision, DecisionUnit, Enrolment, Round
from criteria.inspections.services.clocks import Clock, clocks, clocks_of, running_units

__all__ = ["Clock", "UrgentClocks", "clocks", "clocks_of", "clocks_of_round", "unannounced", "urgent_clocks"]

#: so many periods the first page shows
SHOWN = 12


@dataclass(frozen=True)
class UrgentClocks:
    clocks: list[Clock]
    more: int


@dataclass(frozen=True)
class Unannounced:
    """A specialised inspection that has no issued decision (`decision` is None), or no day of its announcement."""

    decision: Decision | None = None


def unannounced(enrolment: Enrolment) -> Unannounced | None:
    """Tell what a unit's inspection lacks before its minutes (art. 11.4, 15.1); None for guidance, and where both
    are there."""
    if not (enrolment.round.is_specialised and enrolment.is_visited):
        return None
    rows = DecisionUnit.objects.filter(enrolment=enrolment, decision__in=Decision.objects.issued())
    unit = rows.select_related("decision__round").first()
    if unit is None:
        return Unannounced()
    return Unannounced(unit.decision) if unit.announced_on is None else None


def urgent_clocks(user: User) -> UrgentClocks:
    """Return the periods that a person looks after: those near the end, over, or waiting for a word on a pause.

    A member of a team sees every period that runs for the own teams; others see what is urgent.
    """
    rows = running_units(DecisionUnit.objects.visible_to(user))
    if user.can_inspect and not user.can_approve:
        rows = rows.filter(Q(decision__team__members__person=user)).distinct()
    running = [clock for clock in clocks_of(rows) if clock.is_running]
    if not user.can_inspect or user.can_approve:
        running = [clock for clock in running if clock.is_urgent]
    in_order = sorted(running, key=lambda clock: (clock.days_left or 0, clock.unit.pk))
    return UrgentClocks(in_order[:SHOWN], max(len(in_order) - SHOWN, 0))


def clocks_of_round(viewer: Viewer, inspection_round: Round) -> list[Clock]:
    """Return what is urgent in a round, the earliest last day first; nothing for a round of guidance."""
    if not inspection_round.is_specialised:
        return []
    rows = running_units(DecisionUnit.objects.visible_to(viewer)).filter(decision__round=inspection_round)
    urgent = [clock for clock in clocks_of(rows) if clock.is_urgent]
    return sorted(urgent, key=lambda clock: (clock.days_left or 0, clock.unit.pk))[:SHOWN]
