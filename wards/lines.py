"""Lines of units: which units a unit took over, which took it over, and what cannot be right."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from wards.models import Succession

# ruff: noqa: S608 (the statements are put together from names in the code)

DAY = datetime.timedelta(days=1)
#: UNION leaves out what was found already, so that a circle ends too
_FORMER = """former(ward) AS (
    SELECT predecessor_id FROM wards_succession WHERE successor_id IN ({keys}) AND predecessor_id IS NOT NULL
    UNION
    SELECT predecessor_id FROM wards_succession JOIN former ON successor_id = former.ward
    WHERE predecessor_id IS NOT NULL
)"""
_HEIRS = """heirs(ward) AS (
    SELECT successor_id FROM wards_succession WHERE predecessor_id IN ({keys}) AND successor_id IS NOT NULL
    UNION
    SELECT successor_id FROM wards_succession JOIN heirs ON predecessor_id = heirs.ward
    WHERE successor_id IS NOT NULL
)"""


def keys_of_predecessors(wards: Iterable[int]) -> frozenset[int]:
    """Return the keys of all units that these took over, whole or in part, however long ago."""
    return _walk(wards, {"former": _FORMER})


def keys_of_line(ward: int) -> frozenset[int]:
    """Return the keys of a unit, of all that it took over and of all that took it over."""
    return _walk([ward], {"former": _FORMER, "heirs": _HEIRS}) | {ward}


def _walk(wards: Iterable[int], ways: dict[str, str]) -> frozenset[int]:
    keys = sorted(set(wards))
    if not keys:
        return frozenset()
    steps = ", ".join(ways.values()).format(keys=", ".join(["%s"] * len(keys)))
    found = " UNION ".join(f"SELECT ward FROM {name}" for name in ways)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH RECURSIVE {steps} {found}", keys * len(ways))
        return frozenset(key for (key,) in cursor.fetchall())


def reached(start: Hashable, heirs: Mapping[Any, Iterable[Hashable]]) -> set[Hashable]:
    """Return every unit to which lines lead from one, by {unit: heirs}; itself too where they close a circle."""
    found: set[Hashable] = set()
    waiting = list(heirs.get(start, ()))
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(heirs.get(key, ()))
    return found


def faults_of_days(succession: Succession) -> Iterator[str]:
    """Say what of the days of a succession contradicts those of its two units."""
    heir, former, day = succession.successor, succession.predecessor, succession.took_effect_on
    if heir and not heir.stands_on(day):
        words = {"heir": heir.title, "day": f"{day:%d/%m/%Y}"}
        yield _("%(heir)s is not in force on %(day)s, the day from which it took over.") % words
    if former is None:
        return
    words = {"former": former.title, "day": f"{day:%d/%m/%Y}"}
    is_part = succession.extent == succession.Extent.PART
    if former.valid_to is None or former.valid_to >= day:
        # A unit that gives a part away goes on under its name.
        if not (is_part and former.stands_on(day - DAY)):
            yield _("%(former)s still stands on %(day)s: it has to end the day before its heir begins.") % words
    elif former.valid_to < day - DAY and not succession.has_gap:
        words["last"] = f"{former.valid_to:%d/%m/%Y}"
        yield _("%(former)s ended on %(last)s, its heir begins on %(day)s: mark the gap if it is right.") % words


def refusal_of_cycle(succession: Succession) -> Iterator[str]:
    """Say where the heir of a unit is one of the units that it took over itself."""
    former, heir = succession.predecessor_id, succession.successor_id
    if former and heir and (former == heir or heir in keys_of_predecessors([former])):
        words = {"heir": succession.successor_name, "former": str(succession.predecessor)}
        yield _("%(heir)s cannot take over %(former)s, which took it over itself.") % words
