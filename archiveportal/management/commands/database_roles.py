"""Makes the roles of PostgreSQL under which the portal serves and people work."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from archiveportal.history.roles import put_up_function, restrict
from archiveportal.history.triggers import traced_models

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
#: a table needs the first four, a sequence the last two
GRANTS = (
    # A function or an operator of somebody's own must not come before those of the portal.
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    # What a later migration makes belongs to the owner, and is used by both.
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)


class Command(BaseCommand):
    help = (
        "Make two roles that own nothing: one by which the portal serves, one for people and scripts, whose "
        "writes the history records. Run it as the owner of the tables (DATABASE_OWNER_URL); again after a change."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--serve", default="vtlt_serve", help="the portal's role")
        parser.add_argument("--people", default="vtlt_people", help="the role for psql and scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles. Use PostgreSQL where the history has to be guarded.")
        serve, people = options["serve"], options["people"]
        for name in (serve, people):
            if not NAME.fullmatch(name):
                raise CommandError(f"{name!r} is no name for a role: small letters, digits and _ only.")
        with transaction.atomic(), connection.cursor() as cursor:
            _refuse_the_owner(cursor, {serve, people})
            for name in (serve, people):
                _make(cursor, name)
            put_up_function(cursor, [serve])
            restrict(cursor, {model._meta.db_table for model in traced_models()})
            if _can_create(cursor, people):
                self.stderr.write(
                    "Everybody can make functions and tables in this schema. As its owner: "
                    "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
                )
        self.stdout.write(
            f"{serve} serves (DATABASE_URL), {people} is for people and scripts; neither owns a table.\n"
            f"Give each a password:  ALTER ROLE {serve} PASSWORD '…';\n"
            "Keep the owner's address in DATABASE_OWNER_URL: migrate and this command use it."
        )


def _refuse_the_owner(cursor: Any, names: set[str]) -> None:
    cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = current_schema()")
    owners = {row[0] for row in cursor.fetchall()} & names
    if owners:
        raise CommandError(f"{', '.join(owners)} owns tables here. Name roles that own none.")


def _can_create(cursor: Any, role: str) -> bool:
    cursor.execute("SELECT has_schema_privilege(%s, current_schema(), 'CREATE')", [role])
    return cursor.fetchone()[0]


def _make(cursor: Any, name: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT")
    cursor.execute("SELECT quote_ident(current_schema())")
    schema = cursor.fetchone()[0]
    for grant in GRANTS:
        cursor.execute(grant.format(schema=schema, role=name))
