"""Runs all drills, or those that are named, and says how long each took. Ends with 1 when one fails.

`python -m tests.drills load --minutes 10`: the load is measured for so long.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from importlib import import_module

DRILLS = [
    "by_the_book",
    "closed_tabs",
    "frozen_database",
    "full_disk",
    "killed_imports",
    "killed_servers",
    "kills",
    "restart_under_load",
    "restore",
    "slow_line",
]
#: not part of `make drill`: it takes as long as it is told
LOAD = "load"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join([*DRILLS, LOAD])}")
    parser.add_argument("--minutes", type=float, default=10, help=f"of the drill “{LOAD}”")
    options = parser.parse_args()
    failed = [name for name in options.names or DRILLS if not _holds(name, options.minutes)]
    print(f"failed: {', '.join(failed)}" if failed else "all hold")
    return int(bool(failed))


def _holds(name: str, minutes: float) -> bool:
    started = time.monotonic()
    print(f"{name} ...", flush=True)
    drill = import_module(f"tests.drills.{name}").main
    try:
        drill(minutes) if name == LOAD else drill()
    except (Exception, SystemExit):
        traceback.print_exc()
        return False
    print(f"{name}: holds, {time.monotonic() - started:.0f} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
