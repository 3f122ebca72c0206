"""No two units with one code at one time and no unit in two groups of one grouping, also by SQL.

PostgreSQL has exclusion constraints for it (migrations 0002, 0003). SQLite has none: triggers refuse the
row there. A rebuilt table loses them, so they are removed before a migration and created after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from archiveportal.history import guards

# ruff: noqa: S608 (the statements are put together from names in the code)

REFUSAL = "two units with one code do not stand at one time"
PREFIX = "unit_code_guard_"
TABLES = ("wards_province", "wards_district", "wards_ward")
_OTHER_STANDS = (
    "other.code = NEW.code AND other.id IS NOT NEW.id"
    " AND (other.valid_from IS NULL OR NEW.valid_to IS NULL OR other.valid_from <= NEW.valid_to)"
    " AND (NEW.valid_from IS NULL OR other.valid_to IS NULL OR NEW.valid_from <= other.valid_to)"
)

IN_TWO_GROUPS = "a unit is not in two groups of one grouping at one time"
MEMBERSHIPS = "wards_groupmembership"
_OTHER_GROUP = (
    "other.grouping_id = NEW.grouping_id AND other.ward_id = NEW.ward_id AND other.id IS NOT NEW.id"
    " AND (other.first_day IS NULL OR NEW.last_day IS NULL OR other.first_day <= NEW.last_day)"
    " AND (NEW.first_day IS NULL OR other.last_day IS NULL OR NEW.first_day <= other.last_day)"
)


def put_up(connection: Any) -> None:
    take_down(connection)
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in (*TABLES, MEMBERSHIPS):
            if table in present:
                for statement in _triggers(table):
                    cursor.execute(statement)


def not_in_place(connection: Any) -> list[str]:
    """Return the triggers that are missing or altered; none on PostgreSQL, whose constraint does it."""
    if connection.vendor != "sqlite":
        return []
    statements = chain.from_iterable(map(_triggers, (*TABLES, MEMBERSHIPS)))
    created = {match[1]: statement for statement in statements if (match := guards.CREATED.match(statement))}
    with connection.cursor() as cursor:
        return guards.unlike(cursor, created)


def take_down(connection: Any) -> None:
    guards.take_down(connection, PREFIX)


def _triggers(table: str) -> Iterator[str]:
    watched: tuple[str, ...]
    if table == MEMBERSHIPS:
        watched, refusal, other = ("grouping_id", "ward_id", "first_day", "last_day"), IN_TWO_GROUPS, _OTHER_GROUP
    else:
        watched, refusal, other = ("code", "valid_from", "valid_to"), REFUSAL, _OTHER_STANDS
    refuse = f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    stands = f"EXISTS (SELECT 1 FROM {table} AS other WHERE {other})"
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in watched)
    yield f"CREATE TRIGGER {PREFIX}insert_{table} BEFORE INSERT ON {table} WHEN {stands} {refuse}"
    yield f"CREATE TRIGGER {PREFIX}update_{table} BEFORE UPDATE ON {table} WHEN ({changed}) AND {stands} {refuse}"
