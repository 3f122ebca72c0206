"""The report on a round of 322 wards with its appendix against bare python-docx writing the appendix from lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import by_turns, manage, run
from tests.benchmarks.targets import Target

WARDS = 322
RUNS = 5
WRITERS = "tests.benchmarks.paper_writers"


def targets(folder: Path) -> Iterator[Target]:
    database, file = folder / "report.sqlite3", folder / "report.docx"
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "simulate", "--wards", str(WARDS))
    run(WRITERS, "dump", str(file), database=database)
    ours, floor = by_turns(WRITERS, file, database=database, runs=RUNS)
    yield Target(
        f"Report on a round with its appendix, {WARDS} wards: time / bare python-docx writing the table",
        ours / floor,
        most=2,
        detail=f"{ours:.2f} s / {floor:.2f} s",
    )
