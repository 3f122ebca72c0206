"""Checks of the passages of a report against its figures, units and districts: pure functions.

Only what the records know is looked at: a number with a unit that they count, a unit or a district
by kind and name. Numbers of documents, days, articles of law, lengths of time and areas are no
figures and are not checked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from archiveportal.vietnamese import normalise, parse_number
from reports.checks.found import SEVERITY, Found, first_names

UNITS, DISTRICTS, CRITERIA, POINTS, PEOPLE, COURSES, PERCENT, OF_TARGET, OF_UNITS, MONEY = (
    "units", "districts", "criteria", "points", "people", "courses", "percent", "of_target", "of_units", "money",
)  # fmt: skip
#: what a report counts, and the numbers that it gives of it; what is not in there is not looked at
Known = Mapping[str, Collection[Decimal]]


@dataclass(frozen=True)
class Words:
    """A passage: its title, its text, and the address of the page that changes it."""

    title: str | Promise
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
    #: "5 điểm %" and "3 điểm cầu" are no points of a score
    POINTS: "điểm(?! (?:%|phần trăm|cầu|kho|lưu trữ))",
    PEOPLE: r"(?:lượt|người|học viên|CB\.CC\.VC|cán bộ|công chức|viên chức)",
    COURSES: "lớp",
    OF_TARGET: r"%[^.;%\d]{0,15}so với (?:chỉ tiêu|mục tiêu)",
    OF_UNITS: r"% (?:trong )?(?:tổng )?(?:số )?(?:các )?đơn vị",
    PERCENT: "%",
}
_SAID = re.compile(
    rf"(?<![\w.,/])(?:(?P<part>\d+(?:,\d+)?)/)?(?P<number>{_NUMBER})(?![\d/])\s?(?:"
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
#: how far a figure may be from a number that is only approximate: "hơn 400", "gần 4.000"
_ABOUT = (
    (re.compile(r"(?:hơn|trên|ít nhất|tối thiểu) $", re.IGNORECASE), (Decimal(1), Decimal("1.1"))),
    (re.compile(r"(?:gần|dưới|không quá|chưa đến) $", re.IGNORECASE), (Decimal("0.9"), Decimal(1))),
    (re.compile(r"(?:khoảng|chừng|xấp xỉ) $", re.IGNORECASE), (Decimal("0.9"), Decimal("1.1"))),
)


@dataclass(frozen=True)
class SaidNumber:
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


def numbers_said(text: str) -> list[SaidNumber]:
    """Return the numbers with a unit that the records know."""
    numbers: list[SaidNumber] = []
    for line in paragraphs(text):
        for match in _SAID.finditer(line):
            numbers += _counts(line, match)
        for match in _MONEY.finditer(line):
            numbers += _amount(line, match)
    return numbers


def paragraphs(text: str) -> list[str]:
    """The number of a heading ("thị trấn", then "1. Mục tiêu") does not belong to the words before it."""
    return [normalise(line) for line in text.splitlines()]


def _counts(text: str, match: re.Match) -> Iterator[SaidNumber]:
    before = text[: match.start()]
    kind = next(kind for kind in _COUNTED if match[kind])
    if _NO_COUNT.search(before):
        return
    value = parse_number(match["number"])
    said = match.group()
    if value is None:
        return
    yield SaidNumber(kind, value, said, _step(value), bounds_of(before))
    # Both of "20/23 tiêu chí", "20,5/24 điểm".
    if match["part"]:
        yield SaidNumber(kind, Decimal(match["part"].replace(",", ".")), said)


def _amount(text: str, match: re.Match) -> Iterator[SaidNumber]:
    parts = [(parse_number(match[unit]), scale) for unit, scale in _SCALES.items() if match[unit]]
    amounts = [(value, scale) for value, scale in parts if value is not None]
    if not parts or len(amounts) < len(parts):
        return
    value = sum((value * 10**scale for value, scale in amounts), Decimal(0))
    last, scale = amounts[-1]
    yield SaidNumber(MONEY, value, match.group(), _step(last) * 10**scale, bounds_of(text[: match.start()]))


def _step(value: Decimal) -> Decimal:
    return Decimal(1).scaleb(min(int(value.as_tuple().exponent), 0))


def bounds_of(before: str) -> tuple[Decimal, Decimal] | None:
    return next((bounds for words, bounds in _ABOUT if words.search(before)), None)


def numbers_are_figures(passages: Iterable[Words], known: Known) -> list[Found]:
    """A number in a passage that is no figure of the report, by what it counts (E01: 32,59% "so với chỉ tiêu")."""
    findings = []
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
            ([UNITS, DISTRICTS, CRITERIA, POINTS, PEOPLE, COURSES], SEVERITY.MEDIUM, other),
        ):
            said = dict.fromkeys(f"“{each.said}”" for each in wrong if each.kind in kinds)
            if said:
                values = {"passage": passage.title, "said": first_names(list(said))}
                findings.append(Found(severity, text % values, passage.address))
    return findings


# Names
