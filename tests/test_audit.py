"""S22: the audit fails where it could not ask, and packages are installed as they were locked."""

import re

import pytest

from tests.audit import ROOT, problems_in

FINE = {"name": "django", "version": "5.2.19", "vulns": []}
WEAK = {"name": "pillow", "version": "1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["2.0"]}]}
UNKNOWN = {"name": "axes", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("packages", "words"),
    [
        ([FINE], []),
        ([FINE, WEAK], ["pillow 1.0: CVE-1, mended in 2.0"]),
        ([FINE, UNKNOWN], ["1 of 2 packages could not be audited"]),
        ([UNKNOWN], ["1 of 1 packages could not be audited"]),
        ([], ["0 of 0 packages could not be audited"]),
    ],
)
def test_what_is_known_and_what_could_not_be_asked(packages, words):
    problems = problems_in({"dependencies": packages})
    assert len(problems) == len(words)
    assert all(problem.startswith(word) for problem, word in zip(problems, words, strict=True))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_locked_with_its_hashes(name):
    text = re.sub(r"^ *#.*$", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    packages = re.findall(r"^[\w.-]+==\S+((?: \\\n +--hash=sha256:[0-9a-f]{64})+)$", text, re.MULTILINE)
    assert len(packages) == len(re.findall(r"^[\w-]", text, re.MULTILINE)) > 20


def test_whoever_installs_asks_for_the_hashes():
    for name in ("Makefile", "docs/admin.md"):
        installs = re.findall(r"pip install .*", (ROOT / name).read_text(encoding="utf-8"))
        assert installs
        assert [line for line in installs if "--require-hashes" not in line] == []


def test_ci_does_not_depend_on_the_audit():
    assert "audit" not in (ROOT / ".ci/run").read_text(encoding="utf-8")
