"""Change the officer of a unit: one account ends, another one goes on, and a line says what is open."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.accounts.services import end_sessions
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Event, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from wards.models import Ward

#: keys of the events, which name no field of an account
TO, FROM, SINCE = "handed_over_to", "taken_over_from", "handed_over_on"


@dataclass(frozen=True)
class HandingOver:
    """A line of handing over, as the event of the account that ended tells it."""

    from_whom: str
    to_whom: str
    since: datetime.date
    open_matters: str


@transaction.atomic
def hand_over(
    *, leaving: User, successor: User, since: datetime.date, open_matters: str, by: User, via: str = Via.PAGE
) -> None:
    """End an account of a unit and record who goes on with its work, from which day, and what is open.

    What the account did stays its own; checklists and findings belong to the unit, so nothing moves.
    """
    refuse_far_days(since)
    # In one order, so that two acts over the same accounts wait for each other.
    stored = User.objects.select_for_update().order_by("pk").in_bulk([leaving.pk, successor.pk])
    before, after = stored[leaving.pk], stored[successor.pk]
    _refuse(before, after, since=since, by=by)
    shared = {SINCE: (None, f"{since:%d/%m/%Y}")}
    changes: dict[str, tuple] = {TO: (None, _called(after)), **shared}
    if before.is_active:
        before.is_active = False
        before.save(update_fields=["is_active"])
        end_sessions(before)
        changes["is_active"] = (True, False)
        log_event("account disabled", user=before.pk, username=before.username, by=by.pk)
    record(about=before, by=by, via=via, changes=changes, reason=open_matters)
    record(about=after, by=by, via=via, changes={FROM: (None, _called(before)), **shared}, reason=open_matters)
    log_event("unit handed over", user=before.pk, successor=after.pk, by=by.pk)


def _refuse(leaving: User, successor: User, *, since: datetime.date, by: User) -> None:
    if leaving == by:
        raise Refused(_("You cannot disable your own account. Ask another administrator."))
    is_same_unit = (leaving.ward_id, leaving.district_id) == (successor.ward_id, successor.district_id)
    if leaving == successor or not is_same_unit or not (leaving.ward_id or leaving.district_id):
        raise Refused({"successor": _("Choose another account of the same unit.")})
    if not successor.is_active:
        raise Refused({"successor": _("This account is disabled. Enable it first.")})
    if since > timezone.localdate():
        raise Refused({"since": _("Record this on the day itself: the account of who leaves ends at once.")})


def _called(account: User) -> str:
    return f"{account.full_name} ({account.username})"


def successors_of(account: User) -> QuerySet[User]:
    """Return the accounts in use of the same unit, to choose who goes on."""
    if not (account.ward_id or account.district_id):
        return User.objects.none()
    others = User.objects.filter(ward=account.ward_id, district=account.district_id, is_active=True)
    return others.exclude(pk=account.pk).order_by("sort_key", "pk")


def handings_over(ward: Ward) -> list[HandingOver]:
    """Return the lines of handing over of a ward, newest first. Sign-in names are for administrators."""
    accounts = User.objects.filter(ward=ward).values("pk")
    events = Event.objects.filter(object_type="accounts.user", object_id__in=accounts, changes__has_key=TO)
    return [
        HandingOver(
            event.object_name,
            event.changes[TO][1].rpartition(" (")[0],
            datetime.datetime.strptime(event.changes[SINCE][1], "%d/%m/%Y").date(),
            event.reason,
        )
        for event in events.order_by("-occurred_at", "-pk")[:5]
    ]
