"""Reading .xls and .ods by calamine, in a process of its own with little memory and time.

The reader is native code over formats from before anybody thought of attacks: what goes wrong in it
ends that process, and the person reads a sentence. It knows neither formulas nor hidden rows.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.sheets.reading.raw import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    RawRow,
    RawSheet,
    broken,
    refused,
    too_large,
    too_many_columns,
    too_many_rows,
)

#: bytes of memory and seconds of the process
MOST_MEMORY, MOST_SECONDS = 512 * 1024 * 1024, 20
SCRIPT = os.path.join(os.path.dirname(__file__), "other_process.py")  # noqa: PTH118, PTH120
#: what the process ends with where it says why
PASSWORD, TOO_LARGE = 3, 4


def sheets_of_other(content: bytes, ending: str) -> Iterator[RawSheet]:
    """Yield the sheets of an .xls or .ods file. Raise `Refused`."""
    for title, is_hidden, rows in _read(content, ending):
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


def _read(content: bytes, ending: str) -> list[tuple[str, bool, list[list[Any]]]]:
    limits = [str(MOST_MEMORY), str(MOST_SECONDS), str(MOST_SHEETS), str(MOST_ROWS), str(MOST_COLUMNS)]
    try:
        done = subprocess.run(  # noqa: S603
            # Isolated: nothing of the portal, its settings or its environment is in that process.
            [sys.executable, "-I", SCRIPT, ending, *limits],
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS * 2,
            env={"PATH": os.environ.get("PATH", "")},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_large() from None
    if done.returncode == PASSWORD:
        raise refused(_("A password protects the file. Save it without one and hand that in."), "password")
    if done.returncode == TOO_LARGE:
        raise too_large()
    if done.returncode:
        raise broken()
    return json.loads(done.stdout)
