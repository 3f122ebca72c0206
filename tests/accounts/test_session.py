"""S6, S8, S9: how long a session lasts, what ends it, and what may be kept of its pages."""

import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from archiveportal.accounts.services import change_password, end_sessions, update_account
from archiveportal.accounts.signals import SEEN_AT, SIGNED_IN_AT
from tests.support.factories import PASSWORD, make_user

SIGN_IN = "/tai-khoan/dang-nhap/"


def age(client: Client, **seconds: int) -> None:
    """Sets the session's clocks back."""
    session = client.session
    for name, back in seconds.items():
        session[name] = int(time.time()) - back
    session.save()


def is_in(client: Client) -> bool:
    return client.get("/don-vi/").status_code == 200


@pytest.mark.django_db
def test_half_an_hour_without_use_ends_the_session(sign_in):
    client = sign_in(make_user())
    age(client, **{SEEN_AT: 29 * 60})
    assert is_in(client)
    age(client, **{SEEN_AT: 30 * 60})
    answer = client.get("/don-vi/?kind=xa")
    assert answer["Location"] == f"{SIGN_IN}?next=%2Fdon-vi%2F%3Fkind%3Dxa&reason=idle"
    assert not is_in(client)


@pytest.mark.django_db
def test_the_idle_limit_can_be_set(sign_in, settings):
    settings.SESSION_IDLE_SECONDS = 120
    client = sign_in(make_user())
    age(client, **{SEEN_AT: 121})
    assert not is_in(client)


@pytest.mark.django_db
def test_twelve_hours_end_the_session_however_much_it_is_used(sign_in):
    client = sign_in(make_user())
    age(client, **{SIGNED_IN_AT: 12 * 3600 - 60, SEEN_AT: 0})
    assert is_in(client)
    age(client, **{SIGNED_IN_AT: 12 * 3600, SEEN_AT: 0})
    assert "reason=day" in client.get("/don-vi/")["Location"]


@pytest.mark.django_db
def test_a_session_without_clocks_is_not_trusted(sign_in):
    client = sign_in(make_user())
    session = client.session
    del session[SIGNED_IN_AT], session[SEEN_AT]
    session.save()
    assert not is_in(client)


@pytest.mark.django_db
def test_last_seen_is_written_once_a_minute_at_most(sign_in):
    client = sign_in(make_user())
    age(client, **{SEEN_AT: 50})
    seen = client.session[SEEN_AT]
    is_in(client)
    assert client.session[SEEN_AT] == seen
    age(client, **{SEEN_AT: 61})
    is_in(client)
    assert time.time() - client.session[SEEN_AT] < 10


@pytest.mark.django_db
def test_a_form_sent_after_the_end_says_that_nothing_was_saved(sign_in, visitor):
    person = make_user()
    client = sign_in(person)
    age(client, **{SEEN_AT: 3600})
    page = f"http://testserver{reverse('accounts:change-password')}"
    answer = client.post(reverse("accounts:change-password"), {"new_password": "x"}, HTTP_REFERER=page)
    assert answer["Location"] == f"{SIGN_IN}?next=%2Ftai-khoan%2Fmat-khau%2F&reason=unsaved"
    assert "was not saved" in visitor.get(answer["Location"]).content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize(("reason", "text"), [("idle", "not used"), ("day", "working day"), ("ended", "has ended")])
def test_the_sign_in_page_says_why(visitor, reason, text):
    assert text in visitor.get(f"{SIGN_IN}?reason={reason}").content.decode()


@pytest.mark.django_db
def test_the_sign_in_page_says_nothing_that_an_address_makes_up(visitor):
    page = visitor.get(f"{SIGN_IN}?reason=%3Cb%3Eyou+were+hacked").content.decode()
    assert "<b>you" not in page and "notice-line" not in page


@pytest.mark.django_db
def test_a_session_that_ended_leaves_public_pages_open(sign_in):
    client = sign_in(make_user())
    age(client, **{SEEN_AT: 3600})
    assert client.get("/healthz").status_code == 200
    assert client.get(SIGN_IN).status_code == 200


