"""The header names the round of the page."""

import re

import pytest
from django.urls import reverse

from tests.support.factories import enrol, make_round
from wards.models import Ward


def named(client, name: str, *arguments) -> str:
    page = client.get(reverse(name, args=arguments)).content.decode()
    return re.search(r'class="menu-value"[^>]*>([^<]*)<', page)[1]


@pytest.mark.parametrize(
    "name", ["checklist", "blank", "history", "minutes", "self-assessment", "evidence-add", "finding-write"]
)
def test_pages_of_a_ward_name_its_round(cast, sign_in, name):
    other = make_round(name="Đợt khác", asks_self_assessment=True)
    enrolment = enrol(other, Ward.objects.get(code="27202"))
    enrolment.inspection.results.create(
        criterion=other.criteria_set.criteria.first(),
        outcome="not_met",
        changed_by=cast.inspector,
        changed_at="2026-01-01T00:00Z",
    )
    client = sign_in(cast.inspector)
    client.get(reverse("inspections:round", args=["gd1-2019"]))
    code = [other.criteria_set.criteria.first().code] if name in ("evidence-add", "finding-write") else []
    assert named(client, f"inspections:{name}", enrolment.pk, *code) == other.name
    assert named(client, "home") != other.name
