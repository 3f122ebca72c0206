"""What becomes of an inspection after its decision: extension, pause, stop, change of the team."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.inspections.models import (
    Decision,
    DecisionUnit,
    Extension,
    Minutes,
    Suspension,
    TeamChange,
    TeamMember,
)
from criteria.inspections.models.decisions import LONGEST_EXTENSION
from criteria.inspections.services.clock_notices import settle_clocks
from criteria.inspections.services.decision_rules import visits_elsewhere
from criteria.inspections.services.decisions import locked_decision
from criteria.inspections.services.teams import PART, Member, members_of, save_team

KIND = Suspension.Kind


def _settle(decision: Decision, unit: DecisionUnit | None = None) -> None:
    """Take back what is unread of the periods of a decision, or of one unit."""
    units = [unit] if unit else decision.units.select_related("enrolment")
    settle_clocks(*[each.enrolment for each in units])


def _issued(decision: Decision, by: User) -> Decision:
    row = locked_decision(decision, by)
    if not row.is_issued:
        raise Refused(_("The decision has no number and day yet."), code="draft")
    return row


def _refuse_wrong_paper(decision: Decision, number: str, issued_on: datetime.date) -> None:
    """Refuse a paper without number, of a day to come, or before the decision that it changes."""
    if not number.strip():
        raise ValidationError({"number": _("Write the number of the document.")})
    refuse_far_days(issued_on)
    if issued_on > timezone.localdate():
        raise ValidationError({"issued_on": _("This day is still to come.")})
    if decision.issued_on and issued_on < decision.issued_on:
        message = _("The decision itself has the day %(day)s; this document cannot come before.")
        raise ValidationError({"issued_on": message % {"day": f"{decision.issued_on:%d/%m/%Y}"}})


@transaction.atomic
def extend_decision(*, extension: Extension, by: User, via: str = Via.PAGE) -> Extension:
    """Extend the period of an inspection once, by one to five days (art. 13.2b)."""
    decision = _issued(extension.decision, by)
    extension.decision = decision
    present = Extension.objects.filter(decision=decision).first()
    if present:
        if (present.number, present.issued_on, present.days) == (extension.number, extension.issued_on, extension.days):
            return present
        message = _(
            "The inspection was extended already, by %(days)d days; a second time is not possible (art. 13.2b)."
        )
        raise Refused(message % {"days": present.days}, code="twice")
    if not 1 <= (extension.days or 0) <= LONGEST_EXTENSION:
        raise ValidationError({"days": _("An inspection is extended by 5 days at most (art. 13.2b).")})
    if extension.ground not in Extension.Ground.values:
        raise ValidationError({"ground": _("Choose one of the two grounds of art. 13.2b.")})
    if not extension.words.strip():
        raise ValidationError({"words": _("Say why the inspection is extended.")})
    _refuse_wrong_paper(decision, extension.number, extension.issued_on)
    extension.recorded_by = by
    extension.save(force_insert=True)
    words = f"{extension.days:02} ngày, số {extension.number} ngày {extension.issued_on:%d/%m/%Y}"
    record(about=decision, by=by, via=via, changes={"extension": (None, words)}, reason=extension.words)
    _settle(decision)
    log_event("inspection extended", user=by.pk, decision=decision.pk, days=extension.days)
    return extension


@transaction.atomic
def suspend_decision(*, suspension: Suspension, by: User, via: str = Via.PAGE) -> Suspension:
    """Pause or stop an inspection, of one unit or of all, with its reason (art. 7.2đ)."""
    decision = _issued(suspension.decision, by)
    suspension.decision = decision
    if present := _same_suspension(suspension):
        return present
    grounds = GROUNDS.get(suspension.kind, ())
    if suspension.ground not in grounds:
        raise ValidationError({"ground": _("Choose a ground of this kind (art. 7.2đ).")})
    if not suspension.reason.strip():
        raise ValidationError({"reason": _("Say why the inspection is paused or stopped.")})
    if suspension.unit and suspension.unit.decision_id != decision.pk:
        raise ValidationError({"unit": _("This unit is not in the decision.")})
    _refuse_wrong_paper(decision, suspension.number, suspension.issued_on)
    _refuse_wrong_days(decision, suspension)
    suspension.recorded_by = by
    suspension.save(force_insert=True)
    name = "from_on" if suspension.kind == KIND.PAUSE else "stopped_on"
    changes = {name: (None, suspension.from_on), "number": (None, suspension.number)}
    where = str(suspension.unit) if suspension.unit else ""
    record(about=decision, by=by, via=via, changes=changes, reason=suspension.reason, name=where)
    if suspension.kind == KIND.STOP:
        _settle(decision, suspension.unit)
    log_event("inspection paused or stopped", user=by.pk, decision=decision.pk, kind=suspension.kind)
    return suspension


#: grounds by kind
GROUNDS: dict[str, tuple[str, ...]] = {
    KIND.PAUSE: (Suspension.Ground.FORCE_MAJEURE,),
    KIND.STOP: (
        Suspension.Ground.UNIT_GONE,
        Suspension.Ground.INSPECTED,
        Suspension.Ground.PROSECUTED,
        Suspension.Ground.DEMANDED,
    ),
}


def _same_suspension(suspension: Suspension) -> Suspension | None:
    rows = suspension.decision.suspensions.filter(kind=suspension.kind, number=suspension.number)
    return rows.filter(from_on=suspension.from_on, unit=suspension.unit).first()


def _refuse_wrong_days(decision: Decision, suspension: Suspension) -> None:
    refuse_far_days(suspension.from_on, suspension.until_on)
    if decision.issued_on and suspension.from_on < decision.issued_on:
        message = _("The decision itself has the day %(day)s; nothing pauses before.")
        raise ValidationError({"from_on": message % {"day": f"{decision.issued_on:%d/%m/%Y}"}})
    if suspension.until_on and suspension.until_on < suspension.from_on:
        raise ValidationError({"until_on": _("The last day must not come before the first day.")})
    if suspension.kind == KIND.STOP and suspension.until_on:
        raise ValidationError({"until_on": _("An inspection that is stopped does not go on; only a pause has an end.")})
    same = decision.suspensions.filter(unit__isnull=True) | decision.suspensions.filter(unit=suspension.unit)
    if any(each.kind == KIND.STOP for each in same):
        raise Refused(_("The inspection was stopped already."), code="stopped")
    if suspension.kind == KIND.PAUSE and any(each.is_open for each in same):
        raise Refused(_("The inspection is paused already. Record its end first."), code="paused")


@transaction.atomic
def resume_decision(*, suspension: Suspension, until_on: datetime.date, by: User, via: str = Via.PAGE) -> Suspension:
    """Record the last day of a pause, or correct it. The same again changes nothing."""
    decision = _issued(suspension.decision, by)
    row = decision.suspensions.select_for_update().get(pk=suspension.pk)
    if row.until_on == until_on:
        return row
    if row.kind != KIND.PAUSE:
        raise Refused(_("An inspection that is stopped does not go on; only a pause has an end."), code="stopped")
    refuse_far_days(until_on)
    if until_on < row.from_on:
        raise ValidationError({"until_on": _("The last day must not come before the first day.")})
    before, row.until_on = row.until_on, until_on
    row.save(update_fields=["until_on"])
    where = str(row.unit) if row.unit else ""
    record(about=decision, by=by, via=via, changes={"until_on": (before, until_on)}, name=where)
    if decision.pause_moves_end:
        _settle(decision, row.unit)
    return row


@transaction.atomic
def decide_pause(*, decision: Decision, moves_end: bool | None, by: User, via: str = Via.PAGE) -> Decision:
    """Record whether the last day moves by the days of the pause; None leaves it undecided again."""
    row = _issued(decision, by)
    if row.pause_moves_end == moves_end:
        return row
    if not row.suspensions.filter(kind=KIND.PAUSE).exists():
        raise Refused(_("The inspection was not paused."), code="pause")
    before, row.pause_moves_end = row.pause_moves_end, moves_end
    row.save(update_fields=["pause_moves_end"])
    record(about=row, by=by, via=via, changes={"pause_moves_end": (before, moves_end)})
    if bool(before) != bool(moves_end):
        _settle(row)
    return row


@transaction.atomic
def change_team(
    *,
    change: TeamChange,
    leaves: TeamMember | None,
    is_confirmed: bool = False,
    by: User,
    via: str = Via.PAGE,
) -> TeamChange:
    """Change the head or a member of the team of an issued decision, by a paper of its own.

    The team itself changes with it. `is_confirmed` says that the new head is meant although another team has
    that person on a planned day.
    """
    decision = _issued(change.decision, by)
    change.decision, change.leaves_name = decision, leaves.full_name if leaves else ""
    change.leaves_part, change.leaves_position = (leaves.part, leaves.position) if leaves else ("", "")
    if present := _same_change(change):
        return present
    if not (leaves or change.comes_name.strip()):
        raise ValidationError({"comes_name": _("Say who leaves the team, who comes, or both.")})
    if not change.reason.strip():
        raise ValidationError({"reason": _("Say why the team is changed.")})
    _refuse_wrong_paper(decision, change.number, change.issued_on)
    if change.part == PART.HEAD and change.comes_name and not is_confirmed:
        _refuse_head_elsewhere(change)
    if leaves and not change.comes_name:
        # Who only leaves had a part already.
        change.part = PART(leaves.part)
    _write_team(change, leaves, by=by, via=via)
    for each in [change, *_same_of_others(change)]:
        each.recorded_by = by
        each.save(force_insert=True)
        words = f"{each.leaves_name or '–'} → {each.comes_name or '–'} (số {each.number})"
        record(about=each.decision, by=by, via=via, changes={"members": (None, words)}, reason=each.reason)
    log_event("team of a decision changed", user=by.pk, decision=decision.pk)
    return change


def _same_of_others(change: TeamChange) -> list[TeamChange]:
    """Return the change for the other decisions that the team carries out: one paper changes it for all of them."""
    names = (
        "part", "leaves_name", "leaves_part", "leaves_position", "comes_person", "comes_name", "comes_position",
        "reason", "number", "issued_on",
    )  # fmt: skip
    values = {name: getattr(change, name) for name in names}
    return [TeamChange(decision=each, **values) for each in decisions_of_team(change.decision, change.issued_on)]


def decisions_of_team(decision: Decision, day: datetime.date) -> list[Decision]:
    """Return the other decisions that the team of a decision still carries out on a day."""
    signed = Minutes.objects.filter(signed_at__isnull=False, signed_on__lt=day)
    left = DecisionUnit.objects.exclude(enrolment__inspection__minutes__in=signed)
    rows = Decision.objects.standing().filter(team=decision.team_id, issued_on__lte=day, units__in=left)
    return list(rows.exclude(pk=decision.pk).order_by("issued_on", "pk").distinct())


def _same_change(change: TeamChange) -> TeamChange | None:
    return change.decision.team_changes.filter(
        number=change.number, leaves_name=change.leaves_name, comes_name=change.comes_name, issued_on=change.issued_on
    ).first()


def _write_team(change: TeamChange, leaves: TeamMember | None, *, by: User, via: str) -> None:
    team = change.decision.team
    members = members_of(team)
    if leaves:
        gone = Member(leaves.part, leaves.full_name, leaves.position, leaves.person)
        if gone not in members:
            message = _("%(name)s is not in the team any more. Look at the page again.")
            raise Refused(message % {"name": leaves.full_name}, code="stale")
        members.remove(gone)
    if change.comes_name:
        comes = Member(change.part, change.comes_name, change.comes_position, change.comes_person)
        members = [*members, comes]
    heads = [each for each in members if each.part == PART.HEAD]
    if len(heads) > 1:
        raise ValidationError({"leaves": _("The team has a head already. Say that the present head leaves.")})
    if not heads:
        raise ValidationError({"comes_name": _("The head leaves. Say who is head of the team from now on.")})
    save_team(team=team, members=members, is_by_paper=True, by=by, via=via)


def _refuse_head_elsewhere(change: TeamChange) -> None:
    decision = change.decision
    units = decision.units.filter(announced_on__isnull=True, enrolment__planned_on__gte=change.issued_on)
    days = [day for day in units.values_list("enrolment__planned_on", flat=True) if day]
    name = change.comes_name
    elsewhere = visits_elsewhere(decision, change.comes_person.pk if change.comes_person else None, name, days=days)
    if elsewhere:
        row, day = elsewhere[0]
        message = _("%(name)s is at %(unit)s on %(day)s, with another team. Check the day, or confirm it below.")
        facts = {"name": name, "unit": row.ward.full_title, "day": f"{day:%d/%m/%Y}"}
        raise Refused({"comes_name": message % facts}, code="elsewhere")


@transaction.atomic
def review_conditions(*, member: TeamMember, is_reviewed: bool, by: User, via: str = Via.PAGE) -> TeamMember:
    """Record that the conditions of art. 12.2 were reviewed for a member, or take it back; nothing more."""
    if not by.can_approve:
        raise Refused(_("Your role does not manage inspection rounds."))
    row = TeamMember.objects.select_related("team__round").select_for_update(of=("self",)).get(pk=member.pk)
    if (row.conditions_reviewed_on is not None) == is_reviewed:
        return row
    before = row.conditions_reviewed_on
    row.conditions_reviewed_on = timezone.localdate() if is_reviewed else None
    row.conditions_reviewed_by = by if is_reviewed else None
    row.save(update_fields=["conditions_reviewed_on", "conditions_reviewed_by"])
    changes = {"conditions_reviewed_on": (before, row.conditions_reviewed_on)}
    record(about=row.team, by=by, via=via, action=Action.CHANGED, changes=changes, name=row.full_name)
    return row
