"""Tables that have a column for each level: "Lĩnh vực", "Tiêu chí" and "Tiêu chí thành phần" side by side.

A row of theirs may begin a heading, a criterion and a part at once. It becomes a row for each of them, with its name
in the column "name", as a table with one column has it. What else it says is of the lowest one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.utils.translation import gettext as _

from archiveportal.sheets.rows import TableRow
from archiveportal.sheets.values import text_of

#: keys of the columns, from the highest level
LEVELS = ("area", "name", "part")
#: how the columns are called that others lie under
HEADINGS = {"area": "Lĩnh vực", "name": "Tiêu chí"}


def in_one_column(rows: Sequence[TableRow]) -> list[TableRow]:
    """Return the rows with each name in the column "name"; those of a table in one column as they are."""
    if not any({"area", "part"} & row.places.keys() for row in rows):
        return list(rows)
    counts = [row for row in rows[:1] if counts_columns(row)]
    steps = _steps(rows[len(counts) :])
    of_numbers = _level_of_numbers(steps)
    return counts + list(chain.from_iterable(_rows_of(steps, place, of_numbers) for place in range(len(steps))))


def counts_columns(row: TableRow) -> bool:
    """Tell whether a row has the numbers of the columns: (1), (2), (3); those of blank columns may be missing."""
    texts = [text_of(value).strip("() ") for value in row.cells.values() if text_of(value)]
    digits = sorted(int(text) for text in texts if text.isdigit())
    if len(digits) < 2 or len(set(digits)) < len(digits):
        return False
    is_close = digits[-1] - digits[0] < 2 * len(digits) if _counts_a_name(row) else digits[-1] - digits[0] < len(digits)
    return is_close and all(text.isdigit() or text in ("A", "B", "C") for text in texts)


def _counts_a_name(row: TableRow) -> bool:
    return any(row.text(key).strip("() ").isdigit() for key in LEVELS)


def level_of(row: TableRow) -> int | None:
    """Return the level of the column in which the name of a row is; None in a table with one column for all."""
    _letter, column = row.places.get("name", ("", None))
    return LEVELS.index(column.key) if column and {"area", "part"} & row.places.keys() else None


def refuse_without_above(row: TableRow, level: int, above: Sequence[int]) -> None:
    """Refuse a part without a criterion, and a criterion without an area, where the table has a column for these."""
    wanted = LEVELS[level - 1] if level else ""
    if not wanted or wanted not in row.places or level - 1 in above or row.is_refused:
        return
    expected = _("what it lies under: the column “%(heading)s” is empty in this row and above it")
    row.refuse("name", expected % {"heading": HEADINGS[wanted]})


@dataclass
class _Step:
    """A row of the file: the levels that begin in it, and its number where that is not the one above."""

    row: TableRow
    begun: list[str]
    number: str


def _steps(rows: Sequence[TableRow]) -> list[_Step]:
    steps: list[_Step] = []
    current: dict[str, str] = {}
    number = ""
    for row in rows:
        begun: list[str] = []
        for key in LEVELS:
            text = row.text(key)
            # Merged down, a name is in every row.
            if text and (begun or text != current.get(key)):
                begun.append(key)
                current[key] = text
            elif begun:
                current.pop(key, None)
        own = row.text("number")
        steps.append(_Step(row, begun, own if own != number or begun[:1] == ["area"] else ""))
        number = own or number
    return steps


def _level_of_numbers(steps: Sequence[_Step]) -> str:
    """Return the level that numbers are of in rows that begin several: the highest over which one of them is merged."""
    reached = ((_reach(steps, place), step) for place, step in enumerate(steps) if step.number and step.begun)
    found = [key for key, step in reached if key != step.begun[-1]]
    return min(found, key=LEVELS.index, default="")


def _reach(steps: Sequence[_Step], place: int) -> str:
    """Return the lowest level begun in a row that goes on as far as its number does."""
    begun = steps[place].begun
    extents = {key: _extent(steps, place, _ends(key)) for key in begun}
    numbered = min(_extent(steps, place, lambda step: bool(step.number)), extents[begun[0]])
    return next(key for key in reversed(begun) if extents[key] >= numbered)


def _ends(key: str) -> Callable[[_Step], bool]:
    """Return what tells whether a row ends one of a level: another one begins, or one above it."""
    upper = set(LEVELS[: LEVELS.index(key) + 1])
    return lambda step: not upper.isdisjoint(step.begun)


def _extent(steps: Sequence[_Step], place: int, ends: Callable[[_Step], bool]) -> int:
    """Return over how many rows something goes on that begins at a place."""
    following = range(place + 1, len(steps))
    return next((later for later in following if ends(steps[later])), len(steps)) - place


def _rows_of(steps: Sequence[_Step], place: int, of_numbers: str) -> list[TableRow]:
    step = steps[place]
    if not step.begun:
        cells = {**step.row.cells, "name": None, "number": step.row.cells.get("number") if step.number else None}
        return [replace(step.row, cells=cells)]
    numbered = of_numbers if of_numbers in step.begun else _reach(steps, place)
    return [_named(step, key, is_numbered=key == numbered) for key in step.begun]


def _named(step: _Step, key: str, *, is_numbered: bool) -> TableRow:
    """Return the row of one level; the lowest has the other cells, and the faults of the file."""
    row, is_lowest = step.row, key == step.begun[-1]
    number = row.cells.get("number") if is_numbered and step.number else None
    names = {"name": row.cells.get(key), "number": number}
    cells = {**row.cells, **names} if is_lowest else names
    places = {**row.places, "name": row.places[key]}
    if is_lowest:
        return replace(row, cells=cells, places=places)
    return replace(row, cells=cells, places=places, values={}, faults=[], questions=[], notes=[])
