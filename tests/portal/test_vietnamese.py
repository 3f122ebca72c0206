"""Order, search, numbers, money and dates as people here read them."""

import datetime
import re
import unicodedata
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiveportal import vietnamese as vn

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
vietnamese_text = st.text(alphabet=LETTERS + LETTERS.upper() + " 0123456789", max_size=40)


# --- order ---


def test_single_letters_stand_in_the_order_of_the_alphabet():
    keys = [vn.sort_key(letter) for letter in LETTERS]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "names",
    [
        ["Phường 1", "Phường 2", "Phường 10", "Phường 11", "Phường 100"],
        ["Quận 3", "Quận 10", "Quận 11", "Quận Bình Tân", "Quận Gò Vấp"],
        ["An Lạc", "An Phú", "Ấn", "Bến Nghé", "Bến Thành", "Cần Giờ", "Dĩ An", "Đa Kao", "Đông Hưng"],
        ["Tân Quy", "Tân Quý", "Tân Quỹ Đông", "Tân Sơn"],
        ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ", "Mai"],
        ["Ta", "Tan", "Tàn", "Tăn", "Tân", "Tấn"],
        ["Tân", "Tân An", "Tân Định", "Tâng"],
        ["Long Thới", "Long Thới 2", "Long Thới A"],
    ],
)
def test_names_in_order(names):
    keys = [vn.sort_key(name) for name in names]
    for (before, first), (after, second) in pairwise(zip(names, keys, strict=True)):
        assert first < second, f"{before} must stand before {after}"


@given(st.text(max_size=80))
def test_any_text_has_a_key_of_plain_letters_and_digits(text):
    assert re.fullmatch("[0-9a-z]*", vn.sort_key(text))


@given(vietnamese_text)
def test_keys_ignore_case_form_and_spacing(text):
    key = vn.sort_key(text)
    assert vn.sort_key(text.upper()) == vn.sort_key(text.lower()) == key
    assert vn.sort_key(unicodedata.normalize("NFD", text)) == key
    assert vn.sort_key(f"  {text.replace(' ', '   ')} ") == key


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_numbers_order_by_value(one, other):
    assert (vn.sort_key(f"Phường {one}") < vn.sort_key(f"Phường {other}")) == (one < other)


@pytest.mark.parametrize("text", ["Phường ²", "Ⅻ", "٣", "漢字", "x̣́", "\u0301", "1" * 300, "😀"])
def test_letters_of_other_scripts_do_no_harm(text):
    assert re.fullmatch("[0-9a-z]*", vn.sort_key(text))


# --- names and search ---


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("Phường 03", "Phường 3"), ("007", "7"), ("0", "0"), ("10", "10"), ("Phường 100", "Phường 100"), ("A  B ", "A B")],
)
def test_unit_names(typed, stored):
    assert vn.unit_name(typed) == stored


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(text):
    for function in (vn.normalise, vn.unit_name, vn.search_key):
        once = function(text)
        assert function(once) == once
    assert unicodedata.is_normalized("NFC", vn.normalise(text))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("tan quy", "Phường Tân Quý"),
        ("tan quy", "Phường Tân Quy"),
        ("da kao", "Phường Đa Kao"),
        ("ĐA KAO", "Phường Đa Kao"),
        ("phuong 3", "Phường 03"),
        ("phường 03", "Phường 3"),
        ("vtlt", "Tập huấn VTTL"),
        ("vttl", "Tập huấn VTLT"),
        ("uong", "ƯỜNG"),
    ],
)
def test_search_without_diacritics(query, name):
    assert vn.search_key(query) in vn.search_key(name)


@given(vietnamese_text)
def test_search_keys_are_plain(text):
    assert vn.search_key(text).isascii()
    assert vn.search_key(unicodedata.normalize("NFD", text)) == vn.search_key(text)


@pytest.mark.parametrize("text", ["a\x00", "\x0b", "a\rb", "\x1b[0m", "\x85", "\ufffe", "\ud800"])
def test_control_characters_are_found_and_removed(text):
    assert vn.control_characters(text)
    assert not vn.control_characters(vn.without_control_characters(text))


@pytest.mark.parametrize("text", ["", "dòng 1\ndòng 2", "a\r\nb", "cột\tcột", "😀", "x̣́"])
def test_ordinary_text_has_none(text):
    assert not vn.control_characters(text)


