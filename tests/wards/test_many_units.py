"""Units that are changed together."""

import datetime

import pytest

from archiveportal.accounts.models import Role
from tests.support.factories import make_user, make_ward
from wards.models import Ward
from wards.services import update_wards

CODE = "30001"
BORDER = datetime.date(2011, 1, 1)
DAY = datetime.timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize("border", [datetime.date(2010, 6, 1), datetime.date(2011, 6, 1)], ids=["earlier", "later"])
@pytest.mark.parametrize("is_heir_first", [True, False], ids=["heir first", "heir last"])
def test_the_border_between_two_units_with_one_code_moves_in_any_order(border, is_heir_first):
    make_ward(None, name="Một", code=CODE, valid_from=datetime.date(2000, 1, 1), valid_to=BORDER - DAY)
    make_ward(None, name="Hai", code=CODE, valid_from=BORDER)
    first, heir = Ward.objects.filter(code=CODE).order_by("valid_from")
    first.valid_to, heir.valid_from = border - DAY, border
    wards = [heir, first] if is_heir_first else [first, heir]
    update_wards(wards=wards, made_on=[None, None], by=make_user(Role.ADMINISTRATOR))
    days = Ward.objects.filter(code=CODE).order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(days) == [(datetime.date(2000, 1, 1), border - DAY), (border, None)]
