"""The contracts over imports in pyproject.toml: a planted violation of each fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ["archiveportal", "criteria", "reports", "training", "wards"]

#: an import that must not be, and the contract that forbids it
PLANTED = [
    ("wards/models.py", "reports.models", "Apps know only the apps below them"),
    ("archiveportal/history/services.py", "criteria.models", "Apps know only the apps below them"),
    ("training/queries.py", "criteria.models", "Training knows no criteria"),
    ("archiveportal/word/writer.py", "wards.models", "Writers of workbooks and documents"),
    ("archiveportal/excel/writer.py", "archiveportal.history.models", "Writers of workbooks and documents"),
    ("criteria/services.py", "criteria.forms", "Inside wards and criteria"),
    ("criteria/inspections/services/workflow.py", "criteria.inspections.forms.minutes", "Inside criteria.inspections"),
    ("criteria/inspections/models/rounds.py", "criteria.inspections.queries.work", "Inside criteria.inspections"),
    ("training/models.py", "training.services.funds", "Inside training"),
    ("reports/results/table.py", "reports.rounds.views", "Inside reports"),
    ("reports/frozen/figures.py", "reports.closing.services", "Inside reports"),
]


def _broken_contracts(folder: Path) -> tuple[int, str]:
    """Return the exit code of the linter for the packages in `folder`, and what it says in one line."""
    environment = os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "400", "PYTHONUTF8": "1"}
    program = str(Path(sys.executable).with_name("lint-imports"))
    command = [program, "--no-cache", "--config", "pyproject.toml"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_planted_violations_are_found(tmp_path):
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, target, _contract in PLANTED:
        path = tmp_path / name
        path.write_text(path.read_text(encoding="utf-8") + f"\nimport {target}\n", encoding="utf-8")
    code, said = _broken_contracts(tmp_path)
    assert code == 1, said
    for name, target, contract in PLANTED:
        module = ".".join(Path(name).with_suffix("").parts)
        assert f"{module} -> {target} (" in said, f"{module} imports {target}"
        assert f"{contract}" in said.partition("Broken contracts")[2], contract
