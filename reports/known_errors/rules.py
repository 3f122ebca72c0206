"""Errors that are found by a rule and not by their words: days that no calendar has, doubled words, spaces."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from reports.known_errors.spans import LOW, MEDIUM, ErrorMatch

_DAY_TWICE = re.compile(r"(?<!\w)(?:ngày (\d{1,2}) ngày|tháng (\d{1,2}) tháng) (\d{1,2}) năm (\d{4})(?!\w)")
_DAY = re.compile(
    r"(?<!\w)ngày (?:(?P<day>\d{1,2}) tháng (?P<month>\d{1,2}) năm (?P<year>\d{4})"
    r"|(?P<short_day>\d{1,2})/(?P<short_month>\d{1,2})/(?P<short_year>\d{4}))(?![\w/])"
)
#: no text needs one of these twice in a row. Doubled syllables of other words are often right:
#: "thực hành hành chính", "các tổ chức tổ chức"
_NEVER_TWICE = (
    "của và các những được đã đang sẽ tại trong cho với để do vì là theo về trên dưới bởi hoặc nhưng khi nếu thì mà "
    "ở đến bị việc này"
)
_DOUBLED = re.compile(rf"(?<!\w)({'|'.join(_NEVER_TWICE.split())}) \1(?!\w)")
_SPACED_PERCENT = re.compile(r"(?<![\w.,/-])(\d+(?:[.,]\d+)*) %(?![\w(])")


def wording_errors(text: str) -> Iterator[ErrorMatch]:
    yield from _days_named_twice(text)
    yield from _impossible_days(text)
    yield from _doubled_words(text)
    yield from _spaced_percents(text)


def _days_named_twice(text: str) -> Iterator[ErrorMatch]:
    for match in _DAY_TWICE.finditer(text):
        day, month, year = match[1] or match[2], match[3], match[4]
        yield ErrorMatch(
            "ngay-thang",
            *match.span(),
            corrected=f"ngày {day} tháng {month} năm {year}",
            reason="ngày, tháng ghi trùng một chữ",
            reason_en="the word for day or month stands twice",
            severity=MEDIUM,
        )


def _impossible_days(text: str) -> Iterator[ErrorMatch]:
    for match in _DAY.finditer(text):
        parts = [digits for digits in match.groups() if digits]
        day, month, year = map(int, parts)
        try:
            datetime.date(year, month, day)
        except ValueError:
            yield ErrorMatch(
                "ngay-khong-co",
                *match.span(),
                corrected=None,
                reason="không có ngày này trong lịch",
                reason_en="there is no such day",
                severity=MEDIUM,
            )


def _doubled_words(text: str) -> Iterator[ErrorMatch]:
    for match in _DOUBLED.finditer(text):
        yield ErrorMatch(
            "lap-tu",
            *match.span(),
            corrected=match[1],
            reason="lặp từ",
            reason_en="a word is doubled",
            severity=LOW,
        )


def _spaced_percents(text: str) -> Iterator[ErrorMatch]:
    for match in _SPACED_PERCENT.finditer(text):
        yield ErrorMatch(
            "khoang-trang-phan-tram",
            *match.span(),
            corrected=f"{match[1]}%",
            reason="dấu % viết liền sau chữ số",
            reason_en="the percent sign follows the digits without a space",
            severity=LOW,
            code="E19",
        )
