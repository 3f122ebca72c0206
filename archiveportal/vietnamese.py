"""Vietnamese order, search, numbers, money and dates, the same on every database and in both languages.

Text is the same on three levels. Stored (`normalise`, and `clean_letters` where lines are kept): what
looks the same is the same. Searched (`search_key`): also without marks, with i for y. Matched in lists
that people hand in (`words_of`, and wards.lookup): also whatever stands between words; where several
units fit, the person is asked.
"""

import datetime
import re
import unicodedata
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

from archiveportal.letters import clean_letters

# Base letters in the order of the alphabet; a digit after the Latin letter keeps the key within 0-9
# and a-z, because the two databases order other characters differently.
_LETTERS = {"ă": "a1", "â": "a2", "đ": "d1", "ê": "e1", "ô": "o1", "ơ": "o2", "ư": "u1"}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
# Number and symbol of a document: "1234/BC-SNV". Groups of the symbol begin with a letter ("BC-BCĐ138").
_GROUP = "[A-ZĂÂĐÊÔƠƯ][A-ZĂÂĐÊÔƠƯ0-9]{0,14}"
_DOCUMENT_NUMBER = re.compile(rf"0*([1-9][0-9]{{0,5}})/({_GROUP}(?:-{_GROUP}){{1,3}})")
#: what stands before a number below zero
MINUS = "\u2212"
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
#: all that Vietnamese has, and those beside them
_USUAL_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def normalise(text: str) -> str:
    """Clean letters, single spaces, no space at the ends: how names are stored."""
    return " ".join(clean_letters(text).split())


def unit_name(text: str) -> str:
    """Return the name of a unit as it is stored: "Phường 03" is "Phường 3"."""
    return _LEADING_ZEROS.sub("", normalise(text))


def control_characters(text: str) -> list[str]:
    """Return the characters that no form takes and no document may hold (line feed and tab are
    fine)."""
    return _CONTROL.findall(text.replace("\r\n", "\n"))


def without_control_characters(text: str) -> str:
    return _CONTROL.sub("", text)


def _split_tone(letter: str) -> tuple[str, str]:
    """Return a letter as (key, tone): "ấ" is ("a2", "4")."""
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(_TONES.get(mark, "") for mark in parts)
    base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    if base in _LETTERS:
        return _LETTERS[base], tone
    plain = unicodedata.normalize("NFD", base)[0]
    return (f"{plain}0" if "a" <= plain <= "z" else f"z1{ord(plain):06x}"), tone


def sort_key(text: str) -> str:
    """Return a key in 0-9 and a-z that orders names naturally and as the Vietnamese alphabet does.

    Phường 2 comes before Phường 10; Tân Quy before Tân Quý: letters decide first, then the tone of
    each word in the order ngang, huyền, hỏi, ngã, sắc, nặng.
    """
    words, tones = [], []
    for word in _WORDS.findall(unicodedata.normalize("NFC", text).lower()):
        if word.isdecimal():
            words.append(f"1{int(word):08d}")
            continue
        letters = [_split_tone(letter) for letter in word]
        words.append("".join(key for key, _ in letters))
        tones.append(max((tone for _, tone in letters), default="") or "0")
    return "0".join(words) + "00" + "".join(tones)


def without_marks(text: str) -> str:
    """Return text in small letters without diacritics and leading zeros: "Phường 03" is "phuong 3"."""
    # Cleaned again: the small form of a letter may look like a Latin one where the capital does not.
    small = clean_letters(clean_letters(text).lower()).replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", small)
    plain = _USUAL_MARKS.sub("", decomposed)
    if not plain.isascii():
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _LEADING_ZEROS.sub("", " ".join(plain.split()))


def search_key(text: str) -> str:
    """Return what is searched for text: no diacritics, and i for y, so that "tan qui" finds Tân Quý.

    VTTL, the scan's other spelling, is VTLT (D16).
    """
    return without_marks(text).replace("y", "i").replace("vttl", "vtlt")


def words_of(text: str) -> list[str]:
    """Return the words of the search key, without the signs between them."""
    return re.findall(r"\w+", search_key(text))


def number(value: int | Decimal | None, places: int | None = None) -> str:
    """1341 is "1.341", Decimal("7.50") is "7,5"; None is a dash.

    `places` fixes the decimals: with two, Decimal("40.6") is "40,60". Without it there are two at most and no zero
    ends them: a database hands out 7.50 for 7.5, and SQLite computed decimals with a long tail. What is below zero
    has a minus sign, not a hyphen.
    """
    if value is None:
        return "—"
    if places is None and value == int(value):
        return f"{int(value):,}".replace(",", ".").replace("-", MINUS)
    step = Decimal(1).scaleb(-(2 if places is None else places))
    rounded = Decimal(value).quantize(step, rounding=ROUND_HALF_UP)
    if places is None:
        rounded = rounded.normalize()
    return f"{rounded:,f}".translate(str.maketrans(",.-", f".,{MINUS}"))


def parse_number(text: str) -> Decimal | None:
    """Read a number as people type it: "1.341", "1341", "1 341", "20,5"; None if it is none.

    A point followed by anything but groups of three digits is read as the decimal sign ("20.5"), since
    keyboards of telephones often offer no comma.
    """
    text = re.sub(r"\s", "", clean_letters(text)).replace("\u2212", "-")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", text):
        text = text.replace(".", "")
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3}){2,}", text):
        text = text.replace(",", "")
    text = text.replace(",", ".")
    return Decimal(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text, re.ASCII) else None


