"""The fixed cast: one person per role, two districts, and the data of the two reports."""

import gc
from dataclasses import dataclass

import hypothesis
import pytest
from django.conf import settings
from django.test import Client, TransactionTestCase
from pytest_django.plugin import blocking_manager_key

from archiveportal.accounts.models import Role, User
from archiveportal.office.kept import forget_rows, show_offices
from tests.kept import empty_tables, load_reports_data
from tests.support.factories import make_user
from tests.support.sessions import begin_session
from wards.baseline import CityLoad, load_city
from wards.models import District, Ward

pytest_plugins = ["tests.clock", "tests.halves", "tests.templates"]

# Machines that do other work meanwhile are slow now and then; that is no fault of what is tested.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")


def _empty_tables_again(_case: TransactionTestCase) -> None:
    """Tests with real transactions empty all tables afterwards."""
    empty_tables()
    KEPT.clear()


TransactionTestCase._fixture_teardown = _empty_tables_again

#: "baseline" while the database keeps the reports' data from one test to the next
KEPT: set[str] = set()


def pytest_collection_modifyitems(items):
    """Run the tests on the reports' data one after the other, so that it is loaded once."""
    items.sort(key=lambda item: ("e2e" in item.path.parts, "baseline" in item.fixturenames))


def pytest_collection_finish():
    """Look for garbage seldom, and never among modules and tests: they stay to the end."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A test that does not ask for the data of the reports finds empty tables."""
    if KEPT and "baseline" not in item.fixturenames:
        with item.config.stash[blocking_manager_key].unblock():
            empty_tables()
        KEPT.clear()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    """Just before the transaction of a test begins is the one moment to load what outlives it."""
    from tests.clock import an_hour_before  # a plugin, which pytest wants to import itself

    if fixturedef.argname == "_django_db_helper" and "baseline" in request.fixturenames and not KEPT:
        with request.config.stash[blocking_manager_key].unblock(), an_hour_before():
            load_reports_data()
        KEPT.add("baseline")


@pytest.fixture(autouse=True)
def rows_of_the_office(request, monkeypatch) -> None:
    """A test reads them anew. Screens name the office of the reports without a query, until a test enters another."""
    forget_rows()
    monkeypatch.setattr("archiveportal.office.kept.SHOWN", float("inf"))
    if request.node.get_closest_marker("without_database"):
        monkeypatch.setattr("archiveportal.office.kept._Kept.of", lambda _self, _model: [])
    show_offices([])


@pytest.fixture
def baseline(db) -> None:
    """The data of both reports, as `make run` loads them. What a test changes is rolled back, they themselves stay."""
    assert KEPT


@pytest.fixture
def city(baseline) -> CityLoad:
    """The districts and wards of the City from 2019 to today beside those of the reports, as `make run` loads them."""
    return load_city()


@dataclass
class Cast:
    inspector: User
    inspector2: User
    approver: User
    approver2: User
    quan10: User
    cangio: User
    thanhan: User
    ldthanhan: User
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
        approver2=make_user(Role.APPROVER, "approver2"),
        quan10=make_user(Role.DISTRICT, "quan10", district=District.objects.get(code="771", is_baseline=True)),
        cangio=make_user(Role.DISTRICT, "cangio", district=District.objects.get(code="787", is_baseline=True)),
        thanhan=make_user(Role.WARD, "thanhan", ward=Ward.objects.get(code="27676", is_baseline=True)),
        ldthanhan=make_user(Role.UNIT_LEADER, "ldthanhan", ward=Ward.objects.get(code="27676", is_baseline=True)),
        leader=make_user(Role.LEADERSHIP, "leader"),
        administrator=make_user(Role.ADMINISTRATOR, "administrator"),
    )


@pytest.fixture
def sign_in():
    """`sign_in(user)` gives a client that is signed in."""

    def make(user: User) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = begin_session(user)
        return client

    return make
