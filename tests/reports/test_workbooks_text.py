"""S16 and S17: whatever text a cell is given, the file opens and the text comes back."""

import datetime
import re
from decimal import Decimal
from io import BytesIO

from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from archiveportal.excel import CUT, LONGEST_TEXT, Book, list_workbook, whole_file
from archiveportal.vietnamese import without_control_characters
from tests.support.agency import AGENCY, EXTENDED
from tests.support.books import data_of, parts

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "#N/A", "=", "'=1", "1E5", "TRUE", "_x0041_", "a_x000D_b"]


def written(texts: list[str]) -> bytes:
    book = Book()
    sheet = book.sheet("Thử")
    for text in texts:
        sheet.row([text])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(data: bytes) -> list[str | None]:
    sheet = load_workbook(BytesIO(data)).active
    # openpyxl leaves the escape of an underscore as it is in the file; spreadsheets read it.
    return [cell and cell.replace("_x005F_", "_") for (cell,) in sheet.iter_rows(max_col=1, values_only=True)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\r"), max_size=60), min_size=1, max_size=5))
@example(FORMULAS)
@example(["\x00\x01a\x1b", "\ud800b", "\ufffe", "👍🏽 e\u0301", " hai dấu cách  "])
def test_every_text_comes_back_without_its_control_characters(texts):
    data = written(texts)
    assert "<f>" not in parts(data)["xl/worksheets/sheet1.xml"]
    got = read(data) + [None] * len(texts)
    for text, back in zip(texts, got, strict=False):
        assert (back or "") == without_control_characters(text).replace("_x005F_", "_")


def test_a_text_beyond_the_limit_ends_in_a_visible_mark():
    (back,) = read(written(["ă" * 40_000]))
    assert len(back) == LONGEST_TEXT and back.endswith(CUT)


def test_what_looks_like_a_formula_stays_text_after_editing():
    data = written(["=1+1", "1+1"])
    (first,), (second,) = load_workbook(BytesIO(data)).active.iter_rows()
    assert first.quotePrefix and first.data_type == "s" and not second.quotePrefix


def test_a_spreadsheet_reads_the_escape_of_an_underscore():
    assert re.search(r"<t[^>]*>_x005F_x0041_</t>", parts(written(["_x0041_"]))["xl/worksheets/sheet1.xml"])


def test_lists_keep_numbers_dates_and_high_rows():
    day = datetime.date(2019, 12, 30)
    rows = [["=x", 1341, Decimal("40.60"), day, None], ["rất dài " * 40, 0, Decimal(2), day, ""]]
    buffer = BytesIO()
    list_workbook("Danh sách", ["Tên", "Số", "Tỷ lệ", "Ngày", "Ghi chú"], rows).save(buffer)
    sheet = load_workbook(BytesIO(buffer.getvalue())).active
    name, count, share, date, note = sheet[5]
    assert (name.value, count.value, share.value, date.value.date(), note.value) == ("=x", 1341, 40.6, day, None)
    assert (share.number_format, date.number_format) == ("0.00", "dd/mm/yyyy")
    assert sheet.row_dimensions[6].height > 60
    assert sheet["B4"].font.b and sheet.freeze_panes == "A5"


def test_a_file_is_whole_or_not_there(tmp_path):
    target = tmp_path / "bang.xlsx"
    target.write_bytes(b"earlier")
    try:
        with whole_file(target) as file:
            file.write(b"half")
            raise RuntimeError
    except RuntimeError:
        pass
    assert target.read_bytes() == b"earlier" and list(tmp_path.iterdir()) == [target]
    with whole_file(target) as file:
        file.write(b"whole")
    assert target.read_bytes() == b"whole" and list(tmp_path.iterdir()) == [target]


def test_a_file_names_the_agency_its_title_and_the_moment_of_its_figures():
    moment = datetime.datetime(2026, 3, 5, 17, 0, tzinfo=datetime.UTC)
    book = Book("Bảng\x00 tổng hợp\n" + "x" * 300, made_at=moment)
    book.sheet("Thử").row(["x"])
    data = data_of(book)
    about = load_workbook(BytesIO(data)).properties
    assert (about.creator, about.lastModifiedBy, about.language) == (AGENCY, AGENCY, "vi-VN")
    assert about.title == ("Bảng tổng hợp " + "x" * 300)[:250]
    assert about.created == about.modified == moment.replace(tzinfo=None)
    assert parts(data)["docProps/app.xml"] == EXTENDED.decode() and "penpyxl" not in EXTENDED.decode()
