"""Create the database triggers that protect events and record writes made behind the portal.

One trigger refuses UPDATE, DELETE and TRUNCATE on the table of events. Further triggers, on every
table of the portal, write an event with the way in "sql" for each row that is added, changed or
deleted by anything but the portal's own processes: psql or the sqlite3 shell, `manage.py shell`, a
script, one of Django's own commands. The actor is then the database user (SQLite has none). A
secret is named, never copied.

The portal's own connections carry a mark (settings.py), so that its services write history once and
pay one comparison per row. The mark is the setting `portal.application` on PostgreSQL and
`PRAGMA analysis_limit` on SQLite, which any SQLite client can read in a trigger and which nothing
else here uses. Any connection can set it: it keeps an honest record of corrections by hand and stops
nobody who means harm. On PostgreSQL `manage.py database_roles` puts roles in its place (roles.py).

On SQLite, rebuilding a table drops its triggers, and a trigger that names a table being rebuilt
stops the migration. The triggers are therefore removed before a migration and created again after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from archiveportal.history import registry, replacing, roles
from archiveportal.history.guards import drop, triggers_of, unlike, unlike_functions

# ruff: noqa: S608 (the statements are put together from names in the code)
EVENTS = "history_event"
REFUSAL = "history is added to, never changed or deleted"
PREFIXES = GUARD, TRACE = "history_guard_", "history_trace_"

#: says that a connection is none of the portal's
UNMARKED_ON_SQLITE = f"(SELECT analysis_limit FROM pragma_analysis_limit) IS NOT {settings.PORTAL_MARK}"

#: columns whose changes are recorded without their values
SECRET = {"password"}
#: columns that are not recorded: they follow from other columns, or from signing in
SILENT = {"sort_key", "search_key", "last_login", "unread_notices"}

#: the columns that name a row, the first that a table has
NAME_COLUMNS = ("full_name", "name", "label", "caption", "code", "username", "number")


@dataclass(frozen=True)
class Traced:
    """Hold what the triggers of one table need to write an event."""

    table: str
    #: label of the model that the events are about
    about: str
    #: column that holds the key of the row that an event is about
    key: str
    #: SQL that names a row; `{row}` is replaced by the row
    name: str
    #: {column: whether it holds a truth value}
    columns: dict[str, bool]


def take_down(connection: Any, prefixes: tuple[str, ...] = (TRACE,)) -> None:
    """Remove the triggers whose names begin with one of `prefixes`.

    Tests that empty all tables remove the guards too.
    """
    with connection.cursor() as cursor:
        for name, table in triggers_of(cursor, prefixes).items():
            drop(cursor, name, table)


def put_up_guard(connection: Any) -> None:
    """Create the triggers that refuse changes of events. A migration calls this."""
    with connection.cursor() as cursor:
        _replace_triggers(cursor, dict(_guards(connection.vendor)), GUARD)


def put_up(connection: Any) -> None:
    """Create, replace and remove triggers until they match the models and the existing tables."""
    with connection.cursor() as cursor:
        if EVENTS not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "postgresql":
            cursor.execute(_trace_function(cursor))
            cursor.execute(replacing.POSTGRESQL_FUNCTION)
            roles.put_up_function(cursor)
            roles.restrict(cursor, {model._meta.db_table for model in traced_models()})
        else:
            for statement in replacing.SQLITE_TABLE:
                cursor.execute(statement)
        _replace_triggers(cursor, dict(_guards(connection.vendor)), GUARD)
        _replace_triggers(cursor, _traces(connection, cursor), TRACE)


def not_in_place(connection: Any) -> list[str]:
    """Return the triggers that are missing, switched off or not as they were put up."""
    with connection.cursor() as cursor:
        wanted = dict(_guards(connection.vendor)) | _traces(connection, cursor)
        statements = {name: statement.replace("{trigger}", name) for name, (_table, statement) in wanted.items()}
        if connection.vendor == "postgresql":
            functions = (_trace_function(cursor), replacing.POSTGRESQL_FUNCTION, roles.function(cursor))
            return [*unlike(cursor, statements), *unlike_functions(cursor, [*functions, *statements.values()])]
        # A table of this name would come before the pragma that the triggers ask for the mark.
        cursor.execute("SELECT name FROM sqlite_master WHERE lower(name) = 'pragma_analysis_limit'")
        return [*(row[0] for row in cursor.fetchall()), *unlike(cursor, statements)]


def _trace_function(cursor: Any) -> str:
    """Return the function behind the triggers of PostgreSQL.

    Temporary tables come last in its search path: one that is called like the table of events must
    not receive the events.
    """
    function = _POSTGRESQL_TRACE
    for name, columns in (("SECRET", SECRET), ("SILENT", SILENT | {"id"})):
        function = function.replace(name, f"{{{','.join(sorted(columns))}}}")
    cursor.execute("SELECT quote_ident(current_schema())")
    return function.replace("SCHEMA", cursor.fetchone()[0], 1)


def _traces(connection: Any, cursor: Any) -> dict[str, tuple[str, str]]:
    """Return the triggers of the traced tables, {name: (table, statement)}."""
    make = _postgresql_traces if connection.vendor == "postgresql" else _sqlite_traces
    wanted = {}
    for traced in list(traced_tables(connection, cursor)):
        for title, statement in (*make(traced), *_keys(cursor, traced.table)):
            wanted[_name(TRACE, title, statement)] = (traced.table, statement)
    return wanted


def _keys(cursor: Any, table: str) -> Iterator[tuple[str, str]]:
    """Yield title and statement of the triggers that refuse what would leave no event."""
    if cursor.db.vendor == "postgresql":
        yield replacing.postgresql_guard(table)
    else:
        indexes = list(replacing.unique_indexes(cursor, table))
        yield from replacing.sqlite_guards(table, indexes, unmarked=UNMARKED_ON_SQLITE)


def traced_models() -> Iterator[type[models.Model]]:
    """Yield the models of the portal's apps whose writes are recorded, including join tables."""
    for model in apps.get_models(include_auto_created=True):
        is_own = apps.get_app_config(model._meta.app_label).name in settings.PORTAL_APPS
        if is_own and model._meta.label_lower not in registry.UNTRACED:
            yield model


