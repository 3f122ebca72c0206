"""Running a piece of work in a process of its own, and telling its time and its added memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time, and megabytes of peak memory above what the imports took."""

    seconds: float
    megabytes: float


def environment(database: Path | str) -> dict[str, str]:
    """Local mode on a database of its own (a SQLite file, or an address), whatever the person's own settings are."""
    return os.environ | {
        "LOCAL": "1",
        "SECRET_KEY": "benchmark-" * 6,
        "DATABASE_URL": database if isinstance(database, str) else f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "archiveportal.settings",
    }


def manage(database: Path | str, *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment(database), check=True, capture_output=True)


def run(module: str, *arguments: str, database: Path | str) -> Cost:
    """Runs `python -m module arguments`, which reports through `report_cost`."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(database), check=True, capture_output=True, text=True)
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def by_turns(module: str, file: Path, *, database: Path | str, runs: int) -> tuple[float, float]:
    """Return the median seconds of the ways "ours" and "floor": by turns, so that a busy moment meets both of them."""
    seconds: dict[str, list[float]] = {"floor": [], "ours": []}
    for _turn in range(runs):
        for way, found in seconds.items():
            found.append(run(module, way, str(file), database=database).seconds)
    return median(seconds["ours"]), median(seconds["floor"])


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report_cost(work: Callable[[], None]) -> None:
    """In the process of its own: does the work and prints what it took."""
    before, start = _peak(), time.perf_counter()
    work()
    print(json.dumps({"seconds": time.perf_counter() - start, "megabytes": _peak() - before}))
