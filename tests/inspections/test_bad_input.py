"""Each bad input: a clear message in place, what was typed still there, nothing half-saved."""

import unicodedata

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from archiveportal.errors import bad_request, broken
from archiveportal.history.models import Event
from criteria.inspections.models import Result
from tests.support.factories import PASSWORD


@pytest.fixture
def url(phuong6):
    return reverse("inspections:checklist", args=[phuong6.pk])


@pytest.mark.parametrize(
    ("code", "field", "typed", "message"),
    [
        ("TC01", "outcome", "maybe", "Vui lòng chọn một trong các kết quả có sẵn"),
        ("TC01", "note", "x" * 10_000, "tối đa 4.000 ký tự"),
        ("TC01", "note", "a\x08b", "ký tự không hiển thị được"),
        ("TC06", "text", "x" * 301, "tối đa 300 ký tự"),
        ("TT01", "number", "hai", "không phải là số"),
        ("TT01", "number", "-1", "không được âm"),
        ("TT01", "number", "12345678", "nhiều hơn 7 chữ số"),
        ("TT01", "number", "2,5", "số nguyên"),
        ("TC15", "number", "12,345", "tối đa 2 chữ số"),
    ],
)
def test_a_bad_value_is_explained_where_it_stands(cast, sign_in, phuong6, url, form_data, code, field, typed, message):
    events = Event.objects.count()
    data = form_data(phuong6, TC02={"outcome": "met", "note": "Giữ lại"}, **{code: {field: typed}})
    response = sign_in(cast.inspector).post(url, data)
    page = response.content.decode()
    assert response.status_code == 200
    line = page[page.index(f"id={code} ") :]
    line = line[: line.index("</fieldset>")]
    assert message in line
    assert "Giữ lại" in page
    if field != "outcome":
        assert typed[:300] in page
    assert not Result.objects.filter(inspection__enrolment=phuong6).exists()
    assert Event.objects.count() == events


def test_a_bad_date_is_explained(cast, sign_in, phuong6, url, form_data):
    data = form_data(phuong6, TC02={"outcome": "met"}) | {"inspected_on": "31/02/2019"}
    page = sign_in(cast.inspector).post(url, data).content.decode()
    assert "ngày/tháng/năm" in page
    assert "31/02/2019" in page
    assert not Result.objects.filter(inspection__enrolment=phuong6).exists()


def test_an_unknown_criterion_is_refused(cast, sign_in, phuong6, url, form_data):
    data = form_data(phuong6, TC02={"outcome": "met"}) | {"TC99-outcome": "met"}
    page = sign_in(cast.inspector).post(url, data).content.decode()
    assert "tiêu chí không thuộc bộ tiêu chí này" in page
    assert not Result.objects.filter(inspection__enrolment=phuong6).exists()


def test_an_unknown_ward_is_not_found(cast, sign_in):
    assert sign_in(cast.inspector).get(reverse("inspections:checklist", args=[999_999])).status_code == 404


def test_text_is_stored_in_nfc(cast, sign_in, phuong6, url, form_data):
    typed = unicodedata.normalize("NFD", "Kế hoạch của phường")
    sign_in(cast.inspector).post(url, form_data(phuong6, TC01={"note": typed}))
    assert Result.objects.get(inspection__enrolment=phuong6).note == "Kế hoạch của phường"


def test_a_missing_token_is_explained_in_the_portals_own_layout(cast, phuong6, url, form_data):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.inspector, backend="archiveportal.accounts.backends.PortalBackend")
    response = client.post(url, form_data(phuong6, TC01={"outcome": "met"}))
    assert response.status_code == 403
    assert "Biểu mẫu đã hết hiệu lực" in response.content.decode()
    assert not Result.objects.filter(inspection__enrolment=phuong6).exists()


def test_hostile_text_is_shown_as_text(cast, sign_in, phuong6, url, form_data):
    client = sign_in(cast.inspector)
    client.post(url, form_data(phuong6, TC01={"note": "<script>alert(1)</script>"}))
    page = client.get(url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("name", ["404", "403"])
def test_error_pages_wear_the_portals_layout(cast, sign_in, phuong6, name):
    client = sign_in(cast.quan10)
    address = {"404": "/khong-co/", "403": reverse("inspections:approve", args=[phuong6.pk])}[name]
    response = client.get(address) if name == "404" else client.post(address)
    assert response.status_code == int(name)
    assert 'class="top"' in response.content.decode()


class Unreachable:
    """Asking who is here is a question to a database that does not answer."""

    def __getattr__(self, name):
        raise OperationalError("no database")


def test_the_error_pages_need_no_database(rf):
    for view, status, words in ((broken, 500, "Cổng gặp lỗi"), (bad_request, 400, "Không đọc được yêu cầu")):
        request = rf.get("/")
        request.user = Unreachable()
        response = view(request)
        assert response.status_code == status
        assert words in response.content.decode()


def test_a_wrong_password_is_explained(cast, client):
    response = client.post(reverse("accounts:sign-in"), {"username": "inspector", "password": PASSWORD + "x"})
    assert response.status_code == 200
    assert 'value="inspector"' in response.content.decode()
