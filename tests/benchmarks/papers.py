"""All papers and result sheets of a round as one job, against bare python-docx writing the same texts from lists."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import manage, run
from tests.benchmarks.targets import Target

#: of these 168 have a result
WARDS, DECISIONS, RUNS = 238, 28, 3
WRITERS = "tests.benchmarks.archive_writers"


def targets(folder: Path) -> Iterator[Target]:
    database, file = folder / "papers.sqlite3", folder / "papers.zip"
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "simulate", "--wards", str(WARDS))
    run(WRITERS, "dump", str(file), database=database)
    seconds: dict[str, list[float]] = {"floor": [], "ours": []}
    # By turns, so that a busy moment of the machine meets both of them.
    for _turn in range(RUNS):
        for way, found in seconds.items():
            found.append(run(WRITERS, way, str(file), database=database).seconds)
    names = pickle.loads(file.with_suffix(".pickle").read_bytes())
    sheets = sum(name.startswith("phieu-ket-qua/") for name in names)
    ours, floor = median(seconds["ours"]), median(seconds["floor"])
    yield Target(
        f"{DECISIONS} decisions with their papers and the result sheets of {sheets} units, one job: "
        "time / bare python-docx writing the same texts",
        ours / floor,
        most=1.5,
        detail=f"{ours:.2f} s / {floor:.2f} s",
    )
