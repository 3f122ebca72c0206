"""The audit fails where it could not ask."""

import pytest

from tests.audit import problems_in

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
