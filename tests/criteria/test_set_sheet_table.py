"""Tables as provinces print them: which row is a heading, a criterion, a part; what is refused or asked, at its row."""

import datetime
import unicodedata
from decimal import Decimal

import pytest

from archiveportal.sheets.checking import TableReader
from archiveportal.sheets.rows import TITLES
from archiveportal.sheets.templates import template_workbook
from criteria.set_sheet.columns import COLUMNS, EXAMPLES, FURTHER
from criteria.set_sheet.further import by_table, read_bands, read_bars, read_information
from criteria.set_sheet.reading import read_table
from tests.support.sheets import workbook

D = Decimal
HEADINGS = ["STT", "Nội dung tiêu chí", "Điểm tối đa", "Cách chấm", "Tài liệu kiểm chứng", "Căn cứ"]
PRINTED = [
    ["BỘ TIÊU CHÍ"],
    ["ĐÁNH GIÁ CÔNG TÁC VĂN THƯ, LƯU TRỮ"],
    ["(Ban hành kèm theo Quyết định số 01/QĐ-UBND)"],
    HEADINGS,
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    ["I. CÔNG TÁC VĂN THƯ"],
    ["1", "Quản lý văn bản", 5],
    [1.1, "Quy chế", 1, "", "Quy chế đã ban hành", "Điều 6 Nghị định 30/2020/NĐ-CP"],
    ["1.2.", "Đăng ký văn bản", "2,5", "Đầy đủ: 2,5; Một phần: 1; Không: 0"],
    ["1,3", "Nộp hồ sơ", 1.5, "≥ 90%: 1,5; 70–<90%: 1; <70%: 0"],
    ["II", "LƯU TRỮ", "7,5"],
    ["1", "Kho lưu trữ", None],
    ["1.1", "Diện tích kho", 2, "Tối thiểu 20 m²"],
    ["1.2", "Vệ sinh kho", "0,5"],
    [None, "- Không ẩm mốc"],
    [None, "- Có lịch vệ sinh"],
    ["1.3", "Trang thiết bị", 3],
    ["a)", "Giá, tủ", 1, "Chấm từ 0 đến 1"],
    ["b)", "Phòng cháy, chữa cháy", 2],
    ["1.4", "Sắp xếp tài liệu", 2],
    ["-", "Đủ các phông", 2],
    ["-", "Một số phông", 1],
    ["1.5", "Tồn đọng", None, "Không chấm điểm: số (mét)"],
    [None, "Tổng cộng", "12,5"],
]


def rows_of(table, answers=None, *, change=None):
    content = workbook(table, change=change)
    options = {"columns": COLUMNS, "answers": answers or {}, "examples": EXAMPLES, "further": FURTHER}
    return by_table(list(TableReader(content, "bo.xlsx", reads_titles=True, **options).rows()))


def read(*rows, answers=None, change=None):
    """Return what a table of rows says, with its rows."""
    found = rows_of([HEADINGS, *rows], answers, change=change)[""]
    return read_table(found), found


def problems(rows):
    """Return {row: headings of its errors}."""
    return {row.number: [fault.heading for fault in row.faults] for row in rows if row.faults}


def questions(rows):
    return {row.number: row.questions[0] for row in rows if row.questions}


def test_a_printed_table_is_read_as_it_stands():
    found = rows_of(PRINTED)
    made = read_table(found[""])
    assert not problems(found[""])
    assert not questions(found[""])
    sections = [(each.path, each.title, each.points) for each in made.sections]
    assert sections == [
        ("I", "CÔNG TÁC VĂN THƯ", None),
        ("I/1", "Quản lý văn bản", D(5)),
        ("II", "LƯU TRỮ", D("7.5")),
        ("II/1", "Kho lưu trữ", None),
    ]
    assert [(leaf.code, leaf.kind, leaf.points, leaf.section, leaf.parent) for leaf in made.leaves] == [
        ("I-1-1", "met", D(1), "I/1", ""),
        ("I-1-2", "choice", D("2.5"), "I/1", ""),
        ("I-1-3", "ratio", D("1.5"), "I/1", ""),
        ("II-1-1", "measure", D(2), "II/1", ""),
        ("II-1-2", "met", D("0.5"), "II/1", ""),
        ("II-1-3", "parts", D(3), "II/1", ""),
        ("II-1-3-a", "part", D(1), "II/1", "II-1-3"),
        ("II-1-3-b", "met", D(2), "II/1", "II-1-3"),
        ("II-1-4", "choice", D(2), "II/1", ""),
        ("II-1-5", "fact", D(0), "II/1", ""),
    ]
    assert made.announced_total == D("12.5")
    leaves = {leaf.code: leaf for leaf in made.leaves}
    assert leaves["I-1-1"].evidence_needed == "Quy chế đã ban hành"
    assert leaves["I-1-1"].legal_basis == "Điều 6 Nghị định 30/2020/NĐ-CP"
    assert leaves["II-1-2"].guidance == "- Không ẩm mốc\n- Có lịch vệ sinh"
    assert [each.text for each in leaves["II-1-4"].options] == ["Đủ các phông", "Một số phông"]
    said = read_information([], found[TITLES]).values
    assert said["name"] == "BỘ TIÊU CHÍ ĐÁNH GIÁ CÔNG TÁC VĂN THƯ, LƯU TRỮ"
    assert said["legal_basis"] == "Ban hành kèm theo Quyết định số 01/QĐ-UBND"


