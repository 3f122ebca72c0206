"""Databases of tests as copies of one that is migrated once per run, not once per worker.

TEST_TEMPLATE names that one: a file of SQLite or a database of PostgreSQL. Without it, as when a
single test is run by hand, every worker migrates its own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAME = "template_of_tests"


@contextmanager
def template(address: str) -> Iterator[dict[str, str]]:
    """Migrates the template beside the database of the address; gives what workers find it by."""
    if address.startswith("postgres"):
        head, mark, options = address.partition("?")
        own = f"{head.rpartition('/')[0]}/{NAME}{mark}{options}"
        found = {"TEST_TEMPLATE": NAME}
    else:
        file = ROOT / "var" / f"{NAME}.sqlite3"
        file.parent.mkdir(exist_ok=True)
        own, found = f"sqlite:///{file}", {"TEST_TEMPLATE": str(file)}
    environment = os.environ | {"DATABASE_URL": own, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def remove() -> None:
        if address.startswith("postgres"):
            _tell(address, f"DROP DATABASE IF EXISTS {NAME}")
        else:
            _remove_file(file)

    remove()
    if address.startswith("postgres"):
        _tell(address, f"CREATE DATABASE {NAME}")
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    try:
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        yield found
    finally:
        remove()


def _tell(address: str, statement: str) -> None:
    import psycopg2

    with closing(psycopg2.connect(address)) as server:
        server.autocommit = True
        server.cursor().execute(statement)


def _remove_file(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """The copy exists already: Django makes none and only checks whether it is migrated."""
    return django_db_keepdb or "TEST_TEMPLATE" in os.environ


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker) -> Iterator[None]:
    """Copies the template just before Django looks for the test database, and removes the copy."""
    original = os.environ.get("TEST_TEMPLATE")
    if original is None:
        yield
        return
    from django.db import connection

    name = str(connection.creation._get_test_db_name())

    def remove() -> None:
        connection.close()
        if connection.vendor == "postgresql":
            with connection._nodb_cursor() as cursor:
                # A thread of the test server may hold its connection still; the server may be busy.
                cursor.execute("SET statement_timeout = 0")
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        else:
            _remove_file(Path(name))

    with django_db_blocker.unblock():
        remove()
        if connection.vendor == "postgresql":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
        else:
            shutil.copyfile(original, name)
    yield
    with django_db_blocker.unblock():
        remove()
