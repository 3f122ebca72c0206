"""One heading merged over the columns of several levels: read from left to right, or refused with its cells."""

import pytest

from archiveportal.refusal import Refused
from archiveportal.sheets.checking import TableReader
from criteria.set_sheet.columns import COLUMNS, EXAMPLES, FURTHER
from criteria.set_sheet.reading import read_table
from tests.criteria.test_set_sheet_table import problems, questions, rows_of
from tests.support.sheets import workbook

LISTED = "Lĩnh vực/Tiêu chí/Tiêu chí thành phần"
THREE = [
    ["I", "CÔNG TÁC VĂN THƯ", None, None, 8],
    ["1", None, "Quản lý văn bản", None, "0,5"],
    ["1.1", None, None, "Quy chế", "0,2"],
    ["1.2", None, None, "Đăng ký văn bản", "0,3"],
    ["2", None, "Lập hồ sơ", None, "7,5"],
    ["2.1", None, None, "Nộp hồ sơ", "7,5"],
    ["II", "LƯU TRỮ", None, None, 2],
    ["1", None, "Kho lưu trữ", None, 2],
    ["Tổng cộng", None, None, None, 10],
]
IN_THREE = ["CÔNG TÁC VĂN THƯ", "Quản lý văn bản", "Lập hồ sơ", "LƯU TRỮ"]
LEAVES = ["Quy chế", "Đăng ký văn bản", "Nộp hồ sơ", "Kho lưu trữ"]


def merging(*areas):
    def change(book):
        for area in areas:
            book.active.merge_cells(area)

    return change


def read(table, *areas):
    found = rows_of(table, change=merging(*areas))[""]
    return read_table(found), found


def names(made):
    return [section.title for section in made.sections], [leaf.name for leaf in made.leaves]


def refusal(table, *areas, text=None) -> str:
    with pytest.raises(Refused) as refused:
        if text is None:
            rows_of(table, change=merging(*areas))
        else:
            options = {"columns": COLUMNS, "answers": {}, "examples": EXAMPLES, "further": FURTHER}
            list(TableReader(text.encode(), "bo.csv", reads_titles=True, **options).rows())
    return refused.value.message


@pytest.mark.parametrize("heading", ["Nội dung", "Tiêu chí", LISTED, "Lĩnh vực"])
@pytest.mark.parametrize("areas", [(), ("B2:D2", "B8:D8", "C3:D3", "C6:D6")])
def test_three_columns_below_one_heading_are_levels(heading, areas):
    """Cells of the rows may be merged to the right as well, in the middle of the table too."""
    made, rows = read([["STT", heading, None, None, "Điểm tối đa"], *THREE], "B1:D1", *areas)
    assert not problems(rows) and not questions(rows)
    assert names(made) == (IN_THREE, LEAVES)
    assert made.announced_total == 10


def test_two_columns_below_one_heading_are_levels():
    two = [["1", "Quản lý", None, 3], ["1.1", None, "Quy chế", 1], ["1.2", None, "Sổ", 2], ["2", "Kho", None, 4]]
    for heading in ("Nội dung", "Tiêu chí/Tiêu chí thành phần"):
        made, rows = read([["STT", heading, None, "Điểm tối đa"], *two], "B1:C1")
        assert not problems(rows)
        assert names(made) == (["Quản lý"], ["Quy chế", "Sổ", "Kho"])
    listed = [row for row in two if row[1] != "Kho"]
    made, rows = read([["STT", "Lĩnh vực/Tiêu chí", None, "Điểm tối đa"], *listed], "B1:C1")
    assert not problems(rows)
    assert names(made) == (["Quản lý"], ["Quy chế", "Sổ"])


def test_names_merged_down_go_on_below_one_heading():
    table = [
        ["STT", "Nội dung", None, None, "Điểm tối đa"],
        ["1", "I. VĂN THƯ", "Quản lý văn bản", "Quy chế", 1],
        [None, None, None, "Sổ", 2],
        ["2", None, "Lập hồ sơ", "Nộp hồ sơ", 3],
    ]
    made, rows = read(table, "B1:D1", "B2:B4", "C2:C3", "A2:A3")
    assert not problems(rows)
    assert names(made) == (["VĂN THƯ", "Quản lý văn bản", "Lập hồ sơ"], ["Quy chế", "Sổ", "Nộp hồ sơ"])


def test_columns_that_stay_blank_are_none():
    """A layout of four merged columns of which two or three are used, with the numbers of the columns below."""
    table = [["STT", "Nội dung", None, None, None, "Điểm tối đa"], ["(1)", "(2)", None, None, None, "(3)"]]
    wide = [[*row[:3], None, *row[3:]] for row in THREE]
    every = ["1", "2", "3", "4", "5", "6"]
    for counted in ([*table], [*table[:1], every]):
        made, rows = read([*counted, *wide], "B1:E1")
        assert not problems(rows)
        assert names(made) == (IN_THREE, LEAVES)
    one = [["STT", "Nội dung", None, None, "Điểm tối đa"], ["1", None, "Quy chế", None, 2], ["2", None, "Sổ", None, 3]]
    made, rows = read(one, "B1:D1")
    assert not problems(rows)
    assert names(made) == ([], ["Quy chế", "Sổ"])


