"""Opening workbooks again, as a reader would."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.test import Client
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

FIRST_ROW = 7
CELLS = slice(3, 27)
SCORE = 27


def opened(data: bytes) -> Worksheet:
    (sheet,) = load_workbook(BytesIO(data)).worksheets
    assert sheet.sheet_state == "visible"
    assert not any(column.hidden for column in sheet.column_dimensions.values())
    return sheet


def download(client: Client, address: str) -> Worksheet:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Content-Disposition"].startswith('attachment; filename="')
    return opened(response.content)


def ward_rows(sheet: Worksheet) -> Iterator[list[Any]]:
    """The rows of the summary workbook that stand for a ward."""
    for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True):
        if not isinstance(row[0], int):
            return
        yield list(row)


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}
