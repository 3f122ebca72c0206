"""Enter and remove the days that the State swaps for others."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.refusal import Refused
from criteria.inspections.models import SwappedDay

FIELDS = ("day", "is_off", "reason", "source")


@transaction.atomic
def enter_swapped_days(
    *,
    day_off: datetime.date | None,
    day_worked: datetime.date | None,
    reason: str,
    source: str,
    by: User,
    via: str = Via.PAGE,
) -> list[SwappedDay]:
    """Enter a day off and the day that is worked for it, or one of the two, with the paper that says so.

    Raises `ValidationError` for a day that is entered already.
    """
    _refuse_others(by)
    days = [(day, is_off) for day, is_off in ((day_off, True), (day_worked, False)) if day]
    if not days:
        raise ValidationError({"day_off": _("Enter a day.")})
    if day_off == day_worked:
        raise ValidationError({"day_worked": _("A day is not swapped with itself.")})
    refuse_far_days(*(day for day, _is_off in days))
    rows = []
    for day, is_off in days:
        row = SwappedDay(day=day, is_off=is_off, reason=reason.strip(), source=source.strip())
        try:
            row.full_clean()
        except ValidationError as refusal:
            name = "day_off" if is_off else "day_worked"
            fields = {name if key == "day" else key: texts for key, texts in refusal.message_dict.items()}
            raise ValidationError(fields) from refusal
        row.save(force_insert=True)
        changes = {name: (None, getattr(row, name)) for name in FIELDS}
        record(about=row, by=by, via=via, action=Action.CREATED, changes=changes)
        rows.append(row)
    return rows


@transaction.atomic
def remove_swapped_day(*, day: SwappedDay, by: User, via: str = Via.PAGE) -> None:
    """Take a day back; its history stays. Removing it twice is removing it once."""
    _refuse_others(by)
    row = SwappedDay.objects.select_for_update().filter(pk=day.pk).first()
    if row is None:
        return
    changes = {name: (getattr(row, name), None) for name in FIELDS}
    record(about=row, by=by, via=via, action=Action.DELETED, changes=changes)
    row.delete()


def _refuse_others(by: User) -> None:
    if not by.can_approve:
        raise Refused(_("Your role does not manage inspection rounds."))
