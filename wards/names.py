"""Names of units as people type them: "Phường Tân Quý", "P.3", "Phường 03"."""

from __future__ import annotations

import re

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from archiveportal.vietnamese import search_key, unit_name, words_of

#: refuses what is no code of a unit; an office has its electronic code by QĐ 20/2020/QĐ-TTg
validate_code = RegexValidator(
    r"\A(?:[0-9]{2,10}|(?=.{3,10}\Z)[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,3})\Z",
    _("A code has 2 to 10 digits and nothing else; that of an office is its electronic code, for example H29.15."),
)

#: how a kind is written in front of a name, and how it is shortened; longer spellings first
SPELLINGS: dict[str, tuple[str, str]] = {
    "thi_tran": ("thị trấn", "tt"),
    "thanh_pho": ("thành phố", "tp"),
    "dac_khu": ("đặc khu", "đk"),
    "phuong": ("phường", "p"),
    "huyen": ("huyện", "h"),
    "quan": ("quận", "q"),
    "xa": ("xã", "x"),
    "so": ("sở", ""),
    "ban": ("ban", ""),
}


def split_kind(text: str, kinds: list[str]) -> tuple[str, str]:
    """(kind, name) of a typed name; the kind is "" where the name begins with none of `kinds`.

    "Phường 03" is ("phuong", "3"), "TT Cần Thạnh" is ("thi_tran", "Cần Thạnh"). An abbreviation of one letter
    counts only with a point or before a digit, so that a name may begin with the letter.
    """
    name = unit_name(text)
    for kind in filter(SPELLINGS.__contains__, kinds):
        word, short = SPELLINGS[kind]
        match = re.match(rf"(?:{_before_name(word, short)})(\S.*)", name, re.IGNORECASE)
        if match:
            return kind, unit_name(match[1])
    return "", name


def _before_name(word: str, short: str) -> str:
    """Return the pattern of a kind before a name: "phường ", "phường3", "P.", "P3", "TT "."""
    ways = [rf"{word}\s+", rf"{word}(?=\d)"]
    if short:
        ways += [rf"{short}\.\s*", rf"{short}\s*(?=\d)"]
    if len(short) > 1:
        ways.append(rf"{short}\s+")
    return "|".join(ways)


#: {abbreviation: the words that it is short for}, as search keys; southern offices write F for phường
_SHORT_FOR = {search_key(short): search_key(word).split() for word, short in SPELLINGS.values() if short}
_SHORT_FOR["f"] = _SHORT_FOR["p"]
#: a kind that is written together with its number: P3, Q10, phuong3
_WITH_NUMBER = re.compile(r"([^\W\d]+)(\d+)")


def spelled_out(text: str, *, with_letters: bool = False) -> list[str]:
    """Return the words of the name of a unit for a search: "P3, Q10" is phuong 3 quan 10.

    A single letter without a number may begin any word, and is left alone unless `with_letters`.
    """
    words: list[str] = []
    for word in words_of(text):
        joined = _WITH_NUMBER.fullmatch(word)
        kind, number = (joined[1], [str(int(joined[2]))]) if joined else (word, [])
        is_short = number or with_letters or len(kind) > 1
        words += _SHORT_FOR.get(kind, [kind]) if is_short else [kind]
        words += number
    return words


def matching_key(text: str) -> str:
    """Return the name of a unit as lists that people hand in are matched: "P.3" is "phuong 3"."""
    return " ".join(spelled_out(text, with_letters=True))
