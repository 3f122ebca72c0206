"""The guards of a database: which of this release are open, and which a backup was made with.

A release may have other guards than the one that made a backup. A restored copy is therefore compared
with the guards that were there when the backup was made; `migrate` puts up those of the release.
"""

from __future__ import annotations

from hashlib import sha256

from django.db import connection

from archiveportal.accounts import guard as stand_in_guard
from archiveportal.files import guard as file_guard
from archiveportal.history import guards, seal_guard, triggers
from criteria import guard as set_guard
from criteria.inspections import guard as round_guard
from criteria.inspections import issued_guard
from reports.frozen import guard as closing_guard
from wards import guard as unit_guard

#: modules with triggers that keep rows as they are
GUARDS = (seal_guard, stand_in_guard, file_guard, closing_guard, issued_guard)
# The columns that a trigger watches are left out: they have other numbers in a restored table. Its
# statement is not asked for, as each release of PostgreSQL writes it in its own way.
POSTGRESQL = """
SELECT t.tgname, concat_ws(' ', c.relname, t.tgenabled, t.tgtype, encode(t.tgargs, 'hex'), p.prosrc)
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND n.nspname = current_schema()
"""
SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def open_guards() -> list[str]:
    """Return the guards of this release that are missing, switched off or altered."""
    names = triggers.not_in_place(connection)
    for module in GUARDS:
        names += guards.not_in_place(connection, module.PREFIX, module.GUARDS)
    for of_app in (unit_guard, set_guard, round_guard):
        names += of_app.not_in_place(connection)
    return names


def present_guards() -> dict[str, str]:
    """Return the triggers that are there, each with the beginning of a digest of what it does."""
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if connection.vendor == "postgresql" else SQLITE)
        return {name: sha256(does.encode()).hexdigest()[:16] for name, does in sorted(cursor.fetchall())}
