"""Text folded for searching, with the way back to the text as it is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

#: soft hyphen, zero width characters, byte order mark and marks of direction: seen by nobody, left by
#: word processors
UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
#: a letter with the marks that follow it in NFD
_LETTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+")


#: what folding changes besides the case, where a text is in NFC
_TO_FOLD = re.compile(rf"[{UNSEEN}\u2010-\u2015\u2212\u0300-\u036f\u0130]|[^\S \n]|  |^ |\n ", re.MULTILINE)


@dataclass(frozen=True)
class FoldedText:
    """A text in lower case and NFC, with single plain spaces and plain dashes, without unseen characters.

    Lines stay apart: each is a paragraph of its own.
    """

    original: str

    @cached_property
    def _letters(self) -> list[tuple[str, int, int]]:
        """Return each folded character with the span of the original that it stands for."""
        letters: list[tuple[str, int, int]] = []
        for match in _LETTER.finditer(self.original):
            folded = _fold(match.group())
            if folded == " " and letters and letters[-1][0] in " \n":
                _space, start, _end = letters[-1]
                letters[-1] = (letters[-1][0], start, match.end())
                continue
            letters += [(letter, match.start(), match.end()) for letter in folded]
        return letters

    @cached_property
    def _differs_in_case_alone(self) -> bool:
        """Most texts: no letter moves, and nothing has to be remembered of its place."""
        is_composed = unicodedata.is_normalized("NFC", self.original)
        return is_composed and not _TO_FOLD.search(self.original)

    @cached_property
    def text(self) -> str:
        if self._differs_in_case_alone:
            return self.original.lower()
        return "".join(letter for letter, _start, _end in self._letters)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original of a span in the folded text, which is not empty."""
        if self._differs_in_case_alone:
            return start, end
        return self._letters[start][1], self._letters[end - 1][2]


def _fold(letter: str) -> str:
    if letter[0] in UNSEEN:
        return ""
    if letter == "\n":
        return letter
    if letter.isspace():
        return " "
    return _DASHES.sub("-", unicodedata.normalize("NFC", letter)).lower()


def fold(text: str) -> str:
    return FoldedText(text).text
