"""Finding the row with the headings, whatever lies above it, and which column is which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from archiveportal.refusal import Refused
from archiveportal.sheets.columns import TableColumn
from archiveportal.sheets.reading.raw import RawRow, RawSheet, refused
from archiveportal.sheets.values import heading_key, text_of

#: rows with a value among which the headings are looked for
SEARCHED = 30


#: cells that two rows share which are one heading: what is merged down stands in both, or is merged to the right too
SHARED = 2


@dataclass(frozen=True)
class MergedCell:
    """The cell of a heading with the columns that it is merged over, and those of them that no other heading names."""

    row: int
    text: str
    columns: range


@dataclass(frozen=True)
class Headings:
    """The first and last row of the headings, and the number of the column of each key."""

    row: int
    columns: Mapping[str, int]
    last: int = 0
    #: by key, the cell of each heading that is merged over columns without a heading of their own
    merged: Mapping[str, MergedCell] = field(default_factory=dict)

    def missing(self, columns: Sequence[TableColumn]) -> list[TableColumn]:
        return [column for column in columns if column.is_needed and column.key not in self.columns]


def find_headings(rows: Iterable[RawRow], columns: Sequence[TableColumn]) -> Headings:
    """Return the row in which most headings are recognised; with no columns where there is none.

    A heading of two rows, with cells merged down beside others that divide, is read as one.
    """
    rows = list(rows)
    recognised = [_recognised(_keys_of([row]), columns) for row in rows]
    if not any(recognised):
        return Headings(0, {})
    place = max(range(len(rows)), key=lambda each: (len(recognised[each]), -each))
    block = _block(rows, place)
    found = _recognised(_keys_of(block), columns)
    cells = {key: _merged_cell(block, number) for key, number in found.items()}
    merged = {key: cell for key, cell in cells.items() if len(cell.columns) > 1}
    return Headings(block[0].number, found, block[-1].number, merged)


def _merged_cell(block: Sequence[RawRow], number: int) -> MergedCell:
    own = next((row for row in reversed(block) if row.cells.get(number) is not None), block[-1])
    named = [column for column in chain.from_iterable(row.cells for row in block) if column > number]
    across, _bottom = own.across.get(number, (number, own.number))
    last = min([across, *(column - 1 for column in named)])
    return MergedCell(own.number, text_of(own.cells.get(number)), range(number, last + 1))


def _block(rows: Sequence[RawRow], place: int) -> Sequence[RawRow]:
    """Return the row at `place` with the one below or above that is part of the same headings."""
    if place + 1 < len(rows) and _are_one(rows[place], rows[place + 1]):
        return rows[place : place + 2]
    if place and _are_one(rows[place - 1], rows[place]):
        return rows[place - 1 : place + 1]
    return rows[place : place + 1]


def _are_one(upper: RawRow, lower: RawRow) -> bool:
    above, below = _texts_of(upper), _texts_of(lower)
    shared = [number for number, key in above.items() if key and below.get(number) == key]
    wide = [bottom for _last, bottom in upper.across.values() if bottom == lower.number]
    return lower.number == upper.number + 1 and len(shared) + len(wide) >= SHARED


def _texts_of(row: RawRow) -> dict[int, str]:
    return {number: heading_key(text_of(value)) for number, value in row.cells.items()}


def _keys_of(block: Sequence[RawRow]) -> dict[int, list[str]]:
    """Return what each column may be called: its lower cell, both together ("Điểm" over "tối đa"), its upper one."""
    lower = _texts_of(block[-1])
    if len(block) == 1:
        return {number: [key] for number, key in lower.items()}
    upper, spanning = _texts_of(block[0]), ""
    found: dict[int, list[str]] = {}
    for number in sorted(upper.keys() | lower.keys()):
        # A cell merged to the right is blank over all columns but its first.
        spanning = upper.get(number) or spanning
        own = lower.get(number, "")
        found[number] = [key for key in (own, f"{spanning} {own}", upper.get(number, "")) if key.strip()]
    return found


def _recognised(keys: Mapping[int, Sequence[str]], columns: Sequence[TableColumn]) -> dict[str, int]:
    """Return the number of the first column under each heading that is known."""
    found: dict[str, int] = {}
    for column in columns:
        # The heading itself goes before its synonyms, which may be those of a neighbour.
        for wanted in (frozenset({heading_key(column.heading)}), column.heading_keys):
            free = {number: called for number, called in keys.items() if number not in found.values()}
            fitting = {number: _place_in(called, wanted) for number, called in free.items()}
            places = {number: place for number, place in fitting.items() if place is not None}
            if places:
                # Its own cell goes before the one above it, which several columns share.
                found[column.key] = min(places, key=lambda number: (places[number], number))
                break
    return found


def _place_in(called: Sequence[str], wanted: frozenset[str]) -> int | None:
    return next((place for place, key in enumerate(called) if key in wanted), None)


def refuse_twice(row: RawRow, headings: Headings, *, columns: Sequence[TableColumn], sheet: RawSheet) -> None:
    """Refuse a heading that two columns bear: nobody knows which one counts."""
    keys = [heading_key(text_of(value)) for value in row.cells.values()]
    for column in columns:
        if column.key in headings.columns and keys.count(heading_key(column.heading)) > 1:
            message = _("The sheet “%(sheet)s” has the heading “%(heading)s” twice. Delete or rename one of them.")
            raise refused(message % {"sheet": sheet.title, "heading": column.heading}, "headings")


def refuse_hidden(headings: Headings, sheet: RawSheet) -> None:
    """Refuse a hidden column that would be read: nobody who looks at the sheet sees it."""
    hidden = [number for number in headings.columns.values() if number in sheet.hidden_columns]
    if hidden:
        letters = ", ".join(get_column_letter(number) for number in hidden)
        message = _("The sheet “%(sheet)s” has hidden columns that would be read: %(columns)s. Show or delete them.")
        raise refused(message % {"sheet": sheet.title, "columns": letters}, "hidden")


def missing_headings(columns: Sequence[TableColumn], sheet: str, *, hidden: Sequence[str]) -> Refused:
    """Return the refusal of a file in which headings are missing; `hidden` are sheets that were not looked at."""
    message = _(
        "No sheet has these headings in one row: %(headings)s. The sheet “%(sheet)s” comes nearest. Write each heading "
        "into a cell of its own (headings that are merged over several columns are not recognised), or start from the "
        "template."
    )
    names = ", ".join(f"“{column.heading}”" for column in columns)
    said = message % {"headings": names, "sheet": sheet}
    if hidden:
        titles = ", ".join(f"“{title}”" for title in hidden)
        said += " " + _("Hidden sheets are not read: %(sheets)s. Show them, if the table is there.") % {
            "sheets": titles
        }
    return refused(said, "headings")
