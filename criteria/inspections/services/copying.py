"""A new round as a copy of an earlier one: its units by succession, its ways, its teams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import event, record_all
from criteria.inspections.models import Enrolment, Round, Team
from criteria.inspections.services.enrolling import enrol_wards
from criteria.inspections.services.rounds import first_ward_names, open_round
from criteria.inspections.services.teams import PART, Member, members_of, save_team
from wards.heirs import heirs_on
from wards.models import Ward


@dataclass
class Copied:
    """The new round, and in words what could not be carried over."""

    round: Round
    told: list[str] = field(default_factory=list)


@transaction.atomic
def copy_round(*, source: Round, inspection_round: Round, by: User, via: str = Via.PAGE) -> Copied:
    """Make a draft with the units, ways of inspection and teams of an earlier round, without days.

    A unit that has ended is followed by the units that took it over. Documents are not carried:
    "still to do" lists those of the earlier round as blanks, with their kind and subject.
    The same form sent twice makes one.
    """
    inspection_round.status, inspection_round.copied_from = Round.Status.DRAFT, source
    if present := _same_copy(inspection_round, source):
        return Copied(present)
    copied = Copied(open_round(inspection_round=inspection_round, by=by, via=via))
    teams = _copy_teams(copied, source, by=by, via=via)
    _copy_units(copied, source, teams, by=by, via=via)
    return copied


def _same_copy(inspection_round: Round, source: Round) -> Round | None:
    rows = Round.objects.filter(code=inspection_round.code, copied_from=source, status=Round.Status.DRAFT)
    return rows.filter(name=inspection_round.name, starts_on=inspection_round.starts_on).first()


def _copy_units(copied: Copied, source: Round, teams: dict[int, Team], *, by: User, via: str) -> None:
    rows = list(source.enrolments.select_related("ward__district").order_by("position"))
    heirs = heirs_on([row.ward_id for row in rows], copied.round.starts_on)
    former: dict[int, list[Enrolment]] = {}
    for row in rows:
        for heir in heirs[row.ward_id]:
            former.setdefault(heir, []).append(row)
    wards = Ward.objects.select_related("district").in_bulk(former)
    enrolments = enrol_wards(inspection_round=copied.round, wards=[wards[key] for key in former], by=by, via=via)
    for enrolment in enrolments:
        # Several units that became one were perhaps inspected in several ways, by several teams.
        first = former[enrolment.ward_id][0]
        enrolment.way = first.way
        enrolment.team = None if first.only_reports else teams.get(first.team_id or 0)
    changed = [row for row in enrolments if row.team or row.way != Enrolment.Way.ON_SITE]
    Enrolment.objects.bulk_update(changed, ["team", "way"], batch_size=200)
    record_all(event(about=row, by=by, via=via, action=Action.CHANGED, changes=_carried(row)) for row in changed)
    gone = [row.ward for row in rows if not heirs[row.ward_id]]
    joined = [wards[heir] for heir, earlier in former.items() if len(earlier) > 1]
    copied.told += list(_of_units(gone, joined, has_units=bool(former)))


def _carried(enrolment: Enrolment) -> dict[str, tuple[object, object]]:
    pairs = {"team": (None, enrolment.team), "way": (Enrolment.Way.ON_SITE, enrolment.way)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _of_units(gone: list[Ward], joined: list[Ward], *, has_units: bool) -> Iterator[str]:
    """Say which units have no heir on the first day, and which took over several."""
    if gone:
        message = _("Not carried over, ended without a unit that took them over: %(units)s.")
        yield message % {"units": first_ward_names(gone)}
    if not has_units:
        yield _("No unit could be carried over. Enrol the units of today.")
    if joined:
        message = _("Took over several units of the earlier round, look at their team and way: %(units)s.")
        yield message % {"units": first_ward_names(joined)}


def _copy_teams(copied: Copied, source: Round, *, by: User, via: str) -> dict[int, Team]:
    """Make the teams anew, with those people who can still inspect; return {key of the old one: new one}."""
    teams = {}
    for team in source.teams.order_by("name", "pk"):
        members = members_of(team)
        able = [each for each in members if each.person is None or _can_inspect(each.person)]
        left = [each.full_name for each in members if each not in able]
        if left:
            names = {"team": team.name, "names": ", ".join(left)}
            copied.told.append(_("%(team)s: without %(names)s, who cannot inspect any more.") % names)
        if not able:
            copied.told.append(_("%(team)s was not carried over: nobody of it can inspect.") % {"team": team.name})
            continue
        if not any(each.part == PART.HEAD for each in able):
            able = _with_another_head(able)
            copied.told.append(_("%(team)s has another head: look at the team.") % {"team": team.name})
        new = Team(round=copied.round, name=team.name)
        teams[team.pk] = save_team(team=new, members=able, by=by, via=via)
    return teams


def _can_inspect(person: User) -> bool:
    return person.is_active and person.can_inspect


def _with_another_head(members: list[Member]) -> list[Member]:
    """Let the first of the others lead the team, so that it can be made at all."""
    first, *others = members
    return [Member(PART.HEAD, first.full_name, first.position, first.person), *others]
