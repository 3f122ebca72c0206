"""What each role can take away."""

import pytest
from django.urls import reverse

BOOK = reverse("reports:summary-workbook", args=["gd1-2019"])
TRAINING = reverse("reports:attainment-workbook", args=["02-2014"])
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
        assert f'href="{address}"' in page and client.get(address).status_code == 200
    for address in hidden:
        assert f'href="{address}"' not in page and client.get(address).status_code == 403
