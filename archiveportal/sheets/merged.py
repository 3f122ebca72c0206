"""Headings that are merged over several columns: what each of these holds, or which cells to write otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, product

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from archiveportal.sheets.columns import MergedHeading, TableColumn
from archiveportal.sheets.headings import Headings, MergedCell
from archiveportal.sheets.reading.raw import RawRow, RawSheet, refused
from archiveportal.sheets.values import NotThis, text_of

Divide = Callable[[MergedHeading], Mapping[str, int]]


def has_divided(headings: Headings, columns: Iterable[TableColumn]) -> bool:
    """Tell whether a heading is merged whose columns are told apart: all rows say which of them have a text."""
    return any(column.divide and column.key in headings.merged for column in columns)


def divide_merged(
    headings: Headings, rows: Sequence[RawRow], *, columns: Sequence[TableColumn], sheet: RawSheet
) -> Headings:
    """Return the headings with each column below a merged one. Raise `Refused` where they cannot be told apart."""
    found = dict(headings.columns)
    for column in columns:
        cell = headings.merged.get(column.key)
        if column.divide and cell:
            parts = _parts(cell, _texts_below(cell, rows), headings, key=column.key, divide=column.divide, sheet=sheet)
            del found[column.key]
            found |= parts
            if len(parts) > 1:
                sheet.notes.append(_as_read(cell, parts, columns))
    return replace(headings, columns=found)


def _texts_below(cell: MergedCell, rows: Sequence[RawRow]) -> dict[int, list[str]]:
    texts = {number: [text_of(row.cells.get(number)) for row in rows] for number in cell.columns}
    return {number: list(filter(None, said)) for number, said in texts.items() if any(said)}


def _parts(
    cell: MergedCell,
    texts: Mapping[int, Sequence[str]],
    headings: Headings,
    *,
    key: str,
    divide: Divide,
    sheet: RawSheet,
) -> Mapping[str, int]:
    """Return the columns by what they are; one alone, or none, is what the heading says."""
    if len(texts) < 2:
        return {key: next(iter(texts), cell.columns[0])}
    try:
        return divide(MergedHeading(key, cell.text, cell.row, texts, frozenset(headings.columns) - {key}))
    except NotThis as instead:
        message = _(
            "The sheet “%(sheet)s”: the heading “%(heading)s” is merged over the cells %(cells)s, and the columns "
            "%(columns)s have text below it. %(instead)s"
        )
        said = {"sheet": sheet.title, "heading": cell.text, "cells": _cells(cell), "columns": _letters(texts)}
        raise refused(message % (said | {"instead": str(instead)}), "headings") from None


def _as_read(cell: MergedCell, parts: Mapping[str, int], columns: Sequence[TableColumn]) -> str:
    names = {column.key: column.heading for column in columns}
    read = ", ".join(f"{get_column_letter(number)} “{names[key]}”" for key, number in parts.items())
    message = _("The heading “%(heading)s”, merged over %(cells)s, is read as: %(columns)s.")
    return message % {"heading": cell.text, "cells": _cells(cell), "columns": read}


def refuse_unnamed(
    headings: Headings, rows: Sequence[RawRow], *, columns: Sequence[TableColumn], sheet: RawSheet
) -> None:
    """Refuse text in a column without a heading, beside one that would be divided if its heading were merged.

    Text with separators and older formats do not say which cells are merged.
    """
    for column in columns:
        number = headings.columns.get(column.key)
        if number is None or column.divide is None or column.key in headings.merged:
            continue
        unnamed = _unnamed_after(number, headings, rows)
        below = [row for row in rows if row.number > headings.last and row.cells.get(number) is None]
        for row, other in product(below, unnamed):
            if _is_of_a_record(row, other, headings):
                _refuse_cell(row, other, column=column, headings=headings, sheet=sheet)


def _unnamed_after(number: int, headings: Headings, rows: Sequence[RawRow]) -> list[int]:
    """Return the columns between one with a heading and the next that has one, or is one below a merged heading."""
    block = [row for row in rows if headings.row <= row.number <= headings.last]
    following = [column for column in chain.from_iterable(row.cells for row in block) if column > number]
    between = range(number + 1, min(following, default=number + 1))
    return [each for each in between if each not in headings.columns.values()]


def _is_of_a_record(row: RawRow, number: int, headings: Headings) -> bool:
    """Tell whether a cell has words in a row that says more to its right."""
    has_words = any(map(str.isalpha, text_of(row.cells.get(number))))
    return has_words and any(row.cells.get(other) is not None for other in headings.columns.values() if other > number)


def _refuse_cell(row: RawRow, number: int, *, column: TableColumn, headings: Headings, sheet: RawSheet) -> None:
    letter = get_column_letter(number)
    message = _(
        "The sheet “%(sheet)s”: the cell %(cell)s has “%(text)s”, and the cell %(above)s above it has no heading. The "
        "heading “%(heading)s” in %(place)s is of its own column alone. Write a heading into %(above)s, for example "
        "“Tiêu chí” or “Tiêu chí thành phần”, or move the text into column %(letter)s."
    )
    said = {
        "sheet": sheet.title,
        "cell": f"{letter}{row.number}",
        "text": text_of(row.cells.get(number))[:80],
        "above": f"{letter}{headings.last}",
        "heading": column.heading,
        "place": f"{get_column_letter(headings.columns[column.key])}{headings.row}",
        "letter": get_column_letter(headings.columns[column.key]),
    }
    raise refused(message % said, "headings")


def _cells(cell: MergedCell) -> str:
    return f"{get_column_letter(cell.columns[0])}{cell.row}:{get_column_letter(cell.columns[-1])}{cell.row}"


def _letters(numbers: Iterable[int]) -> str:
    return ", ".join(map(get_column_letter, numbers))
