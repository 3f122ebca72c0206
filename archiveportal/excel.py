"""The one way in which the portal writes workbooks: row by row, with shared cell styles.

Styling cell by cell in openpyxl's normal mode took some thirty times as long as this. Text stays text: a value
that begins with "=" is not a formula, control characters are left out, and nothing is shortened silently.
"""

from __future__ import annotations

import datetime
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX

from archiveportal.vietnamese import as_of, without_control_characters

FONT = "Times New Roman"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767
CUT = " […]"
#: what a spreadsheet would take for the start of a formula as soon as somebody edits the cell
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
#: spreadsheets read "_x0041_" within a text as the letter A; the first underscore is written as such a code itself
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
AUTHOR = "Sở Nội vụ Thành phố Hồ Chí Minh"
A3, A4 = "8", "9"
#: characters that a page takes across before Excel shrinks it
A4_PORTRAIT, A4_LANDSCAPE = 90, 135
#: height of a line of text, and of the highest row that a spreadsheet allows, in points
LINE, HIGHEST = 15, 409

_line = Side(style="thin", color="808080")
_BOX = Border(left=_line, right=_line, top=_line, bottom=_line)
_SHADE = PatternFill("solid", fgColor="EFE9DD")
_MARKED = PatternFill("solid", fgColor="F7F7F2")


@dataclass(frozen=True)
class Style:
    """How a cell looks; equal styles share one entry in the workbook."""

    bold: bool = False
    italic: bool = False
    size: int = 11
    box: bool = True
    shade: bool = False
    centred: bool = False
    vertical: bool = False
    wrap: bool = True
    #: text from a source that cannot be trusted, told apart from what was checked
    marked: bool = False
    #: shown as text also after somebody has edited it
    quoted: bool = False
    number_format: str = "General"


TITLE = Style(bold=True, size=14, box=False, centred=True)
SUBTITLE = Style(italic=True, size=12, box=False, centred=True)
NOTE = Style(italic=True, box=False, wrap=False)
HEAD = Style(bold=True, centred=True, shade=True)
HEAD_VERTICAL = Style(bold=True, centred=True, shade=True, vertical=True)
TEXT = Style()
TEXT_ITALIC = Style(italic=True)
CENTRED = Style(centred=True)
CENTRED_ITALIC = Style(centred=True, italic=True)
MARKED = Style(italic=True, marked=True, size=10)
MARKED_HEAD = Style(bold=True, italic=True, centred=True, marked=True)
COUNT = Style(number_format="#,##0")
PERCENT = Style(number_format="0.00")
DATE = Style(number_format="dd/mm/yyyy", centred=True)
TOTAL = Style(bold=True, shade=True)
TOTAL_COUNT = Style(bold=True, shade=True, number_format="#,##0")
TOTAL_CENTRED = Style(bold=True, shade=True, centred=True, number_format="#,##0")


