"""The clock of a run: PORTAL_TEST_CLOCK names the local moment at which every test is set up.

A test is called 15 seconds after its rows were made: at 23:59:50, midnight passes in each of them.
Only a sample runs under such a clock, the tests that ask for the day; the others do not notice it.
"""

import datetime
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from types import CodeType, FunctionType

import pytest
import time_machine
from django.utils.timezone import localtime

ASKING = {"localdate", "localtime", "today"}
#: Times that are not from the clock of this process: triggers in the database, commands started.
ELSEWHERE = {"behind", "run_manage", "live_server"}
UNTIL_CALLED = datetime.timedelta(seconds=15)
LOCAL = datetime.timezone(datetime.timedelta(hours=7))


def given_moment() -> datetime.datetime | None:
    """Return the moment that the environment names, if it names one."""
    named = os.environ.get("PORTAL_TEST_CLOCK")
    return datetime.datetime.fromisoformat(named).replace(tzinfo=LOCAL) if named else None


MOMENT = given_moment()
#: Started before modules of tests are imported: a day that they ask at import is the day before.
CLOCK = time_machine.travel(MOMENT, tick=True).start() if MOMENT else None


def names_in(code: CodeType) -> set[str]:
    """Return the names that a function, or a function within it, uses."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*map(names_in, inner))


def names_behind(function: Callable, seen: set[Callable]) -> set[str]:
    """Return the names that a function uses, by itself and through functions of its module."""
    if not isinstance(function, FunctionType) or function in seen:
        return set()
    seen.add(function)
    names = names_in(function.__code__)
    called = [function.__globals__.get(name) for name in names]
    beside = [each for each in called if getattr(each, "__module__", "") == function.__module__]
    return names.union(*(names_behind(each, seen) for each in beside))


def is_of_the_sample(item: pytest.Item) -> bool:
    """Tell whether a test or a fixture of it asks for the day, by this process's clock alone.

    Tests with real transactions stay out: each loads the data of the reports anew.
    """
    known = chain.from_iterable(item._fixtureinfo.name2fixturedefs.values())
    fixtures = [fixture.func for fixture in known]
    ours = [each for each in fixtures if each.__module__.startswith("tests.")]
    seen: set[Callable] = set()
    names = set(item.fixturenames).union(*(names_behind(each, seen) for each in [item.function, *ours]))
    mark = item.get_closest_marker("django_db")
    transactional = "transactional_db" in names or bool(mark and mark.kwargs.get("transaction"))
    return bool(names & ASKING) and not names & ELSEWHERE and not transactional


def sample_of(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests of the sample; of a test with many cases the first.

    The cases differ in other things than the day.
    """
    sample: dict[tuple, pytest.Item] = {}
    for item in filter(is_of_the_sample, items):
        sample.setdefault((item.path, item.originalname), item)
    return list(sample.values())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if CLOCK is not None:
        sample = sample_of(items)
        config.hook.pytest_deselected(items=[item for item in items if item not in sample])
        items[:] = sample
    elif "under_clocks" in config.option.markexpr:
        for item in sample_of(items):
            item.add_marker("under_clocks")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    if CLOCK is not None:
        CLOCK.move_to(MOMENT)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call() -> None:
    if CLOCK is not None:
        CLOCK.shift(UNTIL_CALLED)


@contextmanager
def an_hour_before() -> Iterator[None]:
    """Let what every test of the run finds lie before the moment at which tests are set up."""
    if CLOCK is None:
        yield
        return
    CLOCK.shift(-datetime.timedelta(hours=1))
    yield
    CLOCK.move_to(MOMENT)


@pytest.fixture
def noon() -> Iterator[None]:
    """Keep a test on one day that counts days from its rows to its end: no midnight in between."""
    with time_machine.travel(localtime().replace(hour=12), tick=True):
        yield
