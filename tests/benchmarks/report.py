"""The report on a round of 322 wards with its appendix against bare python-docx writing the appendix from lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import manage, run
from tests.benchmarks.targets import Target

WARDS = 322
RUNS = 5
WRITERS = "tests.benchmarks.paper_writers"


def targets(folder: Path) -> Iterator[Target]:
    database, file = folder / "report.sqlite3", folder / "report.docx"
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "simulate", "--wards", str(WARDS))
    run(WRITERS, "dump", str(file), database=database)
    seconds: dict[str, list[float]] = {"floor": [], "ours": []}
    # By turns, so that a busy moment of the machine meets both of them.
    for _turn in range(RUNS):
        for way, found in seconds.items():
            found.append(run(WRITERS, way, str(file), database=database).seconds)
    ours, floor = median(seconds["ours"]), median(seconds["floor"])
    yield Target(
        f"Report on a round with its appendix, {WARDS} wards: time / bare python-docx writing the table",
        ours / floor,
        most=2,
        detail=f"{ours:.2f} s / {floor:.2f} s",
    )
