"""Create triggers that refuse what would take a row out of the tables without an event.

The key of a row never changes: an event names its row by it. On SQLite, REPLACE (`INSERT OR
REPLACE`, `UPDATE OR REPLACE`) deletes the rows that are in the way without calling a trigger on
DELETE, unless the connection asks for it (`PRAGMA recursive_triggers`). Behind the portal it is
refused.

A trigger cannot ask whether an INSERT replaces rows, but it inherits that: what its own statements
do about a conflict is what the outer statement says (https://sqlite.org/lang_createtrigger.html).
So it adds a row that is there already, to be ignored; only within REPLACE the row changes. Within
the UPDATE of an upsert such a row would be an error instead. An UPDATE that finds another row in
its way fails without REPLACE anyway, so there the trigger looks for that row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

# ruff: noqa: S608 (the statements are put together from names in the code)
REFUSAL = "a row is not replaced, and its key does not change"
#: holds the one row that is there already; of SQLite alone
POLICY = "history_policy"
SQLITE_TABLE = (
    f"CREATE TABLE IF NOT EXISTS {POLICY} (id integer PRIMARY KEY, replaces integer NOT NULL)",
    f"INSERT OR IGNORE INTO {POLICY} (id, replaces) VALUES (1, 0)",
)
#: the condition of a partial index
CONDITION = re.compile(r"\)\s*WHERE\s+(.*)$", re.IGNORECASE | re.DOTALL)
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION history_key_guard() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION '{REFUSAL}'; END$$
"""


@dataclass(frozen=True)
class UniqueIndex:
    """Hold the columns of a unique index, and its condition if it covers some rows only."""

    columns: tuple[str, ...]
    condition: str = ""

    def is_taken(self, table: str) -> str:
        """Return SQL that says whether another row has the same values as NEW."""
        same = " AND ".join(f'"{column}" = NEW."{column}"' for column in self.columns)
        is_other = "id IS NOT OLD.id"
        if not self.condition:
            return f"EXISTS (SELECT 1 FROM {table} WHERE {same} AND {is_other})"
        new = ", ".join(f'NEW."{name}" AS "{name}"' for name in sorted(self.names))
        return (
            f"(EXISTS (SELECT 1 FROM (SELECT {new}) WHERE {self.condition}) "
            f"AND EXISTS (SELECT 1 FROM {table} WHERE {same} AND {is_other} AND ({self.condition})))"
        )

    @property
    def names(self) -> set[str]:
        """Return all columns that the index is about."""
        return {*self.columns, *re.findall(r'"(\w+)"', self.condition)}


def unique_indexes(cursor: Any, table: str) -> Iterator[UniqueIndex]:
    """Yield the unique indexes of a table of SQLite, without its key."""
    cursor.execute(
        "SELECT l.name, s.sql FROM pragma_index_list(%s) l LEFT JOIN sqlite_master s ON s.name = l.name "
        'WHERE l."unique" AND l.origin <> %s ORDER BY l.name',
        [table, "pk"],
    )
    for name, statement in cursor.fetchall():
        cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [name])
        columns = tuple(row[0] for row in cursor.fetchall())
        match = CONDITION.search(statement or "")
        yield UniqueIndex(columns, match[1] if match else "")


def sqlite_guards(table: str, indexes: Sequence[UniqueIndex], *, unmarked: str) -> Iterator[tuple[str, str]]:
    """Yield title and statement of the triggers of one table of SQLite.

    `unmarked` is the condition for a connection that is not the portal's. Nobody changes a key.
    """
    refuse = f"SELECT RAISE(ABORT, '{REFUSAL}')"
    yield (
        f"{table}_replace_insert",
        f"CREATE TRIGGER {{trigger}} BEFORE INSERT ON {table} WHEN {unmarked} BEGIN "
        f"INSERT OR IGNORE INTO {POLICY} (id, replaces) VALUES (1, 1); {refuse} FROM {POLICY} WHERE replaces = 1; END",
    )
    # By value, not by `UPDATE OF`: the key of a row has other names too ("rowid").
    when = "NEW.id IS NOT OLD.id"
    if indexes:
        names = sorted(set().union(*(index.names for index in indexes)))
        is_changed = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in names)
        is_taken = " OR ".join(index.is_taken(table) for index in indexes)
        when += f" OR ({is_changed}) AND ({is_taken}) AND {unmarked}"
    yield (
        f"{table}_replace_update",
        f"CREATE TRIGGER {{trigger}} BEFORE UPDATE ON {table} WHEN {when} BEGIN {refuse}; END",
    )


def postgresql_guard(table: str) -> tuple[str, str]:
    """Return title and statement of the trigger of one table of PostgreSQL."""
    return (
        f"{table[:30]}_key",
        f"CREATE TRIGGER {{trigger}} BEFORE UPDATE OF id ON {table} FOR EACH ROW "
        "WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION history_key_guard()",
    )