@pytest.mark.django_db
def test_an_unknown_address_does_not_keep_an_old_session_alive(sign_in):
    client = sign_in(make_user(full_name="Nguyễn Thị Bí Mật"))
    age(client, **{SEEN_AT: 3600})
    answer = client.get("/khong-co-trang-nay/")
    assert answer.status_code == 404 and "Bí Mật" not in answer.content.decode()
    assert not is_in(client)


@pytest.mark.django_db
def test_signing_out_ends_the_session_on_the_server(sign_in):
    client = sign_in(make_user())
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_in(stolen)
    client.post("/tai-khoan/dang-xuat/")
    assert not is_in(stolen)


@pytest.mark.django_db
def test_disabling_ends_the_session_at_once_and_for_good(cast, sign_in):
    client = sign_in(cast.quan10)
    assert is_in(client)
    cast.quan10.is_active = False
    update_account(account=cast.quan10, by=cast.administrator)
    cast.quan10.is_active = True
    update_account(account=cast.quan10, by=cast.administrator)
    assert not is_in(client), "the old session must not come back with the account"


@pytest.mark.django_db
def test_disabling_behind_the_portals_back_is_noticed_too(sign_in):
    person = make_user()
    client = sign_in(person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert "reason=ended" in client.get("/don-vi/")["Location"]


@pytest.mark.django_db
def test_end_sessions_leaves_those_of_others(sign_in):
    one, other = make_user(), make_user()
    first, second, third = sign_in(one), sign_in(one), sign_in(other)
    end_sessions(one)
    assert [is_in(client) for client in (first, second, third)] == [False, False, True]
    assert Session.objects.count() == 1


@pytest.mark.django_db
def test_a_password_change_ends_the_other_sessions(sign_in):
    person = make_user()
    here, elsewhere = sign_in(person), sign_in(person)
    data = {"present_password": PASSWORD, "new_password": "mot-cum-tu-khac-han", "repeated": "mot-cum-tu-khac-han"}
    answer = here.post(reverse("accounts:change-password"), data)
    assert answer["Location"] == "/"
    assert is_in(here) and not is_in(elsewhere)


@pytest.mark.django_db
def test_a_reset_ends_every_session(sign_in):
    person = make_user()
    client = sign_in(person)
    change_password(account=person, password="mot-cum-tu-khac-han")
    assert not is_in(client)


@pytest.mark.django_db
def test_every_answer_is_kept_by_nobody(cast, sign_in):
    for person in cast.all().values():
        client = sign_in(person)
        for path in ("/", "/don-vi/", "/don-vi/?tai=xlsx", "/tai-khoan/", "/tai-khoan/mat-khau/", "/khong-co/"):
            assert client.get(path)["Cache-Control"] == "no-store", path
        assert client.post("/tai-khoan/dang-xuat/")["Cache-Control"] == "no-store"
    for path in ("/", SIGN_IN, "/tai-khoan/quen-mat-khau/"):
        assert Client().get(path)["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_cookies_outside_local_mode(settings):
    """The values themselves are those of production, see test_settings; here they reach the browser."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    make_user(username="anh")
    client = Client()
    client.get(SIGN_IN)
    client.post(SIGN_IN, {"username": "anh", "password": PASSWORD})
    client.post("/ngon-ngu/", {"language": "en"})
    cookies = client.cookies
    assert {"sessionid", "csrftoken", "django_language"} <= set(cookies)
    for name, cookie in cookies.items():
        assert cookie["secure"] and cookie["samesite"] == "Lax", name
    assert cookies["sessionid"]["httponly"] and cookies["django_language"]["httponly"]


@pytest.mark.django_db
def test_signing_in_changes_the_session_key(client):
    make_user(username="anh")
    client.post("/ngon-ngu/", {"language": "en"})
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    client.post(SIGN_IN, {"username": "anh", "password": PASSWORD})
    assert client.session.session_key != before


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["abcdefgh\x00", '"abcdefgh\\000"', "x" * 8000, "../../../etc"])
def test_a_cookie_that_is_no_key_is_nobody(key):
    """PostgreSQL takes no text with a zero byte, which a quoted cookie can hold."""
    answer = Client(raise_request_exception=False).get("/", HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={key}")
    assert answer.status_code < 500
