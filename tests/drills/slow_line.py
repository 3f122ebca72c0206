"""Three photographs of a telephone at 25 KB/s, in a browser, while the page moves on: they all arrive."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.drills.portal import ROOT, hold

#: of a camera of 16 megapixels
PIXELS = "4624x3468"
TEST = "tests/e2e/test_photographs.py::test_three_photographs_arrive_to_the_end_while_one_goes_on"


def main() -> None:
    own = os.environ | {"PORTAL_PHOTOGRAPHS": PIXELS, "PYTEST_DB": "slow_line"}
    command = [sys.executable, "-m", "pytest", "--quiet", "--numprocesses=0", TEST]
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    hold(done.returncode == 0 and " passed" in done.stdout, f"{done.stdout[-4000:]}{done.stderr[-1000:]}")
    print(f"  three photographs of {PIXELS} pixels arrived, each once")
