"""A sheet of 10,600 people: checked and previewed; and files that mean harm, refused (S13, S14)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Cost, manage, run
from tests.benchmarks.sheet_reading import ROWS
from tests.benchmarks.targets import Target

RUNS = 3
READING = "tests.benchmarks.sheet_reading"
#: file that means harm: seconds and megabytes that refusing it may take
HARM = {"bomb": (1, 50), "sparse": (2, 150)}


def targets(folder: Path) -> Iterator[Target]:
    database = folder / "sheets.sqlite3"
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "simulate", "--wards", str(ROWS))
    file = folder / "accounts.xlsx"
    run(READING, "make", str(file), database=database)
    # By turns, so that a busy moment of the machine meets both.
    pairs = [[run(READING, way, str(file), database=database) for way in ("check", "floor")] for _run in range(RUNS)]
    ours, floor = (min(pair[place].seconds for pair in pairs) for place in range(2))
    detail = f"{ours:.2f} s / {floor:.2f} s"
    yield Target(f"Sheet of {ROWS} rows: checking / reading by openpyxl", ours / floor, most=3, detail=detail)
    most = max(pair[0].megabytes for pair in pairs)
    yield Target(f"Sheet of {ROWS} rows: memory of checking, MB", most, most=250, detail="above imports")
    for harm, (seconds, megabytes) in HARM.items():
        cost = _refused(folder / f"{harm}.xlsx", harm, database)
        yield Target(f"Refusing “{harm}”, seconds", cost.seconds, most=seconds)
        yield Target(f"Refusing “{harm}”, MB", cost.megabytes, most=megabytes, detail="above imports")


def _refused(file: Path, harm: str, database: Path) -> Cost:
    run(READING, harm, str(file), database=database)
    return run(READING, "refuse", str(file), database=database)