# --- numbers ---


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1341, None, "1.341"),
        (0, None, "0"),
        (-1234, None, "\u22121.234"),
        (Decimal("-7.50"), None, "\u22127,5"),
        (None, None, "—"),
        (Decimal("47.67"), None, "47,67"),
        (Decimal("40.60"), None, "40,6"),
        (Decimal("40.60"), 2, "40,60"),
        (Decimal("9.999"), None, "10"),
        (Decimal("12.00"), None, "12"),
        (Decimal("1234567.5"), None, "1.234.567,5"),
        (Decimal("1E+3"), None, "1.000"),
        (Decimal("12"), 2, "12,00"),
        (Decimal("0.125"), 2, "0,13"),
        (Decimal("2.5"), 0, "3"),
    ],
)
def test_numbers_are_written(value, places, text):
    assert vn.number(value, places) == text


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.341", "1341"),
        ("1341", "1341"),
        ("1 341", "1341"),
        ("1\u00a0341", "1341"),
        ("20,5", "20.5"),
        ("20.5", "20.5"),
        ("1.341,5", "1341.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("0.500", "0.5"),
        ("0,125", "0.125"),
        ("-3", "-3"),
        ("+3", "3"),
        ("007", "7"),
        ("", None),
        ("-", None),
        ("1.34.1", None),
        ("1..2", None),
        ("1,2,3", None),
        ("1.341.5", None),
        (",5", None),
        ("5,", None),
        ("1e5", None),
        ("NaN", None),
        ("Infinity", None),
        ("một", None),
        ("１２", 12),
        ("\u221212,5", Decimal("-12.5")),
        ("٣", None),
    ],
)
def test_numbers_are_read(typed, value):
    assert vn.parse_number(typed) == (None if value is None else Decimal(value))


@given(st.decimals(-(10**12), 10**12, places=2) | st.integers(-(10**12), 10**12))
def test_what_is_written_can_be_read_again(value):
    written = vn.number(value)
    # Three digits behind a single point are a group, as in "1.341": the comma makes the rest plain.
    assert vn.parse_number(written) == value


@given(st.text(max_size=20))
def test_reading_never_fails(text):
    parsed = vn.parse_number(text)
    assert parsed is None or parsed.is_finite()


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (1, "01"), (9, "09"), (10, "10"), (1341, "1.341")])
def test_counts_in_official_texts(value, text):
    assert vn.count_in_text(value) == text


# --- money ---


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (105, "Một trăm lẻ năm đồng"),
        (1_001, "Một ngàn không trăm lẻ một đồng"),
        (1_010, "Một ngàn không trăm mười đồng"),
        (1_100_000, "Một triệu một trăm ngàn đồng"),
        (1_000_100, "Một triệu không trăm ngàn một trăm đồng"),
        # 2710/BC-SNV, I.2.d
        (4_607_678_000, "Bốn tỷ sáu trăm lẻ bảy triệu sáu trăm bảy mươi tám ngàn đồng"),
        (19_200_000_000, "Mười chín tỷ hai trăm triệu đồng"),
        (1_005_000_000, "Một tỷ không trăm lẻ năm triệu đồng"),
        (10**12, "Một ngàn tỷ đồng"),
        (Decimal("25.00"), "Hai mươi lăm đồng"),
        (-5, "Âm năm đồng"),
    ],
)
def test_amounts_in_words(amount, words):
    assert vn.money_in_words(amount) == words


UNITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "lăm": 5}
UNITS |= {"sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}


def read_back(words: str) -> int:
    """The number that the words say: a reader of its own, so that the writer cannot agree with itself."""
    total = block = group = 0
    pending = 0
    for word in words.lower().removesuffix(" đồng").split():
        if word in UNITS:
            pending += UNITS[word]
        elif word == "trăm":
            group, pending = pending * 100, 0
        elif word == "mươi":
            group, pending = group + pending * 10, 0
        elif word in ("ngàn", "triệu"):
            block += (group + pending) * (10**3 if word == "ngàn" else 10**6)
            group = pending = 0
        elif word == "tỷ":
            total = (total + block + group + pending) * 10**9
            block = group = pending = 0
        else:
            assert word == "lẻ"
    return total + block + group + pending


@given(st.integers(0, 10**15 - 1))
def test_amounts_in_words_say_the_amount(amount):
    assert read_back(vn.money_in_words(amount)) == amount


DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def three_digits(group: int, *, is_full: bool) -> list[str]:
    """ "sáu trăm lẻ bảy": behind tens a five is "lăm", behind "mươi" a one is "mốt"; four stays "bốn"."""
    hundreds, tens, units = (int(digit) for digit in f"{group:03d}")
    words = [DIGITS[hundreds], "trăm"] if hundreds or is_full else []
    if tens == 0 and units:
        return [*words, "lẻ", DIGITS[units]] if words else [DIGITS[units]]
    if tens:
        words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
        words += [{1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(units, DIGITS[units])] * bool(units)
    return words


def spelt(amount: int) -> str:
    """A writer of its own: groups of three, all but the first in full, as far as there is something to read."""
    groups = [int(group) for group in f"{amount:,}".split(",")]
    words = []
    for place, scale in enumerate(["tỷ", "triệu", "ngàn", "đồng"][-len(groups) :]):
        if any(groups[place:]):
            words += [*three_digits(groups[place], is_full=place > 0), scale]
    words = words or ["không"]
    return " ".join(words if words[-1] == "đồng" else [*words, "đồng"]).capitalize()


@given(st.one_of(st.integers(0, 10**12 - 1), st.integers(0, 9).flatmap(lambda n: st.integers(0, 10 ** (n + 1)))))
def test_amounts_are_spelt_as_southern_offices_do(amount):
    words = vn.money_in_words(amount)
    assert words == spelt(amount)
    assert not {"nghìn", "linh", "tư"} & set(words.lower().split())


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (19_200_000_000, "19 tỷ 200 triệu đồng"),
        (2_000_000_000, "2 tỷ đồng"),
        (3_000_000, "3 triệu đồng"),
        (4_607_678_000, "4.607.678.000 đồng"),
        (0, "0 đồng"),
    ],
)
def test_short_amounts(amount, text):
    assert vn.short_money(amount) == text


