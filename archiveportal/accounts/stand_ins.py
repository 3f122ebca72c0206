"""Naming somebody who decides in the place of the approvers for some days, and ending it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import StandIn, User
from archiveportal.accounts.querysets import AccountQuerySet
from archiveportal.accounts.rights import roles_with
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.scope import Right

FIELDS = ("person", "decision", "starts_on", "ends_on")
#: so long at most; who decides for longer gets the role
MOST_DAYS = 92


def possible_stand_ins() -> AccountQuerySet:
    """Return the people of the office who read every checklist and do not approve by their role."""
    can_read = set(roles_with(Right.CAN_INSPECT)) - set(roles_with(Right.CAN_APPROVE))
    return User.objects.able_to_sign_in().filter(role__in=can_read)


def deciders(*, without: Iterable[int] = ()) -> list[User]:
    """Return who decides today, by name: approvers and those who stand in for them.

    `without` are keys of accounts to leave out.
    """
    standing_in = StandIn.objects.today().values("person")
    able = User.objects.able_to_sign_in().filter(Q(role__in=roles_with(Right.CAN_APPROVE)) | Q(pk__in=standing_in))
    return list(able.exclude(pk__in=set(without)).order_by("sort_key", "pk"))


def who_can(*, without: Iterable[int]) -> str:
    """Say who decides today without these people."""
    names = ", ".join(person.full_name for person in deciders(without=without))
    return _("Who can do it: %(names)s.") % {"names": names} if names else _("A leader names a stand-in first.")


def refuse_own_hand(why: str, *, step: str, key: int, by: User) -> None:
    """Refuse a decision on what the person had a hand in, if `why` says so; the log has each try.

    `step` is what was tried, `key` that of the row that it was tried on.
    """
    if why:
        log_event("own hand refused", user=by.pk, step=step, object=key)
        raise Refused(why, code="own_hand")


@transaction.atomic
def name_stand_in(
    *,
    person: User,
    decision: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
    by: User,
    via: str = Via.PAGE,
) -> StandIn:
    """Record who decides from one day to another. The same form sent twice records it once."""
    _refuse_unless_naming(by)
    decision = decision.strip()
    # One after the other: two presses at one moment are one row.
    User.objects.select_for_update().get(pk=person.pk)
    same = StandIn.objects.filter(person=person, decision=decision, starts_on=starts_on, ends_on=ends_on, ended_at=None)
    if present := same.first():
        return present
    _refuse_wrong_person(person, by)
    _refuse_wrong_days(starts_on, ends_on)
    if not decision:
        raise Refused({"decision": _("Give the number of the decision.")})
    made = StandIn(person=person, decision=decision, starts_on=starts_on, ends_on=ends_on, recorded_by=by)
    made.save(force_insert=True)
    changes = {name: (None, getattr(made, name)) for name in FIELDS}
    record(about=made, by=by, via=via, action=Action.CREATED, changes=changes)
    log_event("stand-in named", user=by.pk, person=person.pk, until=str(ends_on))
    return made


@transaction.atomic
def end_stand_in(*, stand_in: StandIn, by: User, via: str = Via.PAGE) -> StandIn:
    """End it before its last day. Ended twice, it stays as it was ended first."""
    _refuse_unless_naming(by)
    stored = StandIn.objects.select_for_update().get(pk=stand_in.pk)
    if stored.ended_at:
        return stored
    stored.ended_by, stored.ended_at = by, timezone.now()
    stored.save(update_fields=["ended_by", "ended_at"])
    record(about=stored, by=by, via=via, changes={"ended_at": (None, stored.ended_at.isoformat())})
    log_event("stand-in ended", user=by.pk, person=stored.person_id)
    return stored


def _refuse_unless_naming(by: User) -> None:
    if not by.can_approve:
        raise Refused(_("Your role names no stand-ins."))


def _refuse_wrong_person(person: User, by: User) -> None:
    if person.pk == by.pk:
        raise Refused({"person": _("Nobody names himself.")})
    if not possible_stand_ins().filter(pk=person.pk).exists():
        raise Refused({"person": _("Choose an inspector whose account is in use.")})


def _refuse_wrong_days(starts_on: datetime.date, ends_on: datetime.date) -> None:
    refuse_far_days(starts_on, ends_on)
    if ends_on < starts_on:
        raise Refused({"ends_on": _("The last day must not come before the first.")})
    if ends_on < timezone.localdate():
        raise Refused({"ends_on": _("The last day has passed already.")})
    if (ends_on - starts_on).days >= MOST_DAYS:
        message = _("A stand-in is named for %(days)s days at most.") % {"days": MOST_DAYS}
        raise Refused({"ends_on": message})
