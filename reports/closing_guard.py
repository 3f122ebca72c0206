"""What the database itself sees to: what was closed is never changed or deleted, not by SQL either.

Number, day, signatory, name, signed PDF and version of a closing are recorded later; every other column, and the
list of its files, stands. On SQLite a rebuilt table loses its triggers: they are put up again after each migration.
"""

from __future__ import annotations

from typing import Any

# ruff: noqa: S608 (the statements are put together from names in the code)
CLOSINGS, FILES = "reports_closing", "reports_closedfile"
REFUSAL = "figures that were closed do not change"
PREFIX = "closing_guard_"
FROZEN = (
    "id", "kind", "round_id", "scheme_id", "sequence", "as_of", "figures", "digest", "note", "closed_by_id",
    "closed_at",
)  # fmt: skip


def put_up(connection: Any) -> None:
    take_down(connection)
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for statement in make():
            cursor.execute(statement)


def take_down(connection: Any) -> None:
    with connection.cursor() as cursor:
        for name, table in _present(cursor):
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def _present(cursor: Any) -> list[tuple[str, str]]:
    if cursor.db.vendor == "postgresql":
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
        )
    else:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    return [(name, table) for name, table in cursor.fetchall() if name.startswith(PREFIX)]


def _postgresql() -> list[str]:
    refuse = f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END"
    call = "EXECUTE FUNCTION closing_guard()"
    made = [f"CREATE OR REPLACE FUNCTION closing_guard() RETURNS trigger LANGUAGE plpgsql AS $${refuse}$$"]
    for table, columns in ((CLOSINGS, f" OF {', '.join(FROZEN)}"), (FILES, "")):
        made.append(f"CREATE TRIGGER {PREFIX}update_{table} BEFORE UPDATE{columns} ON {table} {call}")
        made.append(f"CREATE TRIGGER {PREFIX}delete_{table} BEFORE DELETE OR TRUNCATE ON {table} {call}")
    return made


def _sqlite() -> list[str]:
    refuse, made = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END", []
    for table, columns in ((CLOSINGS, f" OF {', '.join(FROZEN)}"), (FILES, "")):
        made.append(f"CREATE TRIGGER {PREFIX}update_{table} BEFORE UPDATE{columns} ON {table} {refuse}")
        made.append(f"CREATE TRIGGER {PREFIX}delete_{table} BEFORE DELETE ON {table} {refuse}")
        # REPLACE deletes without asking the trigger above.
        made.append(
            f"CREATE TRIGGER {PREFIX}replace_{table} BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}"
        )
    return made
