"""The JSON that a script in the background gets instead of a page."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.factories import make_user

JSON = {"accept": "application/json"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_session_it_is_told_where_to_sign_in(client, db, method):
    answer = getattr(client, method)(reverse("home"), headers=JSON)
    assert (answer.status_code, answer.json()) == (401, {"sign_in": reverse("accounts:sign-in")})
    assert answer["Cache-Control"] == "no-store"
    assert getattr(client, method)(reverse("home"), headers={"accept": "text/html, */*"}).status_code == 302
    assert getattr(client, method)(reverse("home"), headers={"accept": "*/*"}).status_code == 302


def test_someone_with_a_first_password_is_told_to_change_it(db, sign_in):
    client = sign_in(make_user(must_change_password=True))
    answer = client.get(reverse("home"), headers=JSON)
    assert (answer.status_code, answer.json()) == (401, {"sign_in": reverse("accounts:change-password")})


def test_a_stale_token_is_told_from_a_role_that_may_not(db):
    strict = Client(enforce_csrf_checks=True)
    account = make_user(role="administrator")
    strict.force_login(account, backend="archiveportal.accounts.backends.PortalBackend")
    strict.get(reverse("inspections:waiting"))
    stale = strict.post(reverse("inspections:checklist", args=[1]), headers=JSON)
    assert (stale.status_code, stale.json()["token"]) == (403, "stale")
    token = strict.cookies["csrftoken"].value
    forbidden = strict.post(reverse("inspections:checklist", args=[1]), headers=JSON | {"X-CSRFToken": token})
    assert forbidden.status_code == 403
    assert "token" not in forbidden.json()
    page = strict.post(reverse("inspections:checklist", args=[1]))
    assert page["Content-Type"].startswith("text/html")
