"""The units that stand for others on a day, by succession."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from wards.lines import reached
from wards.models import Succession, Ward


def heirs_on(wards: Iterable[int], day: datetime.date) -> dict[int, list[int]]:
    """Return for each unit the keys of those that stand for it on a day, in the order of names.

    That is the unit itself while it is in force, else the units that took it over, whole or in part,
    in however many steps; none where nobody did. Two queries.
    """
    standing = dict(Ward.objects.in_force_on(day).values_list("pk", "sort_key"))
    joins = Succession.objects.filter(predecessor__isnull=False, successor__isnull=False, took_effect_on__lte=day)
    heirs: dict[int, list[int]] = {}
    for former, heir in joins.values_list("predecessor", "successor"):
        heirs.setdefault(former, []).append(heir)
    found = {}
    for ward in wards:
        after = [key for key in reached(ward, heirs) if key in standing]
        found[ward] = [ward] if ward in standing else sorted(after, key=lambda key: (standing[key], key))
    return found
