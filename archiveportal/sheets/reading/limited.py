"""Reading .xls and .ods by calamine in the limited process, which knows neither formulas nor hidden rows."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.opening.process import Limits, open_limited
from archiveportal.opening.reasons import CannotOpen, Reason
from archiveportal.opening.words import busy
from archiveportal.refusal import Refused
from archiveportal.sheets.reading.raw import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    RawRow,
    RawSheet,
    broken,
    locked,
    refused,
    too_large,
    too_many_columns,
    too_many_rows,
)

LIMITS = Limits()


def sheets_of_other(content: bytes) -> Iterator[RawSheet]:
    """Yield the sheets of an .xls or .ods file. Raise `Refused`."""
    for title, is_hidden, rows in _read(content):
        if len(rows) > MOST_ROWS:
            raise too_many_rows(title, len(rows))
        widest = max(map(len, rows), default=0)
        if widest > MOST_COLUMNS:
            raise too_many_columns(title, str(widest))
        note = _(
            "A file of this format does not say which cells are formulas and which rows are hidden: their results "
            "were taken as they were saved. Look at the values below, or hand in .xlsx."
        )
        yield RawSheet(title, _rows(rows), is_hidden=is_hidden, notes=[note])


def _rows(rows: list[list[Any]]) -> Iterator[RawRow]:
    for number, cells in enumerate(rows, start=1):
        found = {column: _value(cell) for column, cell in enumerate(cells, start=1) if cell not in (None, "")}
        if found:
            yield RawRow(number, found)


def _value(cell: Any) -> Any:
    """Return a cell as other readers give it; the process writes days as {"day": text}."""
    return datetime.datetime.fromisoformat(cell["day"]) if isinstance(cell, dict) else cell


def _read(content: bytes) -> list[tuple[str, bool, list[list[Any]]]]:
    try:
        _facts, sheets = open_limited("table", content, MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, limits=LIMITS)
    except CannotOpen as error:
        raise _in_words(error.reason) from None
    return json.loads(sheets)


def _in_words(reason: Reason) -> Refused:
    if reason == Reason.PASSWORD:
        return locked()
    if reason == Reason.TOO_LARGE:
        return too_large()
    return refused(busy(), "busy") if reason == Reason.BUSY else broken()
