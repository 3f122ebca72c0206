"""Long checklists: read with a constant number of queries, small enough for a telephone, and they post (R14)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.inspections.models import Inspection
from tests.support.factories import enrol, make_round, make_user, make_ward
from tests.support.long_checklists import make_long_checklist, make_long_mixed_set, make_long_set

# A telephone gets 120 KB at most, and a tenth of that is left for what comes. Keys of many digits
# take a few hundred bytes more.
LARGEST_PAGE = 109 * 1024
#: with options, numbers and days, headings of three levels, a note and a photograph at each leaf
LARGEST_MIXED_PAGE = 120 * 1024


@pytest.fixture
def inspector(db):
    return make_user()


def opened(client, enrolment):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(reverse("inspections:checklist", args=[enrolment.pk]))
    assert response.status_code == 200
    return response, len(queries)


def test_a_hundred_criteria_read_no_more_often_than_ten_and_stay_small(inspector, sign_in):
    client = sign_in(inspector)
    few, many = make_long_checklist(10, inspector), make_long_checklist(100, inspector)
    opened(client, few)
    _response, queries = opened(client, few)
    response, queries_of_many = opened(client, many)
    page = response.content.decode()
    assert page.count("data-criterion") == page.count("<img ") - page.count('alt="" width="32"') == 100
    assert queries_of_many == queries
    assert len(response.content) < LARGEST_PAGE, len(response.content)


def test_a_hundred_leaves_of_every_kind_stay_below_120_kb(inspector, sign_in):
    client = sign_in(inspector)
    few, many = (make_long_checklist(count, inspector, make_long_mixed_set(count)) for count in (45, 100))
    opened(client, few)
    _response, queries = opened(client, few)
    response, queries_of_many = opened(client, many)
    page = response.content.decode()
    assert page.count("data-criterion") == 100 and page.count("data-kind=") == 83
    assert queries_of_many == queries
    assert len(response.content) < LARGEST_MIXED_PAGE, len(response.content)
    # What the scripts write is there without them too, where a link asks for it.
    assert "?all=1" in page and "Miễn vì lý do khách quan</label>" not in page
    whole = client.get(reverse("inspections:checklist", args=[many.pk]) + "?all=1").content.decode()
    assert whole.count("Miễn vì lý do khách quan</label") == 100


@pytest.mark.parametrize("criteria", [36, 150])
def test_a_checklist_half_as_large_again_posts(inspector, sign_in, form_data, criteria):
    enrolment = enrol(make_round(make_long_set(criteria)), make_ward())
    note = "Đã xem hồ sơ tại chỗ. " * 150
    answers = {f"TC{n:02d}": {"outcome": "met", "note": note} for n in range(1, criteria + 1)}
    url = reverse("inspections:checklist", args=[enrolment.pk])
    assert sign_in(inspector).post(url, form_data(enrolment, **answers)).status_code == 302
    inspection = Inspection.objects.get(enrolment=enrolment)
    assert (inspection.met_criteria, inspection.open_criteria) == (criteria, 0)
