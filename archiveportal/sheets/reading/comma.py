"""Reading text with separators (.csv): UTF-8 with or without a mark, comma, semicolon or tab."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from archiveportal.sheets.reading.raw import (
    MOST_COLUMNS,
    MOST_ROWS,
    RawRow,
    RawSheet,
    broken,
    refused,
    too_many_columns,
    too_many_rows,
)

SEPARATORS = ",;\t"
#: lines by which the separator is chosen
TRIED = 50
#: as a spreadsheet program calls the only sheet
ONLY_SHEET = "CSV"


def sheets_of_text(content: bytes, name: str) -> Iterator[RawSheet]:
    """Yield the one sheet of a text."""
    text = _decoded(content)
    separator = _separator(text)
    yield RawSheet(ONLY_SHEET, _rows(text, separator))


def _decoded(content: bytes) -> str:
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        message = _(
            "The text is not in UTF-8, so Vietnamese letters would be lost. In the spreadsheet program choose “Save "
            "as” → “CSV UTF-8”, or hand in the .xlsx file."
        )
        raise refused(message, "encoding") from None


def _separator(text: str) -> str:
    """Return the separator that cuts most of the first lines into the same number of cells."""

    def regular_cells(separator: str) -> int:
        lines = io.StringIO(text, newline="")
        counts: dict[int, int] = {}
        try:
            for _number, cells in zip(range(TRIED), csv.reader(lines, delimiter=separator), strict=False):
                counts[len(cells)] = counts.get(len(cells), 0) + 1
        except csv.Error:
            return 0
        return max((count * (width - 1) for width, count in counts.items()), default=0)

    return max(SEPARATORS, key=regular_cells)


def _rows(text: str, separator: str) -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, cells in enumerate(reader, start=1):
            found = {column: cell for column, cell in enumerate(cells, start=1) if cell}
            if not found:
                continue
            if number > MOST_ROWS:
                raise too_many_rows(ONLY_SHEET, number)
            if max(found) > MOST_COLUMNS:
                raise too_many_columns(ONLY_SHEET, f"{number}, {max(found)}")
            yield RawRow(number, found)
    except csv.Error:
        raise broken() from None
