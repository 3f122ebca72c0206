"""How people write days: what is read as one, and what is refused with words."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from archiveportal.days import parse_day
from archiveportal.fields import Day
from tests.support.days import NO_DAYS, SHORT_YEARS, WRITTEN, year_of_short


@pytest.mark.parametrize(("text", "day"), WRITTEN.items())
def test_a_day_is_read_as_people_write_it(text, day):
    assert parse_day(text) == day
    assert Day().clean(text) == day


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_is_not_taken_for_one(text):
    assert parse_day(text) is None
    with pytest.raises(ValidationError) as refusal:
        Day().clean(text)
    assert refusal.value.error_list[0].code == "invalid"


@pytest.mark.parametrize("after", [-20, 0, 1])
def test_a_year_of_two_digits_is_at_most_the_next_one(after):
    year = timezone.localdate().year + after
    assert parse_day(f"05/08/{year % 100:02d}") == parse_day(f"0508{year % 100:02d}") == datetime.date(year, 8, 5)


@pytest.mark.parametrize("text", SHORT_YEARS)
def test_a_later_year_of_two_digits_is_asked_for_in_full(text):
    text = text.format(year_of_short(timezone.localdate().year))
    with pytest.raises(ValidationError) as refusal:
        Day().clean(text)
    assert refusal.value.messages == [f"Vui lòng ghi năm đủ bốn chữ số: {text}."]


@pytest.mark.parametrize("required", [True, False])
def test_blanks_alone_are_no_day(required):
    field = Day(required=required)
    if not required:
        assert field.clean("  ") is None
        return
    with pytest.raises(ValidationError) as refusal:
        field.clean("  ")
    assert refusal.value.error_list[0].code == "required"
