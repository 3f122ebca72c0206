"""Processes of the portal, which tests run on a database of their own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(environment: dict[str, str], *arguments: str) -> str:
    """Run Python with these arguments and return what it printed. Fails with its output when it fails."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