def test_text_with_marks_apart_reads_the_same():
    apart = [[unicodedata.normalize("NFD", cell) if isinstance(cell, str) else cell for cell in row] for row in PRINTED]
    assert read_table(rows_of(apart)[""]).leaves == read_table(rows_of(PRINTED)[""]).leaves


UPPER = ["STT", "Tiêu chí", "Điểm", None, "Hướng dẫn chấm", None, "Ghi chú"]


@pytest.mark.parametrize(
    ("lower", "merged"),
    [
        ([None, None, "Điểm tối đa", "Điểm tự chấm", "Cách chấm", "Tài liệu kiểm chứng", None], "ABG"),
        ([None, None, "Tối đa", "Tự chấm", None, "Minh chứng", None], "ABEG"),
        ([None, None, "Tự chấm", "tối đa", None, "Minh chứng", None], "ABEG"),
    ],
)
def test_headings_of_two_rows_are_one(lower, merged):
    def merge(book):
        for column in merged:
            book.active.merge_cells(f"{column}2:{column}3")
        for cells in ("C2:D2", "A1:G1"):
            book.active.merge_cells(cells)

    cells = ["1.1.", "Quy chế", "7,5", "5", "Đủ: 7,5; Không: 0", "Quy chế", "Xem sổ"]
    if lower[3] == "tối đa":
        cells[2:4] = cells[3:1:-1]
    found = rows_of([["BỘ TIÊU CHÍ NĂM 2026"], UPPER, lower, cells], change=merge)
    made = read_table(found[""])
    assert not problems(found[""])
    leaf = made.leaves[0]
    assert (leaf.points, leaf.kind, leaf.evidence_needed, leaf.guidance) == (D("7.5"), "choice", "Quy chế", "Xem sổ")
    assert read_information([], found[TITLES]).values["name"] == "BỘ TIÊU CHÍ NĂM 2026"


def test_remarks_and_signatures_below_the_total_are_left_out():
    signed = [None, None, None, "TM. ỦY BAN NHÂN DÂN"]
    table = [["1", "Một", 5], ["2", "Hai", 15], ["Tổng cộng: 20 điểm"], ["Ghi chú: bản in có dấu"], signed]
    made, rows = read(*table)
    assert not problems(rows) and not questions(rows)
    assert (made.announced_total, len(made.leaves)) == (D(20), 2)
    assert [bool(row.notes) for row in rows] == [False, False, False, True, True]


def test_a_criterion_below_the_total_is_read_all_the_same():
    made, rows = read(["1", "Một", 5], [None, "Tổng điểm", 5], ["2", "Thưởng", 2, "Điểm thưởng"])
    assert not problems(rows)
    assert [leaf.sign for leaf in made.leaves] == ["", "bonus"]


def test_a_cell_that_is_refused_is_not_asked_about_too():
    _made, rows = read(["1", "Một", 5, "=A1"], ["2", "Hai", 5, "Đạt / Chưa đạt"])
    assert problems(rows) == {2: ["Cách chấm"]} and not questions(rows)


def test_merged_cells_list_the_answers_of_one_criterion():
    def merge(book):
        for column in "ABC":
            book.active.merge_cells(f"{column}3:{column}5")

    made, rows = read(
        ["I", "Văn thư"],
        ["1", "Đăng ký", 2, "Đầy đủ: 2"],
        [None, None, None, "Một phần: 1"],
        [None, None, None, "Không có: 0"],
        change=merge,
    )
    assert not problems(rows)
    assert [(leaf.kind, len(leaf.options)) for leaf in made.leaves] == [("choice", 3)]


def test_a_zero_that_the_spreadsheet_cut_is_read_and_told():
    made, rows = read(["1", "Kho"], *([float(f"1.{n}"), f"Tiêu chí {n}", 1] for n in range(1, 10)), [1.1, "Mười", 1])
    assert made.leaves[-1].printed_number == "1.10"
    assert len(rows[-1].notes) == 1
    assert not problems(rows)


