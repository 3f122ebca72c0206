"""A round that was opened does not become a draft again, also not by SQL.

A draft is out of sight of its units, and can be deleted with what they recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archiveportal.history import guards

REFUSAL = "a round that was opened is no draft again"
PREFIX = "round_guard_"
TABLE = "inspections_round"
FUNCTION = "round_guard"
TRIGGER = f"{PREFIX}update_{TABLE}"
_BACK = "OLD.status <> 'in_draft' AND NEW.status = 'in_draft'"


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
    if connection.vendor == "postgresql":
        yield (
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION '{REFUSAL}'; END$$"
        )
        yield (
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            f"WHEN ({_BACK}) EXECUTE FUNCTION {FUNCTION}()"
        )
        return
    yield (
        f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} WHEN {_BACK} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
