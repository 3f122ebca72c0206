"""Units by their code or by their name as people write it, for many rows at once.

Everything is read in one query. A name that several units bear is told as such: whoever asks
decides, never the order of rows.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Generic, TypeVar

from archiveportal.scope import Viewer
from archiveportal.vietnamese import words_of
from wards.models import District, Ward
from wards.names import spelled_out

AnyUnit = TypeVar("AnyUnit", District, Ward)


class UnitLookup(Generic[AnyUnit]):
    """The units that a viewer sees, by what a cell may say of them. Ended ones are kept apart."""

    def __init__(self, units: list[AnyUnit], day: datetime.date) -> None:
        self.day = day
        self._codes: dict[str, list[AnyUnit]] = defaultdict(list)
        self._names: dict[str, list[AnyUnit]] = defaultdict(list)
        for unit in units:
            self._codes[unit.code].append(unit)
            for key in set(_keys(unit)):
                self._names[key].append(unit)

    def with_code(self, code: str) -> list[AnyUnit]:
        """Return the units in force with this code: none or one."""
        return self._standing(self._codes.get(code, []))

    def named(self, text: str) -> list[AnyUnit]:
        """Return the units in force that the text may mean: "P. Tân Định", "Tân Định"."""
        return self._standing(self._found(text))

    def not_in_force(self, *, code: str = "", text: str = "") -> list[AnyUnit]:
        """Return the units with this code or name that are not in force on the day."""
        units = self._codes.get(code, []) if code else self._found(text)
        return [unit for unit in units if not unit.stands_on(self.day)]

    def _found(self, text: str) -> list[AnyUnit]:
        """Return every unit that the text may mean; several are for the person to choose from."""
        for words in (spelled_out(text), spelled_out(text, with_letters=True)):
            rows = self._names.get(" ".join(words))
            if rows:
                return rows
        return []

    def _standing(self, units: list[AnyUnit]) -> list[AnyUnit]:
        return [unit for unit in units if unit.stands_on(self.day)]


def ward_lookup(viewer: Viewer, day: datetime.date) -> UnitLookup[Ward]:
    return UnitLookup(list(Ward.objects.visible_to(viewer).select_related("district")), day)


def district_lookup(viewer: Viewer, day: datetime.date) -> UnitLookup[District]:
    return UnitLookup(list(District.objects.visible_to(viewer)), day)


#: one of a handful of words, for each of ten thousand units
_kind_words = lru_cache(maxsize=32)(lambda kind: " ".join(words_of(kind)))


def _keys(unit: District | Ward) -> Iterator[str]:
    """Yield the names of a unit as they are looked up: with kind, without, and with its district."""
    names = _names(unit)
    yield from names
    district = getattr(unit, "district", None)
    for of_district in _names(district) if district else ():
        yield from (f"{name} {of_district}" for name in names if not of_district.isdecimal())


def _names(unit: District | Ward) -> list[str]:
    """Return the words of a unit's name with its kind and without."""
    whole = " ".join(re.findall(r"\w+", unit.search_key))
    return [whole, whole.removeprefix(_kind_words(unit.get_kind_display())).strip()]
