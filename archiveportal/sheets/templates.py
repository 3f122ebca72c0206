"""The empty table of a kind of sheet: headings with comments, lists in the cells, one example row."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from archiveportal.excel.writer import FONT
from archiveportal.file_properties import agency
from archiveportal.sheets.columns import ColumnType, TableColumn
from archiveportal.sheets.kinds import GUIDE, FurtherTable, SheetKind

TABLE, LISTS = "Bảng nhập", "Danh mục"
#: rows that have lists and formats
ROWS = 500
HEADING_ROW = 3
ONE_EXAMPLE = "Cột có nền đậm là bắt buộc. Dòng ví dụ ngay dưới tiêu đề không được nhập; hãy ghi đè hoặc xóa dòng đó."
EXAMPLES = "Cột có nền đậm là bắt buộc. Các dòng ví dụ (chữ nghiêng) không được nhập; hãy ghi đè hoặc xóa các dòng đó."
_SHADE = PatternFill("solid", fgColor="EFE9DD")
_NEEDED = PatternFill("solid", fgColor="F6D9C4")
_line = Side(style="thin", color="808080")
_BOX = Border(left=_line, right=_line, top=_line, bottom=_line)


def template_workbook(kind: SheetKind) -> bytes:
    """Return the template as a file."""
    book = Workbook()
    book.properties.creator = agency()
    sheet = book.active
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    written = 0
    tables = [FurtherTable("", TABLE, kind.columns, kind.examples), *kind.further]
    for table in tables:
        sheet = book.active if not table.key else book.create_sheet(table.title, book.index(lists))
        sheet.title = table.title
        _write_table(sheet, lists, kind=kind, table=table, after=written)
        written += len(_columns_of(table))
    if kind.guide:
        _write_guide(book.create_sheet(GUIDE, book.index(lists)), kind.guide)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _columns_of(table: FurtherTable) -> list[TableColumn]:
    return [column for column in table.columns if column.in_template]


def _write_table(sheet: Any, lists: Any, *, kind: SheetKind, table: FurtherTable, after: int) -> None:
    """Write title, headings and example rows of a table; its lists stand behind `after` other columns of lists."""
    sheet["A1"] = f"{kind.title}" if not table.key else f"{kind.title}: {table.title}"
    sheet["A1"].font = Font(name=FONT, size=14, bold=True)
    is_one = not table.examples
    sheet["A2"] = ONE_EXAMPLE if is_one else EXAMPLES
    sheet["A2"].font = Font(name=FONT, italic=True)
    for number, column in enumerate(_columns_of(table), start=1):
        _write_column(sheet, number, column)
        if column.type == ColumnType.CHOICE:
            _write_list(sheet, lists, number=number, column=column, behind=after)
    first = HEADING_ROW + 1 + any(column.example for column in _columns_of(table))
    for row, texts in enumerate(table.examples, start=first):
        for number, text in enumerate(texts, start=1):
            cell = sheet.cell(row, number, text or None)
            cell.font = Font(name=FONT, italic=True, color="6B6B6B")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"
    _fit_to_page(sheet)


def _fit_to_page(sheet: Any) -> None:
    """Print as wide as one sheet of paper across."""
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _write_guide(sheet: Any, lines: Sequence[tuple[str, str]]) -> None:
    """Write what can be written into the template and what it means; a line without meaning is a heading."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 52, 78
    _fit_to_page(sheet)
    for row, (text, meaning) in enumerate(lines, start=1):
        for letter, words in (("A", text), ("B", meaning)):
            cell = sheet[f"{letter}{row}"]
            cell.value, cell.number_format = words or None, "@"
            cell.font = Font(name=FONT, bold=not meaning)
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _write_column(sheet: Any, number: int, column: TableColumn) -> None:
    letter = get_column_letter(number)
    sheet.column_dimensions[letter].width = column.width
    heading = sheet[f"{letter}{HEADING_ROW}"]
    heading.value = column.heading
    heading.font = Font(name=FONT, bold=True)
    heading.fill = _NEEDED if column.is_needed else _SHADE
    heading.border = _BOX
    heading.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    if column.hint:
        heading.comment = Comment(str(column.hint), sheet.parent.properties.creator, width=260, height=90)
    example = sheet[f"{letter}{HEADING_ROW + 1}"]
    example.value = column.example or None
    example.font = Font(name=FONT, italic=True, color="6B6B6B")
    if column.type in (ColumnType.TEXT, ColumnType.DAY):
        # As text: codes and telephone numbers keep their zeros, days stay as they are typed.
        for row in range(HEADING_ROW + 1, HEADING_ROW + ROWS):
            sheet[f"{letter}{row}"].number_format = "@"


def _write_list(sheet: Any, lists: Any, *, number: int, column: TableColumn, behind: int) -> None:
    letter, of_list = get_column_letter(number), get_column_letter(behind + number)
    for row, choice in enumerate(column.choices, start=1):
        lists[f"{of_list}{row}"] = str(choice.label)
    area = f"{quote_sheetname(LISTS)}!${of_list}$1:${of_list}${len(column.choices)}"
    validation = DataValidation(type="list", formula1=area, allow_blank=not column.is_required, showErrorMessage=True)
    validation.error = "Chọn một giá trị trong danh sách."
    validation.errorTitle = column.heading
    sheet.add_data_validation(validation)
    validation.add(f"{letter}{HEADING_ROW + 1}:{letter}{HEADING_ROW + ROWS}")
