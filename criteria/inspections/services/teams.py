"""Inspection teams, and which ward they visit on which day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import event, record, record_all
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.workdays import Workdays
from criteria.inspections.models import Decision, Enrolment, Round, Team, TeamMember
from criteria.inspections.querysets import takes_answers
from criteria.inspections.services.rounds import first_ward_names, locked_round
from criteria.inspections.services.telling import visits_planned

PART = TeamMember.Part
#: the order in which a decision names the parts
ORDER: dict[str, int] = {PART.HEAD: 0, PART.DEPUTY: 1, PART.SECRETARY: 2, PART.MEMBER: 3}
#: on paper and in the history, whatever the language of the screen
IN_VIETNAMESE: dict[str, str] = {
    PART.HEAD: "Trưởng đoàn",
    PART.DEPUTY: "Phó Trưởng đoàn",
    PART.SECRETARY: "Thư ký",
    PART.MEMBER: "Thành viên",
}


@dataclass(frozen=True)
class Member:
    """A person of a team: with an account, or only by name and office."""

    part: str
    full_name: str
    position: str = ""
    person: User | None = None

    def __str__(self) -> str:
        office = f" ({self.position})" if self.position else ""
        return f"{IN_VIETNAMESE[self.part]}: {self.full_name}{office}"


def members_of(team: Team) -> list[Member]:
    members = team.members.select_related("person").order_by("order", "pk")
    return [Member(row.part, row.full_name, row.position, row.person) for row in members]


@transaction.atomic
def save_team(
    *,
    team: Team,
    members: Sequence[Member],
    seen: int | None = None,
    is_by_paper: bool = False,
    by: User,
    via: str = Via.PAGE,
) -> Team:
    """Makes a team or changes it, with its members as a whole. `seen` is the version that the form showed.

    The same form sent twice makes one team. Members that an issued decision names change by a paper alone.
    """
    inspection_round = locked_round(team.round, by)
    _refuse_unless_open_for_somebody(inspection_round)
    _refuse_wrong_members(members)
    members = sorted(members, key=lambda member: ORDER[member.part])
    namesake = inspection_round.teams.filter(name=team.name).exclude(pk=team.pk).first()
    if namesake:
        if team.pk is None and members_of(namesake) == members:
            return namesake
        raise ValidationError({"name": _("The round has a team of this name already.")})
    if team.pk is None:
        team.round = inspection_round
        team.save(force_insert=True)
        _write(team, members)
        changes = {"name": (None, team.name), "members": (None, _in_words(members))}
        record(about=team, by=by, via=via, action=Action.CREATED, changes=changes)
        return team
    if not is_by_paper:
        _refuse_named_members(team, members)
    return _change(team, members, seen, by=by, via=via)


def _refuse_named_members(team: Team, members: list[Member]) -> None:
    issued = Decision.objects.issued().filter(team=team).first()
    if issued and members_of(team) != members:
        message = _("Decision %(number)s names this team. Record the change of head or member on its page.")
        raise Refused(message % {"number": issued.number}, code="decision")


def _change(team: Team, members: list[Member], seen: int | None, *, by: User, via: str) -> Team:
    before = Team.objects.get(pk=team.pk)
    former = members_of(before)
    changes = {}
    if before.name != team.name:
        changes["name"] = (before.name, team.name)
    if former != members:
        changes["members"] = (_in_words(former), _in_words(members))
    if not changes:
        return before
    if seen is not None and before.version != seen:
        message = _("Not saved: a colleague changed this team after you opened the page. It is now: %(values)s.")
        raise Refused(message % {"values": f"{before.name}; {_in_words(former)}"}, code="stale")
    team.version = before.version + 1
    team.save(update_fields=["name", "version"])
    if "members" in changes:
        reviewed = _reviewed(team)
        team.members.all().delete()
        _write(team, members, reviewed)
    record(about=team, by=by, via=via, changes=changes)
    return team


#: {(account, name): (who reviewed the conditions of a member, when)}
Reviewed = dict[tuple[int | None, str], tuple[int | None, datetime.date | None]]


def _reviewed(team: Team) -> Reviewed:
    """Return whose conditions were reviewed: the members are written anew with each change."""
    rows = team.members.values_list("person", "full_name", "conditions_reviewed_by", "conditions_reviewed_on")
    return {(person, name): (by, day) for person, name, by, day in rows}


def _write(team: Team, members: Iterable[Member], reviewed: Reviewed | None = None) -> None:
    kept = reviewed or {}
    nobody = (None, None)
    TeamMember.objects.bulk_create(
        TeamMember(
            team=team,
            person=member.person,
            full_name=member.full_name,
            position=member.position,
            part=member.part,
            order=place,
            conditions_reviewed_by_id=kept.get(_key(member), nobody)[0],
            conditions_reviewed_on=kept.get(_key(member), nobody)[1],
        )
        for place, member in enumerate(members, start=1)
    )


def _key(member: Member) -> tuple[int | None, str]:
    return member.person.pk if member.person else None, member.full_name


def _in_words(members: Iterable[Member]) -> str:
    return "; ".join(map(str, members))


def _refuse_unless_open_for_somebody(inspection_round: Round) -> None:
    if inspection_round.is_closed and not inspection_round.enrolments.filter(takes_answers()).exists():
        raise Refused(_("This round is closed. Open it again first."), code="closed")


def _refuse_wrong_members(members: Sequence[Member]) -> None:
    if [member.part for member in members].count(PART.HEAD) != 1:
        raise Refused(_("A team has one head: choose “head of the team” for exactly one person."), code="head")
    persons = [member.person.pk for member in members if member.person]
    twice = next((member for member in members if member.person and persons.count(member.person.pk) > 1), None)
    if twice:
        raise Refused(_("%(name)s stands in the team twice. Take one entry out.") % {"name": twice.full_name})
    if wrong := next((m for m in members if m.person and not (m.person.can_inspect and m.person.is_active)), None):
        raise Refused(_("The account of %(name)s cannot fill in checklists.") % {"name": wrong.full_name})


@transaction.atomic
def remove_team(*, team: Team, by: User, via: str = Via.PAGE) -> None:
    """Remove a team that has no ward: it was a slip. Its history stays."""
    inspection_round = locked_round(team.round, by)
    _refuse_unless_open_for_somebody(inspection_round)
    if team.enrolments.exists():
        raise Refused(_("Wards are given to this team. Give them to another team first."))
    # About the round, whose page stays: the story of a team that is gone would be found nowhere.
    changes = {"members": (_in_words(members_of(team)), None)}
    event(about=inspection_round, by=by, via=via, action=Action.VOIDED, changes=changes, name=str(team)).save(
        force_insert=True
    )
    team.delete()


@dataclass(frozen=True)
class Visit:
    """The plan of one ward: who inspects it, when and in which way. One that only reports has no visit."""

    team: Team | None = None
    planned_on: datetime.date | None = None
    way: str = Enrolment.Way.ON_SITE

    def changes_to(self, other: Visit) -> dict[str, tuple[Any, Any]]:
        """Return {field: (own value, value of the other)} of what differs."""
        pairs = {name: (getattr(self, name), getattr(other, name)) for name in VISIT_FIELDS}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


VISIT_FIELDS = ("team", "planned_on", "way")


def visit_of(enrolment: Enrolment) -> Visit:
    return Visit(enrolment.team, enrolment.planned_on, enrolment.way)


@dataclass(frozen=True)
class Planned:
    """A ward whose plan changes."""

    enrolment: Enrolment
    before: Visit
    after: Visit


@dataclass(frozen=True)
class Plan:
    """The wishes of a page: fields not set stay as they are. `per_day` spreads wards over working
    days; a blank `way` changes none."""

    sets_team: bool = False
    team: Team | None = None
    sets_day: bool = False
    planned_on: datetime.date | None = None
    per_day: int | None = None
    way: str = ""
    workdays: Workdays = field(default_factory=Workdays)

    @property
    def names_a_visit(self) -> bool:
        return bool(self.team or self.planned_on)

    def of_ward(self, enrolment: Enrolment, place: int) -> Visit:
        """Return the plan of a ward at this place, as it shall be."""
        before = visit_of(enrolment)
        way = self.way or before.way
        if way == Enrolment.Way.REPORT:
            return Visit(way=way)
        team = self.team if self.sets_team else before.team
        day = self.day_of(place) if self.sets_day else before.planned_on
        return Visit(team, day, way)

    def day_of(self, place: int) -> datetime.date | None:
        """Return the day of the ward at this place, from 0."""
        if self.planned_on is None or not self.per_day:
            return self.planned_on
        day = self.planned_on
        for _step in range(place // self.per_day):
            day = self.workdays.next_working_day(day)
        return day


def planned_after_deadline(rows: Iterable[Enrolment]) -> list[Enrolment]:
    """Visits on days after the last one for submitting the checklists: possible, and hardly meant."""
    return [row for row in rows if row.planned_on and row.due_on and row.planned_on > row.due_on]


def shown_of(enrolment: Enrolment) -> str:
    """Return what a page showed of the plan of a ward, as one text; the usual way is not named."""
    shown = f"{enrolment.team_id or ''}|{enrolment.planned_on or ''}"
    return shown if enrolment.way == Enrolment.Way.ON_SITE else f"{shown}|{enrolment.way}"


@transaction.atomic
def assign_wards(
    *, inspection_round: Round, shown: dict[int, str], plan: Plan, by: User, via: str = Via.PAGE
) -> list[Enrolment]:
    """Give wards a way, a team and a day; return those that changed. All or nothing.

    `shown` has for each ward, by the key of its enrolment, what the page showed of its plan (see `shown_of`).
    """
    inspection_round = locked_round(inspection_round, by)
    if plan.team and plan.team.round_id != inspection_round.pk:
        raise Refused(_("This team belongs to another round."))
    refuse_far_days(plan.planned_on)
    rows = inspection_round.enrolments.filter(pk__in=shown)
    rows = rows.select_related("ward__district", "team", "round", "inspection")
    enrolments = list(rows.select_for_update(of=("self",)).order_by("position"))
    if len(enrolments) != len(shown):
        raise Refused(_("One of the wards is not in this round any more. Look at the list again."))
    _refuse_visits_of_reporting(enrolments, plan)
    every = [Planned(row, visit_of(row), plan.of_ward(row, place)) for place, row in enumerate(enrolments)]
    changed = [each for each in every if each.before != each.after]
    _refuse_wrong_plan(inspection_round, changed, shown)
    _refuse_wrong_ways(inspection_round, changed)
    events = []
    for each in changed:
        row, after = each.enrolment, each.after
        row.team, row.planned_on, row.way = after.team, after.planned_on, after.way
        events.append(event(about=row, by=by, via=via, changes=each.before.changes_to(after)))
    written = [each.enrolment for each in changed]
    Enrolment.objects.bulk_update(written, VISIT_FIELDS, batch_size=200)
    record_all(events)
    visits_planned([each.enrolment for each in changed if each.before.planned_on != each.after.planned_on], by=by)
    if written:
        log_event("wards given to a team", user=by.pk, round=inspection_round.code, wards=len(written))
    return written


def _refuse_visits_of_reporting(enrolments: list[Enrolment], plan: Plan) -> None:
    """A ward that only reports gets no team and no day, unless the same page names its way."""
    reporting = [row.ward for row in enrolments if row.only_reports]
    if reporting and plan.names_a_visit and not plan.way:
        message = _("No team visits %(units)s: they only report. Choose another way of inspection for them first.")
        raise Refused(message % {"units": first_ward_names(reporting)}, code="way")


def _refuse_wrong_ways(inspection_round: Round, changed: list[Planned]) -> None:
    """What a team recorded stays the work of a team; who only reports must be asked for the report."""
    turned = [each for each in changed if each.before.way != each.after.way]
    to_report = [each.enrolment for each in turned if each.after.way == Enrolment.Way.REPORT]
    begun = [row.ward for row in to_report if row.inspection.is_started or row.published_score is not None]
    if begun:
        message = _("A team recorded something for %(units)s already, so that its way of inspection stays.")
        raise Refused(message % {"units": first_ward_names(begun)}, code="way")
    if to_report and inspection_round.is_open and not inspection_round.asks_self_assessment:
        raise Refused(
            _("The round does not ask for self-assessments. Change the round first, then say who only reports."),
            code="way",
        )


def _refuse_wrong_plan(inspection_round: Round, changed: list[Planned], shown: dict[int, str]) -> None:
    stale = [each.enrolment.ward for each in changed if shown[each.enrolment.pk] != shown_of(each.enrolment)]
    if stale:
        message = _("Not saved: a colleague changed the plan of %(units)s after you opened the page. Look again.")
        raise Refused(message % {"units": first_ward_names(stale)}, code="stale")
    closed = [each.enrolment.ward for each in changed if not each.enrolment.can_be_planned]
    if closed:
        raise Refused(_("The round is closed for %(units)s.") % {"units": first_ward_names(closed)}, code="closed")
    left_out = [each.enrolment.ward for each in changed if each.enrolment.is_left_out]
    if left_out:
        message = _("%(units)s is left out of the plan of the round.")
        raise Refused(message % {"units": first_ward_names(left_out)}, code="left out")
    for each in changed:
        if each.after.planned_on and each.after.planned_on != each.before.planned_on:
            _refuse_day_outside(inspection_round, each.enrolment, each.after.planned_on)


def _refuse_day_outside(inspection_round: Round, enrolment: Enrolment, day: datetime.date) -> None:
    last = last_day_of(enrolment, inspection_round)
    if inspection_round.starts_on <= day <= last:
        return
    message = _("%(day)s lies outside the round for %(unit)s (%(first)s – %(last)s). Choose another day.")
    days = {"day": day, "first": inspection_round.starts_on, "last": last}
    words = {name: f"{each:%d/%m/%Y}" for name, each in days.items()}
    raise Refused(message % ({"unit": enrolment.ward.full_title} | words), code="day")


def last_day_of(enrolment: Enrolment, inspection_round: Round) -> datetime.date:
    """Return the last day on which a ward can be visited."""
    if inspection_round.is_closed and enrolment.reopened_until:
        return enrolment.reopened_until
    return max(filter(None, (inspection_round.ends_on, inspection_round.deadline, enrolment.extended_until)))
