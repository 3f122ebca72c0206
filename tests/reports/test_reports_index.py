"""What each role can take away."""

import re

import pytest
from django.urls import reverse

from criteria.inspections.models import Enrolment, Round
from reports.workbooks.catalogue import ROUND_KINDS, SCHEME_KINDS
from tests.support.factories import enrol, make_district, make_round, make_ward

BOOK = reverse("reports:round-workbook", args=["gd1-2019", "bang-tong-hop"])
TRAINING = reverse("reports:scheme-workbook", args=["02-2014", "chi-tieu"])
LEDGER = reverse("reports:figures")


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [
        ("inspector", [BOOK, TRAINING, LEDGER], []),
        ("approver", [BOOK, TRAINING, LEDGER], []),
        ("leader", [BOOK, TRAINING], [LEDGER]),
        ("quan10", [BOOK, TRAINING], [LEDGER]),
        ("thanhan", [BOOK, TRAINING], [LEDGER]),
        ("administrator", [LEDGER], [BOOK, TRAINING]),
    ],
)
def test_index_offers_what_the_role_may_open(cast, sign_in, who, shown, hidden):
    client = sign_in(getattr(cast, who))
    response = client.get(reverse("reports:index"))
    page = response.content.decode()
    assert response.status_code == 200 and "Số liệu tính đến" in page
    for address in shown:
        assert f'="{address}"' in page and client.get(address).status_code == 200
    for address in hidden:
        assert f'="{address}"' not in page and client.get(address).status_code == 403


def test_every_workbook_that_is_offered_opens(cast, sign_in):
    make_round(name="Đợt sau")
    for person in (cast.leader, cast.quan10, cast.thanhan):
        client = sign_in(person)
        page = client.get(reverse("reports:index")).content.decode()
        addresses = set(re.findall(r'(?:formaction|href)="([^"]+\.xlsx)"', page))
        # One needs indicators, which neither set has.
        assert len(addresses) >= len(ROUND_KINDS) + len(SCHEME_KINDS) - 2
        for address in addresses:
            others = [
                inspection_round.code
                for inspection_round in Round.objects.all()
                if inspection_round.code not in address
            ]
            choices = {"voi": others[0]} if "so-sanh" in address else {}
            assert client.get(address, choices).status_code == 200, address


def test_choices_are_those_in_scope(cast, sign_in):
    enrol(make_round(name="Đợt sau"), Enrolment.objects.get(ward__code="27202", round__code="gd1-2019").ward)
    for person, districts in ((cast.leader, 18), (cast.quan10, 0), (cast.thanhan, 0)):
        page = sign_in(person).get(reverse("reports:index"))
        offered = {inspection_round.code: offer for inspection_round, offer in page.context["rounds"]}
        assert len(offered["gd1-2019"].areas) == districts
        assert len(offered["gd1-2019"].others) == (0 if person == cast.thanhan else 1)


def test_number_of_queries_does_not_grow(cast, sign_in, django_assert_max_num_queries):
    client, counts = sign_in(cast.leader), []
    for rounds in (1, 6):
        for _ in range(rounds):
            enrol(make_round(), make_ward(make_district()))
        client.get(reverse("reports:index"))
        with django_assert_max_num_queries(30) as queries:
            client.get(reverse("reports:index"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
