"""Files of tables: what is read of them, and what is refused with words."""

import datetime
import io
import time
import tracemalloc
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from archiveportal.refusal import Refused
from archiveportal.sheets.checking import TableReader
from archiveportal.sheets.columns import Choice, ColumnType, TableColumn
from archiveportal.sheets.kinds import KINDS
from archiveportal.sheets.reading.opening import format_of_table
from tests.support.office import compound_file
from tests.support.sheets import entities, saved, with_part, workbook, zip_bomb

COLUMNS = (
    TableColumn("name", "Họ và tên", is_required=True, synonyms=("Họ tên",)),
    TableColumn("born", "Ngày sinh", type=ColumnType.DAY),
    TableColumn("count", "Số lượng", type=ColumnType.NUMBER),
    TableColumn("kind", "Loại", type=ColumnType.CHOICE, choices=(Choice("a", "Loại Một", ("một",)),)),
)
HEADINGS = ("Họ và tên", "Ngày sinh", "Số lượng", "Loại")


def rows_of(content, columns=COLUMNS, name="a.xlsx"):
    return list(TableReader(content, name, columns=columns, answers={}).rows())


def refusal(content, name="a.xlsx", columns=COLUMNS):
    with pytest.raises(Refused) as caught:
        rows_of(content, columns, name)
    return caught.value


def test_titles_above_other_order_and_case_are_no_matter():
    content = workbook(
        [
            ("SỞ NỘI VỤ",),
            ("Danh sách công chức", None, "Năm 2026"),
            (),
            ("STT", "LOẠI", "so luong (*)", "Ghi chú", "HO TEN", "Ngày  sinh"),
            (1, "một", "1.234,5", "gì đó", "Nguyễn Văn An", "5/8/26"),
            (None, None, None, "chỉ ghi chú"),
            (2, "LOAI MOT", 7, None, "Trần\u00a0Thị  Bê", 45000),
        ]
    )
    first, second = rows_of(content)
    assert first.values == {"name": "Nguyễn Văn An", "born": datetime.date(2026, 8, 5), "count": 1234.5, "kind": "a"}
    assert second.values["name"] == "Trần Thị Bê"
    assert second.values["born"] == datetime.date(2023, 3, 15)
    assert (first.sheet, first.number, first.places["name"][0]) == ("Danh sách", 5, "E")
    assert not first.faults
    assert not second.faults


def test_errors_name_column_value_and_what_is_expected():
    (row,) = rows_of(workbook([HEADINGS, (None, "31/2/2026", "abc", "Loại Hai")]))
    found = {fault.heading: (fault.column, fault.value) for fault in row.faults}
    assert found == {
        "Họ và tên": ("A", ""),
        "Ngày sinh": ("B", "31/2/2026"),
        "Số lượng": ("C", "abc"),
        "Loại": ("D", "Loại Hai"),
    }
    assert all(fault.expected for fault in row.faults)


def test_a_formula_in_a_data_cell_is_an_error_of_its_row():
    first, second = rows_of(workbook([HEADINGS, ("=1+1", None, None, None), ("An", None, None, None)]))
    assert [(fault.heading, fault.value) for fault in first.faults] == [("Họ và tên", "=1+1")]
    assert not second.faults


def test_an_error_of_a_formula_is_an_error():
    def change(book):
        book.active["B2"].value, book.active["B2"].data_type = "#N/A", "e"

    (row,) = rows_of(workbook([HEADINGS, ("An", None, None, None)], change=change))
    assert [(fault.heading, fault.value) for fault in row.faults] == [("Ngày sinh", "#N/A")]


def test_cells_merged_over_rows_count_for_each_of_them():
    def change(book):
        book.active.merge_cells("D2:D4")
        book.active.merge_cells("A1:A1")

    rows = rows_of(
        workbook([HEADINGS, ("An", None, 1, "một"), ("Bê", None, 2), ("Chi", None, 3), ("Dê", None, 4)], change=change)
    )
    assert [row["kind"] for row in rows] == ["a", "a", "a", None]


def test_headings_over_two_rows():
    def change(book):
        book.active.merge_cells("A1:A2")
        book.active.merge_cells("B1:C1")

    rows = rows_of(
        workbook([("Họ và tên", "Số liệu", None), (None, "Số lượng", "Ngày sinh"), ("An", 1, None)], change=change)
    )
    assert [row.values["name"] for row in rows] == ["An"]