def count_in_text(value: int) -> str:
    """Format a count as official texts do, below ten with a zero: "Có 09 đơn vị"."""
    return f"{value:02d}" if 0 < value < 10 else number(value)


#: said of a number that is only a lower bound; it stays with the number and with its percent
MORE_THAN = "hơn "


def at_least(text: str, *, is_lower_bound: bool) -> str:
    """ "hơn 400", "hơn 47,67%": a lower bound keeps its word; any other number is as it was."""
    return f"{MORE_THAN}{text}" if is_lower_bound else text


def money(amount: Decimal | int) -> str:
    """ "4.607.678.000 đồng"."""
    return f"{number(amount)} đồng"


def money_in_words(amount: Decimal | int) -> str:
    """Return the amount in words as southern offices write them: "Bốn tỷ ... lẻ bảy triệu ... ngàn
    đồng" (2710, I.2.d).

    Every group of three after the first is read in full ("Một tỷ không trăm lẻ năm triệu"), so that
    "một triệu một trăm" can only be 1.100.000. Đồng have no fractions: they are cut off.

    num2words is not used: it reads 1.000.100 as "một triệu một trăm", which is how people say 1.100.000, and its
    Vietnamese is northern ("nghìn").
    """
    value = int(amount)
    words = " ".join(_number_in_words(abs(value)) or ["không"])
    words = f"âm {words}" if value < 0 else words
    return f"{words[0].upper()}{words[1:]} đồng"


def _number_in_words(value: int, *, follows: bool = False) -> list[str]:
    """Return the words of a number; `follows` if a larger part precedes it. Nothing for zero."""
    billions, rest = divmod(value, 10**9)
    words = [*_number_in_words(billions, follows=follows), "tỷ"] if billions else []
    for scale, name in ((10**6, ["triệu"]), (10**3, ["ngàn"]), (1, [])):
        group, below = divmod(rest, scale)
        if not rest:
            break
        if group or words or follows:
            words += [*_group_in_words(group, in_full=bool(words) or follows), *name]
        rest = below
    return words


def _group_in_words(group: int, *, in_full: bool) -> list[str]:
    hundreds, rest = divmod(group, 100)
    tens, units = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or in_full else []
    if tens:
        words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    elif units and words:
        words += ["lẻ"]
    if units:
        words += [_unit_in_words(units, tens)]
    return words


def _unit_in_words(units: int, tens: int) -> str:
    """Return the word of the last digit, which changes after tens: "hai mươi mốt", "mười lăm"."""
    if units == 1 and tens > 1:
        return "mốt"
    return "lăm" if units == 5 and tens else _DIGITS[units]


def short_money(amount: Decimal | int) -> str:
    """Write whole billions and millions as 5355, II.2.a does: "19 tỷ 200 triệu đồng"; else in
    full."""
    billions, rest = divmod(int(amount), 10**9)
    millions, rest = divmod(rest, 10**6)
    if rest or not (billions or millions):
        return money(amount)
    parts = [f"{number(billions)} tỷ"] * bool(billions) + [f"{millions} triệu"] * bool(millions)
    return " ".join(parts) + " đồng"


WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def _two_digits_where_needed(date: datetime.date) -> tuple[str, str]:
    """Day and month by NĐ 30/2020: a zero before days under 10 and before months 1 and 2 only."""
    return f"{date.day:02d}", f"{date.month:02d}" if date.month < 3 else str(date.month)


def document_date(date: datetime.date) -> str:
    """ "03/7/2020"."""
    return "{}/{}/{}".format(*_two_digits_where_needed(date), date.year)


def document_date_in_words(date: datetime.date) -> str:
    """ "ngày 03 tháng 7 năm 2020"."""
    return "ngày {} tháng {} năm {}".format(*_two_digits_where_needed(date), date.year)


def weekday(date: datetime.date) -> str:
    """Name the day of the week as Nghị định 30/2020/NĐ-CP writes it within a sentence: "thứ Hai"."""
    return WEEKDAYS[date.weekday()]


def document_number(text: str) -> str:
    """Number and symbol as NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.3 has them, whatever spaces, dashes and case they were
    typed with: "09/BC-SNV", with a zero before a number under 10; blank for what is no such number."""
    text = re.sub(r"\s*/\s*", "/", _DASHES.sub("-", normalise(text))).upper()
    match = _DOCUMENT_NUMBER.fullmatch(re.sub(r"^SỐ\s*:?\s*", "", text))
    return f"{int(match[1]):02d}/{match[2]}" if match else ""


def report_number(text: str, symbols: Collection[str]) -> str:
    """Return the number of a report of the office, ".../BC-SNV", in the form of `document_number`;
    blank for any other.

    NĐ 30/2020/NĐ-CP, Phụ lục III abbreviates báo cáo as BC; `symbols` are those of the office.
    """
    number = document_number(text)
    return number if number.partition("/")[2] in symbols else ""


def as_of(moment: datetime.datetime) -> str:
    """Format the moment of figures: "Số liệu tính đến 17 giờ 00, ngày 03/7/2020"."""
    return f"Số liệu tính đến {moment.hour:02d} giờ {moment.minute:02d}, ngày {document_date(moment.date())}"


def in_one_line(text: str) -> str:
    """Return lines, one document each, as they follow one another within a sentence: "Luật …; Quyết định …"."""
    lines = [" ".join(line.split()).rstrip(";,") for line in text.splitlines()]
    return "; ".join(filter(None, lines))
