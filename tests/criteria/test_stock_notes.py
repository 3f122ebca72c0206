"""Stock sentences for the notes: loaded once, edited by an approver, taken by inspectors."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from archiveportal.history.models import Event
from criteria.models import CriteriaSet, StockNote
from criteria.services import copy_set
from criteria.stock_notes import digest, stock_notes


@pytest.fixture
def criteria_set(cast):
    return CriteriaSet.objects.get(code="gd1", version=1)


@pytest.fixture
def typed(criteria_set):
    def make(**changes):
        notes = stock_notes(criteria_set)
        data = {code: "\n".join(lines) for code, lines in notes.items()}
        return data | {"made_on": digest(notes)} | changes

    return make


def test_every_criterion_has_some_and_a_second_load_adds_none(criteria_set):
    notes = stock_notes(criteria_set)
    assert set(notes) == set(criteria_set.criteria.values_list("code", flat=True))
    assert all(2 <= len(lines) <= 4 for lines in notes.values())
    StockNote.objects.filter(criterion_code="TC05").delete()
    call_command("load_baseline", stdout=StringIO())
    assert "TC05" not in stock_notes(criteria_set)


def test_an_approver_changes_them_also_while_the_set_is_in_use(cast, sign_in, criteria_set, typed):
    assert criteria_set.frozen_at
    url, client = reverse("criteria:stock", args=[criteria_set.pk]), sign_in(cast.approver)
    assert client.get(url).status_code == 200
    data = typed(TC05="  Có   danh mục.\r\n\r\nChưa có danh mục.  ")
    assert client.post(url, data).status_code == 302
    assert stock_notes(criteria_set)["TC05"] == ["Có danh mục.", "Chưa có danh mục."]
    criterion = criteria_set.criteria.get(code="TC05")
    entry = Event.objects.filter(actor_id=cast.approver.pk).get()
    assert (entry.object_id, entry.changes["stock_notes"][1]) == (criterion.pk, "Có danh mục.\nChưa có danh mục.")
    # Sent again, as by a double click, it is based on an old version.
    again = client.post(url, data)
    assert again.status_code == 200
    assert again.context["form"].non_field_errors()
    assert Event.objects.filter(actor_id=cast.approver.pk).count() == 1


@pytest.mark.parametrize("text", ["x" * 301, "\n".join("abcdefghijklm"), "a\x08b", "y" * 9000])
def test_what_does_not_fit_is_said_beside_it(cast, sign_in, criteria_set, typed, text):
    url = reverse("criteria:stock", args=[criteria_set.pk])
    response = sign_in(cast.approver).post(url, typed(TC05=text))
    assert set(response.context["form"].errors) == {"TC05"}
    assert len(stock_notes(criteria_set)["TC05"]) == 4


def test_a_colleagues_change_is_not_overwritten(cast, sign_in, criteria_set, typed):
    url, data = reverse("criteria:stock", args=[criteria_set.pk]), typed(TC05="Của tôi.")
    sign_in(cast.approver).post(url, typed(TC06="Của đồng nghiệp."))
    assert sign_in(cast.approver).post(url, data).status_code == 200
    assert stock_notes(criteria_set)["TC06"] == ["Của đồng nghiệp."]
    assert "Của tôi." not in stock_notes(criteria_set)["TC05"]


def test_the_checklist_offers_them_to_inspectors(cast, sign_in, criteria_set):
    enrolment = criteria_set.rounds.first().enrolments.first()
    url = reverse("inspections:stock", args=[enrolment.pk])
    assert sign_in(cast.inspector).get(url).json() == stock_notes(criteria_set)
    newer = copy_set(criteria_set=criteria_set, by=cast.approver)
    assert stock_notes(newer) == stock_notes(criteria_set)
