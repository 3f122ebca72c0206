"""A round that was opened does not become a draft again, also not by SQL; what units showed stays.

A draft is out of sight of its units, and can be deleted with what they recorded. Evidence of a
self-assessment and its signed paper go with a trial round alone; until then they stay as handed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archiveportal.history import guards

REFUSAL = "a round that was opened is no draft again"
PREFIX = "round_guard_"
TABLE = "inspections_round"
FUNCTION = "round_guard"
KEPT_FUNCTION = "self_guard"
TRIGGER = f"{PREFIX}update_{TABLE}"
#: {table: columns that never change}
KEPT = {
    "inspections_selfevidence": (
        "assessment_id", "criterion_id", "upload_id", "file_id", "number", "issued_on", "issuer", "added_by_id",
        "added_at", "replaces_id",
    ),
    "inspections_selfpaper": ("assessment_id", "file_id", "signatory", "signed_on", "added_by_id", "added_at"),
}  # fmt: skip
KEPT_REFUSAL = "what a unit showed does not change"
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
        created = {found[1]: statement for statement in statements if (found := guards.CREATED.match(statement))}
        return guards.unlike(cursor, created) + functions


def _statements(connection: Any, cursor: Any) -> Iterator[str]:
    """Yield the statements of the tables that exist: migrations may stop before one of them."""
    present = set(connection.introspection.table_names(cursor))
    if TABLE in present:
        yield from _of_rounds(connection)
    for table in sorted(KEPT.keys() & present):
        yield from _of_kept(connection, table)


def _of_kept(connection: Any, table: str) -> Iterator[str]:
    name = f"{PREFIX}update_{table}"
    if connection.vendor == "postgresql":
        changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in KEPT[table])
        yield (
            f"CREATE OR REPLACE FUNCTION {KEPT_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION '{KEPT_REFUSAL}'; END$$"
        )
        yield (
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN ({changed}) EXECUTE FUNCTION {KEPT_FUNCTION}()"
        )
        return
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in KEPT[table])
    yield (
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {changed} "
        f"BEGIN SELECT RAISE(ABORT, '{KEPT_REFUSAL}'); END"
    )


def _of_rounds(connection: Any) -> Iterator[str]:
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
