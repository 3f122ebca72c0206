"""Going on with a list: "e)" behind "đ)", a dash behind a dash."""

from __future__ import annotations

import re

#: points of a document go by the Vietnamese alphabet (NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.5)
LETTERS = "abcdđeghiklmnopqrstuvxy"
_MARK = re.compile(rf"\s*(?:([{LETTERS}])\)|([-–+]))\s+\S", re.IGNORECASE)


def continued(text: str, addition: str) -> str:
    """A text with another paragraph behind it, marked as the last one is. One that has a mark of its own keeps it."""
    return "\n".join(filter(None, [text, f"{next_mark(text)}{addition}" if not _MARK.match(addition) else addition]))


def next_mark(text: str) -> str:
    """What begins the paragraph behind a text: "e) ", "- ", or nothing. Behind the last letter nothing is left."""
    last = next((line for line in reversed(text.split("\n")) if line.strip()), "")
    found = _MARK.match(last)
    if not found:
        return ""
    letter, dash = found.groups()
    if dash:
        return f"{dash} "
    following = LETTERS[LETTERS.index(letter.lower()) + 1 :][:1]
    return f"{following.upper() if letter.isupper() else following}) " if following else ""
