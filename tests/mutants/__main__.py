"""Put small faults into modules, one at a time, and say how many of them the tests notice.

`make mutants`, or by hand: `python -m tests.mutants --sample 40 --seed 7 reports/checks/bands.py`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

#: the modules of the sample, and the tests that pass through them
TESTS = {
    "criteria/scoring.py": "criteria/test_scoring.py criteria/test_outcomes.py",
    "training/attainment.py": "training/test_attainment_page.py reports/test_lower_bounds.py",
    "archiveportal/scope.py": "accounts/test_rights.py wards/test_list.py wards/test_heirs.py",
    "criteria/inspections/services/rounds.py": "inspections/test_rounds.py inspections/test_round_services.py",
    "criteria/inspections/services/minutes.py": "inspections/test_minutes.py inspections/test_refusals.py",
    "reports/frozen/figures.py": "reports/test_frozen_figures.py",
    "reports/frozen/changes.py": "reports/test_closing.py reports/test_closing_events.py",
    "reports/ledger/derivations.py": "reports/test_figures.py reports/test_ledger_data.py",
    "reports/checks/records.py": "reports/test_checks.py",
    "reports/checks/bands.py": "reports/test_checks.py",
    "reports/checks/numbers.py": "reports/test_passage_checks.py",
    "reports/checks/statements.py": "reports/test_statements.py",
    "archiveportal/history/services.py": "history/test_writing_events.py history/test_events.py",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(TESTS), help="as in TESTS")
    parser.add_argument("--sample", default="20", help="faults a module")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--tests", nargs="*", default=[], help="other tests than those of TESTS")
    asked = parser.parse_args()
    failed = 0
    for module in asked.modules:
        tests = asked.tests or [f"tests/{name}" for name in TESTS[module].split()]
        options = ["--mutate", module, "--sample", asked.sample, "--seed", asked.seed]
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-s", "--no-header"]
        command += ["--no-summary", "-p", "tests.mutants.loop", "-m", "not e2e", *options, *tests]
        failed |= subprocess.run(command, check=False).returncode not in (0, 5)
    return failed


if __name__ == "__main__":
    sys.exit(main())
