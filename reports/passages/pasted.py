"""Text that was copied out of a word processor, without what that program left in it."""

from __future__ import annotations

import html
import re

from reports.known_errors.folding import UNSEEN

#: line breaks of other programs; Word writes a vertical tab for its own
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
#: blocks for Word alone, and elements of its own name spaces (<o:p>, <st1:place>, <w:sdt>)
_WORD_BLOCKS = re.compile(
    r"<!--\[if.*?<!\[endif\]-->|<!\[if[^\]]*\]>|<!\[endif\]>|<\?xml[^>]*>|<style\b.*?</style>|<!--StartFragment-->"
    r"|<!--EndFragment-->",
    re.IGNORECASE | re.DOTALL,
)
_WORD_TAGS = re.compile(r"</?(?:o|w|v|m|x|wp|st\d):[a-z][\w.-]*\b[^<>]*>", re.IGNORECASE)
_IS_WORD_HTML = re.compile(r"<[a-z][^<>]*(?:\bclass=[\"']?Mso|\bstyle=[\"'][^\"'<>]*mso-)", re.IGNORECASE)
_LINE_ENDS = re.compile(r"<br\b[^<>]*>|</(?:p|div|li|tr|h\d)>", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-z][a-z0-9]*\b[^<>]*>", re.IGNORECASE)
#: bullets, in the fonts of Word as well; letters are bullets only with a tab behind them
_BULLETS = re.compile(
    r"^[ \t\u00a0]*(?:[\uf0b7\uf0a7\uf0d8\uf0fc\uf076\u2022\u25aa\u25e6\u25cf\u25cb\u25a0][ \t\u00a0]*"
    r"|[\u00b7\u00a7oØüv](?:\t|\u00a0{2,}| {3,})[ \t\u00a0]*)",
    re.MULTILINE,
)
_LEFT_OVER = re.compile(
    r"\bmso-[a-z-]+|@font-face|\bMsoNormal\b|/\* Style Definitions \*/|</?(?:o|w|st\d):[a-z]+|\{\\rtf\d?"
    r"|[\ue000-\uf8ff]",
    re.IGNORECASE,
)


def without_word_marks(text: str) -> str:
    """Return the words of a pasted text: without mark-up of Word and unseen characters, with plain
    bullets, spaces and line ends. What is no mark-up of Word stays as it is typed."""
    text = _BREAKS.sub("\n", text)
    text = _WORD_TAGS.sub("", _WORD_BLOCKS.sub("", text))
    if _IS_WORD_HTML.search(text):
        text = html.unescape(_TAGS.sub("", _LINE_ENDS.sub("\n", text)))
    text = text.translate(dict.fromkeys(map(ord, UNSEEN)))
    return re.sub(r"[\t\u00a0\u202f]", " ", _BULLETS.sub("- ", text))


def left_over(text: str) -> str:
    """Return the first mark-up of a word processor that is still in a text, or ""."""
    match = _LEFT_OVER.search(text)
    return match.group()[:40] if match else ""


def is_same_but_for_spaces(one: str, other: str) -> bool:
    return one.split() == other.split()
