"""Whether the units that a passage names exist and take part."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from archiveportal.vietnamese import sort_key
from reports.checks.found import SEVERITY, Found, first_names
from reports.checks.numbers import _AGENCY, _COUNTED, Words, paragraphs


@dataclass(frozen=True)
class Name:
    """A unit as it is named: kind "phường", name "4", and the district it is said to be of ("Quận 6"), if any."""

    kind: str
    name: str
    district: str = ""
    #: what `sort_key` gives for the name, where a record has it
    stored_key: str = field(default="", compare=False, repr=False)

    @cached_property
    def key(self) -> tuple[str, str]:
        """The same for "Phường 03" and "phường 3", for "Hòa" and "Hoà"."""
        return self.kind.lower(), self.stored_key or sort_key(self.name)

    @property
    def title(self) -> str:
        kind = self.kind.capitalize() if self.name.isdigit() else self.kind.lower()
        return f"{kind} {self.name}{', ' if self.district else ''}{self.district}"


#: what the records know by kind and name
Known = Container[tuple[str, str]]
#: lists of names, each with the place where it ends
Lists = Iterator[tuple[list[Name], int]]


_WARD_KIND = re.compile(r"\b(phường|(?<!thị )xã|thị trấn|đặc khu) ", re.IGNORECASE)


_DISTRICT_KIND = re.compile(r"\b(quận|huyện) ", re.IGNORECASE)


_OF_DISTRICT = re.compile(rf"(?:,| thuộc| của)? \(?{_AGENCY}((?:quận|huyện|thành phố) )", re.IGNORECASE)


_NEXT = re.compile(rf"(?:, | và ){_AGENCY}", re.IGNORECASE)


_WORD = re.compile(r"[^\W\d_]+")


_DIGITS = re.compile(r"\d{1,2}(?![\w/%²]|[.,]\d)")


_UNIT_BEHIND = re.compile(rf" ?(?:{'|'.join(_COUNTED.values())})")


#: words with a capital that are in no name of a unit, and those that begin none ("UBND phường Ủy ban nhân dân")
_NEVER = {"Quận", "Huyện", "Phường", "Xã", "UBND", "HĐND", "TP"}


_NOT_FIRST = {"Thành", "Ủy", "Hội", "Sở", "Chi", "Phòng", "Thị", "Đảng"}


def _name_at(text: str, start: int) -> str:
    """Return the name that begins here: digits, or words with capitals ("Vĩnh Lộc B"); nothing
    where there is none."""
    if match := _DIGITS.match(text, start):
        return "" if _UNIT_BEHIND.match(text, match.end()) else match.group()
    end = place = start
    while (match := _WORD.match(text, place)) and match.group()[0].isupper() and match.group() not in _NEVER:
        if place == start and match.group() in _NOT_FIRST:
            break
        end = match.end()
        place = end + 1
        if text[end : end + 1] != " ":
            break
    return text[start:end]


def _names(text: str, kinds: re.Pattern, known: Known) -> Iterator[list[tuple[Name, int]]]:
    """Yield the lists of names that follow a kind, each name with the place after it.

    "xã Long Hòa, Bình Khánh và thị trấn Cần Thạnh" is one list. After its first name only a number
    or a known name goes on with it: "xã Long Thới, Sở Nội vụ" names one unit.
    """
    place = 0
    while match := kinds.search(text, place):
        place, listed = match.end(), []
        start, kind, has_kind = match.end(), match[1], True
        while text_of_name := _name_at(text, start):
            name = Name(kind, text_of_name)
            if not has_kind and not name.name.isdigit() and name.key not in known:
                break
            place = start + len(text_of_name)
            listed.append((name, place))
            step = _NEXT.match(text, place)
            if not step:
                break
            another = kinds.match(text, step.end())
            start, has_kind = (another or step).end(), bool(another)
            kind = another[1] if another else kind
        if listed:
            yield listed


def ward_lists(text: str, known: Known = ()) -> Lists:
    """The lists of wards in one paragraph, with the district after them, each with the place where
    it ends."""
    for listed in _names(text, _WARD_KIND, known):
        place = listed[-1][1]
        of = _OF_DISTRICT.match(text, place)
        name = _name_at(text, of.end()) if of else ""
        district = f"{of[1].strip().capitalize()} {name}" if of and name else ""
        end = of.end() + len(name) if of and name else place
        yield [Name(each.kind, each.name, district) for each, _place in listed], end


def _all_names(text: str, known: Known, lists_of: Callable[[str, Known], Lists]) -> list[Name]:
    names: list[Name] = []
    for line in paragraphs(text):
        for listed, _place in lists_of(line, known):
            names += listed
    return names


def wards_said(text: str, known: Known = ()) -> list[Name]:
    """Return the wards that a passage names, with the district named after them or after their
    list."""
    return _all_names(text, known, ward_lists)


def district_lists(text: str, known: Known = ()) -> Lists:
    for listed in _names(text, _DISTRICT_KIND, known):
        yield [name for name, _place in listed], listed[-1][1]


def districts_said(text: str, known: Known = ()) -> list[Name]:
    return _all_names(text, known, district_lists)


def wards_take_part(passages: Iterable[Words], wards: Sequence[Name]) -> list[Found]:
    """A passage names a ward that is not in the round, be it that there is none of that name."""
    known = {ward.key for ward in wards}
    keys = {district: sort_key(district) for district in {ward.district for ward in wards}}
    exactly = {(*ward.key, keys[ward.district]) for ward in wards}
    text = _("%(passage)s names units that are not in this round (%(count)s): %(names)s.")

    def takes_part(name: Name) -> bool:
        return (*name.key, sort_key(name.district)) in exactly if name.district else name.key in known

    said = [(passage, wards_said(passage.text, known)) for passage in passages]
    return _missing(said, text, takes_part)


def districts_exist(passages: Iterable[Words], districts: Iterable[Name]) -> list[Found]:
    """A passage names a district that there was none of at the time."""
    known = {district.key for district in districts}
    text = _("%(passage)s names districts that did not exist at the time (%(count)s): %(names)s.")
    said = [(passage, districts_said(passage.text, known)) for passage in passages]
    return _missing(said, text, lambda name: name.key in known)


def _missing(said: Iterable[tuple[Words, list[Name]]], text: str, is_known: Callable[[Name], bool]) -> list[Found]:
    """List the names in each passage that are not known, each once."""
    findings = []
    for passage, names in said:
        titles = list(dict.fromkeys(name.title for name in names if not is_known(name)))
        if titles:
            values = {"passage": passage.title, "count": len(titles), "names": first_names(titles)}
            findings.append(Found(SEVERITY.MEDIUM, text % values, passage.address))
    return findings
