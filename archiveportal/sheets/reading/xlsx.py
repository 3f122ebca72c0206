"""Reading .xlsx by openpyxl, read-only: cells as they stream by, with what is hidden and merged.

The parser of openpyxl is used itself, and what a read-only sheet passes to it: the sheet would fill
the gaps up to the last cell (16,384 columns, a million rows) and say nothing of what is hidden.
"""

# ruff: noqa: SLF001 (see above; tests read files of every kind by it, so that a change is noticed)

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from lxml.etree import XMLSyntaxError
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._reader import WorkSheetParser

from archiveportal.refusal import Refused
from archiveportal.sheets.reading.raw import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    RawRow,
    RawSheet,
    broken,
    refused,
    too_many_columns,
    too_many_rows,
)
from archiveportal.sheets.values import NoValue

#: rows without a value that are read before the sheet is refused: formats alone down to the end
MOST_BLANK_ROWS = 100_000
#: merged areas that are looked at, and bytes of the sheet after its rows in which they are looked for
MOST_MERGED, LARGEST_TAIL = 5_000, 2 * 1024 * 1024
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)"')
_END_OF_ROWS = re.compile(rb"</(?:\w+:)?sheetData>")
CHUNK = 256 * 1024
TRICKS = (DefusedXmlException,)
FAULTS = (
    ParseError,
    XMLSyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
)


def sheets_of_xlsx(content: bytes) -> Iterator[RawSheet]:
    """Yield the sheets of a workbook. Raise `Refused` for what cannot be read."""
    _refuse_entities(content)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of parts that it leaves out, such as pictures and lists.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except FAULTS as error:
        # openpyxl puts what it met into an error of its own.
        raise _tricks() if isinstance(error.__cause__, TRICKS) else broken() from None
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "_worksheet_path")]
    if len(sheets) > MOST_SHEETS:
        message = _("The workbook has %(count)s sheets; at most %(limit)s are read. Hand in the sheets that matter.")
        raise refused(message % {"count": len(sheets), "limit": MOST_SHEETS}, "too_large")
    for sheet in sheets:
        yield _raw_sheet(sheet)


def _raw_sheet(sheet: Any) -> RawSheet:
    hidden: set[int] = set()
    return RawSheet(
        sheet.title,
        _guarded(_rows(sheet, hidden)),
        is_hidden=sheet.sheet_state != "visible",
        # Filled before the first row is read: columns come first in the file.
        hidden_columns=hidden,
        is_1904=sheet.parent.epoch == CALENDAR_MAC_1904,
    )


def _guarded(rows: Iterator[RawRow]) -> Iterator[RawRow]:
    """Turn what the parser stumbles over into words."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from rows
    except Refused:
        raise
    except TRICKS:
        raise _tricks() from None
    except FAULTS:
        raise broken() from None


def _rows(sheet: Any, hidden: set[int]) -> Iterator[RawRow]:
    """Yield the rows that have a value."""
    merged, across = _merged(sheet)
    filled: dict[int, tuple[int, Any]] = {}
    book, blank = sheet.parent, 0
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            found = _values(cells, sheet.title)
            for column, (last, value) in list(filled.items()):
                if number <= last:
                    found.setdefault(column, value)
            for column, last in merged.get(number, {}).items():
                if column in found:
                    filled[column] = (last, found[column])
            if not found:
                blank += 1
                if blank > MOST_BLANK_ROWS:
                    raise too_many_rows(sheet.title, number)
                continue
            if number > MOST_ROWS:
                raise too_many_rows(sheet.title, number)
            _note_hidden(parser.column_dimensions, hidden)
            attributes = parser.row_dimensions.pop(str(number), {})
            yield RawRow(number, found, _is_on(attributes.get("hidden")), across.get(number, {}))


def _values(cells: list[dict[str, Any]], title: str) -> dict[int, Any]:
    """Return the values of a row by column; blank cells are left out."""
    found: dict[int, Any] = {}
    for cell in cells:
        value = cell["value"]
        if value is None or value == "":
            continue
        column, kind = cell["column"], cell["data_type"]
        if column > MOST_COLUMNS:
            raise too_many_columns(title, f"{get_column_letter(column)}{cell['row']}")
        if kind == "f":
            value = NoValue(str(getattr(value, "text", value)), is_formula=True)
        elif kind == "e":
            value = NoValue(str(value), is_formula=False)
        found[column] = value
    return found


def _note_hidden(dimensions: dict[str, dict[str, str]], hidden: set[int]) -> None:
    """Move hidden columns from what the parser has met to the set, once."""
    for attributes in dimensions.values():
        if _is_on(attributes.get("hidden")):
            last = min(int(attributes.get("max", 0)), MOST_COLUMNS)
            hidden.update(range(int(attributes["min"]), last + 1))
    dimensions.clear()


def _is_on(text: str | None) -> bool:
    return text in ("1", "true")


def _merged(sheet: Any) -> tuple[dict[int, dict[int, int]], dict[int, dict[int, tuple[int, int]]]]:
    """Return {first row: {column: last row}} of cells merged over several rows of one column, and
    {first row: {first column: (last column, last row)}} of those merged over several columns.

    A sheet names its merged areas after its rows; they are looked for there without parsing.
    """
    down: dict[int, dict[int, int]] = {}
    across: dict[int, dict[int, tuple[int, int]]] = {}
    with sheet._get_source() as source:
        areas = _MERGED.findall(_after_rows(source))
    for area in areas[:MOST_MERGED]:
        left, top, right, bottom = range_boundaries(area.decode())
        if left == right and bottom > top:
            down.setdefault(top, {})[left] = bottom
        elif right > left:
            across.setdefault(top, {})[left] = min(right, MOST_COLUMNS), bottom
    return down, across


def _after_rows(source: Any) -> bytes:
    """Return what follows the rows in the file of a sheet."""
    before = b""
    while chunk := source.read(CHUNK):
        piece = before + chunk
        end = _END_OF_ROWS.search(piece)
        if end:
            return piece[end.end() :] + source.read(LARGEST_TAIL)
        before = chunk[-32:]
    return b""


def _refuse_entities(content: bytes) -> None:
    """Refuse parts that declare entities. Sheets are parsed by defusedxml, which refuses them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            is_sheet = entry.filename.startswith("xl/worksheets/sheet")
            if is_sheet or not entry.filename.lower().endswith((".xml", ".rels")):
                continue
            try:
                with archive.open(entry) as part:
                    has_doctype = b"<!DOCTYPE" in part.read(64 * 1024).replace(b"\0", b"")
            except FAULTS:
                raise broken() from None
            if has_doctype:
                raise _tricks()


def _tricks() -> Refused:
    message = _(
        "The file has parts that a spreadsheet program does not write (declared entities), so it was not opened. Copy "
        "the table into a new workbook and hand that in."
    )
    return refused(message, "entities")
