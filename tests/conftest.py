"""The fixed cast: one person per role, two districts, and the data of the two reports."""

from dataclasses import dataclass
from io import StringIO

import hypothesis
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase

from archiveportal.accounts.models import Role, User
from archiveportal.history.triggers import PREFIXES, take_down
from reports import closing_guard
from tests.factories import make_user
from wards.models import District, Ward

# Machines that do other work meanwhile are slow now and then; that is no fault of what is tested.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")

_empty_all_tables = TransactionTestCase._fixture_teardown


def _empty_history_too(case: TransactionTestCase) -> None:
    """Tests with real transactions empty all tables afterwards; the signal after that puts the triggers up again."""
    take_down(connection, PREFIXES)
    closing_guard.take_down(connection)
    _empty_all_tables(case)


TransactionTestCase._fixture_teardown = _empty_history_too


@pytest.fixture
def baseline(db) -> None:
    """The data of both reports, as `make run` loads them."""
    call_command("load_baseline", stdout=StringIO())


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
