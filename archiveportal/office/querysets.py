"""Rows that hold over days."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django.db import models
from django.db.models import Q


class HoldsOverDays(Protocol):
    first_day: datetime.date
    last_day: datetime.date | None


class OfficeRows(models.QuerySet):
    """Facts about the office, which every paper bears: everybody may read them."""

    def meeting(self, first_day: datetime.date, last_day: datetime.date | None) -> OfficeRows:
        """Return the rows that hold on some day of a period."""
        later = Q(last_day__isnull=True) | Q(last_day__gte=first_day)
        return self.filter(later) if last_day is None else self.filter(later, first_day__lte=last_day)


def in_force(rows: Iterable[Any], day: datetime.date) -> Any | None:
    """Return the row that holds on a day: the last one that began by then and has not ended."""
    begun = [row for row in rows if row.first_day <= day and (row.last_day is None or row.last_day >= day)]
    return max(begun, key=_first_day) if begun else None


def nearest(rows: Sequence[Any], day: datetime.date) -> Any | None:
    """Return the row that holds on a day; between two rows the one before, before all of them the first one."""
    if (row := in_force(rows, day)) is not None or not rows:
        return row
    before = [row for row in rows if row.first_day <= day]
    return max(before, key=_first_day) if before else min(rows, key=_first_day)


def _first_day(row: HoldsOverDays) -> datetime.date:
    return row.first_day
