"""Every write to ways of grouping units, to their groups and to which unit is in which group."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Event, Via
from archiveportal.history.services import Actor, differences, event, record, record_all, refuse_stale
from wards.models import Grouping, GroupMembership, UnitGroup, Ward
from wards.services.units import lock_units

GROUPING_FIELDS = ("code", "name", "first_day", "last_day")
GROUP_FIELDS = ("code", "name", "position")
ONE_DAY = datetime.timedelta(days=1)

#: a way of grouping or a group; the same kind of row comes back
AnyRow = TypeVar("AnyRow", Grouping, UnitGroup)


@transaction.atomic
def create_grouping(*, grouping: Grouping, by: Actor | None, via: str = Via.PAGE) -> Grouping:
    lock_units(Ward)
    refuse_far_days(grouping.first_day, grouping.last_day)
    return _create(grouping, GROUPING_FIELDS, by, via=via)


@transaction.atomic
def update_grouping(
    *, grouping: Grouping, made_on: str | None = None, by: Actor | None, via: str = Via.PAGE
) -> list[str]:
    """Save what differs from the stored row. Return the names of those fields. Raise `Stale`."""
    lock_units(Ward)
    refuse_far_days(grouping.first_day, grouping.last_day)
    return _update(grouping, GROUPING_FIELDS, made_on, by=by, via=via)


@transaction.atomic
def create_group(*, group: UnitGroup, by: Actor | None, via: str = Via.PAGE) -> UnitGroup:
    """Add a group; without a position it is the last one of its grouping."""
    lock_units(Ward)
    if group.position is None:
        last = group.grouping.groups.order_by("-position").values_list("position", flat=True).first()
        group.position = (last or 0) + 1
    return _create(group, ("grouping", *GROUP_FIELDS), by, via=via)


@transaction.atomic
def update_group(*, group: UnitGroup, made_on: str | None = None, by: Actor | None, via: str = Via.PAGE) -> list[str]:
    """Save what differs from the stored row. Return the names of those fields. Raise `Stale`."""
    lock_units(Ward)
    return _update(group, GROUP_FIELDS, made_on, by=by, via=via)


@transaction.atomic
def remove_group(*, group: UnitGroup, by: Actor | None, via: str = Via.PAGE) -> None:
    """Remove a group that never had a unit: it was a slip."""
    lock_units(Ward)
    if group.memberships.exists():
        raise ValidationError(_("Units are or were in this group. Take them out, or rename the group."))
    changes = {name: (value, None) for name in GROUP_FIELDS if (value := getattr(group, name)) not in (None, "")}
    record(about=group, by=by, via=via, action=Action.DELETED, changes=changes)
    group.delete()


@transaction.atomic
def assign_units(
    *,
    grouping: Grouping,
    group: UnitGroup | None,
    wards: Sequence[Ward],
    since: datetime.date | None = None,
    by: Actor | None,
    via: str = Via.PAGE,
) -> list[Ward]:
    """Put units into a group, or out of every group of the grouping with None. Return those moved.

    Without a day this corrects where the units are now. With one, a unit stays where it was until
    the day before.
    """
    lock_units(Ward)
    if group and group.grouping_id != grouping.pk:
        raise ValidationError(_("This group belongs to another way of grouping."))
    refuse_far_days(since)
    if group:
        _refuse_ended(wards, since)
    present = {row.ward_id: row for row in _open_rows(grouping, wards)}
    events: list[Event] = []
    moved = []
    for ward in wards:
        row = present.get(ward.pk)
        if (row.group_id if row else None) == (group.pk if group else None):
            continue
        events += _move(grouping, group, ward, row=row, since=since, by=by, via=via)
        moved.append(ward)
    record_all(events)
    return moved


def _open_rows(grouping: Grouping, wards: Sequence[Ward]) -> list[GroupMembership]:
    rows = grouping.memberships.filter(ward__in=wards, last_day=None)
    return list(rows.select_related("group", "ward__district").select_for_update(of=("self",)))


def _move(
    grouping: Grouping,
    group: UnitGroup | None,
    ward: Ward,
    *,
    row: GroupMembership | None,
    since: datetime.date | None,
    by: Actor | None,
    via: str,
) -> list[Event]:
    """Write the rows of one unit. Return their events."""
    if row is None:
        first_day = since or _day_after_the_last(grouping, ward)
        return [_begin(grouping, group, ward, first_day=first_day, by=by, via=via)] if group else []
    if since is None or row.first_day == since:
        return [_correct(row, group, by=by, via=via)]
    if row.first_day and row.first_day > since:
        message = _("%(unit)s is in %(group)s from %(day)s on: choose that day or a later one.")
        facts = {"unit": ward.full_title, "group": row.group.name, "day": f"{row.first_day:%d/%m/%Y}"}
        raise ValidationError({"since": message % facts})
    row.last_day = since - ONE_DAY
    row.save(update_fields=["last_day"])
    events = [event(about=row, by=by, via=via, changes={"last_day": (None, row.last_day)})]
    if group:
        events.append(_begin(grouping, group, ward, first_day=since, by=by, via=via))
    return events


def _begin(
    grouping: Grouping,
    group: UnitGroup | None,
    ward: Ward,
    *,
    first_day: datetime.date | None,
    by: Actor | None,
    via: str,
) -> Event:
    row = GroupMembership(grouping=grouping, group=group, ward=ward, first_day=first_day)
    row.save(force_insert=True)
    changes: dict[str, tuple] = {"grouping": (None, grouping), "group": (None, group), "ward": (None, ward)}
    if first_day:
        changes["first_day"] = (None, first_day)
    return event(about=row, by=by, via=via, action=Action.CREATED, changes=changes)


def _correct(row: GroupMembership, group: UnitGroup | None, *, by: Actor | None, via: str) -> Event:
    """Change the group of a row in place; without a group the row goes."""
    former = row.group
    if group is None:
        facts = {"grouping": (row.grouping, None), "group": (former, None), "ward": (row.ward, None)}
        told = event(about=row, by=by, via=via, action=Action.DELETED, changes=facts)
        row.delete()
        return told
    row.group = group
    row.save(update_fields=["group"])
    return event(about=row, by=by, via=via, changes={"group": (former, group)})


def _day_after_the_last(grouping: Grouping, ward: Ward) -> datetime.date | None:
    """Return the first day on which a unit that was in a group before is free again."""
    last = grouping.memberships.filter(ward=ward).order_by("-last_day").values_list("last_day", flat=True).first()
    return last + ONE_DAY if last else None


def _refuse_ended(wards: Sequence[Ward], since: datetime.date | None) -> None:
    for ward in wards:
        if since and ward.valid_to and ward.valid_to < since:
            message = _("%(unit)s ended on %(day)s.") % {"unit": ward.full_title, "day": f"{ward.valid_to:%d/%m/%Y}"}
            raise ValidationError({"since": message})


def _create(row: AnyRow, names: tuple[str, ...], by: Actor | None, *, via: str) -> AnyRow:
    row.full_clean()
    row.save(force_insert=True)
    changes = {name: (None, value) for name in names if (value := getattr(row, name)) not in (None, "")}
    record(about=row, by=by, via=via, action=Action.CREATED, changes=changes)
    return row


def _update(
    row: Grouping | UnitGroup, names: tuple[str, ...], made_on: str | None, *, by: Actor | None, via: str
) -> list[str]:
    before = type(row).objects.select_for_update().get(pk=row.pk)
    if made_on is not None:
        refuse_stale(stored=before, typed=row, names=names, made_on=made_on)
    changes = differences(before, row, names)
    if not changes:
        return []
    row.full_clean()
    row.save(update_fields=[*changes])
    record(about=row, by=by, via=via, changes=changes)
    return [*changes]
