"""Numbers of the database for tables of thousands of rows, as it gives them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, ExpressionWrapper, F, Field


class Counted(Count):
    """Count, without asking of each result whether it is a whole number.

    Django asks it of every cell, which takes as long as all else that a page does with a table of areas.
    """

    def get_db_converters(self, connection: Any) -> list[Any]:
        return []


class AsStored(Field):
    """A value as the database gives it: a decimal of SQLite comes as a whole number or a fraction."""


def as_stored(name: str) -> ExpressionWrapper:
    """Return an expression whose values are made into Python's by the caller: once for those that recur."""
    return ExpressionWrapper(F(name), output_field=AsStored())
