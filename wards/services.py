"""Every write to districts and wards from a page: with history; what the report had is kept beside a correction."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, record
from wards.models import District, Unit, Ward

WARD_FIELDS = ("code", "kind", "name", "district", "valid_from", "valid_to", "legal_act")
DISTRICT_FIELDS = ("code", "kind", "name", "ward_count", "valid_from", "valid_to", "legal_act")


@transaction.atomic
def create_ward(*, ward: Ward, by: Any, via: str = Via.PAGE) -> Ward:
    return _create(ward, WARD_FIELDS, by, via)


@transaction.atomic
def create_district(*, district: District, by: Any, via: str = Via.PAGE) -> District:
    return _create(district, DISTRICT_FIELDS, by, via)


@transaction.atomic
def update_ward(*, ward: Ward, by: Any, via: str = Via.PAGE) -> list[str]:
    """Saves what differs from the stored row, and gives the names of those fields."""
    return _update(ward, WARD_FIELDS, by, via)


@transaction.atomic
def update_district(*, district: District, by: Any, via: str = Via.PAGE) -> list[str]:
    """Saves what differs from the stored row, and gives the names of those fields."""
    return _update(district, DISTRICT_FIELDS, by, via)


def _create(unit: Unit, names: tuple[str, ...], by: Any, via: str) -> Any:
    unit.save(force_insert=True)
    changes = {name: (None, getattr(unit, name)) for name in names if getattr(unit, name) not in (None, "")}
    record(about=unit, by=by, via=via, action=Action.CREATED, changes=changes)
    return unit


def _update(unit: Unit, names: tuple[str, ...], by: Any, via: str) -> list[str]:
    before = type(unit).objects.select_for_update().get(pk=unit.pk)
    unit.set_keys()
    changes = differences(before, unit, names)
    if not changes:
        return []
    if before.is_baseline and before.as_reported is None:
        kept = [unit._meta.get_field(name).attname for name in names]
        unit.as_reported = {name: _plain(getattr(before, name)) for name in kept}
    unit.save(update_fields=[*changes, "as_reported"])
    record(about=unit, by=by, via=via, changes=changes)
    return [*changes]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)
