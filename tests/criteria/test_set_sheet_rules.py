"""How people write what a criterion is worth: each kind, in the words of printed sheets."""

import datetime
from decimal import Decimal

import pytest

from archiveportal.sheets.values import NotThis
from criteria.set_sheet.numbering import read_numbering, read_points
from criteria.set_sheet.ranges import WrittenRange, ladder, read_range
from criteria.set_sheet.rules import read_rule

D = Decimal
CHOICE = [("Đầy đủ", D(2)), ("Một phần", D(1)), ("Không có", D(0))]
RATIO = [(D(0), D(0)), (D(70), D(2)), (D(90), D(3))]


def options(rule):
    return [(option.text, option.points) for option in rule.options]


def steps(rule):
    return [(step.lower_percent, step.points) for step in rule.steps]


@pytest.mark.parametrize(
    "text", ["", "Đạt/Chưa đạt", "Có / không".replace(" ", ""), "Đạt hoặc không đạt", "ĐẠT/KHÔNG ĐẠT."]
)
def test_met_or_not(text):
    assert read_rule(text).kind == "met"


@pytest.mark.parametrize(
    "text",
    [
        "Đầy đủ: 2; Một phần: 1; Không có: 0",
        "Đầy đủ: 2 điểm, Một phần: 1 điểm, Không có: 0 điểm",
        "- Đầy đủ (2 điểm)\n- Một phần (1 điểm)\n- Không có (0 điểm)",
        "2 điểm: Đầy đủ; 1 điểm: Một phần; 0 điểm: Không có",
        "Đầy đủ = 2; Một phần = 1,0; Không có = 0",
    ],
)
def test_a_choice_with_the_points_of_each_answer(text):
    rule = read_rule(text)
    assert (rule.kind, options(rule), rule.most) == ("choice", CHOICE, D(2))


@pytest.mark.parametrize(
    "text",
    [
        "≥ 90%: 3; 70–<90%: 2; <70%: 0",
        "Từ 90% trở lên: 3 điểm\nTừ 70% đến dưới 90%: 2 điểm\nDưới 70%: 0 điểm",
        "90% trở lên: 3; 70% ≤ tỷ lệ < 90%: 2; dưới 70%: 0",
        "≥90%: 3; ≥70%: 2",
        "90-100%: 3; 70-89%: 2; 0-69%: 0",
        "≥ 90%: 3; 70–<90%: 2; Không có: 0",
        "≥ 90%: 3; 70–<90%: 2; Các trường hợp còn lại: 0",
    ],
)
def test_a_ratio_in_steps(text):
    rule = read_rule(text)
    assert (rule.kind, steps(rule), rule.most) == ("ratio", RATIO, D(3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tối thiểu 20 m²", (D(20), "at_least", "m²")),
        ("≥ 20,5 mét giá", (D("20.5"), "at_least", "mét giá")),
        ("Không quá 5 ngày làm việc", (D(5), "at_most", "ngày làm việc")),
        ("Tối thiểu 1.000 hồ sơ", (D(1000), "at_least", "hồ sơ")),
        ("Tối thiểu 1.500.000 đồng", (D(1_500_000), "at_least", "đồng")),
        ("Không quá 1.000,5 mét", (D("1000.5"), "at_most", "mét")),
    ],
)
def test_a_measure_with_its_threshold(text, expected):
    rule = read_rule(text)
    assert (rule.kind, rule.threshold, rule.threshold_rule, rule.unit) == ("measure", *expected)


@pytest.mark.parametrize(
    ("text", "kind", "fact_kind", "unit"),
    [
        ("Không chấm điểm", "fact", "text", ""),
        ("Không tính điểm: số (m²)", "fact", "decimal", "m²"),
        ("Không chấm điểm: số nguyên (người)", "fact", "integer", "người"),
        ("Chấm từ 0 đến 2 điểm", "part", "", ""),
        ("Cộng điểm thành phần", "parts", "", ""),
    ],
)
def test_facts_parts_and_typed_points(text, kind, fact_kind, unit):
    rule = read_rule(text)
    assert (rule.kind, rule.fact_kind, rule.unit) == (kind, fact_kind, unit)


def test_the_day_of_a_deadline_counts_and_the_day_before_which_is_asked_about():
    until, before = read_rule("Chậm nhất ngày 31/12/2026"), read_rule("Trước ngày 31/12/2026")
    assert (until.kind, until.deadline, until.is_before) == ("date", datetime.date(2026, 12, 31), False)
    assert (before.deadline, before.is_before) == (datetime.date(2026, 12, 31), True)


