"""Long lists of units in sections that are shown, ticked and folded together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from criteria.inspections.queries.areas import Division
from wards.models import Ward

#: so many units are shown without folding
LONG = 30
#: digits of a key that a database can hold
LONGEST_KEY = 18


@dataclass(frozen=True)
class ChecklistSection:
    """Units of a long list that are shown, ticked and folded together."""

    #: "12" for the area of that key, "none" for units in none, "kind:xa" for a kind, "all"
    key: str
    title: str
    rows: list[Any]
    is_folded: bool = False


def in_sections(
    divided: Division, rows: Sequence[Any], unit_of: Callable[[Any], Ward] = attrgetter("ward")
) -> list[ChecklistSection]:
    """Return the rows by area, or by kind of unit where nothing divides many of them.

    The sections of a long list are folded, except for a single one.
    """
    is_long = len(rows) > LONG
    titles = _titles_of_sections(divided, is_long=is_long)
    by_key: dict[str, list[Any]] = {key: [] for key in titles}
    for row in rows:
        by_key[_section_of(divided, unit_of(row), is_long=is_long)].append(row)
    present = {key: some for key, some in by_key.items() if some}
    is_folded = is_long and len(present) > 1
    return [ChecklistSection(key, titles[key], some, is_folded=is_folded) for key, some in present.items()]


def _titles_of_sections(divided: Division, *, is_long: bool) -> dict[str, str]:
    if divided:
        return {str(area.pk): area.title for area in divided.areas} | {"none": divided.rest}
    return {f"kind:{code}": str(label) for code, label in Ward.Kind.choices} if is_long else {"all": ""}


def _section_of(divided: Division, unit: Ward, *, is_long: bool) -> str:
    if divided:
        return str(divided.key_of(unit) or "none")
    return f"kind:{unit.kind}" if is_long else "all"


def of_section(divided: Division, wards: QuerySet[Ward], key: str) -> QuerySet[Ward]:
    """Narrow units to those of the section with this key; an unknown key has none."""
    if key == "all":
        return wards
    if key.startswith("kind:"):
        return wards.filter(kind=key.removeprefix("kind:"))
    if key == "none":
        return divided.within(wards, None, "")
    return divided.within(wards, int(key), "") if key.isdecimal() and len(key) < LONGEST_KEY else wards.none()