def traced_tables(connection: Any, cursor: Any) -> Iterator[Traced]:
    """Yield the traced tables that exist in the database, with the columns that exist."""
    present = set(connection.introspection.table_names(cursor))
    for model in traced_models():
        table = model._meta.db_table
        if table in present:
            description = connection.introspection.get_table_description(cursor, table)
            yield _traced(model, {column.name for column in description})


def _traced(model: type[models.Model], stored_columns: set[str]) -> Traced:
    """Describe the table of `model` for its triggers. In a migration it may lack columns."""
    table = model._meta.db_table
    fields = [field for field in model._meta.local_concrete_fields if field.column in stored_columns]
    columns = {
        field.column: isinstance(field, models.BooleanField)
        for field in fields
        if not field.primary_key and field.column not in SILENT
    }
    about, key = _story(model, fields)
    name = sql_name(model, columns) or registry.BY_TABLE
    return Traced(
        table=table,
        about=about,
        key=key,
        name=name.replace("{table}", table),
        columns=columns,
    )


def _story(model: type[models.Model], fields: Sequence[models.Field]) -> tuple[str, str]:
    """Return the label of the model whose timeline shows a row, and the column with its key."""
    label = model._meta.label_lower
    source = model._meta.auto_created
    if not source:
        return registry.TOLD_IN.get(label, (label, "id"))
    # The timeline of the row with the many-to-many field shows the rows of its join table.
    own = next(field for field in fields if field.related_model is source)
    return source._meta.label_lower, own.column


