"""Teams with their members and their days."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.contrib.auth import get_user_model
from django.db.models import Count, QuerySet

from archiveportal.accounts.models import User
from archiveportal.accounts.rights import roles_with
from archiveportal.scope import Right
from criteria.inspections.models import Enrolment, Round, Team, TeamMember
from criteria.inspections.queries.areas import Division


@dataclass
class TeamPlan:
    """A team with what it visits, day by day; the wards without a day come last."""

    team: Team
    members: list[TeamMember] = field(default_factory=list)
    days: list[tuple[datetime.date | None, list[Enrolment]]] = field(default_factory=list)

    @property
    def wards(self) -> int:
        return sum(len(enrolments) for _day, enrolments in self.days)

    def areas(self, divided: Division) -> list[tuple[str, int]]:
        """Return the areas that the team goes to, in their order, each with the number of its wards there."""
        counts: Counter[int | None] = Counter()
        for _day, enrolments in self.days:
            counts.update(divided.key_of(enrolment.ward) for enrolment in enrolments)
        areas = [(area.title, counts[area.pk]) for area in divided.areas if counts[area.pk]]
        return [*areas, (divided.rest, counts[None])] if counts[None] else areas


def plans(inspection_round: Round, user: User) -> list[TeamPlan]:
    """Return every team of the round, with those of its wards that the person may see."""
    teams = Team.objects.visible_to(user).filter(round=inspection_round).prefetch_related("members")
    by_team = {team.pk: TeamPlan(team, list(team.members.all())) for team in teams}
    rows = inspection_round.enrolments.visible_to(user).filter(team__isnull=False).select_related("ward__district")
    in_order = sorted(rows, key=lambda row: (row.team_id, row.planned_on or datetime.date.max, row.position))
    for team, of_team in groupby(in_order, key=lambda row: row.team_id):
        by_team[team].days = [(day, list(of_day)) for day, of_day in groupby(of_team, key=lambda row: row.planned_on)]
    return list(by_team.values())


def in_several_teams(of_round: Iterable[TeamPlan]) -> list[str]:
    """Return the people with an account who are in several teams of the round: allowed, worth
    knowing."""
    names: dict[int, list[str]] = {}
    for plan in of_round:
        for member in plan.members:
            if member.person_id:
                names.setdefault(member.person_id, []).append(member.full_name)
    return [several[0] for several in names.values() if len(several) > 1]


def people_who_inspect(user: User) -> QuerySet[User]:
    """Return the accounts that an approver can put into a team."""
    people = get_user_model().objects.able_to_sign_in()
    return people.filter(role__in=roles_with(Right.CAN_INSPECT)) if user.can_approve else people.none()


def team_choices(inspection_round: Round) -> QuerySet[Team]:
    return inspection_round.teams.annotate(wards=Count("enrolments")).order_by("name", "pk")
