"""Every write to districts and wards from a page: with history; what the report had is kept beside a correction."""

from __future__ import annotations

import datetime
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import Actor, differences, record, refuse_stale
from archiveportal.model_fields import own_field
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
    return _update(ward, WARD_FIELDS, made_on, reason=reason, by=by, via=via)


@transaction.atomic
def update_district(
    *, district: District, made_on: str | None = None, by: Actor | None, via: str = Via.PAGE
) -> list[str]:
    """Saves what differs from the stored row, and gives the names of those fields. Raises `Stale`."""
    lock_units(District)
    _refuse_standing_wards(district)
    return _update(district, DISTRICT_FIELDS, made_on, by=by, via=via)


def overlap(unit: District | Ward) -> str:
    """Say why this code cannot be used in this period, or nothing: no two units share one."""
    others = type(unit).objects.filter(code=unit.code).exclude(pk=unit.pk)
    other = others.overlapping(unit.valid_from, unit.valid_to).first()
    if not other:
        return ""
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
    unit: District | Ward, names: tuple[str, ...], made_on: str | None, *, reason: str = "", by: Actor | None, via: str
) -> list[str]:
    lock_units(type(unit))
    before = type(unit).objects.select_for_update().get(pk=unit.pk)
    unit.set_keys()
    if made_on is not None:
        refuse_stale(stored=before, typed=unit, names=names, made_on=made_on)
    refuse_far_days(unit.valid_from, unit.valid_to, unit.act_signed_on)
    _refuse_overlap(unit)
    changes = differences(before, unit, names)
    if not changes:
        return []
    if before.is_baseline and before.as_reported is None:
        kept = [own_field(unit, name).attname for name in names]
        unit.as_reported = {name: _plain(getattr(before, name)) for name in kept}
    unit.save(update_fields=[*changes, "as_reported"])
    record(about=unit, by=by, via=via, changes=changes, reason=reason)
    return [*changes]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)
