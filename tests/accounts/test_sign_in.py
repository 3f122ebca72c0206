"""Signing in, S10, S11, S20: what is refused, what the answer reveals, and where it leads."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from archiveportal.accounts.addresses import client_address
from archiveportal.accounts.models import Role, User
from tests.support.factories import PASSWORD, make_user

SIGN_IN = "/tai-khoan/dang-nhap/"


def attempt(client: Client, username: str, password: str = "sai-mat-khau", **options):
    return client.post(SIGN_IN, {"username": username, "password": password}, **options)


def without_tokens(content: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", content.decode())


@pytest.mark.django_db
def test_signing_in_leads_home_and_to_next(visitor):
    make_user(username="anh")
    assert attempt(visitor, "anh", PASSWORD)["Location"] == "/"
    visitor.post("/tai-khoan/dang-xuat/")
    address = visitor.get("/don-vi/?q=tan")["Location"]
    assert address == f"{SIGN_IN}?next=%2Fdon-vi%2F%3Fq%3Dtan"
    page = visitor.get(address)
    assert 'name="next" value="/don-vi/?q=tan"' in page.content.decode()
    answer = visitor.post(SIGN_IN, {"username": "anh", "password": PASSWORD, "next": "/don-vi/?q=tan"})
    assert answer["Location"] == "/don-vi/?q=tan"


@pytest.mark.django_db
def test_the_page_stands_without_the_frame(visitor):
    page = visitor.get(SIGN_IN).content.decode()
    assert 'class="ways"' not in page and "bottom-bar" not in page
    assert 'autocomplete="current-password"' in page and 'autocapitalize="none"' in page


@pytest.mark.django_db
def test_who_is_signed_in_is_led_home(sign_in):
    assert sign_in(make_user()).get(SIGN_IN)["Location"] == "/"


@pytest.mark.django_db
def test_a_wrong_password_keeps_the_name_and_nothing_else(visitor):
    make_user(username="anh")
    answer = attempt(visitor, "anh", "sai-mat-khau-rat-dai")
    page = answer.content.decode()
    assert answer.status_code == 200 and 'value="anh"' in page
    assert "sai-mat-khau-rat-dai" not in page
    assert "The name or the password is not right" in page


@pytest.mark.django_db
def test_known_unknown_disabled_and_demo_names_get_the_same_answer(visitor, settings):
    settings.LOCAL = False
    make_user(username="known")
    make_user(username="disabled", is_active=False)
    make_user(username="demo", is_demo=True)
    make_user(username="known2")
    answers = {}
    for username, password in (
        ("known", "sai"),
        ("unknown", PASSWORD),
        ("disabled", PASSWORD),
        ("demo", PASSWORD),
        ("x" * 150, "sai"),
        ("x" * 300, "sai"),
        ("\ufdfa" * 150, "sai"),
        ("a\x00b", "sai"),
        ("known2", "x" * 4097),
    ):
        answer = attempt(visitor, username, password)
        page = without_tokens(answer.content).replace(f'value="{username}"', "value")
        answers.setdefault((answer.status_code, re.sub(r"<input[^>]*username[^>]*>", "", page)), []).append(username)
    # A name with a character that no name can have is refused beside the field, in the same words.
    assert sorted(map(len, answers.values())) == [1, 8]
    assert {200} == {status for status, _page in answers}
    assert all("The name or the password is not right" in page for _status, page in answers)


@pytest.mark.django_db
def test_a_password_that_nobody_can_have_is_not_looked_at(visitor, monkeypatch):
    """Marks on one letter are sorted in the square of their number, with the whole process held."""
    tried = []
    monkeypatch.setattr("archiveportal.accounts.backends.one_form", lambda password: tried.append(password) or password)
    assert attempt(visitor, "ai", "a" + "\u0301\u0323" * 2048).status_code == 200
    assert not tried
    attempt(visitor, "ai", "x" * 4096)
    assert tried


@pytest.mark.django_db
def test_every_refusal_hashes_once(visitor, settings, monkeypatch):
    """The cost of a refusal is the hashing of the password: it is paid for every name."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    settings.LOCAL = False
    make_user(username="known")
    make_user(username="disabled", is_active=False)
    make_user(username="demo", is_demo=True)
    encode, calls = MD5PasswordHasher.encode, []

    def counted(self, password, salt):
        calls.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = {}
    for username in ("known", "unknown", "disabled", "demo"):
        calls.clear()
        attempt(visitor, username, "sai-mat-khau")
        counts[username] = len(calls)
    assert set(counts.values()) == {1}, counts


