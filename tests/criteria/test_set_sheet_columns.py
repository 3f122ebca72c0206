"""Tables with "Lĩnh vực", "Tiêu chí" and "Tiêu chí thành phần" side by side: each column is a level."""

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from archiveportal.sheets.templates import template_workbook
from criteria.set_sheet.kind import SetSheet
from criteria.set_sheet.reading import read_table
from tests.criteria.test_set_sheet_table import problems, questions, rows_of

D = Decimal
HEADINGS = ["STT", "Lĩnh vực", "Tiêu chí", "Tiêu chí thành phần", "Điểm tối đa", "Cách chấm"]
AREA = "I. CÔNG TÁC VĂN THƯ"
MERGED = [
    ["1", AREA, "Quản lý văn bản", "Quy chế", "0,2"],
    [None, None, None, "Đăng ký văn bản", "0,3", "Đầy đủ: 0,3; Không: 0"],
    ["2", None, "Lập hồ sơ", "Nộp hồ sơ", "7,5", "≥ 90%: 7,5; <90%: 0"],
    ["3", "II. LƯU TRỮ", "Kho lưu trữ", None, 2, "Tối thiểu 20 m²"],
    ["Tổng cộng", None, None, None, 10],
]
NUMBERED = [
    ["I", "CÔNG TÁC VĂN THƯ", None, None, 8],
    ["1", None, "Quản lý văn bản", None, "0,5"],
    ["1.1", None, None, "Quy chế", "0,2"],
    ["1.2", None, None, "Đăng ký văn bản", "0,3", "Đầy đủ: 0,3; Không: 0"],
    ["2", None, "Lập hồ sơ", None, "7,5"],
    ["2.1", None, None, "Nộp hồ sơ", "7,5", "≥ 90%: 7,5; <90%: 0"],
    ["II", "LƯU TRỮ", None, None, 2],
    ["1", None, "Kho lưu trữ", None, 2, "Tối thiểu 20 m²"],
    ["Tổng cộng", None, None, None, 10],
]
#: as copied from elsewhere: each name in every row
REPEATED = [
    ["1", AREA, "Quản lý văn bản", "Quy chế", "0,2"],
    ["2", AREA, "Quản lý văn bản", "Đăng ký văn bản", "0,3", "Đầy đủ: 0,3; Không: 0"],
    ["3", AREA, "Lập hồ sơ", "Nộp hồ sơ", "7,5", "≥ 90%: 7,5; <90%: 0"],
    ["4", "II. LƯU TRỮ", "Kho lưu trữ", None, 2, "Tối thiểu 20 m²"],
    [None, "Tổng cộng", None, None, 10],
]


def merge(book):
    for area in ("A2:A3", "B2:B4", "C2:C3", "D5:D5"):
        book.active.merge_cells(area)


def read(table, *, headings=(HEADINGS,), change=None):
    found = rows_of([*headings, *table], change=change)[""]
    return read_table(found), found


@pytest.mark.parametrize(
    ("table", "change", "numbers"),
    [
        (MERGED, merge, ["", "", "", "3"]),
        (NUMBERED, None, ["1.1", "1.2", "2.1", "1"]),
        (REPEATED, None, ["1", "2", "3", "4"]),
    ],
)
def test_each_column_is_a_level(table, change, numbers):
    made, rows = read(table, change=change)
    assert not problems(rows) and not questions(rows)
    titles = ["CÔNG TÁC VĂN THƯ", "Quản lý văn bản", "Lập hồ sơ", "LƯU TRỮ"]
    assert [section.title for section in made.sections] == titles
    of = {section.path: section.title for section in made.sections}
    assert [(leaf.name, leaf.kind, leaf.points, of[leaf.section]) for leaf in made.leaves] == [
        ("Quy chế", "met", D("0.2"), "Quản lý văn bản"),
        ("Đăng ký văn bản", "choice", D("0.3"), "Quản lý văn bản"),
        ("Nộp hồ sơ", "ratio", D("7.5"), "Lập hồ sơ"),
        ("Kho lưu trữ", "measure", D(2), "LƯU TRỮ"),
    ]
    assert [leaf.printed_number for leaf in made.leaves] == numbers
    assert made.announced_total == 10
    assert len({leaf.code for leaf in made.leaves}) == 4


def test_a_number_that_is_merged_with_a_criterion_is_of_the_criterion():
    made, _rows = read(MERGED, change=merge)
    assert [(section.number, section.title) for section in made.sections][:3] == [
        ("I", "CÔNG TÁC VĂN THƯ"),
        ("1", "Quản lý văn bản"),
        ("2", "Lập hồ sơ"),
    ]


def test_a_heading_above_the_three_columns_is_no_column():
    upper = ["STT", "Nội dung", None, None, "Điểm tối đa", "Cách chấm"]

    def merge_headings(book):
        for area in ("A1:A2", "B1:D1", "E1:E2", "F1:F2"):
            book.active.merge_cells(area)

    lower = [None, "Lĩnh vực", "Tiêu chí", "Tiêu chí thành phần"]
    made, rows = read(NUMBERED, headings=(upper, lower), change=merge_headings)
    assert not problems(rows)
    assert [leaf.name for leaf in made.leaves] == ["Quy chế", "Đăng ký văn bản", "Nộp hồ sơ", "Kho lưu trữ"]


def test_ways_of_scoring_go_on_below_a_merged_part():
    table = [
        ["1", AREA, "Sổ", "Đăng ký", 2, "Đầy đủ: 2"],
        [None, None, None, None, None, "Một phần: 1"],
        [None, None, None, None, None, "Không có: 0"],
        ["2", None, None, "Quy chế", 1],
    ]

    def merge_down(book):
        for area in ("A2:A4", "B2:B5", "C2:C5", "D2:D4", "E2:E4"):
            book.active.merge_cells(area)

    for change in (merge_down, None):
        made, rows = read(table, change=change)
        assert not problems(rows)
        assert [(leaf.kind, len(leaf.options), leaf.points) for leaf in made.leaves] == [
            ("choice", 3, 2),
            ("met", 0, 1),
        ]


def test_two_columns_are_two_levels():
    table = [["Tiêu chí", "Tiêu chí thành phần", "Điểm tối đa"], ["1. Quản lý", "Quy chế", 1], [None, "Sổ", 2]]
    found = rows_of(table)[""]
    made = read_table(found)
    assert not problems(found)
    assert [(leaf.name, leaf.section) for leaf in made.leaves] == [("Quy chế", "1"), ("Sổ", "1")]


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ([["1", AREA, None, "Quy chế", 1]], 2, "“Tiêu chí”"),
        ([["1", None, "Quy chế", None, 1]], 2, "“Lĩnh vực”"),
        ([["1", AREA, "Quy chế", None, 1], ["2", "II. LƯU TRỮ", None, None, 3]], 3, "tiêu chí"),
        ([["1", AREA, "Quy chế", None, 1], ["2", AREA, "Quy chế", None, 1]], 3, "tên"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_row(table, row, words):
    _made, rows = read(table)
    said = {each.number: " ".join(fault.expected for fault in each.faults) for each in rows if each.faults}
    assert list(said) == [row]
    assert words in said[row]


def test_the_template_keeps_its_one_column():
    sheet = load_workbook(BytesIO(template_workbook(SetSheet()))).worksheets[0]
    headings = [cell.value for cell in sheet[3]]
    assert "Lĩnh vực/Tiêu chí/Tiêu chí thành phần" in headings
    assert not {"Lĩnh vực", "Tiêu chí thành phần"} & set(headings)
