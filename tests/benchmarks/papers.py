"""All papers and result sheets of a round as one job, against bare python-docx writing the same texts from lists."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import by_turns, manage, run
from tests.benchmarks.targets import Target

#: of these 168 have a result
WARDS, DECISIONS, RUNS = 238, 28, 3
WRITERS = "tests.benchmarks.archive_writers"


def targets(folder: Path) -> Iterator[Target]:
    database, file = folder / "papers.sqlite3", folder / "papers.zip"
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "simulate", "--wards", str(WARDS))
    run(WRITERS, "dump", str(file), database=database)
    names = pickle.loads(file.with_suffix(".pickle").read_bytes())
    sheets = sum(name.startswith("phieu-ket-qua/") for name in names)
    ours, floor = by_turns(WRITERS, file, database=database, runs=RUNS)
    yield Target(
        f"{DECISIONS} decisions with their papers and the result sheets of {sheets} units, one job: "
        "time / bare python-docx writing the same texts",
        ours / floor,
        most=1.5,
        detail=f"{ours:.2f} s / {floor:.2f} s",
    )
