"""One moment of the database, and its dump: by pg_dump on PostgreSQL, by the backup API on SQLite.

People go on writing meanwhile. Whatever is read within `snapshot` and the dump that is made in it
are of the same moment.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction

#: of the address of a database
PARTS = ("dbname", "user", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")
#: names of the dump by database
DUMPS = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}


@dataclass(frozen=True)
class Snapshot:
    """A moment of the database; `name` is what PostgreSQL calls it."""

    name: str = ""

    def dump(self, folder: Path) -> Path:
        """Write the dump into a folder and return its path."""
        target = folder / DUMPS[connection.vendor]
        if connection.vendor == "postgresql":
            _run(["pg_dump", "--format=custom", f"--snapshot={self.name}", f"--file={target}", _address()])
        else:
            with closing(sqlite3.connect(target)) as copy:
                connection.connection.backup(copy)
        return target


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Hold one moment of the database for reading. No writer waits for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            yield Snapshot(cursor.fetchone()[0])
        return
    with connection.cursor() as cursor:
        # Not `atomic`: that would begin as a writer and keep the others out.
        cursor.execute("BEGIN DEFERRED")
        cursor.execute("SELECT count(*) FROM sqlite_master")
        cursor.fetchone()
        try:
            yield Snapshot()
        finally:
            cursor.execute("ROLLBACK")


def refuse_unless_empty() -> None:
    """Raise unless the database has no table at all."""
    tables = connection.introspection.table_names()
    if tables:
        raise CommandError(
            f"The database is not empty ({len(tables)} tables). A backup is restored into an empty one: "
            "make a new database, and set DATABASE_URL to it."
        )


def load(dump: Path) -> None:
    """Fill the empty database from a dump."""
    if dump.name != DUMPS[connection.vendor]:
        raise CommandError(f"{dump.name} is no dump of this kind of database. Set DATABASE_URL to the right kind.")
    if connection.vendor == "postgresql":
        options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        _run(["pg_restore", *options, f"--dbname={_address()}", str(dump)])
        return
    connection.ensure_connection()
    # Immutable: else SQLite makes two files beside the dump, which a folder that is only read does not take.
    with closing(sqlite3.connect(f"{dump.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        copy.backup(connection.connection)


def address_parts() -> dict[str, str]:
    """Return where the database is, as its connection knows it; without the password."""
    connection.ensure_connection()
    known = connection.connection.info.dsn_parameters
    return {name: known[name] for name in PARTS if known.get(name)}


def _address() -> str:
    """Return the address of the database for programs of PostgreSQL, without the password."""
    return " ".join(f"{name}={_quoted(value)}" for name, value in address_parts().items())


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _run(command: Sequence[str]) -> None:
    program = shutil.which(command[0], path=settings.PG_BIN_DIR or None)
    if program is None:
        raise CommandError(
            f"{command[0]} is missing. Install the client programs of PostgreSQL (Debian: postgresql-client), "
            "or set PG_BIN_DIR to the folder that has them."
        )
    # In the environment: everybody on the machine can read the arguments of a program.
    secret = {"PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}
    done = subprocess.run(  # noqa: S603 (a program of PostgreSQL with addresses from the settings)
        [program, *command[1:]], env=os.environ | secret, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandError(f"{command[0]} failed: {done.stderr.strip()[-1000:]}")
