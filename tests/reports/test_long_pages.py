"""Pages of many units: as many queries as of few, at most twelve, and HTML that a phone loads at once."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from criteria.inspections.models import Round
from tests.support.factories import make_user
from tests.support.long_pages import LARGEST, MOST_QUERIES, long_pages

FEW, MANY = 40, 450


def measured(sign_in: Callable, inspection_round: Round) -> dict[tuple[str, str], tuple[int, int]]:
    """Return queries and bytes of each page, by role and kind of page."""
    costs = {}
    for role, addresses in long_pages(inspection_round).items():
        user = make_user(role)
        for address in addresses:
            # A session that is older than a minute is written once more, whatever the page.
            client = sign_in(user)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            assert response.status_code == 200, address
            costs[role, address] = len(queries), len(response.content)
    return costs


def simulate(wards: int) -> None:
    """Make a round, and let the database count its rows: one transaction is over before it does so by itself."""
    call_command("simulate", wards=wards, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.django_db
def test_pages_of_many_units_ask_no_more_and_stay_small(sign_in):
    simulate(FEW)
    of_few = measured(sign_in, Round.objects.get())
    simulate(MANY)
    of_many = measured(sign_in, Round.objects.latest("pk"))
    # A list that goes over pages may count its rows.
    pairs = zip(of_few.values(), of_many.items(), strict=True)
    growing = {page: (few[0], many[0]) for few, (page, many) in pairs if many[0] > few[0] + 1}
    too_many = {page: queries for page, (queries, _size) in of_many.items() if queries > MOST_QUERIES}
    too_large = {page: size for page, (_queries, size) in of_many.items() if size > LARGEST}
    assert (too_many, growing, too_large) == ({}, {}, {})