def clean(value: Any) -> Any:
    """A value as a workbook may hold it. Text beyond Excel's limit ends in a visible mark."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, datetime.date):
        return value
    text = _ESCAPE.sub("_x005F_", without_control_characters(str(value)))
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(CUT)] + CUT


def _sheet_title(title: str) -> str:
    """Excel takes 31 characters and none of []:*?/\\ in the name of a sheet."""
    return INVALID_TITLE_REGEX.sub("-", without_control_characters(title))[:31].strip("'") or "Bảng"


def _numbered(cells: Sequence[WriteOnlyCell], row: int) -> Iterator[WriteOnlyCell]:
    """The cells of a row, each told its place as it is written, so that one cell may stand in many places."""
    for column, cell in enumerate(cells, start=1):
        cell.row, cell.column = row, column
        yield cell


class Sheet:
    """A worksheet that is written from top to bottom."""

    def __init__(self, book: Book, title: str) -> None:
        self.book = book
        self.worksheet = book.workbook.create_sheet(_sheet_title(title))
        # Rows here are made of cells alone. openpyxl would first try each as a plain value and catch the error, which
        # takes a quarter of the time. Were this method of its gone one day, rows would be written its own way again.
        self.worksheet._values_to_row = _numbered
        self.row_number = 0
        self.widths: Sequence[float] = ()
        self._shared: dict[tuple, WriteOnlyCell] = {}

    def cell(self, value: Any, style: Style = TEXT) -> WriteOnlyCell:
        """A styled cell. One cell may be appended again and again where value and style recur."""
        value = clean(value)
        cell = WriteOnlyCell(self.worksheet, value)
        if isinstance(value, str):
            cell.data_type = "s"
            if value.startswith(FORMULA_STARTS):
                style = replace(style, quoted=True)
        cell._style = self.book.style(self.worksheet, style)
        return cell

    def shared(self, value: Any, style: Style = TEXT) -> WriteOnlyCell:
        """The same cell for the same value: for values of which a sheet has few and writes many."""
        key = (type(value), value, style)
        if key not in self._shared:
            self._shared[key] = self.cell(value, style)
        return self._shared[key]

    def append(self, cells: Sequence[Any]) -> None:
        self.worksheet.append(cells)
        self.row_number += 1

    def row(self, values: Iterable[Any], style: Style = TEXT) -> None:
        self.append([self.cell(value, style) for value in values])

    def fit(self, cells: Sequence[WriteOnlyCell]) -> None:
        """Appends a row that is high enough for its longest text. Not every program does this by itself."""
        lines = 1
        for cell, width in zip(cells, self.widths, strict=False):
            if isinstance(cell.value, str):
                lines = max(lines, sum(-(-len(part) // max(int(width * 1.05), 1)) for part in cell.value.split("\n")))
        if lines > 1:
            self.height(self.row_number + 1, min(LINE * lines, HIGHEST))
        self.append(cells)

    def lay_out(
        self,
        *,
        widths: Sequence[float],
        freeze: str | None = None,
        header_rows: tuple[int, int] | None = None,
        paper: str = A4,
        landscape: bool = True,
        foot: str = "",
    ) -> None:
        """Column widths in characters and the print set-up. Must come before the first row."""
        sheet = self.worksheet
        self.widths = widths
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.freeze_panes = freeze
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.paperSize = paper
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.8, 0.4
        sheet.print_options.horizontalCentered = True
        for part, text in ((sheet.oddFooter.left, foot.replace("&", "&&")), (sheet.oddFooter.right, "&P/&N")):
            part.text, part.font, part.size = text or None, f"{FONT},Regular", 9
        if header_rows:
            sheet.print_title_rows = "{}:{}".format(*header_rows)

    def merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        first, last = get_column_letter(first_column), get_column_letter(last_column)
        self.worksheet.merged_cells.add(f"{first}{first_row}:{last}{last_row}")

    def height(self, row: int, points: float) -> None:
        self.worksheet.row_dimensions[row].height = points


class Book:
    """A workbook in write-only mode."""

    def __init__(self) -> None:
        self.workbook = Workbook(write_only=True)
        self.workbook.properties.creator = AUTHOR
        self._styles: dict[Style, Any] = {}

    def sheet(self, title: str) -> Sheet:
        return Sheet(self, title)

    def style(self, worksheet: Any, style: Style) -> Any:
        """The workbook's number for a style, looked up once per style and not once per cell."""
        if style not in self._styles:
            cell = WriteOnlyCell(worksheet)
            cell.font = Font(name=FONT, size=style.size, bold=style.bold, italic=style.italic)
            cell.alignment = Alignment(
                horizontal="center" if style.centred else "left" if style.number_format == "General" else None,
                indent=1 if style.box and style.number_format == "General" and not style.centred else 0,
                vertical="center",
                wrap_text=style.wrap,
                text_rotation=90 if style.vertical else 0,
            )
            if style.box:
                cell.border = _BOX
            if style.shade or style.marked:
                cell.fill = _SHADE if style.shade else _MARKED
            if style.quoted:
                cell.quotePrefix = True
            cell.number_format = style.number_format
            self._styles[style] = cell._style
        return self._styles[style]

    def save(self, file: Any) -> None:
        self.workbook.save(file)


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
    """A plain list as a workbook: title, what it was filtered by, headings, rows. Numbers and dates stay such."""
    rows = list(rows)
    book = Book()
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
        return PERCENT
    return COUNT if isinstance(value, int | float | Decimal) else TEXT


def _widths(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    widths = [len(str(heading)) for heading in headings]
    for row in rows[:200]:
        widths = [max(width, len(str(value or ""))) for width, value in zip(widths, row, strict=True)]
    widest = 60 if len(headings) <= 6 else 34 if len(headings) <= 12 else 22
    return [min(max(width + 3, 7), widest) for width in widths]


def workbook_response(book: Book, name: str) -> HttpResponse:
    """The workbook as a download. The name is made of letters, digits and hyphens alone."""
    buffer = BytesIO()
    book.save(buffer)
    response = HttpResponse(buffer.getvalue(), content_type=CONTENT_TYPE)
    stem = slugify(name.replace("đ", "d").replace("Đ", "D"))[:80] or "vtlt"
    response["Content-Disposition"] = f'attachment; filename="{stem}.xlsx"'
    return response
