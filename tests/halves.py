"""Marks what needs no database, and counts the tests that a half leaves to the other one."""

from collections.abc import Iterator

import pytest

#: Under xdist the workers choose, and the one who writes to the screen hears of it from them.
LEFT_OUT = pytest.StashKey[int]()


def needs_database(item: pytest.Item) -> bool:
    """Whether a test asks for a database. One that does not is refused it by pytest-django."""
    asked = {"django_db_setup", "db", "transactional_db", "live_server"}
    return bool(
        asked & set(getattr(item, "fixturenames", ()))
        or item.get_closest_marker("django_db")
        or hasattr(getattr(item, "cls", None), "databases")
        or "e2e" in item.path.parts
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not needs_database(item):
            item.add_marker("without_database")


def pytest_deselected(items: list[pytest.Item]) -> None:
    if items:
        stash = items[0].config.stash
        stash[LEFT_OUT] = stash.get(LEFT_OUT, 0) + len(items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """Every worker leaves out the same tests."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter, config) -> Iterator[None]:
    yield
    left_out, expression = config.stash.get(LEFT_OUT, 0), config.option.markexpr
    if left_out and expression:
        terminalreporter.write_line(f"{left_out} left out by: {expression}")
