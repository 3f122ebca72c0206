"""Opening workbooks again, as a reader would."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.test import Client
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

CELLS = slice(3, 27)
SCORE = 27
SOURCES = "Nguồn"


def whole(data: bytes) -> Workbook:
    """All sheets; none of them, and none of their columns and rows, is hidden."""
    book = load_workbook(BytesIO(data))
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert not any(column.hidden for column in sheet.column_dimensions.values())
        assert not any(row.hidden for row in sheet.row_dimensions.values())
    return book


def opened(data: bytes) -> Worksheet:
    """The sheet with the table."""
    return whole(data).worksheets[0]


def data_of(book: Any) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def download_data(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Content-Disposition"].startswith('attachment; filename="')
    return response.content


def download(client: Client, address: str) -> Worksheet:
    return opened(download_data(client, address))


def values(sheet: Worksheet) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def head_row(sheet: Worksheet) -> int:
    """The first of the rows that are printed on every page."""
    return int(sheet.print_title_rows.split(":")[0].strip("$"))


def first_row(sheet: Worksheet) -> int:
    return int(sheet.print_title_rows.split(":")[1].strip("$")) + 1


def numbered_rows(sheet: Worksheet) -> list[list[Any]]:
    """The rows that begin with a number: not sections, totals, notes or signatures."""
    rows = sheet.iter_rows(min_row=first_row(sheet), values_only=True)
    return [list(row) for row in rows if isinstance(row[0], int)]


def ward_rows(sheet: Worksheet) -> Iterator[list[Any]]:
    """Yield the rows of the summary workbook that are about a ward."""
    yield from numbered_rows(sheet)


def sources(data: bytes) -> dict[str, Any]:
    """What the sheet of sources says; only the first of several sentences."""
    rows = whole(data)[SOURCES].iter_rows(min_row=2, max_col=2, values_only=True)
    return {label: value for label, value in rows if label}


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def has_formula(data: bytes) -> bool:
    """A formula in a cell; a chart names its cells in elements of its own."""
    return any("<f>" in text or "<f " in text for name, text in parts(data).items() if "worksheets/" in name)
