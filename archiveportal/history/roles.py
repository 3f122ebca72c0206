"""Which connections of PostgreSQL are the portal's: told by role where the roles are set up.

A mark that a connection sets by itself (`portal.application`) can be set by anybody who connects.
`manage.py database_roles` makes a serving role that owns nothing; from then on only that role, and
the owner of the tables while it migrates, count as the portal. Everybody else's writes are recorded
by the triggers, whatever mark their connection carries.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

FUNCTION = "history_is_portal"
MARKED = "current_setting('portal.application', true) IS NOT DISTINCT FROM 'on'"


def serving_roles(cursor: Any) -> list[str]:
    """Return the roles by which the portal serves, as the function's comment keeps them."""
    cursor.execute(
        "SELECT obj_description(p.oid, 'pg_proc') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE p.proname = %s AND n.nspname = current_schema()",
        [FUNCTION],
    )
    found = cursor.fetchone()
    return found[0].split() if found and found[0] else []


def put_up_function(cursor: Any, serving: Sequence[str] | None = None) -> None:
    """Create or renew the function that the triggers ask; without `serving`, for the same roles."""
    roles = serving_roles(cursor) if serving is None else list(serving)
    head = f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS boolean LANGUAGE sql STABLE"
    cursor.execute(f"{head} AS $$ {_rule(roles)} $$")
    cursor.execute(f"COMMENT ON FUNCTION {FUNCTION}() IS %s", [" ".join(roles)])


def _rule(roles: Sequence[str]) -> str:
    """Return the rule in SQL. Names of roles are letters, digits and _ alone (see the command)."""
    if not roles:
        return f"SELECT {MARKED}"
    names = ", ".join(f"'{name}'" for name in roles)
    # The owner could take the triggers down anyway; migrations and loading the data are its work.
    is_owner = "session_user = (SELECT tableowner FROM pg_tables WHERE tablename = 'history_event' LIMIT 1)"
    return f"SELECT session_user::text IN ({names}) OR ({MARKED} AND {is_owner})"
