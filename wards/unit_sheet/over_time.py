"""Rows with first days: each is a unit over a period, which begins, or is known and may change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.sheets.kinds import Order
from archiveportal.sheets.rows import FirstPlaces
from wards.models import Ward
from wards.unit_sheet.known import KnownUnits
from wards.unit_sheet.listed import SAID, ListedRow


def settle_over_time(listed: Sequence[ListedRow], known: KnownUnits, order: Order) -> None:
    """Say of each row whether its unit begins, changes or stays."""
    places = FirstPlaces()
    for each in listed:
        if each.first is None and not each.row.is_refused:
            _settle(each, known, order)
            _refuse_twice(each, places)
    known.settle_begun_districts()
    known.name_districts(listed)
    known.refuse_overlaps(listed)


def _settle(each: ListedRow, known: KnownUnits, order: Order) -> None:
    stored = _stored(each, known, order)
    row = each.row
    if stored is None:
        values: dict[str, Any] = {"code": each.code, "kind": each.kind, "valid_from": each.valid_from}
        values |= {name: row[name] or "" for name in ("legal_act", "act_name")}
        values |= {"name": each.name, "valid_to": row["valid_to"], "act_signed_on": row["act_signed_on"]}
        district = known.district_for(each, each.valid_from, row["valid_to"])
        known.begin(each, values=values, district=district)
        return
    each.ward = stored
    _refuse_other_district(each, stored)
    values = {name: row[name] for name in SAID if row[name] and name != "name"}
    values |= {"kind": each.kind, "name": each.name}
    differing = {name: value for name, value in values.items() if getattr(stored, name) != value}
    if differing:
        each.changes, each.step["change"] = known.change(stored, differing)


def _refuse_twice(each: ListedRow, places: FirstPlaces) -> None:
    """A row with the first day of a unit and one without it may be about the same one."""
    stored = each.ward.pk if each.ward is not None else None
    if stored and (first := places.before(each.row, stored)):
        each.row.refuse("code", _("one row a unit: row %(row)s is about the same one") % {"row": first})


def _stored(each: ListedRow, known: KnownUnits, order: Order) -> Ward | None:
    """Return the unit that a row is about: that of its code and first day.

    A row without a first day also means the unit in force with this code and name.
    """
    of_code = [ward for ward in known.by_code[each.code] if ward.pk]
    for ward in of_code:
        if ward.valid_from == each.valid_from:
            return ward
    if each.valid_from is not None:
        return None
    last = each.row["valid_to"]
    for ward in of_code:
        is_same = (ward.kind, ward.name) == (each.kind, each.name) and ward.stands_on(order.as_of)
        if is_same and (last is None or ward.valid_from is None or ward.valid_from <= last):
            return ward
    return None


def _refuse_other_district(each: ListedRow, ward: Ward) -> None:
    """A unit with results moves with a reason only, which a sheet has no column for."""
    code, name = each.row["district_code"], each.row["district"]
    district = ward.district
    if not code and not name:
        return
    if (
        district is None
        or (code and district.code != code)
        or (not code and name not in (district.name, district.title))
    ):
        present = district.title if district else "—"
        message = _("the present district (%(district)s): a known unit moves on its own page, with the reason")
        each.row.refuse("district_code" if code else "district", message % {"district": present})
