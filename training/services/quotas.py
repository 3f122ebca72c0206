"""Writing the targets of a scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Event, Via
from archiveportal.history.services import event, record_all
from archiveportal.refusal import Refused
from training.models import Category, Quota, Scheme


@dataclass(frozen=True)
class QuotaChange:
    """A target as the form showed it and as it was typed; None is "no target"."""

    category: Category
    shown: tuple[int | None, str]
    typed: tuple[int | None, str]


@transaction.atomic
def set_quotas(
    *, scheme: Scheme, changes: Sequence[QuotaChange], by: User, via: str = Via.PAGE
) -> dict[int, Quota | None]:
    """Sets the targets of a scheme, all or none. Gives {category: target as it is now} where a colleague was faster.

    A target taken back keeps its row without a number; the report's target stays in `as_reported`.
    """
    if not by.can_approve:
        raise Refused(_("Your role does not set targets."))
    # Holding the categories keeps a second writer out also where no target has a row yet.
    own = {category.pk for category in scheme.categories.select_for_update()}
    if any(change.category.pk not in own for change in changes):
        raise Refused(_("Choose one of the categories of this scheme."))
    rows = Quota.objects.filter(category__scheme=scheme).select_related("category")
    quotas = {quota.category_id: quota for quota in rows}
    due, clashes = [], {}
    for change in changes:
        quota = quotas.get(change.category.pk)
        now = (quota.target, quota.unit) if quota else (None, change.category.unit)
        if now == change.typed or (now[0] is None and change.typed[0] is None):
            continue
        if now != change.shown:
            clashes[change.category.pk] = quota
            continue
        due.append((change, quota, now))
    if clashes:
        return clashes
    record_all([_set_quota(change, quota, now, by=by, via=via) for change, quota, now in due])
    return {}


def _set_quota(change: QuotaChange, quota: Quota | None, now: tuple[int | None, str], *, by: User, via: str) -> Event:
    target, unit = change.typed
    if quota is None:
        quota = Quota.objects.create(category=change.category, target=target, unit=unit)
        return event(
            about=quota, by=by, via=via, action=Action.CREATED, changes={"target": (None, target), "unit": (None, unit)}
        )
    if quota.is_baseline and quota.as_reported is None:
        quota.as_reported = {"target": quota.target, "unit": quota.unit}
    quota.target, quota.unit = target, unit
    quota.save(update_fields=["target", "unit", "as_reported"])
    pairs = {"target": (now[0], target), "unit": (now[1], unit)}
    return event(
        about=quota, by=by, via=via, changes={name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    )
