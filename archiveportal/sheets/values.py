"""Values of cells: cleaned text, and numbers and days in the ways in which people write them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archiveportal.days import parse_day, sensible_day
from archiveportal.vietnamese import normalise, parse_number, search_key, without_control_characters

_NO_WORD = re.compile(r"[^0-9a-z]+")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
#: a day with its time, as our own files and other programs write it
_MOMENT = re.compile(r"\d{4}-\d{1,2}-\d{1,2}T")
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")
#: days from 1955 to 2119 in the count of spreadsheets; other whole numbers are no days
SERIALS = range(20_000, 80_000)
#: what a spreadsheet counts days from; 29/02/1900, which never was, is the reason for the 30th
SERIAL_START = datetime.date(1899, 12, 30)
#: Excel on old Macintoshes counts from here
SERIAL_START_1904 = datetime.date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class NoValue:
    """A cell whose value cannot be taken: a formula, or an error that a formula left."""

    text: str
    is_formula: bool


class NotThis(ValueError):
    """The value is not what the column holds; the message says what is expected."""


def clean_text(text: str) -> str:
    """Return text as it reads, with single spaces and without control characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return normalise(without_control_characters(text))


def text_of(value: Any) -> str:
    """Return the text of a cell as a person sees it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, NoValue):
        return clean_text(value.text)
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    if isinstance(value, datetime.datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@lru_cache(maxsize=4096)
def heading_key(text: str) -> str:
    """Return a heading without case, diacritics and signs: "Họ và tên (*)" is "ho va ten"."""
    without_brackets = _IN_BRACKETS.sub(" ", text)
    key = _NO_WORD.sub(" ", search_key(clean_text(without_brackets))).strip()
    return key or _NO_WORD.sub(" ", search_key(clean_text(text))).strip()


def read_number(value: Any) -> Decimal:
    """Read a number, also one written as text: "1.234,5". Raise `NotThis`."""
    if isinstance(value, bool):
        raise NotThis(_("a number, for example 1.234,5"))
    if isinstance(value, int | float):
        return Decimal(str(value))
    found = parse_number(text_of(value))
    if found is None:
        raise NotThis(_("a number, for example 1.234,5"))
    return found


def read_day(value: Any, *, is_1904: bool = False) -> datetime.date:
    """Read a day: a date, a serial number of a spreadsheet, or text ("5/8/26"). Raise `NotThis`.

    A year far off is a slip of the keys, as in forms.
    """
    day = _any_day(value, is_1904=is_1904)
    try:
        sensible_day(day)
    except ValidationError as error:
        raise NotThis(" ".join(error.messages)) from None
    return day


def _any_day(value: Any, *, is_1904: bool) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = "" if isinstance(value, bool) else text_of(value)
    if _SERIAL.fullmatch(text) and int(float(text)) in SERIALS:
        start = SERIAL_START_1904 if is_1904 else SERIAL_START
        return start + datetime.timedelta(days=int(float(text)))
    try:
        day = parse_day(text.partition("T")[0] if _MOMENT.match(text) else text)
    except ValidationError:
        day = None
    if day is None:
        raise NotThis(_("a day as day/month/year, for example 15/10/2026"))
    return day
