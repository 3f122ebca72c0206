"""Percentages that their own numerator and denominator, in the same sentence, do not give.

A part before its share ("9/26 đơn vị (35%)") is held against its numbers in reports/checks/statements.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from archiveportal.vietnamese import parse_number
from reports.known_errors.spans import HIGH, ErrorMatch

_WHOLE = r"\d{1,3}(?:\.\d{3})+|\d+"
_SHARE = r"(?<![\w.,/])(?P<share>\d+(?:,\d+)?) ?%"
#: "32,59% (1.302/3.995 người)"
_BEFORE_ITS_NUMBERS = re.compile(rf"{_SHARE} \((?P<part>{_WHOLE})/(?P<whole>{_WHOLE})(?![\w/,])")
#: "1.272 lượt CB.CC.VC đạt 269,49% so với chỉ tiêu là 472 người"
_OF_TARGET = re.compile(
    rf"(?<![\w.,/])(?P<part>{_WHOLE}) (?:lượt |người |học viên |cb\.cc\.vc |cán bộ |công chức |viên chức ){{1,3}}"
    rf"(?:chỉ |đã )?đạt (?:tỷ lệ )?{_SHARE} so với chỉ tiêu(?: là| đề ra là|:)? (?P<whole>{_WHOLE})(?![\w/,])"
)
_ONLY_A_BOUND = re.compile(r"(?:hơn|trên|gần|dưới|khoảng|ít nhất) $")


def share_errors(text: str) -> Iterator[ErrorMatch]:
    for pattern in (_BEFORE_ITS_NUMBERS, _OF_TARGET):
        for match in pattern.finditer(text):
            part, whole, share = (parse_number(match[name]) for name in ("part", "whole", "share"))
            if part is None or not whole or share is None or _ONLY_A_BOUND.search(text[: match.start()]):
                continue
            step = Decimal(1).scaleb(int(share.as_tuple().exponent))
            exact = part * 100 / whole
            if share not in (exact.quantize(step, ROUND_DOWN), exact.quantize(step, ROUND_HALF_UP)):
                yield _wrong_share(match, exact.quantize(step, ROUND_HALF_UP))


def _wrong_share(match: re.Match[str], true: Decimal) -> ErrorMatch:
    start, end = match.span("share")
    digits = str(true).replace(".", ",")
    numbers = f"{match['part']}/{match['whole']}"
    return ErrorMatch(
        "ty-le",
        start,
        end,
        corrected=digits,
        reason=f"{numbers} là {digits}%",
        reason_en=f"{numbers} is {digits}%",
        severity=HIGH,
    )
