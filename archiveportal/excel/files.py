"""Workbooks that leave: as a file on the disk, as a download, and a plain list as a workbook."""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from archiveportal.excel.pages import A3, A4
from archiveportal.excel.writer import (
    A4_LANDSCAPE,
    A4_PORTRAIT,
    COUNT,
    DATE,
    HEAD,
    NOTE,
    PERCENT,
    TEXT,
    Book,
    Style,
)
from archiveportal.vietnamese import as_of

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is there only once it is whole: written beside the target, then renamed. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        # Readable as a file made in the ordinary way, which a temporary one is not.
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def list_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, filters: str = "") -> Book:
    """Write a plain list as a workbook: title, what it was filtered by, headings, rows. Numbers and
    dates stay such."""
    rows = list(rows)
    book = Book(title)
    sheet = book.sheet(title)
    widths = _widths(headings, rows)
    sheet.lay_out(
        widths=widths,
        freeze="A5",
        header_rows=(4, 4),
        landscape=sum(widths) > A4_PORTRAIT,
        paper=A3 if sum(widths) > A4_LANDSCAPE else A4,
    )
    sheet.row([title], Style(bold=True, size=14, box=False, wrap=False))
    sheet.row([as_of(timezone.localtime())], NOTE)
    sheet.row([filters], NOTE)
    sheet.row(headings, HEAD)
    for row in rows:
        sheet.fit([sheet.cell(value, _style_of(value)) for value in row])
    return book


def _style_of(value: Any) -> Style:
    if isinstance(value, datetime.date):
        return DATE
    if isinstance(value, Decimal) and value != value.to_integral_value():
        # A share has two decimals, 47,60; any other number those that it has, 25,5.
        return PERCENT if value.as_tuple().exponent == -2 else COUNT
    return COUNT if isinstance(value, int | float | Decimal) else TEXT


def _widths(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    widths = [len(str(heading)) for heading in headings]
    for row in rows[:200]:
        widths = [max(width, len(str(value or ""))) for width, value in zip(widths, row, strict=True)]
    widest = _widest(len(headings))
    return [min(max(width + 3, 7), widest) for width in widths]


def _widest(columns: int) -> int:
    """Return how many characters one of so many columns may take, so that a row fits a page."""
    if columns <= 6:
        return 60
    return 34 if columns <= 12 else 22


def workbook_response(book: Book, name: str) -> HttpResponse:
    """Send the workbook as a download. The name has only letters, digits and hyphens."""
    buffer = BytesIO()
    book.save(buffer)
    response = HttpResponse(buffer.getvalue(), content_type=CONTENT_TYPE)
    stem = slugify(name.replace("đ", "d").replace("Đ", "D"))[:80] or "vtlt"
    response["Content-Disposition"] = f'attachment; filename="{stem}.xlsx"'
    return response
