"""Continue a list: "e)" after "đ)", a dash after a dash."""

from __future__ import annotations

import re

#: points of a document go by the Vietnamese alphabet (NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.5)
LETTERS = "abcdđeghiklmnopqrstuvxy"
_MARK = re.compile(rf"\s*(?:([{LETTERS}])\)|([-–+]))\s+\S", re.IGNORECASE)


def continued(text: str, addition: str) -> str:
    """Add a paragraph to a text, marked as its last one. A paragraph with its own mark keeps it."""
    if not _MARK.match(addition):
        addition = f"{next_mark(text)}{addition}"
    return "\n".join(filter(None, [text, addition]))


def next_mark(text: str) -> str:
    """Return the mark of the next paragraph: "e) ", "- ", or "". Behind the last letter it is ""."""
    last = next((line for line in reversed(text.split("\n")) if line.strip()), "")
    match = _MARK.match(last)
    if not match:
        return ""
    letter, dash = match.groups()
    if dash:
        return f"{dash} "
    following = LETTERS[LETTERS.index(letter.lower()) + 1 :][:1]
    if letter.isupper():
        following = following.upper()
    return f"{following}) " if following else ""
