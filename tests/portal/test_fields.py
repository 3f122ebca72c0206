"""Form fields: what is taken, in which shape, and the words in which the rest is refused."""

import unicodedata
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from archiveportal.fields import CleanText, NumberField, WholeNumber
from archiveportal.letters import clean_letters, is_of_old_font
from archiveportal.vietnamese import control_characters


def refusal(field, value) -> str:
    with translation.override("en"):
        with pytest.raises(ValidationError) as caught:
            field.clean(value)
        assert caught.value.error_list[0].code
        return " ".join(caught.value.messages)


# --- text ---


def test_text_is_stored_in_one_form():
    field = CleanText(limit=50)
    assert field.clean(unicodedata.normalize("NFD", "  Tân   Quý ")) == "Tân Quý"
    assert field.clean("a\tb\nc") == "a b c"


def test_lines_are_kept_where_they_are_wanted():
    field = CleanText(limit=50, lines=True)
    assert field.clean("  một  \r\n\r\nhai  ba \n") == "một\n\nhai  ba"
    assert field.widget.attrs["rows"] == 2


@pytest.mark.parametrize("text", ["a\x07b", "\x00", "a\x1b[0m", "a\rb", "\x0b", "a\x85"])
def test_control_characters_are_refused_and_not_dropped(text):
    for lines in (False, True):
        assert "cannot be shown" in refusal(CleanText(limit=50, lines=lines, required=False), text)


def test_the_limit_is_told_with_the_length():
    field = CleanText(limit=1000)
    assert field.clean("x" * 1000)
    words = refusal(field, "x" * 10_000)
    assert "10.000" in words and "1.000" in words


def test_the_length_is_that_of_what_is_stored():
    field = CleanText(limit=7)
    assert field.clean("  " + unicodedata.normalize("NFD", "Tân Quý") + "  ") == "Tân Quý"


@pytest.mark.parametrize("blank", ["", None, "   ", "\n"])
def test_blank(blank):
    assert CleanText(limit=5, required=False).clean(blank) == ""
    refusal(CleanText(limit=5), blank)


@given(st.text(max_size=100))
def test_any_text_is_stored_as_it_reads_or_refused(text):
    for lines in (False, True):
        field = CleanText(limit=200, lines=lines, required=False)
        try:
            cleaned = field.clean(text)
        except ValidationError:
            assert control_characters(text) or is_of_old_font(text)
            continue
        assert unicodedata.is_normalized("NFC", cleaned)
        assert "".join(cleaned.split()) == "".join(clean_letters(text).split())
        assert field.clean(cleaned) == cleaned


# --- numbers ---


@pytest.mark.parametrize(("typed", "value"), [("1.341", 1341), ("1341", 1341), (" 7 ", 7), ("0", 0), ("20,0", 20)])
def test_whole_numbers(typed, value):
    cleaned = NumberField().clean(typed)
    assert cleaned == value and type(cleaned) is int


@pytest.mark.parametrize(("typed", "value"), [("20,5", "20.5"), ("20.5", "20.5"), ("1.341,25", "1341.25"), ("3", "3")])
def test_numbers_with_places(typed, value):
    assert NumberField(places=2).clean(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (NumberField(), "mười", "is not a number"),
        (NumberField(), "1e5", "is not a number"),
        (NumberField(), "NaN", "is not a number"),
        (NumberField(), "1,5", "whole number"),
        (NumberField(), "-1", "negative"),
        (NumberField(), "10000000", "more than 7 digits"),
        (NumberField(digits=15), "1" * 16, "more than 15 digits"),
        (NumberField(), "9" * 5000, "more than 7 digits"),
        (NumberField(places=2), "1,234", "2 digits"),
        (NumberField(places=2), "0," + "1" * 500, "2 digits"),
        (NumberField(), "", "required"),
    ],
)
def test_bad_numbers_are_refused_in_plain_words(field, typed, words):
    assert words in refusal(field, typed)


def test_a_long_typed_text_is_not_repeated_whole():
    assert len(refusal(NumberField(), "x" * 10_000)) < 200


def test_a_blank_number_is_none_and_not_zero():
    assert NumberField(required=False).clean("") is None
    assert NumberField(required=False).clean(None) is None


@given(st.decimals(0, 10**7 - 1, places=2))
def test_what_is_shown_can_be_sent_back(value):
    field = NumberField(places=2)
    shown = field.prepare_value(value)
    assert field.clean(shown) == value
    assert not field.has_changed(value, shown)


@given(st.integers(0, 10**7 - 1))
def test_whole_numbers_can_be_sent_back(value):
    field = NumberField()
    assert field.clean(field.prepare_value(value)) == value
    assert not field.has_changed(value, field.prepare_value(value))


@pytest.mark.parametrize(
    ("initial", "data", "changed"),
    [(5, "5", False), (5, "05", False), (None, "", False), (5, "", True), (5, "x", True)],
)
def test_changes_are_noticed(initial, data, changed):
    assert NumberField(required=False).has_changed(initial, data) is changed


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text):
    try:
        assert NumberField(places=2, digits=7, required=False).clean(text) is None or text.strip()
    except ValidationError as refused:
        assert refused.messages


# --- numbers of scripts ---


def test_a_script_writes_digits_alone():
    field = WholeNumber(least=1, most=2**31 - 1)
    assert (field.clean("7"), field.clean(7), field.clean(str(2**31 - 1))) == (7, 7, 2**31 - 1)
    for text in ("0", str(2**31), "-1", "+1", " 1", "1.0", "1.000", "\u0661", "²", "x", "\x00", "9" * 5000, "", None):
        refusal(field, text)


def test_a_number_of_a_script_may_be_left_out():
    field = WholeNumber(most=9, required=False)
    assert (field.clean(""), field.clean(None), field.clean("0")) == (None, None, 0)
