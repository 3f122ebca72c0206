"""Every write to districts and wards from a page: with history; what the report had is kept beside a correction."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import Actor, differences, event, record, record_all, refuse_stale
from archiveportal.model_fields import own_field
from archiveportal.statements import rows_with, update_all
from wards.models import HOME, District, Province, Unit, Ward

#: a district or a ward; the same kind of unit comes back
AnyUnit = TypeVar("AnyUnit", District, Ward)

_PERIOD_AND_ACT = ("valid_from", "valid_to", "legal_act", "act_signed_on", "act_name")
WARD_FIELDS = ("code", "kind", "name", "district", *_PERIOD_AND_ACT)
DISTRICT_FIELDS = ("code", "kind", "name", "ward_count", *_PERIOD_AND_ACT)


@transaction.atomic
def create_ward(*, ward: Ward, by: Actor, via: str = Via.PAGE) -> Ward:
    """Add a unit; it lies in the City as it was on the unit's last day."""
    if ward.province_id is None:
        last = ward.valid_to or datetime.date.max
        ward.province = Province.objects.filter(code=HOME).in_force_on(last).first()
    return _create(ward, (*WARD_FIELDS, "province"), by, via=via)


@transaction.atomic
def create_district(*, district: District, by: Actor, via: str = Via.PAGE) -> District:
    return _create(district, DISTRICT_FIELDS, by, via=via)


@transaction.atomic
def update_ward(
    *, ward: Ward, made_on: str | None = None, reason: str = "", by: Actor | None, via: str = Via.PAGE
) -> list[str]:
    """Saves what differs from the stored row, and gives the names of those fields. Raises `Stale`.

    A ward with results moves to another district with a reason only: its results are read there
    from then on.
    """
    _refuse_silent_move(ward, reason)
    (names,) = _update([ward], WARD_FIELDS, [made_on], reason=reason, by=by, via=via)
    return names


@transaction.atomic
def update_wards(
    *, wards: Sequence[Ward], made_on: Sequence[str | None], by: Actor | None, via: str = Via.PAGE
) -> list[list[str]]:
    """Save what differs from the stored rows, all or none; return the names of the fields of each. Raises `Stale`."""
    stored = {ward.pk: ward.district_id for ward in rows_with(Ward.objects.all(), "pk", (ward.pk for ward in wards))}
    for ward in wards:
        if stored.get(ward.pk) != ward.district_id:
            _refuse_silent_move(ward, "")
    return _update(wards, WARD_FIELDS, made_on, by=by, via=via) if wards else []


@transaction.atomic
def update_district(
    *, district: District, made_on: str | None = None, by: Actor | None, via: str = Via.PAGE
) -> list[str]:
    """Saves what differs from the stored row, and gives the names of those fields. Raises `Stale`."""
    lock_units(District)
    _refuse_standing_wards(district)
    (names,) = _update([district], DISTRICT_FIELDS, [made_on], by=by, via=via)
    return names


def overlap(unit: District | Ward) -> str:
    """Say why this code cannot be used in this period, or nothing: no two units share one."""
    others = type(unit).objects.filter(code=unit.code).exclude(pk=unit.pk)
    other = others.overlapping(unit.valid_from, unit.valid_to).first()
    return _overlap_in_words(other) if other else ""


def _overlap_in_words(other: Unit) -> str:
    return _(
        "%(unit)s has this code too (%(period)s). Two units with the same code must not stand at the same "
        "time: please check the code, the first day and the last day of both."
    ) % {"unit": other.title, "period": other.period}


def lock_units(model: type[Unit]) -> None:
    """Units are written one after the other, so that what was checked still holds when the row is saved."""
    ContentType.objects.select_for_update().get(pk=ContentType.objects.get_for_model(model).pk)


def needs_reason(ward: Ward, district: District | None) -> bool:
    """Tell whether a change of the district has to be explained: results are read by it."""
    stored = Ward.objects.filter(pk=ward.pk, enrolments__isnull=False).first()
    return stored is not None and stored.district_id != getattr(district, "pk", None)


def _refuse_silent_move(ward: Ward, reason: str) -> None:
    if not reason.strip() and needs_reason(ward, ward.district):
        raise ValidationError({"reason": _("This unit has results. Say why it moves to another district.")})