@pytest.mark.parametrize(
    ("text", "sign", "kind", "most"),
    [
        ("Điểm trừ", "deduction", "met", None),
        ("Trừ 2 điểm", "deduction", "met", D(2)),
        ("Trừ 0,5 điểm nếu nộp chậm", "deduction", "met", D("0.5")),
        ("Điểm thưởng: Đạt/Chưa đạt", "bonus", "met", None),
        ("Điểm trừ: Muộn 1 ngày: 0,5; Muộn hơn: 1", "deduction", "choice", D(1)),
    ],
)
def test_deductions_and_bonuses(text, sign, kind, most):
    rule = read_rule(text)
    assert (rule.sign, rule.kind, rule.most) == (sign, kind, most)


def test_text_with_marks_apart_reads_the_same():
    import unicodedata

    rule = read_rule(unicodedata.normalize("NFD", "Đầy đủ: 2; Một phần: 1; Không có: 0"))
    assert options(rule) == CHOICE


@pytest.mark.parametrize("text", ["Theo quy định", "Tùy mức độ hoàn thành", "Xem phụ lục 2"])
def test_words_that_say_no_kind_are_not_guessed(text):
    assert read_rule(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "≥ 90%: 3; 60–<80%: 2; <60%: 0",  # leaves out 80 to 90
        "≥ 90%: 3; 70–95%: 2; <70%: 0",  # doubles 90 to 95
        "> 90%: 3; ≤ 90%: 0",  # 90 belongs to the lower one
        "≥ 90%: 1; 70–<90%: 2; <70%: 0",  # fewer points for more
        "≥ 110%: 3; <110%: 0",
        "≥ 90%: 3; Không có: 1",
        "≥ 90%: 3; < 90%: 1; Không có: 0",
        "Có: 2; có: 1; Không: 0",
        "Tối thiểu 10.000.000 đồng",  # no room for it
        "Đủ: 1; Thiếu: 0,125; Không: 0",
    ],
)
def test_what_does_not_hold_is_refused(text):
    with pytest.raises(NotThis):
        read_rule(text)


def test_words_beside_percentages_are_named_with_what_to_write():
    with pytest.raises(NotThis, match=r"“Tốt: 2; Khá: 1”.*|.*%: 0"):
        read_rule("≥ 90%: 3; Tốt: 2; Khá: 1")


def test_ranges_say_where_they_leave_out_or_double():
    ranges = [read_range(text) for text in ("Từ 90 điểm trở lên", "70 - 89 điểm", "dưới 60 điểm")]
    made = ladder(ranges, top=D(100), needs_floor=True)
    assert [(index, "60" in text and "70" in text) for index, text in made.faults] == [(1, True)]
    assert len(made.notes) == 1  # 89 is read as under 90
    assert read_range("Dưới 50%") == WrittenRange(None, D(50), unit="%")
    assert read_range("Từ 1.000 đến dưới 1.200 điểm") == WrittenRange(D(1000), D(1200), unit="diem")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("I.", "I"),
        ("1.1.", "1.1"),
        (1.1, "1.1"),
        (3.0, "3"),
        ("1,2", "1.2"),
        ("Tiêu chí 4", "4"),
        ("a)", "a"),
        ("(2)", "2"),
    ],
)
def test_numbers_as_they_are_printed(cell, text):
    assert read_numbering(cell).text == text


@pytest.mark.parametrize("cell", [datetime.datetime(2026, 1, 1), "một", "1..2"])
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(NotThis):
        read_numbering(cell)


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        ("7,5", "7.5"),
        (0.2, "0.2"),
        ("0,25 điểm", "0.25"),
        (-2, "-2"),
        ("- 2", "-2"),
        (0.1 + 0.2, "0.3"),
        ("1.5", "1.5"),
        ("1.000", "1000"),
        ("1.250,5 điểm", "1250.5"),
    ],
)
def test_points_as_they_are_printed(cell, points):
    assert read_points(cell) == D(points)


@pytest.mark.parametrize("cell", ["1,125", "hai", 0.125, "1-2", "10.000", "1.2.3"])
def test_points_that_are_none_are_refused(cell):
    with pytest.raises(NotThis):
        read_points(cell)
