"""What an issued paper is about and says does not change, also not by SQL.

A paper is voided with a reason, and its signed copy can be replaced by a better one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archiveportal.history import guards

REFUSAL = "an issued paper does not change"
PREFIX = "paper_guard_"
TABLE = "inspections_officialpaper"
FUNCTION = "paper_guard"
TRIGGER = f"{PREFIX}update_{TABLE}"
FROZEN = ("round_id", "kind", "decision_id", "enrolment_id", "words", "state", "number", "issued_on", "to_sign_id")


def put_up(connection: Any) -> None:
    take_down(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection, cursor):
            cursor.execute(statement)


def take_down(connection: Any) -> None:
    guards.take_down(connection, PREFIX)


def not_in_place(connection: Any) -> list[str]:
    """Return the trigger and its function where they are missing, switched off or altered."""
    with connection.cursor() as cursor:
        statements = list(_statements(connection, cursor))
        functions = guards.unlike_functions(cursor, statements) if connection.vendor == "postgresql" else []
        return guards.unlike(cursor, {TRIGGER: statements[-1]} if statements else {}) + functions


def _statements(connection: Any, cursor: Any) -> Iterator[str]:
    """Yield the statements, the trigger last; none before the migration that makes the table."""
    if TABLE not in connection.introspection.table_names(cursor):
        return
    is_postgresql = connection.vendor == "postgresql"
    distinct = "IS DISTINCT FROM" if is_postgresql else "IS NOT"
    # PostgreSQL compares json by no operator of its own.
    cast = "::text" if is_postgresql else ""
    changed = " OR ".join(f"NEW.{column}{cast} {distinct} OLD.{column}{cast}" for column in FROZEN)
    when = f"OLD.state = 'issued' AND ({changed})"
    if is_postgresql:
        yield (
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION '{REFUSAL}'; END$$"
        )
        yield (
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            f"WHEN ({when}) EXECUTE FUNCTION {FUNCTION}()"
        )
        return
    yield f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} WHEN {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
