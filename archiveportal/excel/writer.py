"""The one way in which the portal writes workbooks: row by row, with shared cell styles.

Styling cell by cell in openpyxl's normal mode took some thirty times as long as this. Text stays text: a value
that begins with "=" is not a formula, control characters are left out, and nothing is shortened silently.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumData, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.pagebreak import Break
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_APP

from archiveportal.excel.pages import A4, Pages
from archiveportal.file_properties import LANGUAGE, agency, extended_properties, moment_of_file, title_of_file
from archiveportal.vietnamese import without_control_characters

FONT = "Times New Roman"
LONGEST_TEXT = 32_767
CUT = " […]"
#: what a spreadsheet would take for the start of a formula as soon as somebody edits the cell
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
#: spreadsheets read "_x0041_" within a text as the letter A; the first underscore is written as such a code itself
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
#: characters that a page takes across before Excel shrinks it
A4_PORTRAIT, A4_LANDSCAPE = 90, 135
#: height of a line of text, and of the highest row that a spreadsheet allows, in points
LINE, HIGHEST = 15, 409
#: a spreadsheet takes 255 characters of foot for all its parts and their codes
LONGEST_FOOT = 150
#: more bars than this cannot be distinguished on a page
MOST_BARS = 40

_line = Side(style="thin", color="808080")
_BOX = Border(left=_line, right=_line, top=_line, bottom=_line)
_SHADE = PatternFill("solid", fgColor="EFE9DD")
_MARKED = PatternFill("solid", fgColor="F7F7F2")


@dataclass(frozen=True)
class Style:
    """The look of a cell; equal styles share one entry in the workbook."""

    bold: bool = False
    italic: bool = False
    underlined: bool = False
    size: int = 11
    box: bool = True
    shade: bool = False
    centred: bool = False
    vertical: bool = False
    wrap: bool = True
    #: text from a source that cannot be trusted, marked so that it differs from checked text
    marked: bool = False
    #: shown as text also after somebody has edited it
    quoted: bool = False
    number_format: str = "General"

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(tuple(getattr(self, part.name) for part in fields(self))))

    @property
    def horizontal(self) -> str | None:
        """Text is at the left, numbers where the program puts them."""
        if self.centred:
            return "center"
        return "left" if self.number_format == "General" else None

    def __hash__(self) -> int:
        """Worked out once: a style is looked up for every cell."""
        return self._hash


PLAIN = Style(box=False)
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
WHOLE, AS_IT_IS = "#,##0", "#,##0.##"
COUNT = Style(number_format=WHOLE)
PERCENT = Style(number_format="0.00")
DATE = Style(number_format="dd/mm/yyyy", centred=True)
TOTAL = Style(bold=True, shade=True)
TOTAL_COUNT = Style(bold=True, shade=True, number_format=WHOLE)
TOTAL_CENTRED = Style(bold=True, shade=True, centred=True, number_format=WHOLE)


def clean(value: Any) -> Any:
    """Return a value as a workbook may hold it. Text beyond Excel's limit ends in a visible
    mark."""
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


@lru_cache(maxsize=1024)
def lines_of(text: str, width: float, style: Style = TEXT) -> int:
    """Count the lines of a text in a column of so many characters, broken between words."""
    across = width * 1.12 * 11 / style.size
    if text.isupper():
        across *= 0.8
    across = max(int(across), 1)
    if len(text) <= across and "\n" not in text:
        return 1
    lines = 0
    for paragraph in text.split("\n"):
        lines, left = lines + 1, across
        for word in paragraph.split(" "):
            if len(word) > left < across:
                lines, left = lines + 1, across
            over = max(-(-len(word) // across) - 1, 0)
            lines, left = lines + over, left + over * across - len(word) - 1
    return lines


def _numbered(cells: Sequence[WriteOnlyCell], row: int) -> Iterator[WriteOnlyCell]:
    """The cells of a row; each gets its place as it is written, so one cell may be used many
    times."""
    for column, cell in enumerate(cells, start=1):
        cell.row, cell.column = row, column
        yield cell


class Sheet:
    """A worksheet that is written from top to bottom."""

    def __init__(self, book: Book, title: str) -> None:
        self.book = book
        self.worksheet = book.workbook.create_sheet(_sheet_title(title))
        # Rows here have nothing but cells. openpyxl would first try each as a plain value and catch
        # the error: 0.75 s for 84,000 cells, 0.54 s this way. Were this method of its gone one day,
        # rows would be written in its own way again.
        self.worksheet._values_to_row = _numbered  # noqa: SLF001
        self.row_number = 0
        self.pages = Pages()
        #: of rows that are not a line high and not yet written
        self._heights: dict[int, float] = {}
        self.widths: Sequence[float] = ()
        self._shared: dict[tuple, WriteOnlyCell] = {}

    def cell(self, value: Any, style: Style = TEXT) -> WriteOnlyCell:
        """Return a styled cell. One cell may be appended again and again where value and style
        recur."""
        value = clean(value)
        cell = WriteOnlyCell(self.worksheet, value)
        if isinstance(value, str):
            cell.data_type = "s"
            if value.startswith(FORMULA_STARTS):
                style = replace(style, quoted=True)
        elif isinstance(value, float | Decimal) and style.number_format == WHOLE and value % 1:
            # A column of counts does not show 25,5 m² as 26.
            style = replace(style, number_format=AS_IT_IS)
        # The number of the style, looked up once. Copying a styled cell, the public way, takes 0.66 s
        # for 84,000 cells, 0.54 s this way; setting font, border and alignment takes many times that.
        cell._style = self.book.style(self.worksheet, style)  # noqa: SLF001
        return cell

    def shared(self, value: Any, style: Style = TEXT) -> WriteOnlyCell:
        """Return the same cell for the same value, for values that a sheet repeats many times."""
        key = (type(value), value, style)
        if key not in self._shared:
            self._shared[key] = self.cell(value, style)
        return self._shared[key]

    def append(self, cells: Sequence[Any]) -> None:
        self.worksheet.append(cells)
        self.row_number += 1
        self.pages.add(self.row_number, self._heights.pop(self.row_number, LINE))

    def row(self, values: Iterable[Any], style: Style = TEXT) -> None:
        self.append([self.cell(value, style) for value in values])

    def fit(self, cells: Sequence[WriteOnlyCell]) -> None:
        """Appends a row that is high enough for its longest text. Not every program does this by itself."""
        lines = 1
        for cell, width in zip(cells, self.widths, strict=False):
            # Most texts are short, and capitals take a fifth more than small letters at most.
            if isinstance(cell.value, str) and (len(cell.value) > width * 0.8 or "\n" in cell.value):
                lines = max(lines, lines_of(cell.value, width))
        if lines > 1:
            self.height(self.row_number + 1, min(LINE * lines, HIGHEST))
        self.append(cells)

    def blocks(self, *blocks: tuple[Any, Style, int, int]) -> None:
        """Appends a row of merged blocks (value, style, first and last column), high enough for their texts."""
        row, height = self.row_number + 1, 0.0
        cells = [self.shared(None, PLAIN)] * max(last for _, _, _, last in blocks)
        for value, style, first, last in blocks:
            cells[first - 1 : last] = [self.cell(value, style), *[self.shared(None, style)] * (last - first)]
            if last > first:
                self.merge(rows=(row, row), columns=(first, last))
            text = value if isinstance(value, str) else ""
            lines = lines_of(text, sum(self.widths[first - 1 : last]), style)
            height = max(height, lines * style.size * LINE / 11)
        self.height(row, min(height, HIGHEST))
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
        pages_across: int = 1,
        title_columns: str | None = None,
    ) -> None:
        """Column widths in characters and the print set-up, before the first row; `title_columns` repeat across."""
        sheet = self.worksheet
        self.widths = widths
        self.pages = Pages.of(widths, paper=paper, landscape=landscape, head=header_rows, across=pages_across)
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.freeze_panes = freeze
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.paperSize = paper
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_across, 0
        sheet.print_title_cols = title_columns
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.8, 0.4
        sheet.print_options.horizontalCentered = True
        foot = foot if len(foot) <= LONGEST_FOOT else foot[: LONGEST_FOOT - len(CUT)] + CUT
        foot = without_control_characters(foot).replace("\n", " ").replace("&", "&&")
        for part, text in ((sheet.oddFooter.left, foot), (sheet.oddFooter.right, "Trang &P/&N")):
            part.text, part.font, part.size = text or None, f"{FONT},Regular", 9
        if header_rows:
            sheet.print_title_rows = "{}:{}".format(*header_rows)

    def bars(
        self,
        *,
        title: str,
        labels: Sequence[str],
        values: Sequence[int | Decimal],
        first_row: int,
        column: int,
        anchor: str,
        lying: bool = False,
        mark: int | None = None,
        number_format: str = "#,##0",
        own_formats: Mapping[int, str] | None = None,
    ) -> None:
        """Draw a chart of one series of bars, one ink for a black-and-white printer, the value at
        each bar.

        The values are in the sheet from `first_row` on, in `column`, their labels in the column
        before. They are kept in the chart too, for programs that only show a file. `mark` draws a
        line at each multiple (100 percent). `own_formats` are number formats of single bars by their
        place, for numbers that show a word.
        """
        own_formats = own_formats or {}
        chart = BarChart()
        chart.type, chart.style, chart.legend, chart.gapWidth = "bar" if lying else "col", 1, None, 60
        chart.title, chart.width, chart.height = title, 17, max(9, 3 + 0.6 * len(labels)) if lying else 11
        last_row = first_row + len(labels) - 1
        series = Series(Reference(self.worksheet, column, first_row, column, last_row), title=title)
        series.val.numRef.numCache = NumData(
            number_format,
            len(values),
            [NumVal(place, own_formats.get(place), f"{value}") for place, value in enumerate(values)],
        )
        names = StrData(len(labels), [StrVal(place, clean(label)) for place, label in enumerate(labels)])
        place = Reference(self.worksheet, column - 1, first_row, column - 1, last_row)
        series.cat = AxDataSource(strRef=StrRef(f=str(place), strCache=names))
        series.graphicalProperties = GraphicalProperties(solidFill="4A4A4A")
        series.graphicalProperties.line.solidFill = "000000"
        shown = {"showVal": True, "showSerName": False, "showCatName": False, "showLegendKey": False}
        of_bars = [DataLabel(idx=place, numFmt=own, **shown) for place, own in own_formats.items()]
        series.dLbls = DataLabelList(dLbl=of_bars, numFmt=number_format, **shown)
        chart.series.append(series)
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.y_axis.numFmt, chart.y_axis.scaling.min, chart.y_axis.majorUnit = "#,##0", 0, mark
        if lying:
            # As in the table beside it, from top to bottom; the scale stays below.
            chart.x_axis.scaling.orientation, chart.y_axis.crosses = "maxMin", "max"
        self.worksheet.add_chart(chart, anchor)

    def merge(self, *, rows: tuple[int, int], columns: tuple[int, int]) -> None:
        """Merge the cells from the first to the last row and column."""
        first, last = map(get_column_letter, columns)
        # The set itself: its own method compares each area with all before it.
        self.worksheet.merged_cells.ranges.add(CellRange(f"{first}{rows[0]}:{last}{rows[1]}"))

    def height(self, row: int, points: float) -> None:
        """Set the height of a row that is still to be written."""
        self.worksheet.row_dimensions[row].height = self._heights[row] = points

    def keep_with_next(self) -> None:
        """The row just written stays on the page of the next one: a heading, a line above the signatures."""
        self.pages.keep_with_next()

    def on_one_page(self, *, most: float = 1.25) -> None:
        """Prints a table that is a little too long for one page on one, rather than its signatures on a second."""
        if self.pages.filled <= most:
            self.worksheet.page_setup.fitToHeight = 1

    def turn_pages(self) -> None:
        """Writes down where the pages end, once all rows are there."""
        if self.pages.has_groups and not self.worksheet.page_setup.fitToHeight:
            for row in self.pages.breaks:
                self.worksheet.row_breaks.append(Break(id=row))


class _Archive(ZipFile):
    """The file of a workbook, with its agency in the place of the library's name."""

    def writestr(self, name: Any, data: Any, *options: Any, **more: Any) -> None:
        super().writestr(name, extended_properties(agency()) if name == ARC_APP else data, *options, **more)


