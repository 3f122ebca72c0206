"""The diagrams of docs/states.md show the steps that the services take, no more and no fewer."""

import inspect
import re
from collections.abc import Mapping
from pathlib import Path

from archiveportal.scope import Right
from criteria.inspections import services
from criteria.inspections.services import findings, replies
from reports.closing import services as closing
from tests.inspections import test_finding_steps as finding_steps
from tests.inspections import test_steps as checklist_steps

PAGE = (Path(__file__).parent.parent / "docs/states.md").read_text(encoding="utf-8")
ARROW = re.compile(r"^ +(\S+) --> (\w+): (.+)$", re.MULTILINE)
CONDITION = re.compile(r"^\| `(\w+)` \| `(\w+)` \|", re.MULTILINE)

#: step of the test of checklists: its service
SERVICES = {
    "sign": "sign_minutes",
    "supplement": "open_supplement",
    "submit": "submit_inspection",
    "return": "return_inspection",
    "approve": "approve_inspection",
    "reopen": "reopen_inspection",
}


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def arrows(title: str) -> set[tuple[str, str, str]]:
    """Return (from, step, to) of each arrow of a diagram but the first one, which makes the row."""
    found = ARROW.findall(section(title))
    return {(before, step, after) for before, after, step in found if before != "[*]"}


def rights(title: str) -> dict[str, str]:
    """Return the right that each step needs, as the table says."""
    return dict(CONDITION.findall(section(title)))


def status_of(state: str) -> str:
    """Return the status of a state: a supplement is a returned checklist whose minutes are open."""
    return "returned" if state == "supplement" else state


def arrows_of(ways: Mapping[str, Mapping[str, str]]) -> set[tuple[str, str, str]]:
    """Return state before, step and state after of all steps that the services know."""
    known: set[tuple[str, str, str]] = set()
    for step, states in ways.items():
        known |= {(before, step, after) for before, after in states.items()}
    return known


def test_steps_of_a_checklist():
    ways = {(before, SERVICES[step], after) for before, step, after in arrows_of(checklist_steps.WAYS)}
    drawn = {(before, step, status_of(after)) for before, step, after in arrows("A checklist")}
    assert drawn == ways


def test_rights_of_a_checklist():
    decisions = {SERVICES[step] for step in checklist_steps.DECISIONS}
    needed = {step: Right.CAN_APPROVE if step in decisions else Right.CAN_INSPECT for step in SERVICES.values()}
    assert rights("A checklist") == needed


def test_steps_of_a_finding():
    assert arrows("A finding") == arrows_of(finding_steps.WAYS)


def test_rights_of_a_finding():
    needed = rights("A finding")
    assert needed.pop("answer_finding") == Right.ANSWERS_FOR_UNITS
    assert set(needed.values()) == {Right.CAN_INSPECT}
    drawn = {step.partition(" ")[0] for _before, step, _after in arrows("A finding")}
    assert drawn == needed.keys() - {"write_finding"} | {"answer_finding"}


def test_steps_of_a_closing():
    """Every service of closings is in the diagram."""
    writers = {
        name
        for name, function in inspect.getmembers(closing, inspect.isfunction)
        if function.__module__ == closing.__name__
        and not name.startswith("_")
        and "via" in inspect.signature(function).parameters
    }
    drawn = {step for _before, _after, step in ARROW.findall(section("A closing"))}
    assert drawn == writers == rights("A closing").keys()
    assert set(rights("A closing").values()) == {Right.CAN_APPROVE}


def test_services_on_arrows_exist():
    steps = {step.partition(" ")[0] for _before, _after, step in ARROW.findall(PAGE)}
    modules = [services, findings, replies, closing]
    assert [step for step in steps if not any(hasattr(module, step) for module in modules)] == []
