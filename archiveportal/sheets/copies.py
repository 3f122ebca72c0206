"""A copy of a small file with its errors as comments in the cells."""

from __future__ import annotations

import io
import warnings
from collections import defaultdict
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from archiveportal.excel.writer import clean
from archiveportal.file_properties import agency
from archiveportal.sheets.reading.opening import TableFormat, format_of_table, open_sheets, unpacked_size
from archiveportal.sheets.rows import PlanLine, TablePlan
from archiveportal.sheets.values import text_of

#: rows of a file of which a copy is made, and its size unpacked
MOST_COMMENTED, LARGEST_COPIED = 1000, 8 * 1024 * 1024
_MARK = PatternFill("solid", fgColor="FFD9D9")


def can_be_commented(content: bytes, plan: TablePlan) -> bool:
    return len(plan.lines) <= MOST_COMMENTED and unpacked_size(content) <= LARGEST_COPIED


def commented_copy(content: bytes, name: str, plan: TablePlan) -> bytes:
    """Return the file as a workbook whose faulty cells are marked and say what is expected."""
    book = _as_workbook(content, name)
    issuer = agency()
    for (sheet, cell), texts in _comments(plan).items():
        if sheet in book.sheetnames:
            marked = book[sheet][cell]
            marked.comment = Comment("\n".join(texts), issuer, width=320, height=120)
            marked.fill = _MARK
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _as_workbook(content: bytes, name: str) -> Any:
    if format_of_table(content) == TableFormat.XLSX:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content), keep_links=False)
    book = Workbook()
    book.remove(book.active)
    for raw in open_sheets(content, name):
        sheet = book.create_sheet(raw.title[:31])
        for row in raw.rows:
            for number, value in row.cells.items():
                cell = sheet.cell(row.number, number)
                cell.value = clean(text_of(value))
                # Text stays text, also where it begins with "=".
                cell.data_type = "s"
    return book


def _comments(plan: TablePlan) -> dict[tuple[str, str], list[str]]:
    """Return {(sheet, cell): what is expected}; errors of a whole row are at its first cell."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in plan.lines:
        for column, text in _texts(line) if line.sheet else ():
            found[line.sheet, f"{column or 'A'}{line.row}"].append(text)
    return found


def _texts(line: PlanLine) -> list[tuple[str, str]]:
    texts = [(fault.column, fault.expected) for fault in line.faults]
    for question in line.questions:
        labels = "\n".join(f"- {label}" for _value, label in question.options)
        texts.append((question.column, labels))
    return texts
