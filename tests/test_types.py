"""The checks of types in pyproject.toml: a planted error is found wherever rows become figures."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ["archiveportal", "criteria", "reports", "training", "wards"]
#: rooms and modules that are checked, whatever pyproject.toml names as not yet checked
CHECKED = {"attainment", "percent", "queries", "querysets", "scoring", "services"}

PLANTED = """\
def describe_share(reached: int) -> str:
    return reached
"""
#: what the types of Django alone tell
PLANTED_WITH_DJANGO = f"""\
from django.utils.dates import MONTHS

{PLANTED}
def first_month() -> int:
    return MONTHS[1]
"""
WITH_DJANGO = Path("criteria/services.py")


def checked_modules() -> list[Path]:
    modules: list[Path] = []
    for package in PACKAGES:
        inside = [path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py")]
        modules += [path for path in inside if CHECKED & {*path.parent.parts, path.stem}]
    return modules


def test_planted_errors_of_types_are_found(tmp_path):
    modules = checked_modules()
    for module in modules:
        for folder in [tmp_path / each for each in reversed(module.parents[:-1])]:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "__init__.py").touch()
        planted = PLANTED_WITH_DJANGO if module == WITH_DJANGO else PLANTED
        (tmp_path / module).write_text(planted, encoding="utf-8")
    command = [str(Path(sys.executable).with_name("mypy")), "--config-file", str(ROOT / "pyproject.toml")]
    command += ["--cache-dir", os.devnull]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    faulty = {Path(line.partition(":")[0]) for line in done.stdout.splitlines() if ": error:" in line}
    assert faulty == set(modules), done.stdout + done.stderr
    assert f"{WITH_DJANGO}:7: error:" in done.stdout, done.stdout


def test_lint_checks_types():
    shown = subprocess.run(["make", "--dry-run", "lint"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ".venv/bin/mypy" in shown.stdout.splitlines()