def test_missing_headings_are_named():
    refused = refusal(workbook([("Tên", "Ngày sinh"), ("An", None)]))
    assert refused.code == "headings"
    assert "Họ và tên" in refused.message
    assert "Danh sách" in refused.message


def test_a_heading_twice_is_refused():
    assert refusal(workbook([("Họ và tên", "Họ và tên"), ("An", "Bê")])).code == "headings"


def test_hidden_rows_columns_and_sheets():
    def hide_row(book):
        book.active.row_dimensions[3].hidden = True

    first, second = rows_of(workbook([HEADINGS, ("An",), ("Bê",)], change=hide_row))
    assert not first.faults
    assert [fault.column for fault in second.faults] == [""]

    def hide_column(book):
        book.active.column_dimensions["B"].hidden = True

    assert refusal(workbook([HEADINGS, ("An",)], change=hide_column)).code == "hidden"

    def hide_sheet(book):
        other = book.create_sheet("Ẩn")
        other.append(HEADINGS)
        other.append(("Bê",))
        other.sheet_state = "hidden"

    reader = TableReader(workbook([HEADINGS, ("An",)], change=hide_sheet), "a.xlsx", columns=COLUMNS, answers={})
    assert [row["name"] for row in reader.rows()] == ["An"]
    assert "Ẩn" in reader.notes[0]


def test_a_table_on_a_hidden_sheet_alone_is_named():
    def hide_table(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("Ghi chú").append(("gì đó",))

    refused = refusal(workbook([HEADINGS, ("An",)], change=hide_table))
    assert refused.code == "headings" and "“Danh sách”" in refused.message and "“Ghi chú”" in refused.message


def test_all_sheets_with_the_headings_are_read():
    def change(book):
        for number in (2, 3):
            other = book.create_sheet(f"Khu vực {number}")
            other.append(HEADINGS)
            other.append((f"Người {number}",))
        book.create_sheet("Ghi chú").append(("gì đó",))

    reader = TableReader(workbook([HEADINGS, ("An",)], change=change), "a.xlsx", columns=COLUMNS, answers={})
    assert [(row.sheet, row["name"]) for row in reader.rows()] == [
        ("Danh sách", "An"),
        ("Khu vực 2", "Người 2"),
        ("Khu vực 3", "Người 3"),
    ]
    assert "Ghi chú" in reader.notes[0]


def test_two_hundred_sheets_are_refused():
    def change(book):
        for number in range(200):
            book.create_sheet(f"T{number}")

    assert refusal(workbook([HEADINGS, ("An",)], change=change)).code == "too_large"


def test_days_of_1904():
    def change(book):
        book.epoch = CALENDAR_MAC_1904

    (row,) = rows_of(workbook([HEADINGS, ("An", 43538)], change=change))
    assert row["born"] == datetime.date(2023, 3, 15)


def test_a_protected_sheet_is_read():
    def change(book):
        book.active.protection.sheet = True
        book.active.protection.password = "mật khẩu"

    assert [row["name"] for row in rows_of(workbook([HEADINGS, ("An",)], change=change))] == ["An"]


TEXT = "Họ và tên{0}Số lượng{0}Ngày sinh\nNguyễn Văn An{0}12{0}5/8/2026\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_text_with_separators(separator, mark):
    (row,) = rows_of((mark + TEXT.format(separator)).encode(), name="a.csv")
    assert (row["name"], row["count"], row["born"]) == ("Nguyễn Văn An", 12, datetime.date(2026, 8, 5))
    assert row.number == 2


def test_text_with_commas_in_quotes_and_semicolons():
    (row,) = rows_of('Họ và tên;Số lượng\n"Văn An; Nguyễn";"1.234,5"\n'.encode(), name="a.csv")
    assert (row["name"], row["count"]) == ("Văn An; Nguyễn", 1234.5)


def test_text_in_another_encoding_is_refused():
    assert refusal("Họ và tên\nNguyễn".encode("utf-16-le")[1:], name="a.csv").code in ("encoding", "no_table")
    assert refusal("Ho va ten\nL\xea Van A".encode("latin-1"), name="a.csv").code == "encoding"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no_table"),
        (b"%PDF-1.7 abc", "no_table"),
        (b"<html><body>", "no_table"),
        (b"PK\x03\x04 nothing more", "broken"),
        (compound_file({"EncryptionInfo": b"x", "EncryptedPackage": b"x" * 5000}), "password"),
    ],
)
def test_what_is_no_table_is_told_so(content, code):
    with pytest.raises(Refused) as refused:
        format_of_table(content)
    assert refused.value.code == code