# --- dates ---


@pytest.mark.parametrize(
    ("date", "short", "long"),
    [
        ((2020, 7, 3), "03/7/2020", "ngày 03 tháng 7 năm 2020"),
        ((2019, 12, 30), "30/12/2019", "ngày 30 tháng 12 năm 2019"),
        ((2021, 1, 1), "01/01/2021", "ngày 01 tháng 01 năm 2021"),
        ((2021, 2, 10), "10/02/2021", "ngày 10 tháng 02 năm 2021"),
        ((2021, 3, 9), "09/3/2021", "ngày 09 tháng 3 năm 2021"),
    ],
)
def test_dates_in_documents(date, short, long):
    day = datetime.date(*date)
    assert vn.document_date(day) == short and vn.document_date_in_words(day) == long


def test_the_moment_of_the_figures():
    assert vn.as_of(datetime.datetime(2020, 7, 3, 17, 0)) == "Số liệu tính đến 17 giờ 00, ngày 03/7/2020"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("5355/BC-SNV", "5355/BC-SNV"),
        ("  5355 / bc - snv ", "5355/BC-SNV"),
        ("Số: 5355/BC–SNV", "5355/BC-SNV"),
        ("số 12/BC-SNV", "12/BC-SNV"),
        # NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.3: a zero before numbers under 10.
        ("9/BC-SNV", "09/BC-SNV"),
        ("0009/BC-SNV", "09/BC-SNV"),
        ("7/BC-SLĐTBXH", "07/BC-SLĐTBXH"),
        ("123/SNV-CCVTLT", "123/SNV-CCVTLT"),
        ("12/BC-BCĐ138", "12/BC-BCĐ138"),
    ],
)
def test_document_numbers_have_one_form(typed, stored):
    assert vn.document_number(typed) == stored == vn.document_number(stored)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "5355", "BC-SNV", "5355/BC", "/BC-SNV", "0/BC-SNV", "5355/BC-", "5355-BC-SNV", "5355/BC SNV", "x/BC-SNV"),
        *("5.355/BC-SNV", "5355/BC-SNV.", "5355/BC-SNV; 2710/BC-SNV", "٣/BC-SNV", "………/BC-SNV", "1234567/BC-SNV"),
    ],
)
def test_what_is_no_document_number(typed):
    assert vn.document_number(typed) == ""


def test_a_report_of_the_department_is_bc_snv():
    """NĐ 30/2020/NĐ-CP, Phụ lục III: BC is báo cáo."""
    assert vn.report_number("số 9 / bc–snv", ["BC-SNV"]) == "09/BC-SNV"
    others = ("12/CV-SNV", "77/QĐ-UBND", "7/BC-UBND", "5/BC-SNV-CCVTLT", "5/XBC-SNV", "5355", "")
    assert [vn.report_number(number, ["BC-SNV"]) for number in others] == [""] * len(others)


def test_documents_of_a_line_each_follow_one_another_in_a_sentence():
    assert vn.in_one_line("Luật số 33/2024/QH15;\n\n Quyết định  số 5/QĐ-UBND.") == (
        "Luật số 33/2024/QH15; Quyết định số 5/QĐ-UBND."
    )
    assert vn.in_one_line("Quyết định số 5/QĐ-UBND") == "Quyết định số 5/QĐ-UBND"
    assert vn.in_one_line("") == ""
