"""Runs all drills, or those that are named, and says how long each took."""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules


def main() -> int:
    names = sys.argv[1:] or sorted(each.name for each in iter_modules([str(Path(__file__).parent)]))
    for name in names:
        if name.startswith("_") or name == "portal":
            continue
        started = time.monotonic()
        print(f"{name} ...", flush=True)
        import_module(f"tests.drills.{name}").main()
        print(f"{name}: passed in {time.monotonic() - started:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
