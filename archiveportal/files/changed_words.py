"""A line of a paper before and after, in pieces, those that only one of them has marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

#: a longer line is marked as a whole
MOST_PIECES = 3000


@dataclass(frozen=True)
class ChangedWords:
    """A line of a document then and now; "" where only the other one exists."""

    section: Any
    then: str
    now: str

    @cached_property
    def marked(self) -> tuple[list[MarkedText], list[MarkedText]]:
        """Return both lines in pieces, those that only one of them has marked."""
        before, after = (re.findall(r"\s+|\S+", text) for text in (self.then, self.now))
        if max(len(before), len(after)) > MOST_PIECES:
            return _pieces([(self.then, True)]), _pieces([(self.now, True)])
        then, now = [], []
        for deed, *ends in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            first, last, new_first, new_last = ends
            then.append(("".join(before[first:last]), deed != "equal"))
            now.append(("".join(after[new_first:new_last]), deed != "equal"))
        return _pieces(then), _pieces(now)


@dataclass(frozen=True)
class MarkedText:
    text: str
    is_changed: bool


def _pieces(pairs: Iterable[tuple[str, bool]]) -> list[MarkedText]:
    return [MarkedText(text, is_changed) for text, is_changed in pairs if text]
