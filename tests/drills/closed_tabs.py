"""A tab closes at 20 random moments while one types, in a browser: R8.

Before it the session ended, the token is gone, the portal has no time, or its answer is lost. What
was typed five seconds before is there after the next sign-in, and is saved once. Each run takes
moments of its own and prints where they lie, so that a run can be repeated.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys

from tests.drills.portal import ROOT, hold

MOMENTS = 20
TEST = "tests/e2e/test_autosave.py::test_nothing_typed_is_lost"


def main() -> None:
    seed = os.environ.get("PORTAL_MOMENTS_SEED") or str(random.randrange(10**6))
    own = os.environ | {"PORTAL_MOMENTS": str(MOMENTS), "PORTAL_MOMENTS_SEED": seed, "PYTEST_DB": "closed_tabs"}
    command = [sys.executable, "-m", "pytest", "--quiet", "--numprocesses=0", TEST]
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    words = f"{MOMENTS} moments, PORTAL_MOMENTS_SEED={seed}"
    hold(done.returncode == 0 and " passed" in done.stdout, f"{words}\n{done.stdout[-4000:]}{done.stderr[-1000:]}")
    print(f"  {words}: nothing lost, nothing twice")
