"""Pages of a printed sheet: a heading stays with its first row, signatures stay together."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from archiveportal.excel import Book
from archiveportal.excel.pages import SURE, Pages


def pages(rows: int = 10) -> Pages:
    """Pages with room for so many lines under one heading row."""
    found = Pages(room=(rows + 1) * 15 / SURE + 0.01, head=(2, 2))
    found.add(1, 15)
    found.add(2, 15)
    return found


def test_pages_turn_where_they_are_full():
    found = pages()
    for row in range(3, 33):
        found.add(row, 15)
    assert found.breaks == [11, 21, 31]


def test_a_heading_at_the_foot_goes_to_the_next_page():
    found = pages()
    for row in range(3, 16):
        found.add(row, 15)
        if row == 11:
            found.keep_with_next()
    assert found.breaks == [10]


def test_rows_in_a_group_are_not_parted():
    found = pages()
    for row in range(3, 16):
        found.add(row, 15)
        if 8 < row < 14:
            found.keep_with_next()
    assert found.breaks == [8]


def test_a_group_longer_than_a_page_is_parted():
    found = pages()
    for row in range(3, 40):
        found.add(row, 15)
        found.keep_with_next()
    assert found.breaks[0] == 11


@pytest.mark.parametrize("grouped", [True, False])
def test_a_workbook_turns_pages_only_where_rows_stay_together(grouped):
    book = Book()
    sheet = book.sheet("Thử")
    sheet.lay_out(widths=[20, 20], header_rows=(1, 1))
    for number in range(80):
        sheet.row([number])
        if grouped and number == 30:
            sheet.keep_with_next()
    buffer = BytesIO()
    book.save(buffer)
    found = load_workbook(BytesIO(buffer.getvalue())).active
    assert [mark.id for mark in found.row_breaks.brk] == ([30, 60] if grouped else [])
