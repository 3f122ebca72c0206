"""Which connections of PostgreSQL are the portal's: told by role where the roles are set up.

A mark that a connection sets by itself (`portal.application`) can be set by anybody who connects.
`manage.py database_roles` makes a serving role that owns nothing; from then on only that role, and
the owner of the tables while it migrates, count as the portal. Everybody else's writes are recorded
by the triggers, whatever mark their connection carries.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

# ruff: noqa: S608 (the statements are put together from names in the code)
#: tables that rows are added to and nothing else
ADDED_TO = ("history_event", "history_seal")
SESSIONS = "django_session"
#: Migrations are written by the owner alone.
READ_ALONE = (*ADDED_TO, "django_migrations")
FUNCTION = "history_is_portal"
MARKED = "current_setting('portal.application', true) IS NOT DISTINCT FROM 'on'"


def serving_roles(cursor: Any) -> list[str]:
    """Return the roles by which the portal serves, as the function's comment keeps them."""
    cursor.execute(
        "SELECT obj_description(p.oid, 'pg_proc') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE p.proname = %s AND n.nspname = current_schema()",
        [FUNCTION],
    )
    row = cursor.fetchone()
    return row[0].split() if row and row[0] else []


def put_up_function(cursor: Any, serving: Sequence[str] | None = None) -> None:
    """Create or renew the function that the triggers ask; without `serving`, for the same roles."""
    roles = serving_roles(cursor) if serving is None else list(serving)
    cursor.execute(function(cursor, roles))
    cursor.execute(f"COMMENT ON FUNCTION {FUNCTION}() IS %s", [" ".join(roles)])


def function(cursor: Any, serving: Sequence[str] | None = None) -> str:
    """Return the statement that creates the function; without `serving`, for the same roles."""
    cursor.execute("SELECT quote_literal(current_schema())")
    schema = cursor.fetchone()[0]
    rule = _rule(serving_roles(cursor) if serving is None else serving, schema)
    return f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS boolean LANGUAGE sql STABLE AS $$ {rule} $$"


def _rule(roles: Sequence[str], schema: str) -> str:
    """Return the rule in SQL. Names of roles are letters, digits and _ alone (see the command).

    It is read by whoever writes: a temporary table that is called like one of the system's comes
    first unless the schema is named, and could say that somebody else owns the history.
    """
    if not roles:
        return f"SELECT {MARKED}"
    names = ", ".join(f"'{name}'" for name in roles)
    is_serving = f"session_user OPERATOR(pg_catalog.=) ANY (ARRAY[{names}]::pg_catalog.name[])"
    # The owner could take the triggers down anyway; migrations and loading the data are its work.
    owner = (
        "SELECT t.tableowner FROM pg_catalog.pg_tables t WHERE t.tablename OPERATOR(pg_catalog.=) 'history_event' "
        f"AND t.schemaname OPERATOR(pg_catalog.=) {schema}"
    )
    is_marked = "pg_catalog.current_setting('portal.application', true) OPERATOR(pg_catalog.=) 'on'"
    is_owner = f"session_user OPERATOR(pg_catalog.=) ({owner})"
    return f"SELECT {is_serving} OR coalesce({is_marked}, false) AND {is_owner}"


def restrict(cursor: Any, traced: Container[str]) -> None:
    """Take away rights that nobody but the portal needs; `traced` are the tables with a history.

    The function of the triggers runs with the rights of the owner and computes what it is told to:
    whoever could put it behind a table of his own would be the owner. Events and seals are added by
    the serving roles, with keys that the database gives. Others write only what leaves an event,
    and read no session: its key signs in as the person whose it is.
    """
    cursor.execute("REVOKE ALL ON FUNCTION history_trace() FROM PUBLIC")
    serving = serving_roles(cursor)
    if not serving:
        return
    for table, role in _rights(cursor):
        if table in READ_ALONE or (table not in traced and role not in serving):
            cursor.execute(f"REVOKE ALL ON {table} FROM {role}")
            if table != SESSIONS:
                cursor.execute(f"GRANT SELECT ON {table} TO {role}")
    for table in ADDED_TO:
        columns = _columns(cursor, table)
        for role in serving if columns else []:
            cursor.execute(f"GRANT SELECT, INSERT ({columns}) ON {table} TO {role}")


def _rights(cursor: Any) -> list[tuple[str, str]]:
    """Return (table, role) of all rights of others than the owner, as SQL names them."""
    cursor.execute(
        "SELECT DISTINCT quote_ident(c.relname), "
        "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END "
        "FROM pg_class c CROSS JOIN aclexplode(c.relacl) a JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema() AND a.grantee <> c.relowner ORDER BY 1, 2"
    )
    return cursor.fetchall()


def _columns(cursor: Any, table: str) -> str:
    """Return the columns of a table without its key; blank where a later migration makes it."""
    cursor.execute(
        "SELECT coalesce(string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position), '') "
        "FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = %s AND column_name <> 'id'",
        [table],
    )
    return cursor.fetchone()[0]
