"""The content security policy that every answer carries."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from archiveportal.middleware.content_policy import ContentPolicy

HEADER = "Content-Security-Policy"
POLICY = {
    "default-src 'self'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


def answered(response: HttpResponse) -> HttpResponse:
    return ContentPolicy(lambda _request: response)(RequestFactory().get("/"))


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/tai-khoan/dang-nhap/", "/", "/khong-co/", "/healthz"])
def test_every_answer_has_the_policy(client, page):
    assert set(client.get(page)[HEADER].split("; ")) == POLICY


def test_a_file_keeps_its_stricter_one():
    assert answered(HttpResponse(headers={HEADER: "sandbox"}))[HEADER] == "sandbox"


@pytest.mark.parametrize(("status", "has_policy"), [(200, True), (403, True), (404, False), (500, False)])
def test_pages_of_errors_in_development_have_none(settings, status, has_policy):
    settings.DEBUG = True
    assert (HEADER in answered(HttpResponse(status=status))) == has_policy
