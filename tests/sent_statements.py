"""A plugin of pytest: which statements does the portal send only in tests that run once?

By hand, where a test or a module is to be added to ONCE in tests/halves.py:

    python -m pytest -n 0 -p tests.sent_statements -m "not e2e and not without_database"

Statements are compared without their values, without the number of rows that go in at once and
without names of savepoints. What a test itself sends, to put rows in or to look at them, is not
counted: there must be a frame of the portal's code around it.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.db.backends.utils import CursorWrapper

TESTS = Path(__file__).parent
ROOT = TESTS.parent
PORTAL = tuple(f"{ROOT / name}/" for name in ["archiveportal", "criteria", "reports", "training", "wards"])
VALUES = re.compile(r"\((?:%s(?:, )?)+\)")
ROWS = re.compile(r"(?:\(\?\)(?:, )?){2,}")
SAVEPOINT = re.compile(r'"s\d+_x\d+"')
NUMBER = re.compile(r"\b\d+\b")


def shape_of(sql: str) -> str:
    """Return a statement without what differs from one time to the next."""
    without_values = ROWS.sub("(?)", VALUES.sub("(?)", sql))
    return NUMBER.sub("N", SAVEPOINT.sub('"savepoint"', without_values))


def is_sent_by_portal(frame: FrameType | None) -> bool:
    while frame:
        if frame.f_code.co_filename.startswith(PORTAL):
            return True
        frame = frame.f_back
    return False


class Recorder:
    def __init__(self) -> None:
        self.current: pytest.Item | None = None
        #: statements by module, and by whether the test runs once
        self.shapes: dict[bool, dict[Path, set[str]]] = {True: defaultdict(set), False: defaultdict(set)}

    def note(self, sql: Any) -> None:
        from tests.halves import runs_once  # a plugin, which pytest wants to import itself

        if self.current and is_sent_by_portal(sys._getframe(2)):
            self.shapes[runs_once(self.current)][self.current.path].add(shape_of(str(sql)))

    def only_once(self) -> dict[Path, set[str]]:
        """Return statements by module that are sent in no test that runs on both databases."""
        on_both = set().union(*self.shapes[False].values())
        return {path: shapes - on_both for path, shapes in self.shapes[True].items()}


RECORDER = Recorder()


def pytest_collection_finish() -> None:
    for name in ("execute", "executemany"):
        setattr(CursorWrapper, name, _noting(getattr(CursorWrapper, name)))


def _noting(send: Any) -> Any:
    def note_and_send(self: CursorWrapper, sql: Any, *arguments: Any, **options: Any) -> Any:
        RECORDER.note(sql)
        return send(self, sql, *arguments, **options)

    return note_and_send


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    RECORDER.current = item
    try:
        yield
    finally:
        RECORDER.current = None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for path, shapes in sorted(RECORDER.only_once().items()):
        terminalreporter.write_line(f"{path.relative_to(TESTS)}: {len(shapes)} statements that are sent nowhere else")
        for shape in sorted(shapes):
            terminalreporter.write_line(f"    {shape[:160]}")
