"""Whether the criteria set of a round has facts that are added up over the units."""

from __future__ import annotations

import datetime
from functools import lru_cache

from criteria.inspections.models import Round
from criteria.models import Criterion


def sets_with_indicators() -> set[int]:
    """Return the keys of the sets that mark a fact as an indicator."""
    return set(Criterion.objects.exclude(indicator="").order_by().values_list("criteria_set", flat=True).distinct())


def has_indicators(inspection_round: Round) -> bool:
    """Tell it of the set of a round. Every page of a round asks; of a set in use it is read once a process."""
    if Round.criteria_set.is_cached(inspection_round) and inspection_round.criteria_set.frozen_at:
        return _of_frozen(inspection_round.criteria_set_id, inspection_round.criteria_set.frozen_at)
    return _of_set(inspection_round.criteria_set_id)


@lru_cache(maxsize=256)
def _of_frozen(criteria_set: int, frozen_at: datetime.datetime) -> bool:
    """Tell it of a set that does not change any more: the day from which it is frozen is part of its key."""
    return _of_set(criteria_set)


def _of_set(criteria_set: int) -> bool:
    return Criterion.objects.filter(criteria_set=criteria_set).exclude(indicator="").exists()
