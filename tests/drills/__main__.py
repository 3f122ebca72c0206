"""Runs all drills, or those that are named, and says how long each took. Ends with 1 when one fails."""

from __future__ import annotations

import sys
import time
import traceback
from importlib import import_module

DRILLS = ["by_the_book", "frozen_database", "killed_imports", "restart_under_load", "restore"]


def main() -> int:
    failed = [name for name in sys.argv[1:] or DRILLS if not _holds(name)]
    print(f"failed: {', '.join(failed)}" if failed else "all hold")
    return int(bool(failed))


def _holds(name: str) -> bool:
    started = time.monotonic()
    print(f"{name} ...", flush=True)
    try:
        import_module(f"tests.drills.{name}").main()
    except Exception:
        traceback.print_exc()
        return False
    print(f"{name}: holds, {time.monotonic() - started:.0f} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
