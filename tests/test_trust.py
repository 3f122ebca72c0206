"""docs/trust.md lists each target once, and every command that it names exists."""

import ast
import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import MODULES
from tests.drills.__main__ import DRILLS, LOAD

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/trust.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### ([SR]\d+) (.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
#: R3 was never given
TARGETS = [f"S{number}" for number in range(1, 23)] + [f"R{number}" for number in range(1, 18) if number != 3]
STATES = ("holds", "partly", "open")


def state_of(target: str) -> str:
    return re.search(r"^\*\*(\w+)\.\*\*", SECTIONS[target], re.MULTILINE)[1].lower()


def commands_of(target: str) -> list[str]:
    return re.findall(r"^- `([^`]+)`$", SECTIONS[target], re.MULTILINE)


COMMANDS = sorted(set(chain.from_iterable(map(commands_of, SECTIONS))))


def test_every_target_is_listed_once_and_in_order():
    assert re.findall(r"^### ([SR]\d+) ", PAGE, re.MULTILINE) == TARGETS


def test_the_page_counts_its_states():
    counted = Counter(map(state_of, TARGETS))
    head = PAGE.partition("## Security")[0]
    assert [int(number) for number in re.findall(r"\*\*\w+\*\* (\d+)", head)] == [counted[state] for state in STATES]
    for state in STATES[1:]:
        line = re.search(rf"\*\*{state}\*\* \d+(?:: ([\w, ]+))?", head)[1] or ""
        named = line.strip().split(", ") if line else []
        assert named == [target for target in TARGETS if state_of(target) == state]


@pytest.mark.parametrize("target", TARGETS)
def test_each_has_a_figure_and_what_holds_is_measured(target):
    assert "**Figure:**" in SECTIONS[target]
    assert commands_of(target) or state_of(target) == "open"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_exists(command):
    if command.startswith("make "):
        assert_target_of_make(*command.split()[1:])
        return
    path, _colons, name = command.partition("::")
    assert (ROOT / path).exists()
    if name:
        functions = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        assert name in {node.name for node in functions if isinstance(node, ast.FunctionDef)}


def assert_target_of_make(target: str, part: str = "") -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    if part:
        parts = {"bench": MODULES, "drill": [*DRILLS, LOAD]}
        assert part in parts[target]


def test_the_page_for_administrators_names_drills_that_exist():
    admin = (ROOT / "docs/admin.md").read_text(encoding="utf-8").partition("## Drills")[2]
    named = re.findall(r"^\| `(\w+)` \|", admin, re.MULTILINE)
    assert named
    assert set(named) - set(DRILLS) == set()
