"""How a criterion is scored, in the words of the column "Cách chấm"."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archiveportal.days import parse_day, sensible_day
from archiveportal.letters import clean_letters
from archiveportal.sheets.values import NotThis
from archiveportal.vietnamese import normalise, number
from criteria.set_sheet.ranges import NUMBER, WrittenRange, decimal, ladder, plain, read_range
from criteria.specification import OptionSpec, StepSpec

MET = {
    *("dat", "dat/chua dat", "dat/khong dat", "dat hoac chua dat", "dat hoac khong dat", "dat, khong dat"),
    *("dat - khong dat", "dat - chua dat", "co/khong", "co/chua", "co/khong co", "co hoac khong", "co - khong", "d/k"),
}
PARTS = {
    *("cong thanh phan", "cong cac thanh phan", "cong diem thanh phan", "cong diem cac thanh phan"),
    *("tong diem thanh phan", "tong cac thanh phan", "tong diem cac thanh phan", "theo thanh phan"),
}
TYPED = {
    *("cham diem", "cham theo muc do", "theo muc do", "nhap diem"),
    *("cham tu 0 den diem toi da", "tu 0 den diem toi da"),
}
_FACT = re.compile(r"(?:khong (?:cham|tinh) diem|thong tin)\b[\s:;,.-]*(.*)")
_FACT_NUMBER = re.compile(r"(so nguyen|so luong|so)?\s*[:,;(]?\s*([^()]*?)\s*\)?")
_TYPED = re.compile(rf"(?:cham )?(?:diem )?tu 0\s*(?:-|den)\s*{NUMBER}(?: diem)?")
_AT_LEAST = re.compile(rf"(?:toi thieu|it nhat|tu|>=|khong duoi|khong it hon)\s*{NUMBER}\s*(.*?)(?:\s*tro len)?")
_AT_MOST = re.compile(rf"(?:toi da|nhieu nhat|khong qua|<=|khong vuot qua)\s*{NUMBER}\s*(.*?)")
_BEFORE = re.compile(r"truoc (?:ngay )?(\d.*)")
_UNTIL = re.compile(
    r"(?:den het|den|het|cham nhat|cham nhat la|khong muon hon|khong cham hon|truoc hoac trong)\s*(?:ngay )?(\d.*)"
)
_DEDUCTION = re.compile(r"(?:diem tru|tru diem|bi tru|tru)\b[\s:-]*")
_BONUS = re.compile(r"(?:diem thuong|diem cong|cong diem|thuong diem|thuong|cong)\b[\s:-]*")
_AROUND_SLASH = re.compile(r"\s*/\s*")
_POINTS_WORD = re.compile(r"(\d)\s*(?:điểm|đ)(?![\w])", re.IGNORECASE)
_BETWEEN_ITEMS = re.compile(r"\s*(?:[;\n]|(?<=\d)[,.]\s+(?=\D))\s*")
_WORDS_FIRST = re.compile(rf"(.+?)\s*[:=]\s*(?:được\s+)?{NUMBER}")
_IN_BRACKETS = re.compile(rf"(.+?)\s*\(\s*{NUMBER}\s*\)")
_POINTS_FIRST = re.compile(rf"{NUMBER}\s*[:=]\s*(.+)")
#: what stands for all that no percentage of a cell names, and what does where it earns nothing
REST = {
    *("con lai", "cac truong hop con lai", "truong hop con lai", "truong hop khac", "cac truong hop khac"),
    *("muc con lai", "khac"),
}
NOTHING = {
    *("khong co", "khong", "chua co", "chua", "khong dat", "chua dat", "khong thuc hien", "chua thuc hien"),
}
#: answers that say no more than met and not met
_YES, _NO = {"dat", "co"}, {"khong dat", "chua dat", "khong", "khong co", "chua co", "chua"}


@dataclass(frozen=True)
class WrittenRule:
    """A kind of criterion with what belongs to it."""

    kind: str
    sign: str = ""
    options: tuple[OptionSpec, ...] = ()
    steps: tuple[StepSpec, ...] = ()
    threshold: Decimal | None = None
    threshold_rule: str = ""
    unit: str = ""
    deadline: datetime.date | None = None
    #: the day was written as "before": whether it still counts is a question
    is_before: bool = False
    fact_kind: str = ""
    #: highest points that the words name; None where they name none
    most: Decimal | None = None
    notes: tuple[str, ...] = field(default=())


def read_rule(text: str) -> WrittenRule | None:
    """Return what a text says, None where nothing is recognised. Raise `NotThis` for what does not hold."""
    text = clean_letters(text).strip()
    words = plain(normalise(text)).removesuffix(".")
    sign, rest = _sign(words)
    if sign:
        return _signed(sign, rest, text)
    simple = _simple(words, text)
    if simple:
        return simple
    items = _items(text)
    if len(items) >= 2:
        return _stepped(items)
    if items:
        words, text = plain(items[0][0]), items[0][0]
    rule = _limit(words, text)
    return replace(rule, most=items[0][1]) if rule and items else rule


def _sign(words: str) -> tuple[str, str]:
    for sign, pattern in (("deduction", _DEDUCTION), ("bonus", _BONUS)):
        found = pattern.match(words)
        if found and words not in PARTS:
            return sign, words[found.end() :]
    return "", words


def _signed(sign: str, rest: str, text: str) -> WrittenRule:
    """Return a deduction or bonus: the whole points or none, or the points of each answer."""
    points = re.match(rf"{NUMBER}(?: diem)?(?: neu .*|[ :;,.-]*$)", rest)
    left = text[-len(rest) :] if rest and not points else ""
    rule = read_rule(left) or WrittenRule("met")
    if rule.kind not in ("met", "choice"):
        raise NotThis(_("“Điểm trừ” or “Điểm thưởng”, alone or with the points of each answer"))
    return replace(rule, sign=sign, most=decimal(points[1]) if points else rule.most)


def _simple(words: str, text: str) -> WrittenRule | None:
    """Return the rule of words that stand for a kind by themselves."""
    if not words or _AROUND_SLASH.sub("/", words) in MET:
        return WrittenRule("met")
    if words in PARTS:
        return WrittenRule("parts")
    if words in TYPED:
        return WrittenRule("part")
    typed = _TYPED.fullmatch(words)
    if typed:
        return WrittenRule("part", most=decimal(typed[1]))
    fact = _FACT.fullmatch(words)
    return _fact(fact[1], text) if fact else None


def _fact(words: str, text: str) -> WrittenRule:
    """Return a fact: text, unless a number with its unit is named ("số (m²)", "số nguyên (người)")."""
    if words in ("", "chu", "van ban", "ghi chu"):
        return WrittenRule("fact", fact_kind="text")
    found = _FACT_NUMBER.fullmatch(words)
    if not found or not found[1]:
        raise NotThis(_("“Không chấm điểm”, “Không chấm điểm: số (m²)” or “Không chấm điểm: số nguyên (người)”"))
    fact_kind = "decimal" if found[1] == "so" else "integer"
    return WrittenRule("fact", fact_kind=fact_kind, unit=_as_written(found[2], text))


def _items(text: str) -> list[tuple[str, Decimal]]:
    """Return the answers with their points that a text lists: "Đầy đủ: 2; Một phần: 1; Không có: 0"."""
    text = _POINTS_WORD.sub(r"\1", text)
    pieces = [normalise(piece).strip("-+•* ") for piece in _BETWEEN_ITEMS.split(text)]
    items: list[tuple[str, Decimal]] = []
    for piece in filter(None, pieces):
        item = _item(piece.removesuffix("."))
        if item is None:
            return []
        items.append(item)
    return items


def _item(piece: str) -> tuple[str, Decimal] | None:
    for pattern in (_WORDS_FIRST, _IN_BRACKETS):
        found = pattern.fullmatch(piece)
        if found:
            return found[1], decimal(found[2])
    found = _POINTS_FIRST.fullmatch(piece)
    return (found[2], decimal(found[1])) if found else None


def _stepped(items: Sequence[tuple[str, Decimal]]) -> WrittenRule:
    """Return a ratio in steps where percentages are listed, else a choice."""
    ranges = [read_range(words) if "%" in words or "phần trăm" in words.lower() else None for words, _points in items]
    if not any(ranges):
        return _choice(items)
    without = [place for place, each in enumerate(ranges) if each is None]
    if len(without) == 1:
        ranges[without[0]] = _as_rest(items[without[0]], [each for each in ranges if each])
    if not all(ranges):
        raise NotThis(_percentages_expected([items[place] for place in without]))
    return _ratio(items, [each for each in ranges if each])


def _as_rest(item: tuple[str, Decimal], ranges: Sequence[WrittenRange]) -> WrittenRange | None:
    """Return what an answer in words stands for beside percentages: "Còn lại" and "Không có: 0" are all below them."""
    words, points = plain(item[0]), item[1]
    lowest = min(each.lower or Decimal(0) for each in ranges)
    is_rest = words in REST or (words in NOTHING and not points)
    return WrittenRange(None, lowest, unit="%") if is_rest and lowest else None


def _percentages_expected(without: Sequence[tuple[str, Decimal]]) -> str:
    """Say what to write in place of answers in words that stand beside percentages."""
    words = "; ".join(f"{text}: {number(points)}" for text, points in without)
    message = _(
        "percentages in every step, such as “< 90%%: 0”, in place of “%(words)s”; or no percentage at all where one "
        "answer is chosen of several"
    )
    return message % {"words": words}


def _ratio(items: Sequence[tuple[str, Decimal]], ranges: Sequence[WrittenRange]) -> WrittenRule:
    if max(max(each.lower or 0, each.upper or 0) for each in ranges) > 100:
        raise NotThis(_("percentages from 0 to 100"))
    made = ladder(ranges, top=Decimal(100), needs_floor=False)
    if made.faults:
        raise NotThis("; ".join(expected for _index, expected in made.faults))
    steps = [StepSpec(lower, items[index][1]) for index, lower in made.lowers]
    if any(upper.points < lower.points for lower, upper in pairwise(steps)):
        raise NotThis(_("more points for a higher percentage, not fewer"))
    if steps[0].lower_percent > 0:
        steps.insert(0, StepSpec(Decimal(0), Decimal(0)))
        note = _("Below %(lower)s%% nothing is earned.") % {"lower": number(steps[1].lower_percent)}
        made.notes.append(note)
    return WrittenRule("ratio", steps=tuple(steps), most=steps[-1].points, notes=tuple(made.notes))


def _choice(items: Sequence[tuple[str, Decimal]]) -> WrittenRule:
    texts = [plain(words) for words, _points in items]
    for place, text in enumerate(texts):
        if text in texts[:place]:
            raise NotThis(_("answers that differ: “%(text)s” is there twice") % {"text": items[place][0]})
    most = max(points for _words, points in items)
    if len(items) == 2 and texts[0] in _YES and texts[1] in _NO and items[1][1] == 0:
        return WrittenRule("met", most=most)
    return WrittenRule("choice", options=tuple(OptionSpec(words, points) for words, points in items), most=most)


def _limit(words: str, text: str) -> WrittenRule | None:
    """Return a deadline, or a threshold with its unit."""
    for pattern in (_BEFORE, _UNTIL):
        found = pattern.fullmatch(words)
        day = _day(found[1]) if found else None
        if day:
            return WrittenRule("date", deadline=day, is_before=pattern is _BEFORE)
    for pattern, threshold_rule in ((_AT_LEAST, "at_least"), (_AT_MOST, "at_most")):
        found = pattern.fullmatch(words)
        if found:
            unit = _as_written(found[2], text)
            return WrittenRule("measure", threshold=decimal(found[1]), threshold_rule=threshold_rule, unit=unit)
    return None


def _as_written(unit: str, text: str) -> str:
    """Return a unit with its marks, as the sheet has it."""
    written = normalise(text)
    starts = range(len(written) - len(unit), -1, -1) if unit else ()
    parts = (written[start : start + len(unit)] for start in starts)
    return next((part for part in parts if plain(part) == unit), unit)


def _day(text: str) -> datetime.date | None:
    try:
        day = parse_day(text)
        if day:
            sensible_day(day)
    except ValidationError as error:
        raise NotThis(" ".join(error.messages)) from None
    return day