def test_a_file_with_macros_and_a_large_one_are_refused():
    content = with_part(workbook([HEADINGS]), "xl/vbaProject.bin", b"macro")
    assert refusal(content).code == "macros"
    assert refusal(b"a,b\n" * (4 * 1024 * 1024)).code == "too_large"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_declared_entities_are_refused(part):
    assert refusal(entities(workbook([HEADINGS, ("An",)]), part)).code == "entities"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("body", [b"", b"<a", b"\0\0\0", b"<a/>"])
def test_broken_parts_are_told(part, body):
    content = with_part(workbook([HEADINGS, ("An",)]), part, body)
    assert refusal(content).code in ("broken", "headings")


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = zip_bomb(200)
    tracemalloc.start()
    started = time.perf_counter()
    assert refusal(content).code == "too_large"
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.perf_counter() - started < 1
    assert peak < 50 * 1024 * 1024


def test_one_cell_at_the_last_place_is_refused_by_name():
    def change(book):
        book.active["XFD1048576"] = "xa"

    tracemalloc.start()
    refused = refusal(workbook([HEADINGS, ("An",)], change=change))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.code == "too_large"
    assert "XFD1048576" in refused.message
    assert peak < 50 * 1024 * 1024


def test_many_rows_are_refused():
    refused = refusal(workbook([HEADINGS, *((f"Người {number}",) for number in range(20_001))]))
    assert refused.code == "too_large"


def test_the_other_process_fails_with_words():
    assert refusal(b"\xd0\xcf\x11\xe0" + b"\0" * 5000, name="a.xls").code == "broken"
    ods = with_part(workbook([HEADINGS]), "content.xml", b"<broken")
    ods = _without(ods, "xl/workbook.xml")
    assert refusal(ods, name="a.ods").code in ("broken", "headings")


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_older_and_open_formats(ending):
    """Files that LibreOffice has written of the same table, with a hidden sheet."""
    content = (Path(__file__).parent / f"sample.{ending}").read_bytes()
    reader = TableReader(content, f"a.{ending}", columns=COLUMNS, answers={})
    first, second = reader.rows()
    assert first.values == {"name": "Nguyễn Văn An", "born": datetime.date(2026, 8, 5), "count": 1234.5, "kind": "a"}
    assert (second["name"], second["born"]) == ("Trần Thị Bê", datetime.date(2023, 3, 15))
    assert "Ẩn" in reader.notes[-1]
    assert len(reader.notes) == 2


def _without(content, name):
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
    return made.getvalue()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_record_looks_like_an_example(kind):
    """A row equal to an example is left out: each example has a cell that no record has, in a column that says what
    the row is about."""
    rows = [{column.key: str(column.example) for column in kind.columns}]
    rows += [dict(zip((column.key for column in kind.columns), row, strict=False)) for row in kind.examples]
    for row in filter(lambda row: any(row.values()), rows):
        told = [key for key, text in row.items() if "ví dụ" in text.lower() or "vi-du" in text or text == "99999"]
        needed = [column.key for column in kind.columns if column.is_required]
        assert set(told) & {*needed, "unit", "unit_code", "name"}, row


def test_an_example_that_is_left_out_is_named():
    columns = (TableColumn("name", "Họ và tên", is_required=True, example="Nguyễn Thị Ví Dụ"),)
    content = workbook([("Họ và tên",), ("Nguyễn Thị Ví Dụ",), ("Lê Văn Tám",)])
    reader = TableReader(content, "a.xlsx", columns=columns, answers={})
    assert [row["name"] for row in reader.rows()] == ["Lê Văn Tám"]
    assert [note for note in reader.notes if "“Danh sách”" in note and note.endswith("2.")]


def test_the_template_is_read_without_its_example():
    from archiveportal.accounts.account_sheet import AccountSheet
    from archiveportal.sheets.templates import HEADING_ROW, template_workbook

    kind = AccountSheet()
    content = template_workbook(kind)
    assert rows_of(content, kind.columns) == []
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    assert sheet.data_validations.dataValidation
    assert sheet[f"A{HEADING_ROW}"].comment
    sheet[f"A{HEADING_ROW + 2}"], sheet[f"B{HEADING_ROW + 2}"] = "Lê Văn Tám", "Lãnh đạo Sở"
    (row,) = rows_of(saved(book), kind.columns)
    assert (row["full_name"], row["role"]) == ("Lê Văn Tám", "leadership")
