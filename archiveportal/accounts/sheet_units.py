"""The columns of a sheet of accounts that name a unit, by the role of the row."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.rights import OF_WARDS, Role
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.sheets.kinds import Order
from archiveportal.sheets.rows import TableRow
from wards.lookup import UnitLookup, district_lookup, ward_lookup
from wards.models import District, Ward
from wards.row_units import unit_of_row

# Lazy: of thousands of rows hardly one is told.
_MISSING = gettext_lazy("the unit of this person, by name or by code")


class UnitColumns:
    """Finds the unit of a row from its columns `unit_code` and `unit`, by the role of the row."""

    def __init__(self, order: Order) -> None:
        viewer = order.by or EVERYTHING
        self.lookups: dict[str, UnitLookup[Any]] = {
            **dict.fromkeys(OF_WARDS, ward_lookup(viewer, order.as_of)),
            Role.DISTRICT: district_lookup(viewer, order.as_of),
        }

    def unit_of(self, row: TableRow) -> Ward | District | None:
        """Return the unit; None for people of the City's offices, and where the row is refused."""
        lookup = self.lookups.get(row["role"] or "")
        if lookup is None:
            if row["role"] and (row["unit"] or row["unit_code"]):
                row.refuse("unit" if row["unit"] else "unit_code", _("nothing: this role belongs to no unit"))
            return None
        return unit_of_row(row, lookup, expected=_MISSING, about=str(row["role"]))
