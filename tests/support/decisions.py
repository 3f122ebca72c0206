"""Specialised rounds with decisions, for tests."""

import datetime

from django.utils.timezone import localdate

from criteria.inspections.models import Decision, Enrolment, Extension, Round, Suspension, Team, TeamMember
from criteria.inspections.services.decisions import announce_decision, issue_decision, save_decision
from criteria.inspections.services.teams import Member, save_team
from tests.support.factories import enrol, make_round, make_set, make_ward

DAY = datetime.timedelta(days=1)
PLAN = "Kế hoạch số 15/KH-UBND ngày 05/01/2026 của Ủy ban nhân dân Thành phố"


def make_specialised_round(**values) -> Round:
    return make_round(make_set(2), kind=Round.Kind.SPECIALISED, **values)


def make_team(inspection_round: Round, cast, *, head=None, name: str = "Đoàn 1") -> Team:
    leading = head or cast.inspector
    members = [
        Member("head", leading.full_name, "Phó Chi cục trưởng", leading),
        Member("member", "Nguyễn Thị Thư", "Chuyên viên"),
    ]
    return save_team(team=Team(round=inspection_round, name=name), members=members, by=cast.approver)


def enrol_units(inspection_round: Round, team: Team, count: int = 2, **values) -> list[Enrolment]:
    rows = [enrol(inspection_round, make_ward()) for _number in range(count)]
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(team=team, **values)
    return list(inspection_round.enrolments.filter(pk__in=[row.pk for row in rows]).order_by("position"))


def draft(team: Team, **values) -> Decision:
    usual = {
        "title": "Kiểm tra chuyên ngành về văn thư, lưu trữ",
        "ground": Decision.Ground.PLAN,
        "grounds": PLAN,
        "contents": "Việc chấp hành pháp luật về văn thư, lưu trữ",
    }
    return Decision(round=team.round, team=team, **usual | values)


def make_decision(cast, *, units: int = 2, issued_on: datetime.date | None = None, **values) -> Decision:
    """An issued decision over some units, its team headed by the inspector of the cast."""
    inspection_round = make_specialised_round()
    team = make_team(inspection_round, cast)
    rows = enrol_units(inspection_round, team, units)
    made = save_decision(decision=draft(team, **values), enrolments=rows, by=cast.approver)
    day = issued_on or localdate() - 30 * DAY
    return issue_decision(decision=made, number=f"{made.pk}/QĐ-SNV", issued_on=day, by=cast.approver)


def announce(decision: Decision, cast, *days: datetime.date, is_confirmed: bool = False) -> None:
    """Announce the decision at its units, in their order, on these days."""
    for unit, day in zip(decision.units.order_by("pk"), days, strict=False):
        announce_decision(unit=unit, announced_on=day, is_confirmed=is_confirmed, by=cast.inspector)


def extension(decision: Decision, **values) -> Extension:
    usual = {"days": 5, "ground": "complex", "words": "Nhiều hồ sơ", "number": "20/QĐ-SNV", "issued_on": localdate()}
    return Extension(decision=decision, **usual | values)


def suspension(decision: Decision, **values) -> Suspension:
    usual = {
        "kind": "pause",
        "ground": "force_majeure",
        "reason": "Bão số 9",
        "number": "21/QĐ-SNV",
        "issued_on": localdate(),
        "from_on": localdate(),
    }
    return Suspension(decision=decision, **usual | values)


def head_of(decision: Decision) -> TeamMember:
    return decision.team.members.get(part="head")