def sql_name(model: type[models.Model], columns: Container[str]) -> str:
    """Return SQL that names a row of `model`, or "" where no app and no column says how."""
    registered = registry.ROW_NAMES.get(model._meta.label_lower)
    if registered:
        return registered
    if model._meta.auto_created:
        return registry.BY_TABLE
    naming = next((column for column in NAME_COLUMNS if column in columns), None)
    return f"{{row}}.{naming}" if naming else ""


def _name(prefix: str, title: str, statement: str) -> str:
    """Return a name that changes with the statement, so that only changed triggers are replaced."""
    return f"{prefix}{title}_{hashlib.blake2s(statement.encode(), digest_size=4).hexdigest()}"


def _replace_triggers(cursor: Any, wanted: dict[str, tuple[str, str]], prefix: str) -> None:
    """Make the triggers with `prefix` those of `wanted`, {name: (table, statement)}."""
    present = triggers_of(cursor, prefix)
    for name, table in present.items():
        if name not in wanted:
            drop(cursor, name, table)
    for name, (_table, statement) in wanted.items():
        if name not in present:
            cursor.execute(statement.replace("{trigger}", name))


def _guards(vendor: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield name, table and statement of each trigger that refuses changes of events."""
    if vendor == "postgresql":
        refuse = f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END"
        statements = {
            "all": f"CREATE OR REPLACE FUNCTION history_guard() RETURNS trigger LANGUAGE plpgsql AS $${refuse}$$; "
            f"CREATE TRIGGER {{trigger}} BEFORE UPDATE OR DELETE OR TRUNCATE ON {EVENTS} "
            "FOR EACH STATEMENT EXECUTE FUNCTION history_guard()"
        }
    else:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        statements = {
            "update": f"CREATE TRIGGER {{trigger}} BEFORE UPDATE ON {EVENTS} {refuse}",
            "delete": f"CREATE TRIGGER {{trigger}} BEFORE DELETE ON {EVENTS} {refuse}",
            # REPLACE deletes rows without calling the trigger above.
            "replace": f"CREATE TRIGGER {{trigger}} BEFORE INSERT ON {EVENTS} "
            f"WHEN EXISTS (SELECT 1 FROM {EVENTS} WHERE id = NEW.id) {refuse}",
        }
    for title, statement in statements.items():
        yield _name(GUARD, title, statement), (EVENTS, statement)


def _sqlite_traces(traced: Traced) -> Iterator[tuple[str, str]]:
    """Yield title and statement of each trigger that records writes to one table."""
    for action, operation, before, after in (
        ("created", "INSERT", "", "NEW"),
        ("changed", "UPDATE", "OLD", "NEW"),
        ("deleted", "DELETE", "OLD", ""),
    ):
        row = after or before
        pairs = " UNION ALL ".join(
            f"SELECT '{column}' AS name, {_sqlite_value(before, column, is_truth)} AS before, "
            f"{_sqlite_value(after, column, is_truth)} AS after, "
            f"{_sqlite_differ(before, after, column)} AS differs"
            for column, is_truth in traced.columns.items()
        )
        changes = (
            f"(SELECT json_group_object(name, json_array(json(before), json(after))) FROM ({pairs}) WHERE differs)"
        )
        yield (
            f"{traced.table}_{operation.lower()}",
            f"CREATE TRIGGER {{trigger}} AFTER {operation} ON {traced.table} "
            f"WHEN {UNMARKED_ON_SQLITE} BEGIN "
            f"INSERT INTO {EVENTS} "
            "(occurred_at, actor_id, actor_name, via, action, object_type, object_id, object_name, changes, reason) "
            f"VALUES (strftime('%Y-%m-%d %H:%M:%f', 'now'), NULL, 'SQLite', 'sql', '{action}', '{traced.about}', "
            f"{row}.{traced.key}, substr(coalesce({traced.name.replace('{row}', row)}, '{traced.table}'), 1, 300), "
            f"{changes}, ''); END",
        )


def _sqlite_value(row: str, column: str, is_truth: bool) -> str:
    """Return SQL for the value as JSON: null, true and false as they are, all else as text."""
    if not row:
        return "'null'"
    value = f'{row}."{column}"'
    if column in SECRET:
        return "json_quote('changed')" if row == "NEW" else "'null'"
    if is_truth:
        return f"CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END"
    return f"CASE WHEN {value} IS NULL THEN 'null' ELSE json_quote(CAST({value} AS TEXT)) END"


def _sqlite_differ(before: str, after: str, column: str) -> str:
    """Return SQL that says whether a column changed, or is filled in a row added or deleted."""
    if before and after:
        return f'{before}."{column}" IS NOT {after}."{column}"'
    return f"coalesce({before or after}.\"{column}\", '') <> ''"


_POSTGRESQL_TRACE = """
CREATE OR REPLACE FUNCTION history_trace() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = SCHEMA, pg_temp AS $$
DECLARE
    secret text[] := 'SECRET';
    silent text[] := 'SILENT';
    line record;
    before jsonb := '{}';
    after jsonb := '{}';
    changes jsonb;
    called text;
    number bigint := 0;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT count(*) FROM %I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO number;
        INSERT INTO history_event
            (occurred_at, actor_id, actor_name, via, action, object_type, object_id, object_name, changes, reason)
        VALUES (clock_timestamp(), NULL, session_user, 'sql', 'deleted', TG_ARGV[0], 0, TG_TABLE_NAME,
            jsonb_build_object('rows', jsonb_build_array(number, 0)), '');
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN line := OLD; before := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN line := NEW; after := to_jsonb(NEW); END IF;
    SELECT coalesce(jsonb_object_agg(name, CASE WHEN name = ANY(secret) THEN '[null, "changed"]'::jsonb
            ELSE jsonb_build_array(history_plain(before -> name), history_plain(after -> name)) END), '{}')
        INTO changes
        FROM jsonb_object_keys(before || after) AS name
        WHERE NOT name = ANY(silent) AND CASE WHEN TG_OP = 'UPDATE'
            THEN before -> name IS DISTINCT FROM after -> name
            ELSE coalesce(coalesce(before, after) ->> name, after ->> name, '') <> '' END;
    EXECUTE format('SELECT (%s)::text FROM (SELECT ($1).*) AS line', TG_ARGV[2]) INTO called USING line;
    EXECUTE format('SELECT ($1).%I', TG_ARGV[1]) INTO number USING line;
    INSERT INTO history_event
        (occurred_at, actor_id, actor_name, via, action, object_type, object_id, object_name, changes, reason)
    VALUES (clock_timestamp(), NULL, session_user, 'sql',
        CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END,
        TG_ARGV[0], number, left(coalesce(called, TG_TABLE_NAME), 300), changes, '');
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION history_plain(value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN value IS NULL OR jsonb_typeof(value) IN ('null', 'boolean') THEN coalesce(value, 'null')
        ELSE to_jsonb(value #>> '{}') END
$$;
"""


def _postgresql_traces(traced: Traced) -> Iterator[tuple[str, str]]:
    """Yield title and statement of each trigger that records writes to one table."""
    name = traced.name.replace("{row}", "line").replace("'", "''")
    call = f"EXECUTE FUNCTION history_trace('{traced.about}', '{traced.key}', '{name}')"
    unmarked = f"WHEN (NOT {roles.FUNCTION}())"
    yield (
        f"{traced.table[:30]}_rows",
        f"CREATE TRIGGER {{trigger}} AFTER INSERT OR UPDATE OR DELETE ON {traced.table} FOR EACH ROW {unmarked} {call}",
    )
    yield (
        f"{traced.table[:30]}_truncate",
        f"CREATE TRIGGER {{trigger}} BEFORE TRUNCATE ON {traced.table} FOR EACH STATEMENT {unmarked} {call}",
    )
