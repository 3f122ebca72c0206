"""Letters as people read them: what looks the same becomes the same, and nothing else changes.

Keyboards, phones, Word and web pages send one word in many ways: marks in another order, spaces of
other widths, characters of no width, letters of other alphabets that look like Latin ones. The
first level of the three in vietnamese.py, which every entrance passes.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

#: of no width or effect: soft hyphens, joiners, directions, byte order marks, selectors, tags
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
#: every space that is none of the keyboard's; a blank Braille pattern looks like one
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
_LINE_ENDS = re.compile("\r\n|[\u2028\u2029]")
#: forms of letters for other widths and styles: fullwidth, ligatures, mathematical, Roman numerals
_FORMS = re.compile("[\u2160-\u217f\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff]")
#: letters of other alphabets by the Latin ones that they look like
_LOOK_ALIKES = {
    **dict(zip("АВЕКМНОРСТУХІЈЅԚԜ", "ABEKMHOPCTYXIJSQW", strict=True)),
    **dict(zip("аеорсухіјѕһԁԛԝѵ", "aeopcyxijshdqwv", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("οɑɡ", "oag", strict=True)),
}
#: d with a stroke as other alphabets have it: Icelandic eth, African d
_STROKED = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
_SIGNS = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2215": "/", "\u2044": "/"})
_STROKE = re.compile("([dD])[\u0335\u0336\u0337]")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
#: marks that make another letter, which come before the tone in Unicode's composed letters
_SHAPES, _TONES = "\u0302\u0306\u031b", "\u0300\u0301\u0303\u0309"
_SHAPES_AND_TONES = re.compile(f"[{_SHAPES}{_TONES}]{{2,}}")
#: marks on one letter that Unicode asks programs to bear (UAX #15, 13); it sorts a run of them in the
#: square of its length, so that a run of a million would hold a process for hours
_MOST_MARKS = 30
#: what a longer run of marks is part of: neither letters, digits nor spaces nor signs of ASCII
_LONG_RUN = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_OTHER_ALPHABET = re.compile("[\u0370-\u052f]")

#: text of the fonts before Unicode. TCVN3 (".VnTime") puts signs inside words: "Uû ban nh©n d©n",
#: VNI a second letter behind the vowel: "Uûy ban nhaân daân", "phöôøng"
_SIGN = "¨©ª«¬®¸¹»¼½¾µ¶·÷"
_TCVN3 = re.compile(
    f"[A-Za-z][{_SIGN}][a-zêíëìî]"
    "|[A-Za-z]\u00ad[êíëìî¬u]"
    f"|[A-Za-z][{_SIGN.replace('®', '')}]\\s+[A-Za-z]+[{_SIGN.replace('®', '')}]"
)
_VNI = re.compile(r"[aâ][âûåø]|[ôöeuy][ûø]|oø|[ôö][ùõï]|e[áàåãä]|\bñ\w", re.IGNORECASE)


_VIETNAMESE = unicodedata.normalize(
    "NFC", "đ" + "".join(map("".join, product("aăâeêioôơuưy", ("", *"\u0300\u0301\u0303\u0309\u0323"))))
)
#: what nothing has to be done to: most text of a keyboard, in one look
_PLAIN = re.compile(f"[\t\n -~{_VIETNAMESE}{_VIETNAMESE.upper()}–—‘’“”…°²³]*")


def clean_letters(text: str) -> str:
    """Return text in NFC as it reads: spaces folded one by one, nothing unseen, no look-alikes.

    Line feeds and tabs stay; a letter that belongs to a word of another alphabet stays too.
    """
    if text.isascii():
        return text.replace("\r\n", "\n")
    if _PLAIN.fullmatch(text):
        return text
    text = UNSEEN.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", text)))
    text = _LONG_RUN.sub(_with_few_marks, text)
    text = _FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = unicodedata.normalize("NFD", text.translate(_STROKED).translate(_SIGNS))
    text = _STROKE.sub(lambda found: "đ" if found[1] == "d" else "Đ", text)
    text = _WORD.sub(_latin, text)
    text = _SHAPES_AND_TONES.sub(_shapes_first, text)
    return unicodedata.normalize("NFC", text)


def _with_few_marks(found: re.Match[str]) -> str:
    """Return a run of signs and marks without the marks beyond `_MOST_MARKS` on one letter."""
    kept, marks = [], 0
    for letter in found[0]:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def _shapes_first(found: re.Match[str]) -> str:
    """Return marks with those of another letter before the tones, else in the order that they had."""
    return "".join(sorted(found[0], key=_TONES.__contains__))


def _latin(found: re.Match[str]) -> str:
    """Return a word with its look-alikes replaced, unless it is a word of another alphabet."""
    word = found[0]
    if word.isascii():
        return word
    latin = "".join(_LOOK_ALIKES.get(letter, letter) for letter in word)
    return word if _OTHER_ALPHABET.search(latin) else latin


def is_of_old_font(text: str) -> bool:
    """Tell whether text was written for a font before Unicode (TCVN3, VNI), which no screen shows here."""
    return not text.isascii() and bool(_TCVN3.search(text) or _VNI.search(text))
