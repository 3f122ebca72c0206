"""The empty table of a kind of sheet: headings with comments, lists in the cells, one example row."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from archiveportal.excel.writer import FONT
from archiveportal.file_properties import AGENCY
from archiveportal.sheets.columns import ColumnType, TableColumn
from archiveportal.sheets.kinds import SheetKind

TABLE, LISTS = "Bảng nhập", "Danh mục"
#: rows that have lists and formats
ROWS = 500
HEADING_ROW = 3
_SHADE = PatternFill("solid", fgColor="EFE9DD")
_NEEDED = PatternFill("solid", fgColor="F6D9C4")
_line = Side(style="thin", color="808080")
_BOX = Border(left=_line, right=_line, top=_line, bottom=_line)


def template_workbook(kind: SheetKind) -> bytes:
    """Return the template as a file."""
    book = Workbook()
    book.properties.creator = AGENCY
    sheet = book.active
    sheet.title = TABLE
    sheet["A1"] = f"{kind.title}"
    sheet["A1"].font = Font(name=FONT, size=14, bold=True)
    sheet["A2"] = (
        "Cột có nền đậm là bắt buộc. Dòng ví dụ ngay dưới tiêu đề không được nhập; hãy ghi đè hoặc xóa dòng đó."
    )
    sheet["A2"].font = Font(name=FONT, italic=True)
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for number, column in enumerate(kind.columns, start=1):
        _write_column(sheet, number, column)
        if column.type == ColumnType.CHOICE:
            _write_list(sheet, lists, number=number, column=column)
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _write_column(sheet: Any, number: int, column: TableColumn) -> None:
    letter = get_column_letter(number)
    sheet.column_dimensions[letter].width = column.width
    heading = sheet[f"{letter}{HEADING_ROW}"]
    heading.value = column.heading
    heading.font = Font(name=FONT, bold=True)
    heading.fill = _NEEDED if column.is_required else _SHADE
    heading.border = _BOX
    heading.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    if column.hint:
        heading.comment = Comment(column.hint, AGENCY, width=260, height=90)
    example = sheet[f"{letter}{HEADING_ROW + 1}"]
    example.value = column.example or None
    example.font = Font(name=FONT, italic=True, color="6B6B6B")
    if column.type in (ColumnType.TEXT, ColumnType.DAY):
        # As text: codes and telephone numbers keep their zeros, days stay as they are typed.
        for row in range(HEADING_ROW + 1, HEADING_ROW + ROWS):
            sheet[f"{letter}{row}"].number_format = "@"


def _write_list(sheet: Any, lists: Any, *, number: int, column: TableColumn) -> None:
    letter = get_column_letter(number)
    for row, choice in enumerate(column.choices, start=1):
        lists[f"{letter}{row}"] = choice.label
    area = f"{quote_sheetname(LISTS)}!${letter}$1:${letter}${len(column.choices)}"
    validation = DataValidation(type="list", formula1=area, allow_blank=not column.is_required, showErrorMessage=True)
    validation.error = "Chọn một giá trị trong danh sách."
    validation.errorTitle = column.heading
    sheet.add_data_validation(validation)
    validation.add(f"{letter}{HEADING_ROW + 1}:{letter}{HEADING_ROW + ROWS}")
