"""The check of single expressions finds what is planted, and lets pass what reads in one go."""

import pytest

from tests.lines import faults_of

PLANTED = [
    ("a if b else c if d else e", "conditional expression within another"),
    ("a if (b if c else d) else e", "conditional expression within another"),
    ("f'{a if b else f\"{c if d else e}\"}'", "conditional expression within another"),
    ("[cell for row in rows for cell in row]", "more than one level"),
    ("{cell: row for row in rows for cell in row if cell}", "more than one level"),
    ("list(cell for cell in row if cell if cell.text)", "more than one condition"),
]
PASSED = [
    "a if b else c",
    "[a if b else c for b in rows]",
    "f(a if b else c, d if e else f)",
    "[cell for cell in row if cell and cell.text]",
    "[[cell for cell in row] for row in rows]",
]


@pytest.mark.parametrize(("planted", "fault"), PLANTED, ids=[planted for planted, _ in PLANTED])
def test_a_planted_expression_is_found(planted, fault):
    (found,) = faults_of(f"x = 1\ny = {planted}\n")
    assert found.startswith("2: ") and fault in found


@pytest.mark.parametrize("source", PASSED)
def test_one_thought_a_line_passes(source):
    assert list(faults_of(source)) == []
