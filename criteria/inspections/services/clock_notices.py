"""Tell teams that the period of an inspection nears its end, or is over; once for each last day."""

from __future__ import annotations

import datetime
from collections import defaultdict

from criteria.inspections.models import DecisionUnit, Enrolment, Notice, TeamMember
from criteria.inspections.services.clocks import Clock, clocks_of, running_units
from criteria.inspections.services.notices import KIND, Matter, of_unit, settle, tell_each

KINDS = (KIND.CLOCK_ENDS, KIND.CLOCK_LAPSED)


def tell_of_clocks() -> int:
    """Tell the members of each team with an account; return how many notices are new."""
    rows = running_units(DecisionUnit.objects.filter(decision__round__status="open"))
    urgent = [clock for clock in clocks_of(rows) if clock.is_near or clock.is_lapsed]
    people = _people_of_teams({clock.decision.team_id for clock in urgent})
    told = _told([clock.unit.enrolment_id for clock in urgent])
    wanted: dict[str, list[tuple[int, Matter, datetime.date | None]]] = defaultdict(list)
    for clock in urgent:
        kind = _kind_of(clock)
        for person in people[clock.decision.team_id]:
            if (person, kind, clock.unit.enrolment_id, clock.last_on) not in told:
                wanted[kind].append((person, of_unit(clock.unit.enrolment), clock.last_on))
    for kind, rows_of_kind in wanted.items():
        tell_each(rows_of_kind, kind)
    return sum(map(len, wanted.values()))


def _kind_of(clock: Clock) -> str:
    return KIND.CLOCK_LAPSED if clock.is_lapsed else KIND.CLOCK_ENDS


def _people_of_teams(teams: set[int]) -> dict[int, list[int]]:
    people: dict[int, list[int]] = defaultdict(list)
    rows = TeamMember.objects.filter(team__in=teams, person__is_active=True)
    for team, person in rows.order_by("order", "pk").values_list("team", "person"):
        if person:
            people[team].append(person)
    return people


def _told(enrolments: list[int]) -> set[tuple[int, str, int | None, datetime.date | None]]:
    rows = Notice.objects.filter(kind__in=KINDS, enrolment__in=enrolments).order_by()
    return set(rows.values_list("person", "kind", "enrolment", "day"))


def settle_clocks(*enrolments: Enrolment) -> None:
    """Take back what is unread of these periods: they are over, or the last day is another one."""
    settle(KINDS, enrolment__in=[row.pk for row in enrolments])
