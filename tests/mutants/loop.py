"""A plugin of pytest that runs the same tests again and again, each time with another fault in one module.

Functions get the code of the faulty module in place: nothing is written to a file, the database is
made and filled once, and a fault costs only the tests that pass through its function, until the
first one fails. Faults outside of functions (constants and decorators of a module) are not tried.
"""

from __future__ import annotations

import gc
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.mutations import Key, Mutant, code_by_key, find_mutants

#: times that a test may take of its own time, and seconds on top
PATIENCE, GRACE = 10, 20


class Overdue(BaseException):
    """A fault sent a test round in circles."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutate", help="the module that gets the faults")
    parser.addoption("--sample", type=int, default=20)
    parser.addoption("--seed", type=int, default=1)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    Run(session).go()
    return True


class Run:
    def __init__(self, session: pytest.Session) -> None:
        self.session = session
        self.path = Path(session.config.option.mutate).resolve()
        self.seconds: dict[pytest.Item, float] = {}
        self.passed_by: dict[pytest.Item, set[Key]] = {}
        #: faults that were put into a function
        self.places = 0

    def go(self) -> None:
        # conftest takes what is there after the collection out of the garbage collector's sight, and with
        # it the functions that get the faults.
        gc.unfreeze()
        option = self.session.config.option
        mutants = find_mutants(self.path)
        for item in self.session.items:
            self._learn(item)
        chosen = random.Random(option.seed).sample(mutants, min(option.sample, len(mutants)))
        survivors = []
        for mutant in sorted(chosen, key=lambda each: each.node.lineno):
            if not self._is_killed(mutant):
                survivors.append(mutant)
        assert self.places, f"no function of {self.path} could be given a fault"
        killed = len(chosen) - len(survivors)
        print(f"\n{option.mutate}: {killed} of {len(chosen)} killed ({len(mutants)} known)")
        for mutant in survivors:
            reason = "" if self._tests_of(mutant) else "  (no test gets there)"
            print(f"    {mutant}{reason}")
        sys.stdout.flush()

    def _learn(self, item: pytest.Item) -> None:
        """Run a test as it is: how long it takes and which functions of the module it passes."""
        passed: set[Key] = set()
        path = str(self.path)

        def notice(frame: Any, event: str, _argument: Any) -> None:
            if event == "call" and frame.f_code.co_filename == path:
                passed.add((frame.f_code.co_name, frame.f_code.co_firstlineno))

        sys.setprofile(notice)
        try:
            reports = self._run(item)
        finally:
            sys.setprofile(None)
        if any(report.failed for report in reports):
            print(f"left out, it fails in this run without a fault: {item.nodeid}")
            return
        self.seconds[item] = sum(report.duration for report in reports)
        self.passed_by[item] = passed

    def _tests_of(self, mutant: Mutant) -> list[pytest.Item]:
        items = [item for item, passed in self.passed_by.items() if mutant.owner in passed]
        return sorted(items, key=self.seconds.__getitem__)

    def _is_killed(self, mutant: Mutant) -> bool:
        with faulty(mutant, self.path) as is_in_place:
            self.places += is_in_place
            for item in self._tests_of(mutant):
                limit = PATIENCE * self.seconds[item] + GRACE
                if any(report.failed for report in self._run(item, limit)):
                    return True
        return False

    def _run(self, item: pytest.Item, limit: float = 0) -> list[pytest.TestReport]:
        def stop(*_signal: Any) -> None:
            raise Overdue

        # Another test may have run before than the one that pytest expects.
        self.session._setupstate.teardown_exact(item)
        item._initrequest()
        signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, limit)
        try:
            return runtestprotocol(item, nextitem=item, log=False)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def faulty(mutant: Mutant, path: Path) -> Iterator[bool]:
    """Give the functions of the module the code that they have with the fault; tell whether one got it."""
    codes = code_by_key(mutant.compile(str(path)))
    changed = []
    for function in gc.get_objects():
        if type(function) is FunctionType and function.__code__.co_filename == str(path):
            former = function.__code__
            code = codes.get((former.co_name, former.co_firstlineno))
            if code and len(code.co_freevars) == len(former.co_freevars):
                changed.append((function, former))
                function.__code__ = code
    try:
        yield bool(changed)
    finally:
        for function, former in changed:
            function.__code__ = former
