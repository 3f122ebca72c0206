"""The unit that a row of a sheet names: by code, by name, or both; what is ambiguous is asked."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.sheets.rows import TableRow
from wards.lookup import AnyUnit, UnitLookup

#: options of a question at most
MOST_OPTIONS = 12
#: ended units that an error names
MOST_ENDED = 4
# Lazy: of thousands of rows hardly one is told.
_UNIT = gettext_lazy("the unit, by name or by code")


def unit_of_row(
    row: TableRow, lookup: UnitLookup[AnyUnit], *, expected: str | Promise = _UNIT, about: str = ""
) -> AnyUnit | None:
    """Return the unit of the columns `unit_code` and `unit`; None where the row is refused or asks.

    `expected` is said where both cells are blank; `about` tells the question from others on the same text.
    """
    if row["unit_code"]:
        return _by_code(row, lookup)
    if row["unit"]:
        return _by_name(row, lookup, about)
    row.refuse("unit", str(expected))
    return None


def _by_code(row: TableRow, lookup: UnitLookup[AnyUnit]) -> AnyUnit | None:
    code = row["unit_code"]
    standing = lookup.with_code(code)
    if not standing:
        row.refuse("unit_code", _expected(lookup.not_in_force(code=code)))
        return None
    name = row["unit"]
    if name and name != standing[0].title and standing[0] not in lookup.named(name):
        message = _("code and name of the same unit: %(code)s is %(unit)s")
        row.refuse("unit", message % {"code": code, "unit": standing[0].title})
    return standing[0]


def _by_name(row: TableRow, lookup: UnitLookup[AnyUnit], about: str) -> AnyUnit | None:
    found = lookup.named(row["unit"])
    if not found:
        row.refuse("unit", _expected(lookup.not_in_force(text=row["unit"])))
        return None
    if len(found) == 1:
        return found[0]
    options = [(str(unit.pk), f"{title_of_unit(unit)} ({unit.code})") for unit in found[:MOST_OPTIONS]]
    answer = row.ask("unit", options, about=about)
    return next((unit for unit in found if str(unit.pk) == answer), None)


def _expected(ended: list[AnyUnit]) -> str:
    """Say what is expected in place of a unit that is not in force, or that nobody knows."""
    if not ended:
        return _("a unit that the portal has; check the spelling, or add the unit first")
    units = "; ".join(f"{title_of_unit(unit)} ({unit.period})" for unit in ended[:MOST_ENDED])
    return _("a unit in force on the day; of this name or code: %(units)s") % {"units": units}


def title_of_unit(unit: Any) -> str:
    """Return the title of a ward with its district, or of a district."""
    return getattr(unit, "full_title", unit.title)
