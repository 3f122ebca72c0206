"""The numbers of printed tables: "A", "I", "1", "1.1.", "1.10", "a)", "-"; which row lies under which."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.roman import roman_value
from archiveportal.sheets.values import NotThis, text_of
from archiveportal.vietnamese import parse_number

#: rank of the first part of a number: what is higher lies below
LETTER, ROMAN, WHOLE, SMALL, DASH = 0, 1, 2, 8, 9
_PART = r"(?:[A-Z]|[IVX]{1,6}|[0-9]{1,3})"
_NUMBER = re.compile(rf"{_PART}(?:\.[0-9]{{1,3}}|\.[IVX]{{1,6}}(?![A-Z]))*")
_SMALL = re.compile(r"[a-zđ]{1,2}(?:\.[0-9]{1,2})?")
_WORD_BEFORE = re.compile(r"^(?:mục|phần|nhóm|lĩnh vực|tiêu chí|chương|stt|số)\s+", re.IGNORECASE)
_TITLE = re.compile(rf"((?:(?:Phần|Mục|Nhóm|Lĩnh vực)\s+)?{_PART}(?:\.[0-9]{{1,3}})*)\s*[.):/–-]\s*(\D.*)")
_SIGNS = {"-", "–", "—", "+", "•", "*"}


@dataclass(frozen=True)
class Numbering:
    """The number of a row: its parts, and how deep the first of them lies."""

    tokens: tuple[str, ...]
    rank: int
    #: of a whole number whose digits a spreadsheet may have cut: 1.10 is kept as 1.1
    is_float: bool = False

    @property
    def text(self) -> str:
        return ".".join(self.tokens)

    @property
    def depth(self) -> int:
        """Return how deep a row of this number lies among numbers of other forms."""
        return self.rank + len(self.tokens) - 1

    @property
    def is_small(self) -> bool:
        """Whether it is of a kind that lists what lies within a criterion: "a)" or a dash."""
        return self.rank >= SMALL

    def lies_under(self, other: Numbering) -> bool:
        """Tell whether its own number says that it lies directly under another: 1.1 under 1, and under I."""
        above = self.tokens[:-1]
        return (
            bool(above)
            and len(above) == len(other.tokens)
            and list(map(_value, above)) == list(map(_value, other.tokens))
        )


def read_numbering(cell: Any) -> Numbering | None:
    """Return the number in a cell, None where it is blank. Raise `NotThis` for what is none."""
    if isinstance(cell, datetime.date):
        raise NotThis(
            _("the number as text: the spreadsheet made a day of it. Format the column as text, type it again")
        )
    is_float = isinstance(cell, float) and not cell.is_integer()
    text = _WORD_BEFORE.sub("", text_of(cell)).strip()
    if not text:
        return None
    if text in _SIGNS:
        return Numbering(("-",), DASH)
    number = re.sub(r"(?<=\d),(?=\d)", ".", text.strip("().:;/ ").replace(" ", ""))
    if _SMALL.fullmatch(number):
        return Numbering(tuple(number.split(".")), SMALL)
    if not _NUMBER.fullmatch(number):
        raise NotThis(_("a number such as A, I, 1, 1.1, a) or a dash; blank for a row that goes on with the one above"))
    tokens = tuple(number.split("."))
    return Numbering(tokens, _rank(tokens[0]), is_float)


def split_title(text: str) -> tuple[str, str] | None:
    """Return number and title of a heading in one cell: "II. CÔNG TÁC LƯU TRỮ"; None where it has no number."""
    found = _TITLE.fullmatch(text)
    return (found[1], found[2]) if found else None


def _rank(token: str) -> int:
    if token.isdigit():
        return WHOLE
    return ROMAN if roman_value(token) else LETTER


def as_letter(numbering: Numbering) -> Numbering:
    """Return "I", "V" or "X" as the letter that follows H, U or W."""
    return Numbering(numbering.tokens, LETTER)


def follows_as_letter(numbering: Numbering, before: Numbering | None) -> bool:
    """Tell whether a Roman number is the next letter after a row that bears a letter: I after H."""
    if before is None or before.rank != LETTER or numbering.rank != ROMAN or len(numbering.tokens) > 1:
        return False
    return len(numbering.text) == 1 and ord(numbering.text) == ord(before.text[0]) + 1


def _value(token: str) -> int | str:
    """Return the value of a Roman or Arabic number, so that 1.1 is known under I; letters as they are."""
    return int(token) if token.isdigit() else roman_value(token) or token


def with_lost_zero(numbering: Numbering, before: Numbering | None) -> Numbering | None:
    """Return 1.10 for a cell that holds 1.1 right after 1.9, as spreadsheets cut it; else None."""
    if not numbering.is_float or before is None or len(before.tokens) != len(numbering.tokens):
        return None
    last, earlier = numbering.tokens[-1], before.tokens[-1]
    is_next = earlier.isdigit() and len(last) < len(str(int(earlier) + 1))
    whole = str(int(earlier) + 1) if is_next else ""
    if whole.rstrip("0") != last or before.tokens[:-1] != numbering.tokens[:-1]:
        return None
    return Numbering((*numbering.tokens[:-1], whole), numbering.rank)


def read_points(cell: Any) -> Decimal | None:
    """Return the points in a cell, with a sign for deductions; None where it is blank. Raise `NotThis`."""
    if isinstance(cell, bool | datetime.date):
        raise NotThis(_points_expected())
    if isinstance(cell, int | float):
        points = Decimal(str(round(cell, 6)))
    elif text_of(cell) in ("", "x", "X", *_SIGNS):
        return None
    else:
        points = _typed(text_of(cell))
    if points != round(points, 2) or abs(points) >= 10_000:
        raise NotThis(_points_expected())
    return points.quantize(Decimal("0.01"))


def _typed(text: str) -> Decimal:
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    found = re.fullmatch(r"([+-]?)\s*(\d+(?:[.,]\d+)*)\s*(?:điểm|đ)?\.?", text, re.IGNORECASE)
    points = parse_number(found[1] + found[2]) if found else None
    if points is None:
        raise NotThis(_points_expected())
    return points


def _points_expected() -> str:
    return _("points with two decimals at most, for example 7,5")
