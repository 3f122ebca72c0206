"""Every workbook but the plain summary table, over two rounds of 10,600 wards, 5,000 courses and their findings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import manage, run
from tests.benchmarks.targets import Target

WARDS, RUNS = 10_600, 4
LARGEST, RUNS_OF_LARGEST = "results-long", 2
WRITERS = "tests.benchmarks.book_writers"
KINDS = ["summary-by-district", "bands", "findings", "comparison", "courses"]
#: tables to compute with; the last one has a row for each ward and criterion
DATA = ["summary --data", "findings --data", "results-long"]
#: of a few rows each: their queries and the fixed cost of a file, measured together
SMALL = ["criteria", "districts", "attainment", "funding", "workforce"]


def targets(folder: Path) -> Iterator[Target]:
    database = folder / "workbooks.sqlite3"
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "simulate", "--wards", str(WARDS), "--rounds", "2")
    run(WRITERS, "seed", "", "", database=database)
    small = {"ours": 0.0, "floor": 0.0}
    for kind in [*KINDS, *DATA, *SMALL]:
        seconds = _measured(kind, str(folder / f"{kind}.xlsx"), database)
        if kind in SMALL:
            small = {way: small[way] + seconds[way] for way in small}
        else:
            yield _target(f"Workbook “{kind}”", seconds)
    yield _target(f"Workbooks {', '.join(SMALL)}", small)


def _measured(kind: str, file: str, database: Path) -> dict[str, float]:
    """The least disturbed run of each way; by turns, so that a busy moment of the machine meets both."""
    run(WRITERS, "dump", kind, file, database=database)
    seconds: dict[str, list[float]] = {"ours": [], "floor": []}
    for _ in range(RUNS_OF_LARGEST if kind == LARGEST else RUNS):
        for way, found in seconds.items():
            found.append(run(WRITERS, way, kind, file, database=database).seconds)
    return {way: min(found) for way, found in seconds.items()}


def _target(name: str, seconds: dict[str, float]) -> Target:
    detail = f"{seconds['ours']:.2f} s / {seconds['floor']:.2f} s"
    return Target(f"{name}: time / floor", seconds["ours"] / seconds["floor"], most=1.5, detail=detail)