def _refuse_overlap(unit: District | Ward) -> None:
    message = overlap(unit)
    if message:
        raise ValidationError({"code": message})


def _refuse_overlaps(units: Sequence[District] | Sequence[Ward]) -> None:
    """Hold each unit against those with its code, as they are once all of the units are written."""
    rows = rows_with(type(units[0])._default_manager.all(), "code", {unit.code for unit in units})
    by_code: dict[str, list[Unit]] = defaultdict(list)
    for row in ({row.pk: row for row in rows} | {unit.pk: unit for unit in units}).values():
        by_code[row.code].append(row)
    for unit in units:
        for other in by_code[unit.code]:
            if other.pk != unit.pk and share_a_day(unit, (other.valid_from, other.valid_to)):
                raise ValidationError({"code": _overlap_in_words(other)})


def share_a_day(unit: Unit, period: tuple[datetime.date | None, datetime.date | None]) -> bool:
    first, last = period
    begins_before = not first or not unit.valid_to or first <= unit.valid_to
    return begins_before and (not last or not unit.valid_from or unit.valid_from <= last)


def _refuse_standing_wards(district: District) -> None:
    """A district does not end before its wards do."""
    if district.valid_to is None:
        return
    outliving = district.wards.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=district.valid_to))
    ward = outliving.first()
    if ward:
        message = _("%(ward)s still stands after this day: give the wards of the district their last day first.")
        raise ValidationError({"valid_to": message % {"ward": ward.title}})


def _create(unit: AnyUnit, names: tuple[str, ...], by: Actor, *, via: str) -> AnyUnit:
    lock_units(type(unit))
    refuse_far_days(unit.valid_from, unit.valid_to, unit.act_signed_on)
    _refuse_overlap(unit)
    unit.save(force_insert=True)
    changes = {name: (None, getattr(unit, name)) for name in names if getattr(unit, name) not in (None, "")}
    record(about=unit, by=by, via=via, action=Action.CREATED, changes=changes)
    return unit


def _update(
    units: Sequence[AnyUnit],
    names: tuple[str, ...],
    made_on: Sequence[str | None],
    *,
    reason: str = "",
    by: Actor | None,
    via: str,
) -> list[list[str]]:
    """Save what differs from the stored rows of units; return the names of the fields of each."""
    model = type(units[0])
    lock_units(model)
    stored = _stored(model, [unit.pk for unit in units])
    for unit, shown in zip(units, made_on, strict=True):
        unit.set_keys()
        if shown is not None:
            refuse_stale(stored=stored[unit.pk], typed=unit, names=names, made_on=shown)
        refuse_far_days(unit.valid_from, unit.valid_to, unit.act_signed_on)
    _refuse_overlaps(units)
    changes: list[dict[str, tuple]] = [differences(stored[unit.pk], unit, names) for unit in units]
    differing = [(unit, fields) for unit, fields in zip(units, changes, strict=True) if fields]
    for unit, _fields in differing:
        before = stored[unit.pk]
        if before.is_baseline and before.as_reported is None:
            kept = [own_field(unit, name).attname for name in names]
            unit.as_reported = {name: _plain(getattr(before, name)) for name in kept}
    written: dict[str, None] = dict.fromkeys((*names, "as_reported", "name", "sort_key", "search_key"))
    # First those that make room for others with their code, whatever the order of the units.
    in_order = sorted((unit for unit, _fields in differing), key=lambda unit: not _lies_within(unit, stored[unit.pk]))
    update_all(in_order, tuple(written))
    record_all([event(about=unit, by=by, via=via, changes=fields, reason=reason) for unit, fields in differing])
    return [list(fields) for fields in changes]


def _lies_within(unit: Unit, before: Unit) -> bool:
    """Tell whether no day is new in the period of a unit."""
    begins_within = not before.valid_from or bool(unit.valid_from and unit.valid_from >= before.valid_from)
    return begins_within and (not before.valid_to or bool(unit.valid_to and unit.valid_to <= before.valid_to))


def _stored(model: type[AnyUnit], keys: Iterable[int]) -> dict[int, AnyUnit]:
    """Return rows by their keys, locked, with the district that the history names."""
    rows = model._default_manager.select_for_update(of=("self",)).order_by("pk")
    related = rows.select_related("district") if issubclass(model, Ward) else rows
    return {row.pk: row for row in rows_with(related, "pk", keys)}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)
