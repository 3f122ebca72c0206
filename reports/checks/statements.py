"""What a sentence of a passage says of its numbers, held against the records: one function a rule.

`numbers` asks whether a number is any figure of the report. Here it is known what the number is
said of: a share of the words before it, the length of a list, the score of a unit. A finding says
what the records have instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import cached_property
from itertools import chain
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archiveportal.percent import Rounding, percent_of
from archiveportal.vietnamese import number, parse_number, sort_key
from reports.checks.bands import scores_said
from reports.checks.found import SEVERITY, Found
from reports.checks.names import Name, district_lists, ward_lists
from reports.checks.numbers import CRITERIA, SaidNumber, Words, bounds_of, paragraphs


@dataclass(frozen=True)
class WardScore:
    """A unit of the round and its standing score; `score` is None where there is no result."""

    ward: Name
    score: Decimal | None
    maximum: Decimal | None


@dataclass(frozen=True)
class BandFacts:
    """A band by its words: those of the set and, in the issued report, those that it prints."""

    words: Sequence[str]
    units: Sequence[WardScore]

    @cached_property
    def members(self) -> frozenset[WardScore]:
        return frozenset(self.units)


@dataclass(frozen=True)
class Facts:
    """The facts of the records. Without any (a scheme), the rules about units find nothing."""

    units: Sequence[WardScore] = ()
    #: all districts of the time, also those without a unit in the round
    districts: Sequence[Name] = ()
    bands: Sequence[BandFacts] = ()
    maximum: Decimal = Decimal(0)
    #: what a score counts, in Vietnamese
    noun: str = "tiêu chí"

    @cached_property
    def has_whole_scores(self) -> bool:
        """Tell whether "từ 12 đến 22" leaves out no score between two of them."""
        numbers = [self.maximum, *(unit.score for unit in self.units)]
        return all(value is None or value == int(value) for value in numbers)

    @cached_property
    def _by_district(self) -> dict[str, list[WardScore]]:
        """By the key of the district, which is worked out once for each and not for each unit."""
        keys: dict[str, str] = {}
        by_district: dict[str, list[WardScore]] = {}
        for unit in self.units:
            district = unit.ward.district
            if district not in keys:
                keys[district] = sort_key(district)
            by_district.setdefault(keys[district], []).append(unit)
        return by_district

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[WardScore]]:
        by_name: dict[tuple[str, str], list[WardScore]] = {}
        for unit in self.units:
            by_name.setdefault(unit.ward.key, []).append(unit)
        return by_name

    def of(self, district: Name) -> list[WardScore]:
        return self._by_district.get(sort_key(f"{district.kind} {district.name}"), [])

    @property
    def names(self) -> Container[tuple[str, str]]:
        """Return the keys of the units, by kind and name."""
        return self._by_name

    def named(self, ward: Name) -> list[WardScore]:
        """Return the units that may be meant: all of the name where the passage does not say of
        which district."""
        units = self._by_name.get(ward.key, [])
        if not ward.district:
            return units
        district = sort_key(ward.district)
        return [unit for unit in units if sort_key(unit.ward.district) == district]


@dataclass(frozen=True)
class Wrong:
    """A statement of a passage, and the value of the records instead."""

    said: str
    true: str


class _Everything:
    """In a list that is only counted, every name counts, be it known or not."""

    def __contains__(self, key: object) -> bool:
        return True


#: a subject is within so many characters before the statement about it
FAR = 200
_WHOLE = r"\d{1,3}(?:\.\d{3})+|\d+"
_DECIMAL = r"\d+(?:,\d+)?"
#: "đơn vị", "UBND phường, xã, thị trấn"
_UNITS = r"(?:UBND |Ủy ban nhân dân )?(?:đơn vị|phường, xã(?:, thị trấn|, đặc khu)?)(?!\w)"
_DONE = r"(?:đã |đều |chỉ |mới |có kết quả )?(?:hoàn thành|đạt)(?: được)?"
_COUNT = rf"(?<![\w.,/])(?P<count>\d+)(?:/\d+)? {_UNITS}"


def shares_follow(line: str, facts: Facts) -> Iterator[Wrong]:
    """Yield the shares that do not follow from their numbers ("9/26 đơn vị (35%)").

    The decimals that a person wrote say by which rule: whole percents as in 5355/BC-SNV, decimals
    cut off as in 2710/BC-SNV. The report's own figures follow the rule that it stores.
    """
    for match in _SHARE.finditer(line):
        before = _sentence(line, match.start())
        # "09 đơn vị hoàn thành 12 - 22/23 tiêu chí (35%)" is a share of the units.
        if _IS_DATE.search(before) or (match["criteria"] and re.search(_COUNT, before)):
            continue
        part, whole, share = (parse_number(digits) for digits in match.group("part", "whole", "share"))
        if part is None or not whole or share is None:
            continue
        places = -int(share.as_tuple().exponent)
        # There is a whole, so there is a percentage.
        true = cast(Decimal, percent_of(part, whole, Rounding.TRUNCATED if places else Rounding.WHOLE))
        if share != (true if places != 1 else true.quantize(share, ROUND_DOWN)):
            said = match.group() + ")" * match.group().count("(")
            yield Wrong(said, f"{number(true, 2 if places else 0)}%")


_SHARE = re.compile(
    rf"(?<![\w.,/])(?P<part>{_WHOLE})/(?P<whole>{_WHOLE})(?![\w/])(?: (?:{_UNITS}|(?P<criteria>tiêu chí)))?"
    rf"(?: \((?:chiếm |đạt |bằng )?|, (?:chiếm |đạt |bằng )?| (?:chiếm|bằng) )(?:tỷ lệ )?(?P<share>{_DECIMAL}) ?%"
    r"(?! (?:đến|-|–|trở))"
)
_IS_DATE = re.compile(r"(?:ngày|tháng|số) $", re.IGNORECASE)


def lists_are_complete(line: str, facts: Facts) -> Iterator[Wrong]:
    """ "02 đơn vị ..., gồm: A; B": as many as are named. Not of examples ("như:") and not of what goes on ("...")."""
    for match in _LIST.finditer(line):
        names = _NO_MORE.split(match["names"], maxsplit=1)[0]
        if _EXAMPLES.search(match["gap"]) or bounds_of(line[: match.start()]) or re.search(r"\.\.|…", names):
            continue
        lists = [listed for listed, _end in ward_lists(names, _Everything())]
        wards = {(*ward.key, ward.district) for ward in chain.from_iterable(lists)}
        if wards and len(wards) != int(match["count"]):
            yield Wrong(line[match.start() : match.end("gap")], number(len(wards)))


_LIST = re.compile(
    rf"{_COUNT}(?P<gap>(?:(?!\d+ {_UNITS}|đồng|quận, huyện)(?:[^:;.]|\.(?=\d)))*?)"
    r"(?::|,? (?:bao )?gồm(?: có)?:?) (?P<names>(?:[^.]|\.\.)+)"
)
_EXAMPLES = re.compile(r"(?:như|nhất là|đặc biệt là|trong đó(?: có)?|điển hình là|ví dụ),?$", re.IGNORECASE)
_NO_MORE = re.compile(rf"trong đó|\d+(?:/\d+)? {_UNITS}", re.IGNORECASE)


def districts_have_units(line: str, facts: Facts) -> Iterator[Wrong]:
    """ "Quận 6 có 02 đơn vị tham gia", "UBND Quận 6 chọn 02 đơn vị"."""
    known = {district.key for district in facts.districts}
    for listed, end in district_lists(line, known):
        match = _HAS.match(line, end)
        if match and len(listed) == 1 and listed[0].key in known and int(match["count"]) != len(facts.of(listed[0])):
            yield Wrong(f"{listed[0].title}{match.group()}", number(len(facts.of(listed[0]))))


_HAS = re.compile(
    r" (?:có|chọn)(?: tất cả| tổng số)? (?P<count>\d+) đơn vị"
    r"(?= tham gia| thực hiện thí điểm| được (?:kiểm tra|chọn)| trong đợt| thực hiện[.,;]|[.,;)]|$)"
)


def units_have_scores(line: str, facts: Facts) -> Iterator[Wrong]:
    """ "Phường 4, Quận 6 đạt 20/23 tiêu chí": its standing score. Behind a list it is said at least of the last."""
    for listed, end in ward_lists(line, facts.names):
        match, meant = _SCORE.match(line, end), facts.named(listed[-1])
        if not match or not meant:
            continue
        score, maximum = parse_number(match["score"]), parse_number(match["maximum"])
        if match["noun"] not in (None, facts.noun):
            continue
        # "3/5 tiêu chí" are those of a part of the set.
        if maximum in {facts.maximum, *(unit.maximum for unit in meant)} and not any(
            (score, maximum) == (unit.score, unit.maximum) for unit in meant
        ):
            true = "; ".join(dict.fromkeys(_score(unit) for unit in meant))
            yield Wrong(f"{listed[-1].title}{match.group().lstrip(')')}", true)


_NOUN = r"(?P<noun>tiêu chí|điểm(?! (?:%|phần trăm)))"
_SCORE = re.compile(rf"\)?,? {_DONE} (?P<score>{_DECIMAL})/(?P<maximum>{_DECIMAL})(?![\w/])(?= {_NOUN}|)")


def _score(unit: WardScore) -> str:
    return "—" if unit.score is None else f"{number(unit.score)}/{number(unit.maximum)}"


def averages_follow(line: str, facts: Facts) -> Iterator[Wrong]:
    """ "bình quân ... 11,85 tiêu chí": the average of the district that is named, else of the round or a district."""
    for match in _AVERAGE.finditer(line):
        named = _districts(_sentence(line, match.start("average")), facts)
        groups: list[Sequence[WardScore]] = (
            [facts.of(named[-1])] if named else [facts.units, *map(facts.of, facts.districts)]
        )
        if match["noun"] != facts.noun:
            continue
        averages = [average for average in map(_average, groups) if average is not None]
        said = _number(match["average"])
        if averages and not any(said.fits(average) for average in averages):
            yield Wrong(match.group(), number(averages[0], 2))


_AVERAGE = re.compile(
    rf"bình quân[^.;:]{{0,60}}?(?<![\w.,/])(?P<average>{_DECIMAL})(?:/{_DECIMAL})? {_NOUN}", re.IGNORECASE
)


def _number(digits: str) -> SaidNumber:
    value = Decimal(digits.replace(",", "."))
    return SaidNumber(CRITERIA, value, digits, Decimal(1).scaleb(int(value.as_tuple().exponent)))


def _average(units: Sequence[WardScore]) -> Decimal | None:
    scores = [unit.score for unit in units if unit.score is not None]
    return sum(scores, Decimal(0)) / len(scores) if scores else None


def bands_are_counted(line: str, facts: Facts) -> Iterator[Wrong]:
    """ "09 đơn vị hoàn thành từ 12 đến 22/23 tiêu chí": so many of the round, or of the district that is named."""
    for match in _IN_BAND.finditer(line):
        before = _sentence(line, match.start())
        if bounds_of(before) or _VAGUE.search(match["words"]):
            continue
        of_districts = [facts.of(district) for district in _districts(before, facts)]
        groups: Sequence[Sequence[WardScore]] = of_districts or [facts.units]
        counts = list(chain.from_iterable(_counts(match["words"], facts, units) for units in groups))
        if counts and int(match["count"]) not in counts:
            yield Wrong(match.group().strip(), number(counts[-1]))


_IN_BAND = re.compile(
    rf"{_COUNT}(?: \([^)]*\))? "
    r"(?P<words>(?:(?:đã|đều|chỉ|mới) )?(?:hoàn thành|đạt|thuộc|xếp)(?:(?!, | gồm)[^:;.]){1,80})"
)
_VAGUE = re.compile(r"ít nhất|tối thiểu|không quá|chưa|khoảng|gần|hơn", re.IGNORECASE)


def _counts(words: str, facts: Facts, units: Sequence[WardScore]) -> list[int]:
    """Return the counts that the words may mean: of a band by its words, and of the scores that are
    named."""
    maximum = int(facts.maximum)
    words_alone = re.sub(rf" {facts.noun}\b|/{maximum}(?= (?:đến|-|–) )", "", words)
    said = _scores(words_alone, maximum) if facts.has_whole_scores else set()
    meant = [
        band
        for band in facts.bands
        if any(_says(words, label) or (said and _scores(label, maximum) == said) for label in band.words)
    ]
    counts = [sum(unit in band.members for unit in units) for band in meant]
    if said:
        counts.append(sum(unit.score in said and unit.maximum == facts.maximum for unit in units))
    return counts


def _scores(words: str, maximum: int) -> set[int]:
    """Return the scores that are said as scores, not in percent."""
    return next((scores for said, scores in scores_said(words, maximum) if "/" in said), set())


def _says(words: str, label: str) -> bool:
    """ "thuộc mức “Tốt”", "đạt mức Tốt", "hoàn thành tốt": the words of a band and nothing behind them."""
    words = re.sub(r"^(?:(?:đã|đều|chỉ|mới) )?(?:(?:thuộc|xếp|đạt)(?: mức| loại)? )?", "", words)
    return words.strip(' “”"').casefold() == label.casefold()


def _sentence(line: str, end: int) -> str:
    """Return the text before a place in its own sentence, as far as it matters."""
    return re.split(r"[.;] ", line[max(0, end - FAR) : end])[-1]


def _districts(text: str, facts: Facts) -> list[Name]:
    known = {district.key for district in facts.districts}
    lists = [listed for listed, _end in district_lists(text, known)]
    return [name for name in chain.from_iterable(lists) if name.key in known]


#: each rule with what is said where a passage breaks it
RULES: Sequence[tuple[Callable[[str, Facts], Iterator[Wrong]], str]] = (
    (shares_follow, gettext_noop("%(passage)s says “%(said)s”; it would be %(true)s.")),
    (lists_are_complete, gettext_noop("%(passage)s says “%(said)s”, but %(true)s are named.")),
    (districts_have_units, gettext_noop("%(passage)s says “%(said)s”; in this round it has %(true)s.")),
    (units_have_scores, gettext_noop("%(passage)s says “%(said)s”; the records have %(true)s.")),
    (averages_follow, gettext_noop("%(passage)s says “%(said)s”; the average is %(true)s.")),
    (bands_are_counted, gettext_noop("%(passage)s says “%(said)s”; by the records it is %(true)s.")),
)


def statements_hold(passages: Iterable[Words], facts: Facts) -> list[Found]:
    """List what passages say of units, districts, scores and shares against the records."""
    findings: list[Found] = []
    for passage in passages:
        for line in paragraphs(passage.text):
            findings += _contradictions(passage, line, facts)
    return findings


def _contradictions(passage: Words, line: str, facts: Facts) -> Iterator[Found]:
    for rule, text in RULES:
        for wrong in rule(line, facts):
            values = {"passage": passage.title, "said": wrong.said, "true": wrong.true}
            yield Found(SEVERITY.HIGH, _(text) % values, passage.address)