def test_points_of_a_heading_that_are_not_the_sum_are_asked_and_not_changed():
    table = [["I", "Văn thư", 10], ["1", "Một", 3], ["2", "Hai", 4]]
    made, rows = read(*table)
    question = questions(rows)[2]
    assert [value for value, _label in question.options] == ["sum", "announced"]
    for answer, points in (("sum", 7), ("announced", 10)):
        made, rows = read(*table, answers={question.key: answer})
        assert made.sections[0].points == points
        assert not questions(rows)


def test_rows_below_that_fit_neither_parts_nor_answers_are_asked_about():
    table = [["I", "Văn thư"], ["1", "Một", 3], ["-", "Có", 2], ["-", "Ít", 2]]
    made, rows = read(*table)
    question = questions(rows)[3]
    made, _rows = read(*table, answers={question.key: "parts"})
    # The parts add up to 4, which the whole then contradicts.
    assert problems(_rows) == {3: ["Điểm tối đa"]}
    table[1][2] = 2
    made, rows = read(*table)
    assert [leaf.kind for leaf in made.leaves] == ["choice"]


def test_an_unknown_way_of_scoring_is_asked_about_and_kept_as_guidance():
    made, rows = read(["I", "Văn thư"], ["1", "Một", 3, "Theo quy định"])
    question = questions(rows)[3]
    made, rows = read(["I", "Văn thư"], ["1", "Một", 3, "Theo quy định"], answers={question.key: "part"})
    assert [(leaf.kind, leaf.guidance) for leaf in made.leaves] == [("part", "Theo quy định")]


def test_deductions_and_bonuses_stand_in_headings_of_their_own():
    made, rows = read(
        *(["I", "Văn thư", 2], ["1", "Một", 2]),
        *(["II", "Điểm trừ", 3], ["1", "Nộp chậm", 1], ["2", "Mất tài liệu", -2]),
        *(["III", "Điểm thưởng"], ["1", "Sáng kiến", 1]),
        [None, "Tổng điểm", 2],
    )
    assert not problems(rows)
    assert not questions(rows)
    assert [leaf.sign for leaf in made.leaves] == ["", "deduction", "deduction", "bonus"]
    assert [leaf.points for leaf in made.leaves] == [2, 1, 2, 1]


LONG = [["I", "Văn thư"], *([str(n), f"Tiêu chí {n}", 1] for n in range(1, 402))]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([["I", "Văn thư"], ["1", "Một", 2], ["1", "Hai", 2]], {4: ["STT"]}),
        ([["I", "Văn thư"], ["1", "Một", 2], ["2", "một", 2]], {4: [HEADINGS_NAME := COLUMNS[1].heading]}),
        ([["I", "Văn thư"], ["1", "Một", 2], ["II", "Lưu trữ"]], {4: ["Điểm tối đa"]}),
        (
            [["I", "Văn thư"], ["1", "Một", 2], ["II", "Kho", 3], ["III", "Số hóa"]],
            {4: ["Cách chấm"], 5: ["Điểm tối đa"]},
        ),
        ([["I", "Văn thư"], ["1", "Một"]], {3: ["Điểm tối đa"]}),
        ([["I", "Văn thư"], ["1", None, 2]], {3: [HEADINGS_NAME]}),
        ([["I", "Văn thư"], ["1", "Một", "hai"]], {3: ["Điểm tối đa"]}),
        ([["I", "Văn thư"], ["1", "Một", "=1+1"]], {3: ["Điểm tối đa"]}),
        ([["I", "Văn thư"], ["1", "Một", 1, "Đủ: 2; Thiếu: 1"]], {3: ["Cách chấm"]}),
        ([["I", "Văn thư"], ["1", "Một", 3, "Đủ: 2; Thiếu: 1"]], {3: ["Cách chấm"]}),
        ([["I", "Văn thư"], ["1", "Một", 1, "Chấm từ 0 đến 2"]], {3: ["Cách chấm"]}),
        ([["I", "Văn thư"], ["1", "Một", 1, "≥ 90%: 1; 50-<80%: 0"]], {3: ["Cách chấm"]}),
        ([["I", "Văn thư"], ["1", "Một", 1, "Không chấm điểm"]], {3: ["Điểm tối đa"]}),
        ([["I", "Văn thư"], ["2.1", "Một", 1]], {3: ["STT"]}),
        ([["I", "Văn thư"], [datetime.datetime(2026, 1, 1), "Một", 1]], {3: ["STT"]}),
        ([["I", "Văn thư"], ["1", "Một", 1], HEADINGS, ["2", "Hai", 1]], {4: [""]}),
        ([["I", "Văn thư"], ["1", "Một", 1], [None, "Hai", 1]], {4: ["STT"]}),
        ([["A", "A"], ["I", "B"], ["1", "C"], ["1.1", "D"], ["1.1.1", "E", 1]], {5: ["STT"]}),
        ([["I", "Văn thư"], ["1", "Một", 3, "Cộng điểm thành phần"], ["a)", "Phần", 2]], {3: ["Điểm tối đa"]}),
        (LONG, {403: [""]}),
    ],
)
def test_what_cannot_be_is_refused_at_its_row(table, expected):
    _made, rows = read(*table)
    assert problems(rows) == expected


