"""The columns of a sheet that name a unit: by code, by name, or both; what is ambiguous is asked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from archiveportal.accounts.rights import Role
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.sheets.kinds import Order
from archiveportal.sheets.rows import TableRow
from wards.lookup import UnitLookup, district_lookup, ward_lookup
from wards.models import District, Ward

#: options of a question at most
MOST_OPTIONS = 12
#: ended units that an error names
MOST_ENDED = 4


class UnitColumns:
    """Finds the unit of a row from its columns `unit_code` and `unit`, by the role of the row."""

    def __init__(self, order: Order) -> None:
        viewer = order.by or EVERYTHING
        self.lookups: dict[str, UnitLookup[Any]] = {
            Role.WARD: ward_lookup(viewer, order.as_of),
            Role.DISTRICT: district_lookup(viewer, order.as_of),
        }

    def unit_of(self, row: TableRow) -> Ward | District | None:
        """Return the unit; None for people of the City's offices, and where the row is refused."""
        lookup = self.lookups.get(row["role"] or "")
        if lookup is None:
            if row["role"] and (row["unit"] or row["unit_code"]):
                row.refuse("unit" if row["unit"] else "unit_code", _("nothing: this role belongs to no unit"))
            return None
        if row["unit_code"]:
            return self._by_code(row, lookup)
        if row["unit"]:
            return self._by_name(row, lookup)
        row.refuse("unit", _("the unit of this person, by name or by code"))
        return None

    def _by_code(self, row: TableRow, lookup: UnitLookup[Any]) -> Any:
        code = row["unit_code"]
        standing = lookup.with_code(code)
        if not standing:
            row.refuse("unit_code", _expected(lookup.not_in_force(code=code)))
            return None
        named = lookup.named(row["unit"]) if row["unit"] else standing
        if standing[0] not in named:
            message = _("code and name of the same unit: %(code)s is %(unit)s")
            row.refuse("unit", message % {"code": code, "unit": standing[0].title})
        return standing[0]

    def _by_name(self, row: TableRow, lookup: UnitLookup[Any]) -> Any:
        found = lookup.named(row["unit"])
        if not found:
            row.refuse("unit", _expected(lookup.not_in_force(text=row["unit"])))
            return None
        if len(found) == 1:
            return found[0]
        options = [(str(unit.pk), f"{title_of_unit(unit)} ({unit.code})") for unit in found[:MOST_OPTIONS]]
        answer = row.ask("unit", options, about=str(row["role"]))
        return next((unit for unit in found if str(unit.pk) == answer), None)


def _expected(ended: list[Any]) -> str:
    """Say what is expected in place of a unit that is not in force, or that nobody knows."""
    if not ended:
        return _("a unit that the portal has; check the spelling, or add the unit first")
    units = "; ".join(f"{title_of_unit(unit)} ({unit.period})" for unit in ended[:MOST_ENDED])
    return _("a unit in force on the day; of this name or code: %(units)s") % {"units": units}


def title_of_unit(unit: Any) -> str:
    """Return the title of a ward with its district, or of a district."""
    return getattr(unit, "full_title", unit.title)
