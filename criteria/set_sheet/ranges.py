"""Ranges of points and percentages in the words of printed sheets: "≥ 90%", "từ 70 đến dưới 90 điểm", "70–<90%"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from archiveportal.sheets.values import NotThis
from archiveportal.vietnamese import number, parse_number

#: with points between thousands, else with a comma or a point before the decimals
NUMBER = r"([1-9]\d{0,2}(?:\.\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?)"
_UNIT = r"\s*(%|phan tram|diem)?"
_ONE = NUMBER + _UNIT
_TO = r"\s*(?:-|den|toi)\s*"
_AT_LEAST = re.compile(rf"(?:(?:>=|tu|dat tu|it nhat|toi thieu)\s*{_ONE}(?:\s*tro len)?|(?:dat )?{_ONE}\s*tro len)")
_ABOVE = re.compile(rf"(?:>|tren|hon)\s*{_ONE}")
_BELOW = re.compile(rf"(?:<|duoi|nho hon)\s*{_ONE}")
_AT_MOST = re.compile(rf"(?:<=|den|toi da|khong qua)\s*{_ONE}|(?:tu )?{_ONE}\s*tro xuong")
_UP_TO = re.compile(rf"(?:(?:>=|tu)\s*)?{_ONE}{_TO}(?:duoi|<)\s*{_ONE}")
_BETWEEN = re.compile(rf"(?:(?:>=|tu)\s*)?{_ONE}{_TO}{_ONE}")
_AROUND = re.compile(rf"{_ONE}\s*<=\s*[a-z ]{{0,20}}<\s*{_ONE}")
_ABOVE_TO = re.compile(rf"(?:tu )?(?:>|tren)\s*{_ONE}{_TO}.*|{_ONE}\s*<\s*[a-z ]{{0,20}}<=?\s*{_ONE}")
_EXACT = re.compile(_ONE)
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")


@dataclass(frozen=True)
class WrittenRange:
    """Bounds of a range; `upper` belongs to it only where it `includes_upper`."""

    lower: Decimal | None
    upper: Decimal | None = None
    includes_upper: bool = False
    #: "%" or "diem", or "" where neither is written
    unit: str = ""


@dataclass
class Ladder:
    """Ranges from the lowest to the highest as lower bounds, with what does not fit and what was read into them."""

    #: number of the range as it was given, and its lower bound
    lowers: list[tuple[int, Decimal]] = field(default_factory=list)
    #: number of the range, and what is expected there
    faults: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """Return text in small letters without marks, with plain signs; digits stay as they are."""
    text = _DASHES.sub("-", text.lower().replace("đ", "d").replace("≥", ">=").replace("≤", "<=").replace("=>", ">="))
    decomposed = unicodedata.normalize("NFD", text)
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


def decimal(text: str) -> Decimal:
    """Return a number of a rule as people write it. Raise `NotThis` for one that cannot be stored."""
    value = parse_number(text)
    if value is None or value != round(value, 2) or value >= 10_000_000:
        raise NotThis(_("numbers under 10.000.000 with two decimals at most, for example 7,5"))
    return value


def read_range(text: str) -> WrittenRange | None:
    """Return the range that a text names, None where it names none. Raise `NotThis` for one with an open lower end."""
    words = plain(text).removesuffix(".")
    if _ABOVE.fullmatch(words) or _ABOVE_TO.fullmatch(words):
        raise NotThis(_("a range with its lower end in it: “từ 90% trở lên” or “≥ 90%” in place of “trên 90%”"))
    for pattern, make in _FORMS:
        found = pattern.fullmatch(words)
        if found:
            return make([part for part in found.groups() if part])
    return None


def _numbers(parts: Sequence[str]) -> tuple[list[Decimal], str]:
    units = {"%" if part == "phan tram" else part for part in parts if not part[0].isdigit()}
    return [decimal(part) for part in parts if part[0].isdigit()], units.pop() if len(units) == 1 else ""


def _at_least(parts: Sequence[str]) -> WrittenRange:
    (lower,), unit = _numbers(parts)
    return WrittenRange(lower, unit=unit)


def _below(parts: Sequence[str]) -> WrittenRange:
    (upper,), unit = _numbers(parts)
    return WrittenRange(None, upper, unit=unit)


def _at_most(parts: Sequence[str]) -> WrittenRange:
    numbers, unit = _numbers(parts)
    return WrittenRange(None, numbers[-1], includes_upper=True, unit=unit)


def _up_to(parts: Sequence[str]) -> WrittenRange:
    (one, other), unit = _numbers(parts)
    return WrittenRange(min(one, other), max(one, other), unit=unit)


def _between(parts: Sequence[str]) -> WrittenRange:
    (one, other), unit = _numbers(parts)
    return WrittenRange(min(one, other), max(one, other), includes_upper=True, unit=unit)


def _exact(parts: Sequence[str]) -> WrittenRange:
    (value,), unit = _numbers(parts)
    return WrittenRange(value, value, includes_upper=True, unit=unit)


_FORMS = (
    (_UP_TO, _up_to),
    (_AROUND, _up_to),
    (_BETWEEN, _between),
    (_AT_LEAST, _at_least),
    (_BELOW, _below),
    (_AT_MOST, _at_most),
    (_EXACT, _exact),
)


def ladder(ranges: Sequence[WrittenRange], *, top: Decimal, needs_floor: bool) -> Ladder:
    """Put ranges in order and say where they leave a value out or hold it twice, from 0 to `top`.

    Without `needs_floor` what is below the lowest range is a range of its own, which earns nothing.
    """
    made = Ladder()
    order = sorted(range(len(ranges)), key=lambda index: _place(ranges[index]))
    reached: Decimal | None = None
    for place, index in enumerate(order):
        this = ranges[index]
        lower = this.lower if this.lower is not None else Decimal(0)
        if place == 0 and lower > 0 and needs_floor:
            made.faults.append(
                (index, _("a range from 0: what is below %(lower)s has none") % {"lower": number(lower)})
            )
        if place and (made.lowers[-1][1] == lower or (reached is not None and lower != reached)):
            made.faults.append((index, _not_joined(reached, lower)))
        made.lowers.append((index, lower))
        following = ranges[order[place + 1]] if place + 1 < len(order) else None
        reached = _end(made, index, this=this, following=following, top=top)
    return made


def _place(this: WrittenRange) -> tuple[Decimal, int]:
    return (this.lower or Decimal(0), 0 if this.lower is None else 1)


def _end(
    made: Ladder,
    index: int,
    *,
    this: WrittenRange,
    following: WrittenRange | None,
    top: Decimal,
) -> Decimal | None:
    """Return where the next range has to begin, None where it may begin anywhere."""
    if following is None:
        ends_early = this.upper is not None and (this.upper < top or (this.upper == top and not this.includes_upper))
        if ends_early:
            made.faults.append((index, _("a range up to the highest value: %(top)s has none") % {"top": number(top)}))
        return None
    if this.upper is None or not this.includes_upper:
        return this.upper
    return _closed_end(made, index, upper=this.upper, begins=following.lower or Decimal(0))


def _closed_end(made: Ladder, index: int, *, upper: Decimal, begins: Decimal) -> Decimal:
    """Return where a range that holds its upper end lets the next begin: at most 1 above it ("70-89", "90-100")."""
    if begins == upper:
        message = _("“đến dưới %(bound)s” or “< %(bound)s”: %(bound)s is in two ranges")
        made.faults.append((index, message % {"bound": number(upper)}))
        return begins
    if not upper < begins <= upper + 1:
        return upper
    note = _("“đến %(upper)s” is read as “đến dưới %(begins)s”, so that no value between them is left out.")
    made.notes.append(note % {"upper": number(upper), "begins": number(begins)})
    return begins


def _not_joined(reached: Decimal | None, lower: Decimal) -> str:
    if reached is None or reached == lower:
        return _("ranges that join: two begin at %(lower)s") % {"lower": number(lower)}
    bounds = {"lower": number(min(reached, lower)), "upper": number(max(reached, lower))}
    if lower > reached:
        return _("ranges that join: from %(lower)s to under %(upper)s has none") % bounds
    return _("ranges that join: from %(lower)s to under %(upper)s is in two") % bounds
