"""Numbers by which lists without headings name criteria: those of their headings stand before their own.

Only in a set that counts anew below each heading, so that a number alone would be that of several criteria.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from criteria.models.leaves import Criterion
    from criteria.models.sections import Section


def numbers_with_headings(criteria: Sequence[Criterion], sections: Mapping[int, Section]) -> dict[int, str]:
    """Return {key of a criterion: its number with those above it}; nothing where each number is there once."""
    numbers = Counter(criterion.shown_number for criterion in criteria if criterion.shown_number)
    if max(numbers.values(), default=0) < 2:
        return {}
    by_key = {criterion.pk: criterion for criterion in criteria}
    return {
        criterion.pk: _joined([*_above(criterion, by_key, sections), criterion.shown_number])
        for criterion in criteria
        if criterion.shown_number
    }


def _above(criterion: Criterion, by_key: Mapping[int, Criterion], sections: Mapping[int, Section]) -> list[str]:
    """Return the numbers of what a criterion lies under, from the top: sections, then the sum that it is a part of."""
    numbers: list[str] = []
    section = sections.get(criterion.section_id or 0)
    while section is not None:
        numbers.insert(0, section.number)
        section = sections.get(section.parent_id or 0)
    whole = by_key.get(criterion.parent_id or 0)
    is_part = whole is not None and whole.kind == whole.Kind.PARTS
    return [*numbers, whole.shown_number] if whole is not None and is_part else numbers


def _joined(numbers: Sequence[str]) -> str:
    """Return a number with those above it; a number that has the one above, as "1.1" has "1", begins with it already.

    "I.1", "A.II.1.2", "A.II.1.2.a".
    """
    *above, own = (_bare(number) for number in numbers)
    whole = own
    for number in reversed(above):
        if number and not f"{whole}.".startswith(f"{number}."):
            whole = f"{number}.{whole}"
    return whole


def _bare(number: str) -> str:
    """Return a number without what sets it off from the text that follows it: "a" of "a)"."""
    return number.strip().strip(".)")
