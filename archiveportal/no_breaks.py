"""No-break spaces: within names, between a number and its unit, after "Số". For Word and print, never for cells of
workbooks, where people search and compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

NO_BREAK = "\u00a0"
#: characters: "phường Bình Hưng Hòa B", "Thành phố Thủ Đức"
LONGEST_PIECE, LONGEST_OF_CITY = 22, 17
_LOWER = "a-zàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_UPPER = _LOWER.replace("a-z", "A-Z").upper()
_WORD = rf"[{_UPPER}][{_LOWER}]+(?![\w])"
_LETTER = rf"[{_UPPER}](?![\w/-])"
#: "Cần Giờ", "Bình Hưng Hòa B", "Nguyễn Thị Minh Khai"
_NAME = rf"{_WORD}(?: {_WORD}){{0,4}}(?: {_LETTER})?"
_KIND = r"(?:[Pp]hường|[Xx]ã|[Tt]hị trấn|[Đđ]ặc khu|[Qq]uận|[Hh]uyện|[Tt]hành phố|[Tt]ỉnh)"
_CAPITALS = rf"[{_UPPER}]{{2,}}(?: [{_UPPER}]{{2,}}){{0,2}}(?: [{_UPPER}])?"
_CAPITAL_KIND = "(?:PHƯỜNG|XÃ|THỊ TRẤN|ĐẶC KHU|QUẬN|HUYỆN|THÀNH PHỐ|TỈNH)"
_DIGITS = r"\d+(?![\w/]|[.,]\d)"
_NUMBER = r"(?<![\w/])\d+(?:[.,]\d+)*(?:/\d+)?"
_UNIT = (
    "(?:%|m²|m2|m|km|tỷ đồng|triệu đồng|tỷ|triệu|ngàn|nghìn|đồng|người|lượt người|lượt|lớp|đơn vị|tiêu chí|phường|xã|"
    "thị trấn|đặc khu|quận|huyện|tỉnh|học viên|điểm|phiếu|lần|bản|trang|giờ|phút|(?:ngày|tháng|năm)(?! \\d))"
)
#: words whose number follows them
_COUNTED_OFF = (
    "(?:[Nn]gày|[Tt]háng|[Nn]ăm|[Qq]uý|[Đđ]iều|[Kk]hoản|[Đđ]iểm|[Mm]ục|[Pp]hần|[Bb]ảng|[Gg]iai đoạn|"
    "[Tt]iêu chí|[Kk]hóa)"
)
_TOGETHER = [
    re.compile(pattern)
    for pattern in (
        rf"(?<!\w){_KIND} (?:{_DIGITS}|{_NAME})",
        rf"(?<!\w){_NAME}",
        # In a heading of capitals a name is told by its end alone.
        rf"(?<!\w){_CAPITAL_KIND} (?:{_DIGITS}|{_CAPITALS})(?=\s*(?:$|[,;.:)–]))",
        r"(?<!\w)(?:[Ss]ố|SỐ):? (?=[\d.…])",
        rf"(?<!\w){_COUNTED_OFF} (?=\d)",
        rf"{_NUMBER} {_UNIT}(?!\w)",
        rf"{_NUMBER} tỷ (?=\d)",
        "[Tt]hành phố|THÀNH PHỐ",
    )
]


def fits_in_text(piece: str) -> bool:
    """Tell whether a piece is short enough for justified text, which longer ones would tear apart.

    The name of the City stands on every page and is long: "Thành phố" and "Hồ Chí Minh" may be parted.
    A number is kept beside its unit however long it is.
    """
    most = LONGEST_OF_CITY if piece[1:].startswith("hành phố") else LONGEST_PIECE
    return len(piece) <= most or piece[0].isdigit()


def keep_together(text: str, fits: Callable[[str], bool] = fits_in_text) -> str:
    """Return a text whose names and numbers no line break parts. It has as many characters as before.

    `fits` tells whether a piece is within its place, a table cell say. What does not fit is kept
    together in parts, "Thành phố" and "Hồ Chí Minh": in a cell it would be broken within a word.
    """
    if " " not in text:
        return text
    letters = list(text)
    for pattern in _TOGETHER:
        for match in pattern.finditer(text):
            for place in _places(text, (match.start(), match.end()), fits):
                letters[place] = NO_BREAK
    return "".join(letters)


def _places(text: str, piece: tuple[int, int], fits: Callable[[str], bool]) -> Iterator[int]:
    """Yield where the spaces of a piece are; where it does not fit, those of its longest end that does, and so on."""
    start, end = piece
    spaces = [place for place in range(start, end) if text[place] == " "]
    first = start
    # What is kept together in part begins with a capital: "phố Hồ Chí Minh" would leave "Thành" alone.
    while spaces and not (fits(text[first:end]) and (first == start or text[first].isupper())):
        first = spaces.pop(0) + 1
    yield from spaces
    if first > start:
        yield from _places(text, (start, first - 1), fits)
