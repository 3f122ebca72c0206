"""Which criteria sets a round takes: complete ones, proposed ones when asked for, drafts for trials alone."""

from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from criteria.inspections.services.preparing import start_round, what_prevents_opening
from tests.support.factories import enrol, make_round, make_set, make_ward

OPEN = reverse("inspections:round-open")


def test_a_set_that_is_only_proposed_is_asked_for_first(cast, sign_in):
    client = sign_in(cast.approver)
    asked = {"name": "Đợt 1", "criteria_set": make_set().pk, "starts_on": "01/03/2026", "ends_on": "30/06/2026"}
    response = client.post(OPEN, asked)
    assert list(response.context["form"].errors) == ["uses_proposed"]
    assert 'name="uses_proposed"' in response.content.decode()
    assert 'name="uses_proposed"' not in client.get(OPEN).content.decode()
    assert client.post(OPEN, asked | {"is_trial": "on"}).status_code == 302
    assert client.post(OPEN, asked | {"criteria_set": make_set(status="in_force").pk, "name": "B"}).status_code == 302


def test_a_draft_set_opens_no_round_but_a_trial(cast):
    for is_trial in (False, True):
        inspection_round = make_round(make_set(status="draft"), status="in_draft", is_trial=is_trial)
        enrol(inspection_round, make_ward())
        lacking = what_prevents_opening(inspection_round)
        assert bool(lacking) is not is_trial
        with pytest.raises(ValidationError) if lacking else nullcontext():
            start_round(inspection_round=inspection_round, by=cast.approver)
