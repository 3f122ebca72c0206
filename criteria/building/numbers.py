"""Printed numbers that places propose, in the style of those that are there: I / 1 / 1.1, A / I / 1, 1 / 1.1."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiveportal.roman import roman, roman_value

if TYPE_CHECKING:
    from criteria.building.outline import Branch, Leaf

#: styles: "A", "I", "1", "a"; "1.2" begins with the value of what is above ("1.2" in "I"), "I.2" with its number
LETTER, ROMAN, WHOLE, SMALL, BY_VALUE, BY_NUMBER = "letter", "roman", "whole", "small", "by value", "by number"
#: go on after the criteria of a section where they number the sections in it
IN_DIGITS = (WHOLE, BY_VALUE, BY_NUMBER)
#: characters that are stored of a printed number
LIMIT = 12
#: in the order of Vietnamese papers, which have no f, j, w and z
SMALL_LETTERS = "abcdđeghiklmnopqrstuvxy"


@dataclass(frozen=True)
class Styles:
    """How a set numbers its sections and criteria on each level, and the parts of criteria; silent where nothing is
    numbered yet."""

    sections: Mapping[int, str] = field(default_factory=dict)
    leaves: Mapping[int, str] = field(default_factory=dict)
    parts: str = ""


@dataclass(frozen=True)
class Following:
    """Rows whose printed number is the one that their place proposes, not one that somebody typed.

    `styles` are those before rows change places: what moves brings no style of its own.
    """

    keys: frozenset[tuple[str, int]]
    styles: Styles

    def __contains__(self, key: object) -> bool:
        return key in self.keys

    def __sub__(self, others: Iterable[tuple[str, int]]) -> Following:
        return Following(self.keys.difference(others), self.styles)


def styles_of(top: Branch) -> Styles:
    """Return the styles that most of the printed numbers have, level by level."""
    sections: dict[int, Counter[str]] = {}
    leaves: dict[int, Counter[str]] = {}
    parts: Counter[str] = Counter()
    for branch in top.walk():
        if branch.section:
            sections.setdefault(branch.level, Counter())[style_of(branch.section.number)] += 1
        for leaf in branch.leaves:
            leaves.setdefault(branch.level, Counter())[style_of(leaf.criterion.printed_number)] += 1
            parts.update(style_of(part.criterion.printed_number) for part in leaf.parts)
    return Styles(_most_common_by_level(sections), _most_common_by_level(leaves), _most_common(parts))


def _most_common_by_level(counted: Mapping[int, Counter[str]]) -> dict[int, str]:
    return {level: _most_common(styles) for level, styles in counted.items()}


def _most_common(styles: Counter[str]) -> str:
    """Return the style that most have; blank where none leads, so that the usual one is proposed."""
    leading = Counter({style: count for style, count in styles.items() if style}).most_common(2)
    if not leading or (len(leading) == 2 and leading[0][1] == leading[1][1]):
        return ""
    return leading[0][0]


def style_of(number: str) -> str:
    """Return the style of a printed number; blank for none and for one of no known style."""
    first, dot, _rest = number.strip(" .():").partition(".")
    if dot:
        return BY_VALUE if first.isdecimal() else BY_NUMBER
    if first.isdecimal():
        return WHOLE
    if roman_value(first):
        return ROMAN
    if re.fullmatch("[A-Z]", first):
        return LETTER
    return SMALL if first and first in SMALL_LETTERS else ""


def propose_numbers(top: Branch, following: Following | None = None) -> None:
    """Propose a number for every section and criterion below the top of a tree.

    What lies below a row is numbered by its own number: the typed one, or for rows that follow the proposed one.
    """
    _Proposing(following.styles if following else styles_of(top), following or ()).below(top, above="")


class _Proposing:
    def __init__(self, styles: Styles, following: Container[tuple[str, int]]) -> None:
        self.styles, self.following = styles, following

    def below(self, branch: Branch, *, above: str) -> None:
        """Number what a section with the number `above` holds; its own criteria come before its sections."""
        style = self.styles.leaves.get(branch.level) or (_usual_below(above) if branch.section else WHOLE)
        for place, leaf in enumerate(branch.leaves, start=1):
            self._number_leaf(leaf, in_style(style, place, above=above))
        of_sections = self.styles.sections.get(branch.level + 1) or _usual_of_sections(branch, above)
        goes_on = branch.section is not None and of_sections in IN_DIGITS
        for place, below in enumerate(branch.branches, start=len(branch.leaves) + 1 if goes_on else 1):
            below.proposed = in_style(of_sections, place, above=above)
            assert below.section
            own = self._own(("section", below.section.pk), typed=below.section.number, proposed=below.proposed)
            self.below(below, above=own)

    def _number_leaf(self, leaf: Leaf, number: str) -> None:
        leaf.proposed = number
        criterion = leaf.criterion
        own = self._own(("criterion", criterion.pk), typed=criterion.printed_number, proposed=number)
        style = SMALL if self.styles.parts == SMALL else BY_NUMBER
        for place, part in enumerate(leaf.parts, start=1):
            part.proposed = in_style(style, place, above=own)

    def _own(self, key: tuple[str, int], *, typed: str, proposed: str) -> str:
        return proposed if not typed or key in self.following else typed


def _usual_of_sections(branch: Branch, above: str) -> str:
    if branch.section is None:
        return ROMAN
    return ROMAN if style_of(above) == LETTER else _usual_below(above)


def _usual_below(above: str) -> str:
    """Return the usual style below a number: "1" below "I" and "A", "1.1" below "1"."""
    return BY_NUMBER if above[:1].isdecimal() else WHOLE


def in_style(style: str, place: int, *, above: str) -> str:
    """Return the number of a place from 1 below the number `above`."""
    if style == ROMAN:
        return roman(place)[:LIMIT]
    if style == LETTER and place <= 26:
        return chr(ord("A") + place - 1)
    if style == SMALL and place <= len(SMALL_LETTERS):
        return SMALL_LETTERS[place - 1]
    stem = {BY_VALUE: _value(above), BY_NUMBER: above.rstrip(" .")}.get(style, "")
    return f"{stem}.{place}"[:LIMIT] if stem else f"{place}"


def _value(above: str) -> str:
    """Return a number in digits: "2" for "II" and "B", "1.2" as it is."""
    style = style_of(above)
    if style == LETTER:
        return str(ord(above[0]) - ord("A") + 1)
    if style == ROMAN:
        return str(roman_value(above.strip(" .():")))
    return above.rstrip(" .")
