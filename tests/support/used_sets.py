"""Criteria sets in use, changed by tests as no way of the portal can."""

from __future__ import annotations

from typing import Any

from django.db import connection

from criteria import guard
from criteria.models import CriteriaSet


def change_used_set(criteria_set: CriteriaSet, **values: Any) -> None:
    """Change columns of a set in use, without the guard of the database."""
    guard.take_down(connection)
    CriteriaSet.objects.filter(pk=criteria_set.pk).update(**values)
    guard.put_up(connection)
    criteria_set.refresh_from_db()
