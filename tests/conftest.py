"""The fixed cast: one person per role, two districts, and the data of the two reports."""

from dataclasses import dataclass

import hypothesis
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase
from pytest_django.plugin import blocking_manager_key

from archiveportal.accounts.models import Role, User
from archiveportal.files import guard as file_guard
from archiveportal.history.triggers import PREFIXES, take_down
from reports.frozen import guard as closing_guard
from tests.kept import load_reports_data
from tests.support.factories import make_user
from wards.models import District, Ward

pytest_plugins = ["tests.clock", "tests.halves", "tests.templates"]

# Machines that do other work meanwhile are slow now and then; that is no fault of what is tested.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")

_empty_all_tables = TransactionTestCase._fixture_teardown


def _lift_triggers() -> None:
    """For a moment: the signal after tables were emptied puts them up again."""
    take_down(connection, PREFIXES)
    closing_guard.take_down(connection)
    file_guard.take_down(connection)


def _empty_history_too(case: TransactionTestCase) -> None:
    """Tests with real transactions empty all tables afterwards."""
    _lift_triggers()
    _empty_all_tables(case)
    KEPT.clear()


TransactionTestCase._fixture_teardown = _empty_history_too

#: "baseline" while the database keeps the reports' data from one test to the next
KEPT: set[str] = set()


def pytest_collection_modifyitems(items):
    """Run the tests on the reports' data one after the other, so that it is loaded once."""
    items.sort(key=lambda item: ("e2e" in item.path.parts, "baseline" in item.fixturenames))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A test that does not ask for the data of the reports finds empty tables."""
    if KEPT and "baseline" not in item.fixturenames:
        with item.config.stash[blocking_manager_key].unblock():
            _lift_triggers()
            call_command("flush", interactive=False, verbosity=0)
        KEPT.clear()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    """Just before the transaction of a test begins is the one moment to load what outlives it."""
    from tests.clock import an_hour_before  # a plugin, which pytest wants to import itself

    if fixturedef.argname == "_django_db_helper" and "baseline" in request.fixturenames and not KEPT:
        with request.config.stash[blocking_manager_key].unblock(), an_hour_before():
            load_reports_data()
        KEPT.add("baseline")


@pytest.fixture
def baseline(db) -> None:
    """The data of both reports, as `make run` loads them. What a test changes is rolled back, they themselves stay."""
    assert KEPT


@dataclass
class Cast:
    inspector: User
    inspector2: User
    approver: User
    quan10: User
    cangio: User
    thanhan: User
    leader: User
    administrator: User

    def all(self) -> dict[str, User]:
        return dict(vars(self))


@pytest.fixture
def cast(baseline) -> Cast:
    """Everybody who uses the portal, on the data of the reports."""
    return Cast(
        inspector=make_user(Role.INSPECTOR, "inspector"),
        inspector2=make_user(Role.INSPECTOR, "inspector2"),
        approver=make_user(Role.APPROVER, "approver"),
        quan10=make_user(Role.DISTRICT, "quan10", district=District.objects.get(code="771")),
        cangio=make_user(Role.DISTRICT, "cangio", district=District.objects.get(code="787")),
        thanhan=make_user(Role.WARD, "thanhan", ward=Ward.objects.get(code="27676")),
        leader=make_user(Role.LEADERSHIP, "leader"),
        administrator=make_user(Role.ADMINISTRATOR, "administrator"),
    )


@pytest.fixture
def sign_in():
    """`sign_in(user)` gives a client that is signed in."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="archiveportal.accounts.backends.PortalBackend")
        return client

    return make
