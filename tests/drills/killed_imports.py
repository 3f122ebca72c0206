"""A sheet is taken in and its process killed (kill -9) at 30 moments: R4, on both databases.

Each time the rows are all there or none of them, each told by one event; a worker that comes after
takes the job up and does it once; no file stays that nothing knows.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.drills.portal import environment, manage, run
from tests.run_all import postgres


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _kill("SQLite", f"sqlite:///{folder}/db.sqlite3", Path(folder))
    with postgres() as address, tempfile.TemporaryDirectory() as folder:
        _kill("PostgreSQL", address, Path(folder))


def _kill(name: str, database: str, folder: Path) -> None:
    own = environment(database, folder / "files") | {"PORTAL_PROCESS": "1", "EMAIL_URL": "dummymail://"}
    manage("migrate", "--verbosity", "0", environment=own)
    print(f"  {name}: {run('-m', 'tests.drills._killing', environment=own).strip()}")
