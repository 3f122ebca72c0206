"""Take in units from a sheet: what ends and changes by the services of the pages, what begins at once."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action
from archiveportal.history.services import Actor, event, record_all
from archiveportal.statements import rows_with
from wards.lines import faults_of_days, reached
from wards.models import District, Province, Succession, Unit, Ward
from wards.services.successions import FIELDS as SUCCESSION_FIELDS
from wards.services.units import (
    DISTRICT_FIELDS,
    WARD_FIELDS,
    lock_units,
    share_a_day,
    update_district,
    update_wards,
)

_DAYS = ("valid_from", "valid_to", "act_signed_on")


@transaction.atomic
def take_in_units(*, steps: Sequence[dict[str, Any]], by: Actor | None, via: str) -> dict[str, int]:
    """Write the steps that a check of a sheet has made. Raise ValidationError where one no longer holds.

    A step has any of `change` (a stored unit), `district` and `begin` (new units) and `join`.
    """
    lock_units(District)
    lock_units(Ward)
    _change([step["change"] for step in steps if "change" in step], by=by, via=via)
    provinces = Province.objects.in_bulk()
    districts = [_district(step["district"], provinces) for step in steps if "district" in step]
    _add(District, districts, DISTRICT_FIELDS, by=by, via=via)
    begun = [step["begin"] for step in steps if "begin" in step]
    wards = _wards(begun, provinces, {_key(district): district for district in districts})
    _add(Ward, wards, WARD_FIELDS, by=by, via=via)
    joined = [step["join"] for step in steps if "join" in step]
    _join(_successions(joined, provinces, {_key(ward): ward for ward in wards}), by=by, via=via)
    return {"units": len(wards), "districts": len(districts), "successions": len(joined)}


def _change(changes: Sequence[dict[str, Any]], *, by: Actor | None, via: str) -> None:
    wards = [change for change in changes if change["model"] == "ward"]
    update_wards(wards=_filled(Ward, wards), made_on=[change["made_on"] for change in wards], by=by, via=via)
    # A district ends after its wards.
    districts = [change for change in changes if change["model"] == "district"]
    for district, change in zip(_filled(District, districts), districts, strict=True):
        update_district(district=district, made_on=change["made_on"], by=by, via=via)


def _filled(model: type[Unit], changes: Sequence[dict[str, Any]]) -> list[Any]:
    """Return stored units with what the steps set."""
    rows = model._default_manager.select_related("district" if model is Ward else "province")
    stored = {unit.pk: unit for unit in rows_with(rows, "pk", (change["pk"] for change in changes))}
    units = []
    for change in changes:
        unit = stored.get(change["pk"])
        if unit is None:
            raise ValidationError(_("A unit of the list is no longer recorded. Check the file again."))
        for name, value in change["values"].items():
            setattr(unit, name, _day(value) if name in _DAYS else value)
        units.append(unit)
    return units


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _key(unit: Unit) -> str:
    return f"{unit.code}/{unit.valid_from.isoformat() if unit.valid_from else ''}"


def _district(values: dict[str, Any], provinces: dict[int, Province]) -> District:
    days = {name: _day(values[name]) for name in ("valid_from", "valid_to")}
    return District(
        code=values["code"],
        kind=values["kind"],
        name=values["name"],
        province=provinces.get(values["province"]),
        **days,
    )


def _wards(
    begun: Sequence[dict[str, Any]], provinces: dict[int, Province], new_districts: dict[str, District]
) -> list[Ward]:
    keys = {values["district"] for values in begun if isinstance(values["district"], int)}
    districts: dict[Any, District] = dict(District.objects.in_bulk(keys)) | new_districts
    wards = []
    for values in begun:
        district, province = values["district"], provinces.get(values["province"])
        own = {name: value for name, value in values.items() if name not in ("district", "province")}
        own |= {name: _day(own[name]) for name in _DAYS if name in own}
        wards.append(Ward(**own, district=districts[district] if district else None, province=province))
    return wards


def _add(model: type[Unit], units: list[Any], names: tuple[str, ...], *, by: Actor | None, via: str) -> None:
    """Add units in one statement, after all of them have been held against those there are."""
    periods: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    for code, first, last in model._default_manager.values_list("code", "valid_from", "valid_to"):
        periods[code].append((first, last))
    for unit in units:
        refuse_far_days(unit.valid_from, unit.valid_to, unit.act_signed_on)
        if any(share_a_day(unit, period) for period in periods[unit.code]):
            message = _("%(code)s: another unit has this code in this period. Check the file again.")
            raise ValidationError(message % {"code": unit.code})
        periods[unit.code].append((unit.valid_from, unit.valid_to))
        unit.set_keys()
    model._default_manager.bulk_create(units)
    record_all([_created(unit, (*names, "province"), by=by, via=via) for unit in units])


def _created(row: Any, names: tuple[str, ...], *, by: Actor | None, via: str) -> Any:
    changes = {name: (None, value) for name in names if (value := getattr(row, name)) not in (None, "", False)}
    return event(about=row, by=by, via=via, action=Action.CREATED, changes=changes)


def _successions(
    joined: Sequence[dict[str, Any]], provinces: dict[int, Province], new: dict[str, Ward]
) -> Iterator[Succession]:
    stored = {values["predecessor"] for values in joined} | {values["successor"] for values in joined}
    # Those of ten thousand rows are too many keys for one statement of SQLite.
    units: dict[Any, Ward] = {ward.pk: ward for ward in Ward.objects.all() if ward.pk in stored}
    units |= new
    for values in joined:
        heir = units[values["successor"]]
        former, province = values["predecessor"], values["predecessor_province"]
        days: dict[str, Any] = {"took_effect_on": _day(values["took_effect_on"])}
        yield Succession(
            predecessor=units[former] if former else None,
            predecessor_name=values["predecessor_name"],
            predecessor_province=provinces[province] if province else None,
            successor=heir,
            successor_code=heir.code,
            successor_name=heir.title,
            extent=values["extent"],
            legal_act=values["legal_act"],
            has_gap=values["has_gap"],
            **days,
        )


def _join(successions: Iterable[Succession], *, by: Actor | None, via: str) -> None:
    """Add successions, after each has been held against days and lines as they are now."""
    heirs: dict[Hashable, set[Hashable]] = defaultdict(set)
    for former, heir in Succession.objects.exclude(predecessor=None).values_list("predecessor", "successor"):
        heirs[former].add(heir)
    made = []
    for succession in successions:
        faults = list(faults_of_days(succession))
        predecessor, successor = succession.predecessor_id, succession.successor_id
        if predecessor and predecessor in reached(successor, heirs):
            words = {"heir": succession.successor, "former": succession.predecessor}
            faults.append(_("%(heir)s cannot take over %(former)s, which took it over itself.") % words)
        if faults:
            raise ValidationError(faults)
        if predecessor:
            heirs[predecessor].add(successor)
        made.append(succession)
    Succession.objects.bulk_create(made)
    record_all([_created(each, SUCCESSION_FIELDS, by=by, via=via) for each in made])
