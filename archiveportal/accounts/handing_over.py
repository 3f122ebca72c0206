"""Change the officer of a unit: one account ends, another one goes on, and a line says what is open."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import HandingOver, User
from archiveportal.accounts.services import end_sessions
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.scope import Viewer
from wards.models import Ward

#: keys of the events, which name no field of an account
TO, FROM, SINCE = "handed_over_to", "taken_over_from", "handed_over_on"
#: lines on the page of a unit
MOST_LINES = 5


@transaction.atomic
def hand_over(
    *, leaving: User, successor: User, since: datetime.date, open_matters: str, by: User, via: str = Via.PAGE
) -> None:
    """End an account of a unit and record who goes on with its work, from which day, and what is open.

    What the account did stays its own; checklists and findings belong to the unit, so nothing moves.
    The same form sent twice records it once.
    """
    refuse_far_days(since)
    # In one order, so that two acts over the same accounts wait for each other.
    stored = User.objects.select_for_update().order_by("pk").in_bulk([leaving.pk, successor.pk])
    before, after = stored[leaving.pk], stored[successor.pk]
    _refuse(before, after, since=since, by=by)
    line = HandingOver(leaving=before, successor=after, since=since, open_matters=open_matters, recorded_by=by)
    line.ward_id, line.district_id = before.ward_id, before.district_id
    if _is_recorded(line):
        return
    line.save(force_insert=True)
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


def _is_recorded(line: HandingOver) -> bool:
    """Tell whether the account has ended by a line that says the same."""
    same = HandingOver.objects.filter(leaving=line.leaving, successor=line.successor, since=line.since)
    return not line.leaving.is_active and same.filter(open_matters=line.open_matters).exists()


def _called(account: User) -> str:
    return f"{account.full_name} ({account.username})"


def successors_of(account: User) -> QuerySet[User]:
    """Return the accounts in use of the same unit, to choose who goes on."""
    if not (account.ward_id or account.district_id):
        return User.objects.none()
    others = User.objects.filter(ward=account.ward_id, district=account.district_id, is_active=True)
    return others.exclude(pk=account.pk).order_by("sort_key", "pk")


def handings_over(ward: Ward, *, viewer: Viewer) -> list[HandingOver]:
    """Return the lines of handing over of a ward that a viewer reads, newest first, five at most.

    Sign-in names are for administrators.
    """
    lines = HandingOver.objects.visible_to(viewer).filter(ward=ward)
    return list(lines.select_related("leaving", "successor")[:MOST_LINES])
