"""A round over some units of today, for trying the portal out together with the demo accounts."""

from __future__ import annotations

import datetime

from django.utils import timezone

from archiveportal.accounts.models import Role, User
from archiveportal.history.models import Via
from criteria.inspections.models import Enrolment, Round, Team
from criteria.inspections.services import add_wards, assign_wards, open_round, save_team, start_round
from criteria.inspections.services.teams import PART, Member, Plan, shown_of
from criteria.models import CriteriaSet
from wards.models import Ward

CODE_BEGINS = "dung-thu-"
#: codes of units of 01/7/2025
UNITS = (
    "26560", "26732", "26737", "26740", "26743", "26824",
    "27019", "27163", "27169", "27190", "27664", "27676",
)  # fmt: skip
#: so many of them are visited; the others report
VISITED = 9


def make_demo_round() -> Round | None:
    """Make an open round with a team, once; None where it is there, or its units or people are not."""
    if Round.objects.filter(code__startswith=CODE_BEGINS).exists():
        return None
    people = _people()
    if not people:
        return None
    by = people[0]
    year = timezone.localdate().year
    first = datetime.date(year, 1, 1)
    units = Ward.objects.in_force_on(first).filter(code__in=UNITS)
    wards = list(units.select_related("district").order_by("sort_key", "pk"))
    if len(wards) < len(UNITS):
        return None
    inspection_round = open_round(
        inspection_round=Round(
            code=f"{CODE_BEGINS}{year}",
            name=f"Đợt dùng thử năm {year}",
            short_name=f"Dùng thử {year}",
            status=Round.Status.DRAFT,
            criteria_set=CriteriaSet.objects.get(code="gd1", version=1),
            starts_on=first,
            ends_on=datetime.date(year, 12, 31),
            deadline=datetime.date(year, 12, 31),
            asks_self_assessment=True,
            self_assessment_due=datetime.date(year, 12, 31),
        ),
        by=by,
        via=Via.COMMAND,
    )
    enrolments = add_wards(inspection_round=inspection_round, wards=wards, by=by, via=Via.COMMAND)
    _plan(inspection_round, enrolments, people)
    return start_round(inspection_round=inspection_round, by=by, via=Via.COMMAND)


def _people() -> list[User]:
    """Return approver, head and member of the team; none where somebody was changed or left."""
    roles = {"lanhdaochicuc": Role.APPROVER, "kiemtra": Role.INSPECTOR, "kiemtra2": Role.INSPECTOR}
    found = User.objects.filter(is_demo=True, is_active=True).in_bulk(list(roles), field_name="username")
    people = [found[name] for name, role in roles.items() if name in found and found[name].role == role]
    return people if len(people) == len(roles) else []


def _plan(inspection_round: Round, enrolments: list[Enrolment], people: list[User]) -> None:
    """Give the first units to a team of both inspectors; the others only report."""
    by, head, member = people
    members = [Member(PART.HEAD, head.full_name, person=head), Member(PART.MEMBER, member.full_name, person=member)]
    team = Team(round=inspection_round, name="Đoàn kiểm tra số 1")
    team = save_team(team=team, members=members, by=by, via=Via.COMMAND)
    visits = Plan(sets_team=True, team=team)
    for rows, plan in ((enrolments[:VISITED], visits), (enrolments[VISITED:], Plan(way=Enrolment.Way.REPORT))):
        shown = {row.pk: shown_of(row) for row in rows}
        assign_wards(inspection_round=inspection_round, shown=shown, plan=plan, by=by, via=Via.COMMAND)
