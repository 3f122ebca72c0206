"""What the passages of a report say, held against its figures, units and districts: pure functions.

Only what the records know is looked at: a number with a unit that they count, a unit or a district by kind and name.
Numbers of documents, days, articles of law, lengths of time and areas are no figures and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.vietnamese import normalise, parse_number, sort_key
from reports.checks.records import SEVERITY, Found, named

UNITS, DISTRICTS, CRITERIA, PEOPLE, COURSES, PERCENT, OF_TARGET, OF_UNITS, MONEY = (
    "units", "districts", "criteria", "people", "courses", "percent", "of_target", "of_units", "money",
)  # fmt: skip
#: what a report counts, and the numbers that it gives of it; what is not in there is not looked at
Known = Mapping[str, Collection[Decimal]]


@dataclass(frozen=True)
class Words:
    """A passage: what it is called, what stands in it, and where it is changed."""

    title: str
    text: str
    address: str = ""


# Numbers

_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_AGENCY = r"(?:UBND |Ủy ban nhân dân )?"
#: a kind before a name ("4 quận 6", "2 phường Tân Quý") counts nothing, and "xã hội" is no commune
_KINDS = r"(?! hội)(?! [A-ZĐÁÀẢÃẠĂÂÉÈÊÍÓÔƠÚƯÝ]| \d)"
_COUNTED = {
    UNITS: rf"{_AGENCY}(?:đơn vị|phường{_KINDS}|xã{_KINDS}|thị trấn{_KINDS}|đặc khu{_KINDS})",
    DISTRICTS: rf"{_AGENCY}(?:quận{_KINDS}|huyện{_KINDS})",
    CRITERIA: "tiêu chí",
    PEOPLE: r"(?:lượt|người|học viên|CB\.CC\.VC|cán bộ|công chức|viên chức)",
    COURSES: "lớp",
    OF_TARGET: r"%[^.;%\d]{0,15}so với (?:chỉ tiêu|mục tiêu)",
    OF_UNITS: r"% (?:trong )?(?:tổng )?(?:số )?(?:các )?đơn vị",
    PERCENT: "%",
}
_SAID = re.compile(
    rf"(?<![\w.,/])(?:(?P<part>\d+)/)?(?P<number>{_NUMBER})(?![\d/])\s?(?:"
    + "|".join(rf"(?P<{kind}>{words})" for kind, words in _COUNTED.items())
    + r")(?!\w)"
)
_MONEY = re.compile(
    r"(?<![\w.,/])" + "".join(rf"(?:(?P<{unit}>{_NUMBER})\s(?:{word})\s)?" for unit, word in (
        ("billions", "tỷ|tỉ"), ("millions", "triệu"), ("thousands", "ngàn|nghìn"),
    )) + rf"(?:(?P<whole>{_NUMBER})\s)?đồng(?! chí| bộ|\w)"
)  # fmt: skip
_SCALES = {"billions": 9, "millions": 6, "thousands": 3, "whole": 0}
#: "năm 2019 người dân", "Quận 3 đơn vị": the number belongs to the word before it
_NO_COUNT = re.compile(
    r"(?:ngày|tháng|năm|quý|giai đoạn|điều|khoản|quận|phường|xã|phòng|tổ|thứ|văn bằng) $", re.IGNORECASE
)
#: how far a figure may lie from a number that is said of it only about: "hơn 400", "gần 4.000"
_ABOUT = (
    (re.compile(r"(?:hơn|trên|ít nhất|tối thiểu) $", re.IGNORECASE), (Decimal(1), Decimal("1.1"))),
    (re.compile(r"(?:gần|dưới|không quá|chưa đến) $", re.IGNORECASE), (Decimal("0.9"), Decimal(1))),
    (re.compile(r"(?:khoảng|chừng|xấp xỉ) $", re.IGNORECASE), (Decimal("0.9"), Decimal("1.1"))),
)


@dataclass(frozen=True)
class Number:
    """A number as a passage says it. `step` is its last digit: 0,01 of "32,59%", 10^8 of "19,2 tỷ đồng"."""

    kind: str
    value: Decimal
    said: str
    step: Decimal = Decimal(1)
    bounds: tuple[Decimal, Decimal] | None = None

    def fits(self, figure: Decimal) -> bool:
        """Rounded or cut off to the digits that are said, or near enough to what is only said about."""
        if self.bounds:
            low, high = self.bounds
            return self.value * low <= figure <= self.value * high
        steps = figure / self.step
        return self.value / self.step in (int(steps), steps.to_integral_value(ROUND_HALF_UP))


def numbers_said(text: str) -> list[Number]:
    """The numbers with a unit that the records know."""
    found = []
    for line in paragraphs(text):
        found += [number for match in _SAID.finditer(line) for number in _counts(line, match)]
        found += [number for match in _MONEY.finditer(line) for number in _amount(line, match)]
    return found


def paragraphs(text: str) -> list[str]:
    """The number of a heading ("thị trấn", then "1. Mục tiêu") does not belong to the words before it."""
    return [normalise(line) for line in text.splitlines()]


def _counts(text: str, match: re.Match) -> Iterator[Number]:
    before = text[: match.start()]
    kind = next(kind for kind in _COUNTED if match[kind])
    if _NO_COUNT.search(before):
        return
    value = parse_number(match["number"])
    said = match.group()
    if value is None:
        return
    yield Number(kind, value, said, _step(value), bounds_of(before))
    # Both of "20/23 tiêu chí".
    if match["part"]:
        yield Number(kind, Decimal(match["part"]), said)


def _amount(text: str, match: re.Match) -> Iterator[Number]:
    parts = [(parse_number(match[unit]), scale) for unit, scale in _SCALES.items() if match[unit]]
    if not parts or any(value is None for value, _scale in parts):
        return
    value = sum(value * 10**scale for value, scale in parts)
    last, scale = parts[-1]
    yield Number(MONEY, value, match.group(), _step(last) * 10**scale, bounds_of(text[: match.start()]))


def _step(value: Decimal) -> Decimal:
    return Decimal(1).scaleb(min(value.as_tuple().exponent, 0))


def bounds_of(before: str) -> tuple[Decimal, Decimal] | None:
    return next((bounds for words, bounds in _ABOUT if words.search(before)), None)


def numbers_are_figures(passages: Iterable[Words], known: Known) -> list[Found]:
    """A number in a passage that is no figure of the report, by what it counts (E01: 32,59% "so với chỉ tiêu")."""
    found = []
    for passage in passages:
        wrong = [
            number
            for number in numbers_said(passage.text)
            if number.kind in known and not any(number.fits(figure) for figure in known[number.kind])
        ]
        other = _("%(passage)s says %(said)s, which is no figure of this report.")
        for kinds, severity, text in (
            ([OF_TARGET], SEVERITY.MEDIUM, _("%(passage)s says %(said)s, which is no percentage of a target.")),
            ([OF_UNITS], SEVERITY.MEDIUM, _("%(passage)s says %(said)s, which is no share of the units.")),
            ([PERCENT, MONEY], SEVERITY.MEDIUM, other),
            ([UNITS, DISTRICTS, CRITERIA, PEOPLE, COURSES], SEVERITY.MEDIUM, other),
        ):
            said = dict.fromkeys(f"“{each.said}”" for each in wrong if each.kind in kinds)
            if said:
                values = {"passage": passage.title, "said": named(list(said))}
                found.append(Found(severity, text % values, passage.address))
    return found


# Names


@dataclass(frozen=True)
class Name:
    """A unit as it is named: kind "phường", name "4", and the district it is said to be of ("Quận 6"), if any."""

    kind: str
    name: str
    district: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The same for "Phường 03" and "phường 3", for "Hòa" and "Hoà"."""
        return self.kind.lower(), sort_key(self.name)

    @property
    def title(self) -> str:
        kind = self.kind.capitalize() if self.name.isdigit() else self.kind.lower()
        return f"{kind} {self.name}{', ' if self.district else ''}{self.district}"


