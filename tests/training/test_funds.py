"""Entering the money of a scheme and the counts of its people."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from archiveportal.history.models import Event
from training.models import Funding, WorkforceCount

PAGE = reverse("training:funds", args=["02-2014"])


def amounts(**typed) -> dict:
    shown = {"city": "4607678000", "district": "", "agency": ""}
    data = {"what": "funding"}
    for source, value in shown.items():
        data[f"{source}-shown"] = value
        data[f"{source}-amount"] = typed.get(source, value)
    return data


def test_an_amount_is_recorded_with_its_history(cast, sign_in):
    response = sign_in(cast.inspector).post(PAGE, amounts(district="1.200.000.000"))
    assert response.status_code == 302
    funding = Funding.objects.get(source="district")
    assert funding.amount == 1_200_000_000
    assert Event.objects.about(funding).get().action == "created"
    assert "1.200.000.000" in sign_in(cast.leader).get(response.url).content.decode()


def test_a_correction_keeps_what_the_report_had(cast, sign_in):
    sign_in(cast.inspector).post(PAGE, amounts(city="5000000000"))
    funding = Funding.objects.get(source="city")
    assert (funding.amount, funding.as_reported) == (5_000_000_000, {"amount": 4_607_678_000})
    call_command("figures", stdout=StringIO())


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1234567890123456", "nhiều hơn 15 chữ số"),
        ("-1", "không được âm"),
        ("bốn tỷ", "không phải là số"),
        ("", "ghi 0 nếu không chi"),
    ],
)
def test_bad_amounts_are_explained_in_place(cast, sign_in, typed, message):
    page = sign_in(cast.inspector).post(PAGE, amounts(city=typed, district="7")).content.decode()
    assert message in page
    assert 'value="7"' in page
    assert typed in page
    assert Funding.objects.get().amount == 4_607_678_000


def test_a_stale_amount_is_not_saved_and_both_are_shown(cast, sign_in):
    sign_in(cast.inspector2).post(PAGE, amounts(city="5000000000"))
    page = sign_in(cast.inspector).post(PAGE, amounts(city="6000000000", district="7")).content.decode()
    assert "5.000.000.000 đồng" in page
    assert 'value="6000000000"' in page
    assert Funding.objects.get(source="city").amount == 5_000_000_000
    assert not Funding.objects.filter(source="district").exists()


def test_a_count_of_people(cast, sign_in):
    data = {"what": "workforce", "counted_on": "31/12/2021", "total": "4.100", "qualified": "1.500"}
    sign_in(cast.inspector).post(PAGE, data)
    sign_in(cast.inspector).post(PAGE, data | {"total": "4.200"})
    count = WorkforceCount.objects.get(counted_on=datetime.date(2021, 12, 31))
    assert (count.total, count.qualified) == (4200, 1500)
    assert Event.objects.about(count).count() == 2
    call_command("figures", stdout=StringIO())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"qualified": "5000"}, "lớn hơn tổng số người"),
        ({"counted_on": "31/02/2021"}, "ngày/tháng/năm"),
        ({"total": ""}, "không được để trống"),
        ({"total": "12345678"}, "nhiều hơn 7 chữ số"),
    ],
)
def test_bad_counts_are_explained(cast, sign_in, changes, message):
    data = {"what": "workforce", "counted_on": "31/12/2021", "total": "4100", "qualified": "1500"} | changes
    assert message in sign_in(cast.inspector).post(PAGE, data).content.decode()
    assert WorkforceCount.objects.count() == 1