@pytest.mark.django_db
def test_demo_accounts_sign_in_in_local_mode_alone(settings):
    make_user(username="demo", is_demo=True)
    assert attempt(Client(), "demo", PASSWORD).status_code == 302
    client = Client()
    attempt(client, "demo", PASSWORD)
    settings.LOCAL = False
    assert client.get("/").status_code == 302, "a session made in local mode ends"
    assert attempt(Client(), "demo", PASSWORD).status_code == 200
    assert b"demo" not in Client().get(SIGN_IN).content


@pytest.mark.django_db
def test_five_failures_close_the_name_for_the_address(visitor):
    make_user(username="anh")
    make_user(username="binh")
    statuses = [attempt(visitor, "anh").status_code for _try in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    locked = attempt(visitor, "anh", PASSWORD)
    assert locked.status_code == 429
    page = locked.content.decode()
    assert "15 minutes" in page and reverse("accounts:reset") in page
    assert "_auth_user_id" not in visitor.session
    # A colleague in the same office gets in, and so does the person from another address.
    assert attempt(Client(), "binh", PASSWORD).status_code == 302
    assert attempt(Client(REMOTE_ADDR="10.0.0.9"), "anh", PASSWORD).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["anh", "nobody"])
def test_guessing_from_many_addresses_closes_the_name_everywhere(settings, name):
    settings.FAILURES_PER_NAME = 8
    make_user(username="anh")
    make_user(username="binh")
    statuses = [attempt(Client(REMOTE_ADDR=f"10.0.0.{number}"), name).status_code for number in range(9)]
    assert statuses == [200] * 8 + [429]
    refused = attempt(Client(REMOTE_ADDR="10.0.1.1"), name, PASSWORD)
    assert refused.status_code == 429
    assert "8 lần" in refused.content.decode() or "8 times" in refused.content.decode()
    assert attempt(Client(REMOTE_ADDR="10.0.0.1"), "binh", PASSWORD).status_code == 302


@pytest.mark.django_db
def test_spellings_of_one_name_count_together(settings):
    """Blanks are cut off and full-width letters folded before a name is looked up, and before it is counted."""
    settings.FAILURES_PER_NAME = 8
    make_user(username="anh")
    for number, name in enumerate(("anh", " anh", "anh ", "ａｎｈ") * 2):
        assert attempt(Client(REMOTE_ADDR=f"10.0.0.{number}"), name).status_code == 200
    assert attempt(Client(REMOTE_ADDR="10.0.1.1"), "anh", PASSWORD).status_code == 429
    # Another case is another name, which no account has.
    assert attempt(Client(REMOTE_ADDR="10.0.1.2"), "ANH", PASSWORD).status_code == 200


@pytest.mark.django_db
def test_unknown_names_are_closed_in_the_same_way(visitor):
    assert [attempt(visitor, "nobody").status_code for _try in range(6)] == [200, 200, 200, 200, 429, 429]


@pytest.mark.django_db
def test_the_lock_ends_15_minutes_after_the_fifth_failure(visitor):
    from datetime import timedelta

    from axes.models import AccessAttempt

    make_user(username="anh")
    for _try in range(8):
        attempt(visitor, "anh")
    row = AccessAttempt.objects.get()
    assert row.failures_since_start == 5, "tries during the lock do not make it longer"
    AccessAttempt.objects.update(attempt_time=row.attempt_time - timedelta(minutes=14, seconds=50))
    assert attempt(visitor, "anh", PASSWORD).status_code == 429
    AccessAttempt.objects.update(attempt_time=row.attempt_time - timedelta(minutes=15, seconds=10))
    assert attempt(visitor, "anh", PASSWORD).status_code == 302


@pytest.mark.django_db
def test_a_right_password_clears_the_count(visitor):
    make_user(username="anh")
    for _try in range(4):
        attempt(visitor, "anh")
    assert attempt(visitor, "anh", PASSWORD).status_code == 302
    assert [attempt(Client(), "anh").status_code for _try in range(4)] == [200] * 4


