"""Values of cells as people write them."""

import datetime
from decimal import Decimal

import pytest

from archiveportal.sheets.values import NotThis, clean_text, heading_key, read_day, read_number, text_of


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("5/8/26", datetime.date(2026, 8, 5)),
        ("05.08.2026", datetime.date(2026, 8, 5)),
        (" 5-8-2026 ", datetime.date(2026, 8, 5)),
        ("2026-08-05", datetime.date(2026, 8, 5)),
        (45000, datetime.date(2023, 3, 15)),
        ("45000", datetime.date(2023, 3, 15)),
        (45000.0, datetime.date(2023, 3, 15)),
        (datetime.datetime(2026, 8, 5, 10, 30), datetime.date(2026, 8, 5)),
        (datetime.date(2026, 8, 5), datetime.date(2026, 8, 5)),
    ],
)
def test_days(written, day):
    assert read_day(written) == day


@pytest.mark.parametrize(
    "written",
    ["31/2/2026", "2026", "13/13/2026", "hôm qua", "", True, 5, "1/1/126", "5/8/2999", datetime.date(1066, 1, 1)],
)
def test_no_days(written):
    with pytest.raises(NotThis):
        read_day(written)


def test_days_counted_from_1904():
    assert read_day(43538, is_1904=True) == datetime.date(2023, 3, 15)


@pytest.mark.parametrize(
    ("written", "number"),
    [("1.234,5", "1234.5"), ("1234,5", "1234.5"), (12, "12"), (1.5, "1.5"), ("1 234", "1234"), ("-3", "-3")],
)
def test_numbers(written, number):
    assert read_number(written) == Decimal(number)


@pytest.mark.parametrize("written", ["12a", "1,2,3", True, "١٢"])
def test_no_numbers(written):
    with pytest.raises(NotThis):
        read_number(written)


def test_text_is_composed_folded_and_visible():
    assert clean_text("  Nguye\u0302\u0303n\u00a0\u200bThi\u0323\tHoa\ufeff ") == "Nguyễn Thị Hoa"
    assert text_of(27373.0) == "27373"
    assert text_of(datetime.datetime(2026, 8, 5)) == "05/08/2026"


def test_headings_have_no_case_diacritics_or_signs():
    assert heading_key("  HỌ VÀ TÊN (*):") == heading_key("Ho va ten") == "ho va ten"
    assert heading_key("(Ghi chú)") == "ghi chu"
