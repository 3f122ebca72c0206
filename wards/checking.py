"""What cannot be right in the units and their lines: read-only, for `manage.py check_units`."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise

from django.utils.translation import gettext as _

from wards.lines import faults_of_days, reached
from wards.models import District, Province, Succession, Unit, Ward


def find_faults() -> list[str]:
    """Return a line for each fault, with the unit and what to do."""
    successions = list(Succession.objects.select_related("predecessor", "successor"))
    checks: list[Callable[[], Iterator[str]]] = [
        lambda: _shared_codes(Province.objects.all()),
        lambda: _shared_codes(District.objects.all()),
        lambda: _shared_codes(Ward.objects.select_related("district")),
        lambda: _wards_outliving_their_district(),
        lambda: _contradicting_days(successions),
        lambda: _names_without_row(successions),
        lambda: _rest_of_parts(successions),
        lambda: _circles(successions),
    ]
    return list(chain.from_iterable(check() for check in checks))


def _shared_codes(units: Iterable[Unit]) -> Iterator[str]:
    by_code: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_code[unit.code].append(unit)
    for code, sharing in sorted(by_code.items()):
        in_order = sorted(sharing, key=lambda unit: unit.valid_from or datetime.date.min)
        for earlier, later in pairwise(in_order):
            if earlier.valid_to is None or (later.valid_from or datetime.date.min) <= earlier.valid_to:
                words = {"code": code, "one": _named(earlier), "other": _named(later)}
                yield _("Code %(code)s: %(one)s and %(other)s have it at the same time.") % words


def _named(unit: Unit) -> str:
    name = getattr(unit, "full_title", unit.title)
    return f"{name} ({unit.code}, {unit.period})" if unit.period else f"{name} ({unit.code})"


def _wards_outliving_their_district() -> Iterator[str]:
    for ward in Ward.objects.filter(district__valid_to__isnull=False).select_related("district"):
        district = ward.district
        if district is None or district.valid_to is None:
            continue
        if ward.valid_to is None or ward.valid_to > district.valid_to:
            words = {"ward": _named(ward), "district": _named(district)}
            yield _("%(ward)s stands longer than %(district)s: correct the last day of one of them.") % words


def _contradicting_days(successions: list[Succession]) -> Iterator[str]:
    for succession in successions:
        yield from faults_of_days(succession)


def _names_without_row(successions: list[Succession]) -> Iterator[str]:
    """A heir that is named alone, although a unit with its code begins on that day."""
    missing = [succession for succession in successions if succession.successor_id is None]
    codes = {succession.successor_code for succession in missing}
    beginning = {(ward.code, ward.valid_from): ward for ward in Ward.objects.filter(code__in=codes)}
    for succession in missing:
        heir = beginning.get((succession.successor_code, succession.took_effect_on))
        if heir:
            words = {"former": succession.predecessor or succession.predecessor_name, "heir": _named(heir)}
            yield _("%(former)s names its heir in words, although %(heir)s is recorded: join the two.") % words


def _rest_of_parts(successions: list[Succession]) -> Iterator[str]:
    """A unit that ended and gave one part alone, or gave itself whole and more than once."""
    by_unit: dict[tuple[Ward, datetime.date], list[Succession]] = defaultdict(list)
    for succession in successions:
        if succession.predecessor:
            by_unit[succession.predecessor, succession.took_effect_on].append(succession)
    for (former, day), taken in by_unit.items():
        has_ended = former.valid_to is not None and former.valid_to < day
        is_whole = any(succession.extent == Succession.Extent.WHOLE for succession in taken)
        if is_whole and len(taken) > 1:
            yield _("%(former)s went whole to one unit, and to another one as well.") % {"former": _named(former)}
        elif has_ended and not is_whole and len(taken) == 1:
            yield _("%(former)s ended, and one part of it alone has an heir.") % {"former": _named(former)}


def _circles(successions: list[Succession]) -> Iterator[str]:
    heirs: dict[int, set[int]] = defaultdict(set)
    names: dict[int, str] = {}
    for succession in successions:
        former = succession.predecessor
        if former and succession.successor_id:
            heirs[former.pk].add(succession.successor_id)
            names[former.pk] = _named(former)
    for key in sorted(names):
        if key in reached(key, heirs):
            yield _("%(unit)s is among its own heirs.") % {"unit": names[key]}
