"""Create triggers that keep rows, or some of their columns, from being changed by SQL as well.

On SQLite, REPLACE (`INSERT OR REPLACE`, `UPDATE OR REPLACE`) deletes conflicting rows without
calling a trigger on DELETE (`PRAGMA recursive_triggers` is off): a write that would replace another
row is refused beforehand. A rebuilt table loses its triggers there, so they are removed before a
migration and created again after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

# ruff: noqa: S608 (the statements are put together from names in the code)

#: function that creates or removes triggers through a connection
OnDatabase = Callable[[Any], None]
CREATED = re.compile(r"CREATE TRIGGER (\w+)")
#: name and body of each function of PostgreSQL
FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(.*?\$\$(.*?)\$\$", re.DOTALL)


@dataclass(frozen=True)
class Guard:
    """Describe a table whose rows are never deleted and whose `frozen` columns never change.

    Without `frozen`, no column changes. `unique` lists the unique constraints of the table, each as
    its columns, without the primary key; those of some rows alone are the keys of `partly_unique`,
    with their condition.

    `kept_when` narrows it to rows that meet a condition, which they go on meeting. Of these,
    `may_go_when` says which may be deleted. Conditions name the row "{row}".
    """

    table: str
    refusal: str
    frozen: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    partly_unique: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    kept_when: str = ""
    may_go_when: str = "FALSE"


def put_up(connection: Any, prefix: str, guards: Iterable[Guard]) -> None:
    """Replace the triggers whose names begin with `prefix` by those of the existing tables."""
    take_down(connection, prefix)
    with connection.cursor() as cursor:
        for statement in list(_statements(cursor, prefix, guards)):
            cursor.execute(statement)


def _statements(cursor: Any, prefix: str, guards: Iterable[Guard]) -> Iterator[str]:
    """Yield the statements that create the triggers of the existing tables."""
    connection = cursor.db
    is_postgresql = connection.vendor == "postgresql"
    always = _postgresql if is_postgresql else _sqlite
    of_some = _postgresql_of_some if is_postgresql else _sqlite_of_some
    present = set(connection.introspection.table_names(cursor))
    for guard in guards:
        if guard.table in present:
            make = of_some if guard.kept_when else always
            yield from make(_of_stored_columns(guard, connection, cursor), prefix)


def _of_stored_columns(guard: Guard, connection: Any, cursor: Any) -> Guard:
    """Leave out columns that a later migration adds: migrations may stop before it."""
    described = connection.introspection.get_table_description(cursor, guard.table)
    stored = {column.name for column in described}
    return replace(guard, frozen=tuple(name for name in guard.frozen if name in stored))


def take_down(connection: Any, prefix: str) -> None:
    """Remove the triggers whose names begin with `prefix`."""
    with connection.cursor() as cursor:
        for name, table in triggers_of(cursor, prefix).items():
            drop(cursor, name, table)


def triggers_of(cursor: Any, prefix: str | tuple[str, ...]) -> dict[str, str]:
    """Return {trigger: its table} of the triggers whose names begin with `prefix`."""
    if cursor.db.vendor == "postgresql":
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
        )
    else:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    return {name: table for name, table in cursor.fetchall() if name.startswith(prefix)}


def not_in_place(connection: Any, prefix: str, guards: Iterable[Guard]) -> list[str]:
    """Return the triggers of the guards that are missing, switched off or not as they were put up."""
    with connection.cursor() as cursor:
        statements = list(_statements(cursor, prefix, guards))
        created = {found[1]: statement for statement in statements if (found := CREATED.match(statement))}
        functions = unlike_functions(cursor, statements) if connection.vendor == "postgresql" else []
        return unlike(cursor, created) + functions


def unlike(cursor: Any, statements: Mapping[str, str]) -> list[str]:
    """Return the triggers of {name: statement} that are not there. SQLite knows the statement, too."""
    if cursor.db.vendor == "postgresql":
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        present = {row[0] for row in cursor.fetchall()}
        return [name for name in statements if name not in present]
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    stored = dict(cursor.fetchall())
    return [name for name, statement in statements.items() if stored.get(name) != statement]


def unlike_functions(cursor: Any, statements: Iterable[str]) -> list[str]:
    """Return the functions of PostgreSQL that are not as these statements create them."""
    bodies = dict(FUNCTION.findall("\n".join(statements)))
    cursor.execute(
        "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname = current_schema()"
    )
    stored = dict(cursor.fetchall())
    return [f"function {name}" for name, body in bodies.items() if stored.get(name) != body]


def drop(cursor: Any, name: str, table: str) -> None:
    """Drop one trigger."""
    cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if cursor.db.vendor == "postgresql" else ""))


def keep_through_migrations(app: AppConfig, take_down: OnDatabase, put_up: OnDatabase) -> None:
    """Remove triggers before the migrations of `app` and create them after. Call it in `ready`."""

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


def _postgresql_of_some(guard: Guard, prefix: str) -> Iterator[str]:
    """Yield a function and its triggers: conditions may look at other tables, which no WHEN may."""
    table, refuse = guard.table, f"RAISE EXCEPTION '{guard.refusal}';"
    changes = f"{_holds(guard.kept_when, 'OLD')} AND ({_changes(guard, 'IS DISTINCT FROM')})"
    yield (
        f"CREATE OR REPLACE FUNCTION {prefix}{table}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        f"IF TG_OP = 'TRUNCATE' THEN {refuse} END IF; "
        f"IF TG_OP = 'DELETE' THEN IF {_stays(guard)} THEN {refuse} END IF; RETURN OLD; END IF; "
        f"IF {changes} THEN {refuse} END IF; RETURN NEW; END$$"
    )
    call = f"EXECUTE FUNCTION {prefix}{table}()"
    yield f"CREATE TRIGGER {prefix}update_{table} BEFORE UPDATE ON {table} FOR EACH ROW {call}"
    yield f"CREATE TRIGGER {prefix}delete_{table} BEFORE DELETE ON {table} FOR EACH ROW {call}"
    yield f"CREATE TRIGGER {prefix}empty_{table} BEFORE TRUNCATE ON {table} {call}"


def _sqlite(guard: Guard, prefix: str) -> Iterator[str]:
    table, refuse = guard.table, f"BEGIN SELECT RAISE(ABORT, '{guard.refusal}'); END"
    in_the_way = _in_the_way(guard)
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


def _sqlite_of_some(guard: Guard, prefix: str) -> Iterator[str]:
    table, refuse = guard.table, f"BEGIN SELECT RAISE(ABORT, '{guard.refusal}'); END"
    in_the_way = f"({_in_the_way(guard)}) AND {_holds(guard.kept_when, table)}"
    changes = f"{_holds(guard.kept_when, 'OLD')} AND ({_changes(guard, 'IS NOT')})"
    replaces = f"EXISTS (SELECT 1 FROM {table} WHERE id IS NOT OLD.id AND {in_the_way})"
    yield f"CREATE TRIGGER {prefix}update_{table} BEFORE UPDATE ON {table} WHEN {changes} OR {replaces} {refuse}"
    yield f"CREATE TRIGGER {prefix}delete_{table} BEFORE DELETE ON {table} WHEN {_stays(guard)} {refuse}"
    yield (
        f"CREATE TRIGGER {prefix}replace_{table} BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {in_the_way}) {refuse}"
    )


def _in_the_way(guard: Guard) -> str:
    """Return the condition on a row that has a key or another unique value of NEW."""
    same = {columns: _same(columns) for columns in (("id",), *guard.unique)}
    for columns, condition in guard.partly_unique.items():
        of_both = f"{_holds(condition, guard.table)} AND {_holds(condition, 'NEW')}"
        same[columns] = f"{_same(columns)} AND {of_both}"
    return " OR ".join(f"({each})" for each in same.values())


def _same(columns: Iterable[str]) -> str:
    return " AND ".join(f"{column} = NEW.{column}" for column in columns)


def _changes(guard: Guard, distinct: str) -> str:
    """Return what a kept row does not do: change a frozen column, or fall out of the condition."""
    changed = [f"NEW.{column} {distinct} OLD.{column}" for column in guard.frozen]
    return " OR ".join([*changed, f"NOT {_holds(guard.kept_when, 'NEW')}"])


def _stays(guard: Guard) -> str:
    """Return the condition on a row that is not deleted."""
    return f"{_holds(guard.kept_when, 'OLD')} AND NOT {_holds(guard.may_go_when, 'OLD')}"


def _holds(condition: str, row: str) -> str:
    return f"({condition.replace('{row}', row)})"