class Book:
    """A workbook in write-only mode. `title` and `made_at` are told by the properties of its file."""

    def __init__(self, title: str = "", *, made_at: datetime.datetime | None = None) -> None:
        self.workbook = Workbook(write_only=True)
        about, moment = self.workbook.properties, moment_of_file(made_at or timezone.now())
        about.creator = about.lastModifiedBy = agency()
        about.title, about.language = title_of_file(title), LANGUAGE
        about.created = about.modified = moment
        self.sheets: list[Sheet] = []
        self._styles: dict[Style, Any] = {}

    def sheet(self, title: str) -> Sheet:
        self.sheets.append(Sheet(self, title))
        return self.sheets[-1]

    def style(self, worksheet: Any, style: Style) -> Any:
        """Return the workbook's number for a style, looked up once per style and not once per
        cell."""
        if style not in self._styles:
            cell = WriteOnlyCell(worksheet)
            cell.font = Font(
                name=FONT,
                size=style.size,
                bold=style.bold,
                italic=style.italic,
                underline="single" if style.underlined else None,
            )
            cell.alignment = Alignment(
                horizontal=style.horizontal,
                indent=1 if style.box and style.horizontal == "left" else 0,
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
            self._styles[style] = cell._style  # noqa: SLF001 (see Sheet.cell)
        return self._styles[style]

    def save(self, file: Any) -> None:
        for sheet in self.sheets:
            sheet.turn_pages()
        # As `Workbook.save` does, without its own moment and program.
        with _Archive(file, "w", ZIP_DEFLATED, allowZip64=True) as archive:
            ExcelWriter(self.workbook, archive).write_data()
