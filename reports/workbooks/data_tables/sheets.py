"""The sheet of a data table: one header row, one row a record, nothing merged, every value of its own type.

Codes are text, numbers and percents are numbers (47.67 for 47,67%), days are days, years are whole
numbers. Nothing is said by italics or by a blank alone: a column says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from archiveportal import excel
from archiveportal.excel import Book, Style
from reports.workbooks.form import Form

SHEET = "Bảng dữ liệu"
YES, NO = "có", "không"
HEAD = Style(bold=True, shade=True, centred=True)
TEXT = Style(wrap=False)
COUNT = Style(wrap=False, number_format="#,##0")
#: a number as it is recorded: DECIMAL where it has decimals
NUMBER = Style(wrap=False, number_format="#,##0_)")
DECIMAL = Style(wrap=False, number_format="#,##0.00")
YEAR = Style(wrap=False, number_format="0")
PERCENT = Style(wrap=False, number_format="0.00")
DATE = Style(wrap=False, number_format="dd/mm/yyyy")
#: a longer text hardly recurs, so its cell is not kept
LONGEST_SHARED = 200


@dataclass(frozen=True)
class DataColumn:
    heading: str
    width: float
    style: Style = TEXT


@dataclass
class DataTable:
    """Records of one kind. `rows` are read once, as they are written."""

    columns: Sequence[DataColumn]
    rows: Iterable[Sequence[Any]]
    sheet: str = SHEET
    #: how the values follow from the records, a sentence each
    derived: list[str] = field(default_factory=list)


def yes_or_no(value: object) -> str:
    return YES if value else NO


def data_workbook(form: Form, tables: Iterable[DataTable]) -> Book:
    """Write each table on a sheet, then the sheet of sources. `form` has the subject and the reader."""
    for place, table in enumerate(tables):
        count = _write(form.book, table)
        form.records = form.records or count if place else count
        form.derived += table.derived
    return form.finish()


def _write(book: Book, table: DataTable) -> int:
    """Write a table and return the number of its records."""
    sheet = book.sheet(table.sheet)
    widths = [column.width for column in table.columns]
    sheet.lay_out(widths=widths, freeze="A2", header_rows=(1, 1), paper=excel.A3)
    sheet.fit([sheet.cell(column.heading, HEAD) for column in table.columns])
    columns = [_Cells(sheet, column.style) for column in table.columns]
    for row in table.rows:
        sheet.append([cells.of(value) for cells, value in zip(columns, row, strict=True)])
    last = get_column_letter(len(widths))
    sheet.worksheet.auto_filter.ref = f"A1:{last}{sheet.row_number}"
    return sheet.row_number - 1


class _Cells:
    """The cells of a column by their values: most values recur, and one cell is written many times."""

    def __init__(self, sheet: excel.Sheet, style: Style) -> None:
        self.sheet, self.style = sheet, style
        self.known: dict[Any, Any] = {}

    def of(self, value: Any) -> Any:
        cell = self.known.get(value)
        if cell is None:
            cell = self.sheet.cell(value, self._style_of(value))
            if not isinstance(value, str) or len(value) <= LONGEST_SHARED:
                self.known[value] = cell
        return cell

    def _style_of(self, value: Any) -> Style:
        # A column of numbers has words too: the sign of what was not shown.
        if self.style is not NUMBER or value is None or isinstance(value, str):
            return self.style
        return DECIMAL if value != int(value) else NUMBER