def test_a_heading_with_points_and_no_criteria_is_no_criterion():
    rows = [["I", "Tổ chức", 2], ["1", "Có quy chế", 2]]
    made, listed = read(*rows, ["II", "Kho", 3])
    assert problems(listed) == {4: ["Cách chấm"]}
    assert [leaf.name for leaf in made.leaves] == ["Có quy chế"]
    made, listed = read(*rows, ["II", "Kho", 3, "Đạt/Chưa đạt"])
    assert problems(listed) == {}
    assert [leaf.name for leaf in made.leaves] == ["Có quy chế", "Kho"]


def test_grades_by_points_and_by_percent():
    headings = ["Xếp loại", "Mức điểm"]
    grades = [["Tốt", "Từ 90 điểm trở lên"], ["Khá", "70 - 89 điểm"], ["Yếu", "Dưới 70 điểm"]]

    def add(book):
        sheet = book.create_sheet("Xếp loại")
        for row in [headings, *grades]:
            sheet.append(row)

    found = rows_of(PRINTED, change=add)
    bands, bands_by = read_bands(found["bands"], maximum=D(100))
    assert [(band.label, band.lower, band.upper) for band in bands] == [
        ("Tốt", D(90), None),
        ("Khá", D(70), D(90)),
        ("Yếu", D(0), D(70)),
    ]
    assert bands_by == "points"
    grades[1][1] = "từ 60 đến dưới 80%"
    rows = rows_of(PRINTED, change=add)["bands"]
    read_bands(rows, maximum=D(100))
    assert problems(rows)


def test_bars_join_several_answers():
    def add(book):
        sheet = book.create_sheet("Xếp loại")
        for row in (["Xếp loại", "Mức điểm"], ["Tốt", "≥ 80%"], ["Khá", "< 80%"]):
            sheet.append(row)
        sheet = book.create_sheet("Điểm liệt")
        sheet.append(["Điều kiện", "Xếp loại cao nhất"])
        sheet.append(["I.1.1: Chưa đạt; I.1.2: Không", "Khá"])
        sheet.append(["1.1: Chưa đạt", "Khá"])
        sheet.append(["I.1.1: Chưa đạt", "Giỏi"])
        sheet.append(["I.1.2: Đại khái", "Khá"])

    found = rows_of(PRINTED, change=add)
    made = read_table(found[""])
    bands, _by = read_bands(found["bands"], maximum=D(100))
    bars = read_bars(found["bars"], leaves=made.leaves, bands=bands)
    assert [(each.criterion, each.outcome, each.option) for each in bars[0].conditions] == [
        ("I-1-1", "not_met", ""),
        ("I-1-2", "", "Không"),
    ]
    # 1.1 is in both chapters; the others name no grade and no answer.
    assert problems(found["bars"]) == {3: ["Điều kiện"], 4: ["Xếp loại cao nhất"], 5: ["Điều kiện"]}


def test_the_examples_of_the_template_are_no_records_and_read_well():
    class Kind:
        title, columns, examples, further, guide = "Bộ tiêu chí", COLUMNS, EXAMPLES, FURTHER, ()

    content = template_workbook(Kind)
    options = {"columns": COLUMNS, "answers": {}, "further": FURTHER}
    as_template = TableReader(content, "mau.xlsx", examples=EXAMPLES, **options)
    assert not [row for row in as_template.rows() if not row.table]
    rows = by_table(list(TableReader(content, "mau.xlsx", **options).rows()))
    made = read_table(rows[""])
    assert not problems(rows[""])
    assert sum(leaf.points for leaf in made.leaves) == D("7.5")


def test_words_of_a_grade_are_held_against_its_range():
    table = [["Xếp loại", "Mức đạt"], ["Hoàn thành 12 - 22/23", "≥ 50%"], ["Dưới 50%", "< 50%"]]
    rows = rows_of([HEADINGS, ["1", "Một", 96]], change=lambda book: [add_sheet(book, "Xếp loại", table)])["bands"]
    read_bands(rows, maximum=D(96))
    assert [len(row.notes) for row in rows] == [1, 0]
    assert "96" in rows[0].notes[0]


def add_sheet(book, title, rows):
    further = book.create_sheet(title)
    for row in rows:
        further.append(row)
