"""Asks for known vulnerabilities of the locked packages, and fails where nothing could be asked.

`python -m tests.audit`; pip-audit alone calls packages that it cannot look up "no known
vulnerabilities found". CI does not run it: whether the answer is reached is not the project's doing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
OPTIONS = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]


def main() -> int:
    command = [str(Path(sys.executable).with_name("pip-audit")), "--requirement", "requirements.txt", *OPTIONS]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not asked.stdout.strip():
        print(f"Nothing could be audited: {asked.stderr.strip()[-500:]}")
        return 1
    problems = problems_in(json.loads(asked.stdout))
    print("\n".join(problems) or "No known vulnerability in the locked packages.")
    return int(bool(problems))


def vulnerabilities_of(package: dict[str, Any]) -> list[str]:
    """Return a line for each known vulnerability of a package."""
    return [
        f"{package['name']} {package['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'none'}"
        for known in package.get("vulns", [])
    ]


def problems_in(report: dict[str, Any]) -> list[str]:
    """Return a line for each known vulnerability, and one for packages that nobody could look up."""
    packages = report["dependencies"]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    problems = list(chain.from_iterable(map(vulnerabilities_of, packages)))
    if unknown or not packages:
        problems.append(
            f"{len(unknown)} of {len(packages)} packages could not be audited ({', '.join(unknown)}): "
            "run it again where the database of vulnerabilities can be reached."
        )
    return problems


if __name__ == "__main__":
    sys.exit(main())
