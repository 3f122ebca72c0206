"""Addresses that only forms send to lead to the page of the form; nothing answers with a blank page."""

import inspect
import re
import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from archiveportal.middleware.posted_only import address_above
from criteria.inspections.models import Enrolment
from tests.support.inspections import published_finding

LOOKED_AT = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SAMPLES = {"int": "1", "slug": "x", "str": "x"}


def _patterns(resolver: URLResolver, before: str = "/"):
    for each in resolver.url_patterns:
        address = before + str(each.pattern)
        yield from _patterns(each, address) if isinstance(each, URLResolver) else [(address, each)]


def _takes_posts_alone(pattern: URLPattern) -> bool:
    return "@require_POST" in inspect.getsource(inspect.unwrap(pattern.callback)).partition("def ")[0]


def _sample(address: str) -> str:
    return re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES[part[1] or "str"], address)


POSTED = {
    _sample(address): pattern.callback for address, pattern in _patterns(get_resolver()) if _takes_posts_alone(pattern)
}


def test_there_are_such_addresses():
    assert len(POSTED) > 20


@pytest.mark.parametrize("address", sorted(POSTED))
def test_above_each_of_them_is_a_page_of_its_own(address):
    above = address_above(address)
    while resolve(above).func in POSTED.values():
        above = address_above(above)
    assert above != "/"


def checklist() -> str:
    return f"/phieu/{Enrolment.objects.get(round__code='gd1-2019', ward__code='27202').pk}/"


def test_a_refused_form_looked_at_again_leads_to_its_page(cast, sign_in):
    client = sign_in(cast.inspector)
    form = {"user": cast.inspector.pk, "upload_id": uuid.uuid4(), "criterion": "TC01", "via": "page"}
    refused = client.post(f"{checklist()}minh-chung/", form, headers=LOOKED_AT)
    assert refused.status_code == 200
    # As the switch of the language does it: "next" is the address of the page.
    form = {"language": "en", "next": f"{checklist()}minh-chung/"}
    switched = client.post("/ngon-ngu/", form, follow=True, headers=LOOKED_AT)
    assert (switched.status_code, switched.request["PATH_INFO"]) == (200, checklist())
    finding = published_finding(Enrolment.objects.get(pk=checklist().split("/")[2]), cast.inspector)
    page = client.get(f"/kien-nghi/{finding.pk}/tra-loi/", follow=True, headers=LOOKED_AT)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, f"/kien-nghi/{finding.pk}/")


def test_what_is_sent_to_a_page_that_takes_nothing_is_said_in_the_layout(cast, sign_in):
    page = sign_in(cast.inspector).post("/don-vi/", headers=LOOKED_AT)
    assert page.status_code == 405 and "GET" in page.headers["Allow"]
    assert "<h1>Trang này không nhận biểu mẫu</h1>" in page.content.decode()
    assert 'href="/don-vi/"' in page.content.decode() and 'id="main"' in page.content.decode()


@pytest.mark.parametrize("accept", ["", "*/*", "application/json"])
def test_scripts_and_monitors_get_the_bare_answer(cast, sign_in, accept):
    answer = sign_in(cast.inspector).get(f"{checklist()}luu/", headers={"accept": accept})
    assert (answer.status_code, answer.content, answer.headers["Allow"]) == (405, b"", "POST")


def _old_sign_in_page() -> tuple[Client, dict[str, str]]:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/tai-khoan/dang-nhap/?next=/don-vi/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    return client, {"username": "x", "password": "y", "next": "/don-vi/", "csrfmiddlewaretoken": token}


def test_signing_in_in_a_tab_that_is_older_than_a_sign_in_in_another_leads_on(cast, sign_in):
    client, form = _old_sign_in_page()
    client.cookies[settings.SESSION_COOKIE_NAME] = sign_in(cast.inspector).cookies[settings.SESSION_COOKIE_NAME].value
    client.cookies[settings.CSRF_COOKIE_NAME] = "n" * 32
    page = client.post(reverse("accounts:sign-in"), form, follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/don-vi/")
    assert f"Đã đăng nhập với tài khoản {cast.inspector}." in page.content.decode()


def test_a_page_for_signing_in_that_was_open_too_long_is_given_anew(cast):
    client, form = _old_sign_in_page()
    client.cookies[settings.CSRF_COOKIE_NAME] = "n" * 32
    page = client.post(reverse("accounts:sign-in"), form, follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/tai-khoan/dang-nhap/")
    assert page.request["QUERY_STRING"] == "next=%2Fdon-vi%2F"
    assert "Vui lòng đăng nhập lại" in page.content.decode()


def test_a_page_for_signing_in_leads_on_where_somebody_is_signed_in(cast, sign_in):
    client = sign_in(cast.inspector)
    assert client.get("/tai-khoan/dang-nhap/?next=/don-vi/").url == "/don-vi/"
    assert client.get("/tai-khoan/dang-nhap/?next=//elsewhere.vn/").url == "/"
