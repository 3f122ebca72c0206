"""The sheet of units as a kind of sheet: what pages and commands know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.history.models import Via
from archiveportal.scope import Right
from archiveportal.sheets.kinds import Order, SheetKind
from archiveportal.sheets.rows import PlanLine, TableRow
from wards.services import take_in_units
from wards.unit_sheet.columns import COLUMNS
from wards.unit_sheet.joining import Joining
from wards.unit_sheet.known import KnownUnits
from wards.unit_sheet.listed import ListedRow, is_of_another_province, line_of, read_rows
from wards.unit_sheet.of_one_day import ListOfOneDay
from wards.unit_sheet.over_time import settle_over_time


class UnitSheet(SheetKind):
    """Units are made, changed and joined by the services of the pages."""

    code = "units"
    slug = "don-vi"
    title = gettext_lazy("Units from a sheet")
    about = gettext_lazy(
        "The list of the statistics office for one day, or units over time with their former units, one row for each "
        "former unit. A unit that is known stays as it is, except for what its row says otherwise."
    )
    right = Right.CAN_MANAGE_UNITS
    columns = COLUMNS

    def check(self, rows: Iterable[TableRow], order: Order) -> Iterator[PlanLine]:
        """Yield a line for each row, then one for each unit that a whole list does not have."""
        listed = read_rows(rows)
        own = [each for each in listed if not _note_another_province(each)]
        known = KnownUnits()
        day = None
        if any("valid_from" in each.row.places for each in own):
            settle_over_time(own, known, order)
        elif own:
            day = ListOfOneDay(known, order, answers=own[0].row.answers)
            day.settle(own)
        Joining(known).join(own)
        yield from map(line_of, listed)
        if day is not None:
            yield from day.lines()

    def apply(self, lines: Sequence[PlanLine], order: Order, *, batch: int | None) -> dict[str, Any]:
        return take_in_units(steps=[line.step for line in lines], by=order.by, via=Via.IMPORT)

    def result_address(self, batch: int) -> str:
        return reverse("wards:list")


def _note_another_province(each: ListedRow) -> bool:
    """Note on a row that it is about a unit of another province, which is not taken in."""
    is_elsewhere = is_of_another_province(each.row)
    if is_elsewhere:
        each.row.notes.append(_("It lies in another province and is not taken in."))
    return is_elsewhere