def test_headings_of_two_rows_are_merged_too():
    upper = ["STT", "Nội dung", None, None, "Điểm", None]
    lower = [None, None, None, None, "Tối đa", "Tự chấm"]
    made, rows = read([upper, lower, *THREE], "A1:A2", "B1:D2", "E1:F1")
    assert not problems(rows)
    assert names(made) == (IN_THREE, LEAVES)


def test_a_merged_heading_stands_where_the_table_has_it():
    """Behind the points, and at the very left without a column of numbers."""
    behind = [["STT", "Điểm tối đa", "Nội dung", None, None]]
    behind += [[row[0], row[4], *row[1:4]] for row in THREE]
    made, rows = read(behind, "C1:E1")
    assert not problems(rows)
    assert names(made) == (IN_THREE, LEAVES)
    first = [["Nội dung", None, None, "Điểm tối đa"]]
    first += [["I. VĂN THƯ", None, None, 2], [None, "1. Quản lý", None, 2], [None, None, "1.1. Quy chế", 2]]
    made, rows = read(first, "A1:C1")
    assert not problems(rows)
    assert names(made) == (["VĂN THƯ", "Quản lý"], ["Quy chế"])


def test_numbers_within_a_merged_heading_are_numbers():
    table = [["Nội dung", None, "Điểm tối đa"], ["I", "Văn thư", None], ["1", "Quy chế", 2], ["2", "Sổ", 3]]
    made, rows = read(table, "A1:B1")
    assert not problems(rows)
    assert names(made) == (["Văn thư"], ["Quy chế", "Sổ"])
    said = refusal([["STT", *table[0]], *(["x", *row] for row in table[1:])], "B1:C1")
    assert "B1:C1" in said and "“STT”" in said and " B" in said


def test_four_columns_with_text_are_refused_with_their_cells():
    table = [["STT", "Nội dung", None, None, None, "Điểm tối đa"]]
    table += [["1", "Văn thư", None, None, None, 3], ["1.1", None, "Sổ", None, None, 3]]
    table += [["1.1.1", None, None, "Đăng ký", None, 3], ["1.1.1.1", None, None, None, "Số đến", 3]]
    said = refusal(table, "B1:E1")
    assert "“Nội dung”" in said and "B1:E1" in said and "B, C, D, E" in said and "3 cấp" in said
    assert all(f"“{heading}”" in said for heading in ("Lĩnh vực", "Tiêu chí", "Tiêu chí thành phần"))


def test_a_column_of_areas_beside_a_merged_heading_leaves_two_levels():
    table = [["Lĩnh vực", "Tiêu chí", None, "Điểm tối đa"], ["I. VĂN THƯ", "1. Quản lý", "1.1. Quy chế", 2]]
    made, rows = read(table, "B1:C1")
    assert not problems(rows)
    assert names(made) == (["VĂN THƯ", "Quản lý"], ["Quy chế"])


def test_the_preview_says_which_column_is_read_as_what():
    content = workbook([["STT", "Nội dung", None, None, "Điểm tối đa"], *THREE], change=merging("B1:D1"))
    reader = TableReader(content, "bo.xlsx", columns=COLUMNS, answers={})
    list(reader.rows())
    (note,) = reader.notes
    assert "B1:D1" in note and all(said in note for said in ("B “Lĩnh vực”", "D “Tiêu chí thành phần”"))


def test_text_beside_a_heading_that_is_not_merged_is_refused_at_its_cell():
    """As text with separators has it: nothing says that the heading was merged."""
    said = refusal(None, text="STT;Nội dung;;;Điểm tối đa\nI;VĂN THƯ;;;3\n1;;Quản lý;;3\n1.1;;;Quy chế;3\n")
    assert all(word in said for word in ("C3", "“Quản lý”", "C1", "“Tiêu chí”"))
    said = refusal([["STT", "Nội dung", None, "Điểm tối đa"], ["I", "VĂN THƯ", None, 3], ["1", None, "Quy chế", 3]])
    assert all(word in said for word in ("C3", "“Quy chế”", "C1"))


def test_remarks_in_a_column_without_a_heading_stay_unread():
    made, rows = read([["STT", "Nội dung", None, "Điểm tối đa"], ["1", "Quy chế", "xem sổ", 3], [None, None, "ký tên"]])
    assert not problems(rows)
    assert names(made) == ([], ["Quy chế"])
