"""The minutes ask before they are printed without a recommendation for a criterion that is not met."""

import pytest
from django.urls import reverse

from criteria.inspections.models import Inspection
from tests.inspections.test_minutes import current, page_of, typed
from tests.support.factories import answer, enrol, make_round, make_set
from tests.support.inspections import published_finding
from wards.models import Ward


@pytest.fixture
def failing(cast, phuong6):
    answer(phuong6, cast.inspector, {1: "met", 2: "not_met", 16: "not_met"})
    return phuong6


@pytest.mark.parametrize(("action", "paper"), [("print", "minutes-print"), ("word", "minutes-word")])
def test_the_paper_is_asked_about_first(cast, sign_in, failing, action, paper):
    client = sign_in(cast.inspector)
    response = client.post(page_of(failing), typed(action=action, place="Phòng họp"))
    assert response.url == f"{page_of(failing)}?hoi={action}"
    assert current(failing).place == "Phòng họp"
    page = client.get(response.url)
    assert [criterion.code for criterion in page.context["unrecommended"]] == ["TC02", "TC16"]
    shown = page.content.decode()
    assert reverse("inspections:finding-write", args=[failing.pk, "TC16"]) in shown
    assert f'href="{page_of(failing, paper, 1)}"' in shown


def test_a_recommendation_for_each_ends_the_question(cast, sign_in, failing):
    for code in ("TC02", "TC16"):
        published_finding(failing, cast.inspector, code)
    response = sign_in(cast.inspector).post(page_of(failing), typed(action="print"))
    assert response.url == page_of(failing, "minutes-print", 1)


def test_saving_and_signing_do_not_ask_and_signing_says_it(cast, sign_in, failing):
    client = sign_in(cast.inspector)
    assert client.post(page_of(failing), typed(action="save")).url == page_of(failing)
    assert client.get(page_of(failing)).context["unrecommended"] == []
    signing = client.get(page_of(failing, "minutes-sign"))
    assert [criterion.number for criterion in signing.context["unrecommended"]] == [2, 16]
    assert Inspection.objects.get(enrolment=failing).signed_at is None


def test_criteria_are_named_by_the_number_that_is_printed(cast, sign_in):
    criteria_set = make_set(2)
    criteria_set.criteria.filter(code="TC02").update(printed_number="1.1.2")
    enrolment = enrol(make_round(criteria_set), Ward.objects.get(code="27202"))
    answer(enrolment, cast.inspector, {1: "met", 2: "not_met"})
    client = sign_in(cast.inspector)
    asking = client.get(client.post(page_of(enrolment), typed(action="print")).url)
    for page in (asking, client.get(page_of(enrolment, "minutes-sign"))):
        assert ">1.1.2</a>" in page.content.decode()
