"""Every workbook but the plain summary table, over two rounds of 10,600 wards, 5,000 courses and their findings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import manage, run
from tests.benchmarks.targets import Target

WARDS, RUNS = 10_600, 3
WRITERS = "tests.benchmarks.book_writers"
KINDS = [
    "summary-by-district", "bands", "criteria", "districts", "findings", "comparison",
    "attainment", "courses", "funding", "workforce",
]  # fmt: skip


def targets(folder: Path) -> Iterator[Target]:
    database = folder / "workbooks.sqlite3"
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "simulate", "--wards", str(WARDS), "--rounds", "2")
    run(WRITERS, "seed", "", "", database=database)
    total = {"ours": 0.0, "floor": 0.0}
    for kind in KINDS:
        file = str(folder / f"{kind}.xlsx")
        run(WRITERS, "dump", kind, file, database=database)
        seconds: dict[str, list[float]] = {way: [] for way in total}
        # By turns, so that a busy moment of the machine meets both.
        for _ in range(RUNS):
            for way, found in seconds.items():
                found.append(run(WRITERS, way, kind, file, database=database).seconds)
        ours, floor = median(seconds["ours"]), median(seconds["floor"])
        total["ours"] += ours
        total["floor"] += floor
        yield Target(f"Workbook “{kind}”: time / floor", ours / floor, most=1.5, detail=f"{ours:.2f} s / {floor:.2f} s")
    ratio = total["ours"] / total["floor"]
    detail = f"{total['ours']:.2f} s / {total['floor']:.2f} s"
    yield Target("All workbooks together: time / floor", ratio, most=1.5, detail=detail)