_WARD_KIND = re.compile(r"\b(phường|(?<!thị )xã|thị trấn|đặc khu) ", re.IGNORECASE)
_DISTRICT_KIND = re.compile(r"\b(quận|huyện) ", re.IGNORECASE)
_OF_DISTRICT = re.compile(rf"(?:,| thuộc| của)? \(?{_AGENCY}((?:quận|huyện|thành phố) )", re.IGNORECASE)
_NEXT = re.compile(rf"(?:, | và ){_AGENCY}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d{1,2}(?![\w/%²]|[.,]\d)")
_UNIT_BEHIND = re.compile(rf" ?(?:{'|'.join(_COUNTED.values())})")
#: words with a capital that are in no name of a unit, and those that begin none ("UBND phường Ủy ban nhân dân")
_NEVER = {"Quận", "Huyện", "Phường", "Xã", "UBND", "HĐND", "TP"}
_NOT_FIRST = {"Thành", "Ủy", "Hội", "Sở", "Chi", "Phòng", "Thị", "Đảng"}


def _name_at(text: str, start: int) -> str:
    """The name that begins here: digits, or words with capitals ("Vĩnh Lộc B"); nothing where there is none."""
    if match := _DIGITS.match(text, start):
        return "" if _UNIT_BEHIND.match(text, match.end()) else match.group()
    end = place = start
    while (match := _WORD.match(text, place)) and match.group()[0].isupper() and match.group() not in _NEVER:
        if place == start and match.group() in _NOT_FIRST:
            break
        end = match.end()
        place = end + 1
        if text[end : end + 1] != " ":
            break
    return text[start:end]


