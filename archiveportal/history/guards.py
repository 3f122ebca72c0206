"""Tables whose rows, or some of their columns, the database itself keeps as they are: SQL changes them no more than
the portal does.

On SQLite, REPLACE (`INSERT OR REPLACE`, `UPDATE OR REPLACE`) deletes the rows in its way without asking a trigger on
DELETE (`PRAGMA recursive_triggers` is off): writes that would take the place of another row are refused before. A
rebuilt table loses its triggers there, so they are taken down before a migration and put up again after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

# ruff: noqa: S608 (the statements are put together from names in the code)

#: does something to the triggers of a database
OnDatabase = Callable[[Any], None]


@dataclass(frozen=True)
class Guard:
    """Rows are never deleted; their `frozen` columns never change (every column where none is named).

    `unique` are the columns, alone or together, that no two rows share, beside the key.
    """

    table: str
    refusal: str
    frozen: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()


def put_up(connection: Any, prefix: str, guards: Iterable[Guard]) -> None:
    """Puts up the triggers of the tables that there are, in the place of those whose names begin with the prefix."""
    take_down(connection, prefix)
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for guard in guards:
            for statement in make(guard, prefix) if guard.table in present else ():
                cursor.execute(statement)


def take_down(connection: Any, prefix: str) -> None:
    with connection.cursor() as cursor:
        for name, table in triggers_of(cursor, prefix).items():
            drop(cursor, name, table)


def triggers_of(cursor: Any, prefix: str | tuple[str, ...]) -> dict[str, str]:
    """{trigger: its table}, of those whose names begin so."""
    if cursor.db.vendor == "postgresql":
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
        )
    else:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    return {name: table for name, table in cursor.fetchall() if name.startswith(prefix)}


def drop(cursor: Any, name: str, table: str) -> None:
    cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if cursor.db.vendor == "postgresql" else ""))


def keep_through_migrations(app: AppConfig, take_down: OnDatabase, put_up: OnDatabase) -> None:
    """To be called when the app is ready."""

    def before(using: str, plan: list, **facts: Any) -> None:
        if plan and connections[using].vendor == "sqlite":
            take_down(connections[using])

    def after(using: str, **facts: Any) -> None:
        put_up(connections[using])

    pre_migrate.connect(before, sender=app, weak=False)
    post_migrate.connect(after, sender=app, weak=False)


def _postgresql(guard: Guard, prefix: str) -> Iterator[str]:
    table, columns = guard.table, f" OF {', '.join(guard.frozen)}" if guard.frozen else ""
    call = f"EXECUTE FUNCTION row_guard('{guard.refusal}')"
    yield (
        "CREATE OR REPLACE FUNCTION row_guard() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END$$"
    )
    yield f"CREATE TRIGGER {prefix}update_{table} BEFORE UPDATE{columns} ON {table} {call}"
    yield f"CREATE TRIGGER {prefix}delete_{table} BEFORE DELETE OR TRUNCATE ON {table} {call}"


def _sqlite(guard: Guard, prefix: str) -> Iterator[str]:
    table, refuse = guard.table, f"BEGIN SELECT RAISE(ABORT, '{guard.refusal}'); END"
    in_the_way = " OR ".join(
        f"({' AND '.join(f'{column} = NEW.{column}' for column in columns)})" for columns in (("id",), *guard.unique)
    )
    # By value, not by `UPDATE OF`: the key of a row has other names too ("rowid").
    changes = [f"NEW.{column} IS NOT OLD.{column}" for column in guard.frozen]
    changes.append(f"EXISTS (SELECT 1 FROM {table} WHERE id IS NOT OLD.id AND ({in_the_way}))")
    when = f" WHEN {' OR '.join(changes)}" if guard.frozen else ""
    yield f"CREATE TRIGGER {prefix}update_{table} BEFORE UPDATE ON {table}{when} {refuse}"
    yield f"CREATE TRIGGER {prefix}delete_{table} BEFORE DELETE ON {table} {refuse}"
    yield (
        f"CREATE TRIGGER {prefix}replace_{table} BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {in_the_way}) {refuse}"
    )
