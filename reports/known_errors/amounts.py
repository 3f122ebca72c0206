"""Amounts of money whose words say another amount than their digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiveportal.vietnamese import money_in_words, parse_number
from reports.known_errors.folding import fold
from reports.known_errors.spans import MEDIUM, ErrorMatch

#: "4.607.678.000 đồng (Bốn tỷ sáu trăm lẻ bảy triệu ... ngàn đồng)"
_IN_BOTH = re.compile(
    r"(?<![\w.,/])(?P<digits>\d{1,3}(?:\.\d{3})+) đồng \((?P<words>[^\W\d][^\d()]*? đồng)(?: chẵn)?\.?\)"
)
#: spellings of the north and the south
_SAME = {"nghìn": "ngàn", "linh": "lẻ", "tỉ": "tỷ", "tư": "bốn", "nhăm": "lăm", "mốt": "một"}


def amount_errors(text: str) -> Iterator[ErrorMatch]:
    for match in _IN_BOTH.finditer(text):
        amount = parse_number(match["digits"])
        if amount is None or _plain(match["words"]) == _plain(money_in_words(amount)):
            continue
        yield ErrorMatch(
            "so-tien-bang-chu",
            *match.span(),
            corrected=None,
            reason="số tiền bằng chữ khác số tiền bằng số",
            reason_en="the amount in words is another one than that in digits",
            severity=MEDIUM,
        )


def _plain(words: str) -> list[str]:
    """Return the words of an amount in one spelling, without those that may be left out."""
    said = [_SAME.get(word, word) for word in re.findall(r"\w+", fold(words).replace("không trăm", ""))]
    return [word for word in said if word != "lẻ"]