@pytest.mark.django_db
def test_forged_addresses_and_browsers_do_not_help(visitor):
    make_user(username="anh")
    statuses = [
        attempt(
            visitor,
            "anh",
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}",
            HTTP_X_REAL_IP=f"203.0.113.{number}",
            HTTP_FORWARDED=f"for=203.0.113.{number}",
            HTTP_USER_AGENT=f"Browser {number}",
        ).status_code
        for number in range(6)
    ]
    assert statuses == [200, 200, 200, 200, 429, 429]


@pytest.mark.django_db
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(settings):
    settings.PROXY_COUNT = 1
    make_user(username="anh")
    proxy = Client(REMOTE_ADDR="10.0.0.1")
    statuses = [
        attempt(proxy, "anh", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.7").status_code
        for number in range(5)
    ]
    assert statuses[-1] == 429
    # Somebody else behind the same proxy.
    assert attempt(proxy, "anh", PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1", "10.0.0.1"),
        (1, "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1", "10.0.0.1"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1", "10.0.0.1"),
        (1, "2001:DB8::1", "10.0.0.1", "2001:db8::1"),
        (0, "", "", None),
    ],
)
def test_the_address_of_a_request(settings, rf, proxies, forwarded, remote, address):
    settings.PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


HOSTILE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "http:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "\t//evil.example",
    "/%09/evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "ftp://testserver/",
    "data:text/html,x",
    "//testserver:80@evil.example",
    "http://[::1",
    "/don-vi/\r\nSet-Cookie: a=b",
    # Words that Django would look up as the name of a view.
    "-1",
    "accounts:sign-out",
]


@pytest.mark.django_db
@pytest.mark.parametrize("target", HOSTILE)
def test_hostile_next_values_stay_on_the_site(target, visitor):
    make_user(username="anh")
    page = visitor.get(SIGN_IN, {"next": target})
    assert page.status_code == 200
    for where in ({"data": {"next": target}}, {"data": {}, "query_params": {"next": target}}):
        client = Client()
        data = {"username": "anh", "password": PASSWORD} | where.pop("data")
        answer = client.post(SIGN_IN, data, **where)
        assert answer.status_code == 302
        location = answer["Location"]
        assert location.startswith("/") and not location.startswith(("//", "/\\")), location
        assert "\n" not in location and "\r" not in location
        assert "Set-Cookie" not in answer.headers


@pytest.mark.django_db
@pytest.mark.parametrize("target", HOSTILE)
def test_hostile_next_values_of_who_is_signed_in_stay_on_the_site(target, sign_in):
    answer = sign_in(make_user()).get(SIGN_IN, {"next": target})
    assert answer.status_code == 302
    location = answer["Location"]
    assert location.startswith("/") and not location.startswith(("//", "/\\"))


@pytest.mark.django_db
def test_the_gate_never_sends_off_site(client):
    for path in ("//evil.example/don-vi/", "/\\evil.example"):
        answer = client.get(path)
        assert answer.status_code in (302, 404)
        assert "next=%2F%2Fevil" not in answer.get("Location", "")
    answer = client.post("/dao-tao/", HTTP_REFERER="https://evil.example/dao-tao/")
    assert answer["Location"] == SIGN_IN


@pytest.mark.django_db
def test_sign_out_needs_post_and_works_twice(sign_in):
    client = sign_in(make_user())
    assert client.get("/tai-khoan/dang-xuat/").status_code == 405
    for _time in range(2):
        answer = client.post("/tai-khoan/dang-xuat/", {"next": "https://evil.example/"})
        assert answer["Location"] == SIGN_IN
    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_forms_need_their_token():
    make_user(username="anh")
    client = Client(enforce_csrf_checks=True)
    assert attempt(client, "anh", PASSWORD).status_code == 403


@pytest.mark.django_db
def test_a_get_changes_no_account(sign_in):
    person = make_user(Role.ADMINISTRATOR)
    before = list(User.objects.values())
    client = sign_in(person)
    before = list(User.objects.values())
    for name in ("list", "create", "change-password", "reset", "reset-done", "reset-complete"):
        client.get(reverse(f"accounts:{name}"))
    assert list(User.objects.values()) == before