def _names(text: str, kinds: re.Pattern, known: Container[tuple[str, str]]) -> Iterator[list[tuple[Name, int]]]:
    """The lists of names that follow a kind, each name with the place behind it.

    "xã Long Hòa, Bình Khánh và thị trấn Cần Thạnh" is one list. Behind its first name only a number or a known name
    goes on with it: "xã Long Thới, Sở Nội vụ" names one unit.
    """
    place = 0
    while match := kinds.search(text, place):
        place, listed = match.end(), []
        start, kind, has_kind = match.end(), match[1], True
        while text_of_name := _name_at(text, start):
            name = Name(kind, text_of_name)
            if not has_kind and not name.name.isdigit() and name.key not in known:
                break
            place = start + len(text_of_name)
            listed.append((name, place))
            step = _NEXT.match(text, place)
            if not step:
                break
            another = kinds.match(text, step.end())
            start, has_kind = (another or step).end(), bool(another)
            kind = another[1] if another else kind
        if listed:
            yield listed


def ward_lists(text: str, known: Container[tuple[str, str]] = ()) -> Iterator[tuple[list[Name], int]]:
    """The lists of wards in one paragraph, with the district behind them, each with the place where it ends."""
    for listed in _names(text, _WARD_KIND, known):
        place = listed[-1][1]
        of = _OF_DISTRICT.match(text, place)
        name = _name_at(text, of.end()) if of else ""
        district = f"{of[1].strip().capitalize()} {name}" if name else ""
        yield [Name(each.kind, each.name, district) for each, _place in listed], of.end() + len(name) if name else place


def wards_said(text: str, known: Container[tuple[str, str]] = ()) -> list[Name]:
    """The wards that a passage names, with the district that stands behind them or behind their list."""
    return [name for line in paragraphs(text) for listed, _place in ward_lists(line, known) for name in listed]


def district_lists(text: str, known: Container[tuple[str, str]] = ()) -> Iterator[tuple[list[Name], int]]:
    for listed in _names(text, _DISTRICT_KIND, known):
        yield [name for name, _place in listed], listed[-1][1]


def districts_said(text: str, known: Container[tuple[str, str]] = ()) -> list[Name]:
    return [name for line in paragraphs(text) for listed, _place in district_lists(line, known) for name in listed]


def wards_take_part(passages: Iterable[Words], wards: Sequence[Name]) -> list[Found]:
    """A passage names a ward that is not in the round, be it that there is none of that name."""
    known = {ward.key for ward in wards}
    exactly = {(*ward.key, sort_key(ward.district)) for ward in wards}
    text = _("%(passage)s names units that are not in this round (%(count)s): %(names)s.")

    def takes_part(name: Name) -> bool:
        return (*name.key, sort_key(name.district)) in exactly if name.district else name.key in known

    return _missing(passages, text, lambda words: wards_said(words, known), takes_part)


def districts_exist(passages: Iterable[Words], districts: Iterable[Name]) -> list[Found]:
    """A passage names a district that there was none of at the time."""
    known = {district.key for district in districts}
    text = _("%(passage)s names districts that did not exist at the time (%(count)s): %(names)s.")
    return _missing(passages, text, lambda words: districts_said(words, known), lambda name: name.key in known)


def _missing(passages: Iterable[Words], text: str, said: Any, is_known: Any) -> list[Found]:
    found = []
    for passage in passages:
        names = list(dict.fromkeys(name.title for name in said(passage.text) if not is_known(name)))
        if names:
            values = {"passage": passage.title, "count": len(names), "names": named(names)}
            found.append(Found(SEVERITY.MEDIUM, text % values, passage.address))
    return found
