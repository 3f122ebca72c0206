"""Writing the money of a scheme and the counts of the people who do the work."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from training.models import Funding, Scheme, WorkforceCount
from training.services.gate import refuse_unless_entering


@dataclass(frozen=True)
class Amount:
    """An amount of one source in đồng, as the form showed it and as it was typed; None where there is none."""

    shown: Decimal | None
    typed: Decimal | None


@transaction.atomic
def set_funding(
    *, scheme: Scheme, amounts: Mapping[str, Amount], by: User, via: str = Via.PAGE
) -> dict[str, Decimal | None]:
    """Sets the amounts by source, all or none. Gives {source: amount now} where a colleague was faster.

    An amount of the report stays in `as_reported` at its first correction.
    """
    refuse_unless_entering(by)
    Scheme.objects.select_for_update().get(pk=scheme.pk)
    stored = {funding.source: funding for funding in scheme.fundings.all()}
    due, clashes = [], {}
    for source, amount in amounts.items():
        now = stored[source].amount if source in stored else None
        if amount.typed in (None, now):
            continue
        if now != amount.shown:
            clashes[source] = now
        else:
            due.append((source, now, amount.typed))
    if clashes:
        return clashes
    for source, now, typed in due:
        row = stored.get(source) or Funding(scheme=scheme, source=source)
        _write(row, {"amount": typed}, {"amount": now}, by=by, via=via)
    return {}


@transaction.atomic
def save_workforce(
    *, scheme: Scheme, counted_on: datetime.date, total: int, qualified: int, by: User, via: str = Via.PAGE
) -> WorkforceCount:
    """The count of a day; a second one of the same day corrects the first."""
    refuse_unless_entering(by)
    refuse_far_days(counted_on)
    Scheme.objects.select_for_update().get(pk=scheme.pk)
    row = scheme.workforce_counts.filter(counted_on=counted_on).first()
    before = {name: getattr(row, name, None) for name in ("total", "qualified")}
    row = row or WorkforceCount(scheme=scheme, counted_on=counted_on)
    _write(row, {"total": total, "qualified": qualified}, before, by=by, via=via)
    return row


def _write(
    row: Funding | WorkforceCount, values: dict[str, Any], before: dict[str, Any], *, by: User, via: str
) -> None:
    changes = {name: (before[name], value) for name, value in values.items() if before[name] != value}
    if not changes:
        return
    is_new = row.pk is None
    if row.is_baseline and row.as_reported is None:
        row.as_reported = {name: None if value is None else int(value) for name, value in before.items()}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True) if is_new else row.save(update_fields=[*values, "as_reported"])
    record(about=row, by=by, via=via, action=Action.CREATED if is_new else Action.CHANGED, changes=changes)
