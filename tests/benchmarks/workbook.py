"""The summary workbook of 10,600 wards against bare openpyxl and against the exports of two known packages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import Cost, manage, run
from tests.benchmarks.targets import Target

WARDS = 10_600
RUNS, RUNS_OF_OTHERS = 5, 2
WRITERS = "tests.benchmarks.writers"


def targets(folder: Path) -> Iterator[Target]:
    database, file = folder / "workbook.sqlite3", folder / "summary.xlsx"
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "simulate", "--wards", str(WARDS))
    run(WRITERS, "dump", str(file), database=database)
    costs: dict[str, list[Cost]] = {way: [] for way in ("floor", "ours", "tables2", "import_export")}
    # By turns, so that a busy moment of the machine meets all of them.
    for turn in range(RUNS):
        for way, found in costs.items():
            if turn < RUNS_OF_OTHERS or way in ("floor", "ours"):
                found.append(run(WRITERS, way, str(file), database=database))
    seconds = {way: median(cost.seconds for cost in found) for way, found in costs.items()}
    memory = {way: median(cost.megabytes for cost in found) for way, found in costs.items()}
    name = f"Summary workbook, {WARDS} wards x 28 columns"
    yield Target(
        f"{name}: time / bare openpyxl",
        seconds["ours"] / seconds["floor"],
        most=1.5,
        detail=f"{seconds['ours']:.2f} s / {seconds['floor']:.2f} s",
    )
    yield Target(
        f"{name}: added memory / bare openpyxl",
        memory["ours"] / memory["floor"],
        most=2,
        detail=f"{memory['ours']:.0f} MB / {memory['floor']:.0f} MB",
    )
    for way, package in (("tables2", "django-tables2"), ("import_export", "django-import-export")):
        yield Target(
            f"{name}: time of {package} / ours",
            seconds[way] / seconds["ours"],
            least=2,
            detail=f"{seconds[way]:.2f} s / {seconds['ours']:.2f} s",
        )
