"""The portal names to the device the draft that was saved, and no other."""

import uuid

import pytest

from archiveportal.middleware.drafts import COOKIE
from criteria.inspections.models import Inspection

DRAFT = str(uuid.UUID(int=7))


@pytest.fixture
def send(client, cast, phuong6):
    def post(*, is_signed_in=True, **data):
        if is_signed_in:
            client.force_login(cast.inspector, backend="archiveportal.accounts.backends.PortalBackend")
        fields = {"version": 0, "copies": "2", "action": "save", "draft": DRAFT}
        fields |= {f"{side}_FORMS": 0 for side in ("team-TOTAL", "team-INITIAL", "ward-TOTAL", "ward-INITIAL")}
        return client.post(f"/phieu/{phuong6.pk}/bien-ban/", fields | data)

    return post


def test_a_form_that_was_taken_names_its_draft(send, phuong6):
    cookie = send().cookies[COOKIE]
    assert cookie.value == DRAFT
    assert (cookie["samesite"], cookie["httponly"]) == ("Lax", "")
    assert Inspection.objects.get(enrolment=phuong6).minutes.exists()


@pytest.mark.parametrize("data", [{"copies": "0"}, {"action": "rows"}, {"draft": "x; path=/"}, {"draft": ""}])
def test_a_form_that_was_not_taken_names_none(send, data):
    assert COOKIE not in send(**data).cookies


def test_a_form_sent_after_the_end_of_the_session_names_none(send):
    response = send(is_signed_in=False)
    assert response.status_code == 302
    assert COOKIE not in response.cookies
