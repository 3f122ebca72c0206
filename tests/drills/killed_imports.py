"""A sheet is taken in and its process killed (kill -9) at 30 moments: R4, on both databases.

Each time the rows are all there or none of them, each told by one event; a worker that comes after
takes the job up and does it once; no file stays that nothing knows.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.drills.portal import ROOT, environment, manage
from tests.run_all import postgres


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _kill("SQLite", f"sqlite:///{folder}/db.sqlite3", Path(folder))
    with postgres() as address, tempfile.TemporaryDirectory() as folder:
        _kill("PostgreSQL", address, Path(folder))


def _kill(name: str, database: str, folder: Path) -> None:
    own = environment(database, folder / "files") | {"PORTAL_PROCESS": "1", "EMAIL_URL": "dummymail://"}
    manage("migrate", "--verbosity", "0", environment=own)
    command = [sys.executable, "-m", "tests.drills._killing"]
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{name}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    print(f"  {name}: {done.stdout.strip()}")
