"""Sheets as a reader yields them, and how much a file may hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.refusal import Refused
from archiveportal.vietnamese import number

MEGABYTE = 1024 * 1024
#: of a file as it is handed in, the same as of every other upload
LARGEST_TABLE = 15 * MEGABYTE
#: rows and columns that a sheet may reach, and sheets that are read
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 20_000, 200, 50


@dataclass(slots=True)
class RawRow:
    """A row with its cells by number of the column, both counted from 1."""

    number: int
    cells: dict[int, Any]
    is_hidden: bool = False
    #: last column and last row of each cell that is merged to the right, by its first column
    across: dict[int, tuple[int, int]] = field(default_factory=dict)


@dataclass
class RawSheet:
    """A sheet whose rows are read as they are asked for. Blank rows may be missing."""

    title: str
    rows: Iterator[RawRow]
    is_hidden: bool = False
    hidden_columns: set[int] = field(default_factory=set)
    #: whether serial numbers of days count from 1904
    is_1904: bool = False
    #: said once of the whole sheet
    notes: list[str] = field(default_factory=list)


def refused(message: str, code: str = "table") -> Refused:
    """Return the refusal of a whole file."""
    return Refused(message, code=code)


def too_many_rows(title: str, row: int) -> Refused:
    message = _(
        "The sheet “%(sheet)s” reaches row %(row)s; at most %(limit)s rows are read. Delete what is below the table "
        "(whole rows, not only their content), or divide the file."
    )
    return refused(message % {"sheet": title, "row": number(row), "limit": number(MOST_ROWS)}, "too_large")


def too_many_columns(title: str, cell: str) -> Refused:
    message = _(
        "The sheet “%(sheet)s” has a cell far to the right (%(cell)s); at most %(limit)s columns are read. Delete the "
        "columns beside the table."
    )
    return refused(message % {"sheet": title, "cell": cell, "limit": MOST_COLUMNS}, "too_large")


def too_large() -> Refused:
    message = _(
        "The file is too large once it is unpacked, so it was not opened. Copy the table alone into a new workbook, "
        "without pictures and formats, and hand that in."
    )
    return refused(message, "too_large")


def locked() -> Refused:
    return refused(_("A password protects the file. Save it without one and hand that in."), "password")


def broken() -> Refused:
    message = _(
        "The file cannot be read as a table: it is damaged or of another kind than its name says. Open it in a "
        "spreadsheet program, save it as .xlsx and hand that in."
    )
    return refused(message, "broken")
