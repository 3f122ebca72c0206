"""`make bench`: every target of speed in one run, each as a ratio. Ends with 1 when one is missed.

A benchmark is a module of this package with `targets(folder)`, which yields what it measured; name it in MODULES.
Databases are made in a folder that is removed afterwards. `python -m tests.benchmarks workbook` runs one of them.
"""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module
from pathlib import Path

MODULES = [
    "workbook",
    "workbooks",
    "autosave",
    "checklist_page",
    "dashboard",
    "pages",
    "report",
    "papers",
    "closing",
    "signing_in",
    "sheets",
]


def main(names: list[str]) -> int:
    missed = 0
    for name in names or MODULES:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            for target in import_module(f"tests.benchmarks.{name}").targets(Path(folder)):
                print(target, flush=True)
                missed += not target.is_met
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
