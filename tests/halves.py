"""Marks what runs on one database alone, and counts the tests that a half leaves to the other one.

Whatever asks a database runs on both, with one exception: tests that hold what Python makes of
rows once these are read (paragraphs of a paper, texts in cells, a file that is refused) or how many
queries it sends run on PostgreSQL alone. A module, or a test by its own name, may be listed if the
portal sends no statement in it that it does not send in other tests too, which run on both.
`tests/sent_statements.py` compares them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

TESTS = Path(__file__).parent
#: What each holds, and modules that send the same statements to both databases. Only the rows that
#: a test itself puts in, or looks at afterwards, are asked for here alone.
ONCE = {
    "accounts/test_session.py::test_every_answer_is_kept_by_nobody": "headers; test_access.py",
    "files/test_nobody_uploads.py": "bodies that are refused unread; test_access.py",
    "inspections/test_bad_input.py": "words beside a field; test_checklist.py",
    "inspections/test_header.py": "the head of a page; test_access.py",
    "inspections/test_lists.py::test_queries_do_not_grow_with_rows": "queries; their neighbours",
    "inspections/test_lists.py::test_the_first_page_and_unit_pages_ask_little": "queries; test_access.py",
    "inspections/test_minutes.py::test_queries_do_not_grow_with_criteria": "queries; their neighbours",
    "inspections/test_minutes_document.py": "papers; test_minutes.py, test_verification.py",
    "inspections/test_self_pages.py::test_a_hundred_leaves_with_evidence_are_small_and_constant": (
        "queries; their neighbours"
    ),
    "inspections/test_signed_papers.py": "texts of a PDF; test_papers_of_records.py",
    "portal/test_leadership_home.py::test_home_asks_little": "queries; their neighbours",
    "reports/test_any_set.py::test_workbooks_call_points_points": "texts in cells; their neighbours",
    "reports/test_any_set.py::test_the_word_report_speaks_of_points": "words of a paper; their neighbours",
    "reports/test_closing_content.py::test_the_template_of_the_closing_is_that_of_the_number": (
        "papers; test_closing_issue.py"
    ),
    "reports/test_closing_pages.py::test_bad_details_are_shown_again": "words; their neighbours",
    "reports/test_closing_pages.py::test_queries_do_not_grow": "queries; their neighbours",
    "reports/test_closing_signed.py::test_a_pdf_without_text_is_kept_and_said_to_be_so": (
        "texts of a PDF; their neighbours"
    ),
    "reports/test_dashboard_pictures.py": "pictures; test_dashboard.py",
    "reports/test_documents.py": "the form of papers; test_closing_issue.py",
    "reports/test_documents_blanks.py": "blanks in papers; test_closing_issue.py",
    "reports/test_documents_figures.py": "numbers in papers; test_closing_issue.py, test_checks.py",
    "reports/test_documents_templates.py": "files refused; test_access.py, test_every_way.py",
    "reports/test_documents_templates_hostile.py": "files refused; test_every_way.py",
    "reports/test_documents_wording.py": "wordings in papers; test_closing_issue.py",
    "reports/test_explain.py::test_outcomes_are_those_of_the_criterion_pages": ("sentences; test_criterion_page.py"),
    "reports/test_ledger_pages.py::test_discrepancies_stand_with_their_evidence": ("links; their neighbours"),
    "reports/test_ledger_pages.py::test_every_figure_with_records_has_a_way_to_them": ("links; their neighbours"),
    "reports/test_ledger_pages.py::test_who_may_open_it": "rights; test_access.py",
    "reports/test_reports_index.py": "links of a page; test_access.py, test_workbooks_scope.py",
    "reports/test_statements.py": "sentences; test_checks.py",
    "reports/test_workbooks_figures.py": "figures in cells, queries; test_export_command.py",
    "reports/test_workbooks_hostile.py": "texts in cells; test_export_command.py",
}

#: Tests of what the other database alone has: left out, not skipped.
OF_THE_OTHER = {"sqlite": "only_postgresql", "postgresql": "only_sqlite"}

#: Under xdist the workers choose, and the one who writes to the screen hears of it from them.
LEFT_OUT = pytest.StashKey[int]()


def runs_once(item: pytest.Item) -> bool:
    """Whether one of the two databases is enough for a test that needs one."""
    if not item.path.is_relative_to(TESTS):
        return False
    module = item.path.relative_to(TESTS).as_posix()
    return module in ONCE or f"{module}::{getattr(item, 'originalname', item.name)}" in ONCE


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
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    of_the_other = [item for item in items if item.get_closest_marker(OF_THE_OTHER[connection.vendor])]
    if of_the_other:
        config.hook.pytest_deselected(items=of_the_other)
        items[:] = [item for item in items if item not in of_the_other]
    for item in items:
        if not needs_database(item):
            item.add_marker("without_database")
        elif runs_once(item):
            item.add_marker("once")


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
