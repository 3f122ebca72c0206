"""Changing one's password, the first password, and a new one by mail."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from archiveportal.accounts import mail as portal_mail
from archiveportal.accounts import services
from archiveportal.history.models import Event
from tests.support.factories import PASSWORD, make_user

CHANGE = "/tai-khoan/mat-khau/"
RESET = "/tai-khoan/quen-mat-khau/"
NEW = "mot-cum-tu-khac-han"


@pytest.fixture
def at_once(monkeypatch):
    """Mail goes out within the request, so that a test can look at it."""
    monkeypatch.setattr(services, "deliver", portal_mail._send)


def change(client: Client, present: str = PASSWORD, new: str = NEW, repeated: str | None = None):
    data = {"present_password": present, "new_password": new, "repeated": new if repeated is None else repeated}
    return client.post(CHANGE, data)


@pytest.mark.django_db
def test_a_change_is_recorded_without_the_password(sign_in, log_lines):
    person = make_user()
    assert change(sign_in(person)).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
    (event,) = Event.objects.about(person)
    assert "password" in event.changes and NEW not in str(event.changes)
    assert len(log_lines.named("password changed")) == 1
    assert not any(NEW in line or PASSWORD in line for line in log_lines.texts)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"present": "sai"}, "present_password"),
        ({"present": ""}, "present_password"),
        ({"new": "ngan-qua"}, "new_password"),
        ({"new": "123456789012345"}, "new_password"),
        ({"new": "administrator"}, "new_password"),
        ({"new": "tran-thi-thu-huong"}, "new_password"),
        ({"new": " " * 12}, "new_password"),
        ({"new": "aaaaaaaaaaaa"}, "new_password"),
        ({"new": "abababababab"}, "new_password"),
        ({"new": "Hương Hương Hương 1"}, "new_password"),
        ({"new": "huonghuong2026"}, "new_password"),
        ({"new": "vtlt-demo-2019"}, "new_password"),
        ({"new": "VTLT_demo_2019"}, "new_password"),
        ({"new": "matkhau123456"}, "new_password"),
        ({"new": "Mật khẩu @2026"}, "new_password"),
        ({"new": "anhyeuem1990!"}, "new_password"),
        ({"new": "sonoivutphcm2026"}, "new_password"),
        ({"new": "qwertyuiopas"}, "new_password"),
        ({"new": PASSWORD}, "new_password"),
        ({"new": "x" * 5000}, "new_password repeated"),
        ({"repeated": "mot-cum-tu-khac-nua"}, "repeated"),
    ],
)
def test_bad_passwords_are_refused_beside_their_field(sign_in, values, field):
    person = make_user(username="huong", full_name="Tran Thi Thu Huong")
    answer = change(sign_in(person), **values)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == field.split()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    for typed in values.values():
        assert not typed or f'value="{typed}"' not in answer.content.decode()


@pytest.mark.django_db
def test_a_first_password_opens_nothing_but_the_page_to_change_it(sign_in):
    person = make_user(must_change_password=True)
    client = sign_in(person)
    for path in ("/", "/don-vi/", "/don-vi/?tai=xlsx", "/dao-tao/"):
        assert client.get(path)["Location"] == CHANGE
    assert client.post("/dot-kiem-tra/phieu/1/").status_code in (302, 404)
    page = client.get(CHANGE)
    assert page.status_code == 200 and 'action="/tai-khoan/dang-xuat/"' in page.content.decode()
    assert client.post("/ngon-ngu/", {"language": "en"}).status_code in (204, 302)
    assert change(client).status_code == 302
    assert client.get("/don-vi/").status_code == 200


def links() -> list[str]:
    return re.findall(r"http://testserver(/tai-khoan/\S+)", mail.outbox[-1].body)


@pytest.mark.django_db
def test_a_new_password_by_mail(at_once, client, sign_in):
    person = make_user(username="anh", email="anh@tphcm.gov.vn", must_change_password=True)
    assert client.post(RESET, {"name": "ANH@tphcm.gov.vn"})["Location"] == reverse("accounts:reset-done")
    assert mail.outbox[0].to == ["anh@tphcm.gov.vn"] and "anh" in mail.outbox[0].body
    (link,) = links()
    form = client.get(link)
    # The token leaves the address before the form is shown.
    assert form.status_code == 302 and form["Location"].endswith("/moi/")
    weak = client.post(form["Location"], {"new_password": "ngan", "repeated": "ngan"})
    assert weak.status_code == 200 and "new_password" in weak.context["form"].errors
    done = client.post(form["Location"], {"new_password": NEW, "repeated": NEW})
    assert done["Location"] == reverse("accounts:reset-complete")
    assert client.get(done["Location"]).status_code == 200
    person.refresh_from_db()
    assert person.check_password(NEW) and not person.must_change_password
    assert Event.objects.about(person).count() == 1
    # The link worked once; after it the page says so and offers a new one.
    again = Client().get(link)
    assert again.status_code == 200 and reverse("accounts:reset") in again.content.decode()


@pytest.mark.django_db
def test_a_new_password_by_mail_lifts_the_lock(at_once, client):
    make_user(username="anh", email="anh@tphcm.gov.vn")
    for _try in range(5):
        client.post("/tai-khoan/dang-nhap/", {"username": "anh", "password": "sai"})
    client.post(RESET, {"name": "anh"})
    form = client.get(links()[0])["Location"]
    client.post(form, {"new_password": NEW, "repeated": NEW})
    answer = client.post("/tai-khoan/dang-nhap/", {"username": "anh", "password": NEW})
    assert answer.status_code == 302


@pytest.mark.django_db
def test_all_names_get_the_same_answer(at_once, settings):
    settings.LOCAL = False
    make_user(username="known", email="known@tphcm.gov.vn")
    make_user(username="mailless")
    make_user(username="disabled", email="disabled@tphcm.gov.vn", is_active=False)
    make_user(username="demo", email="demo@vtlt.invalid", is_demo=True)
    answers = set()
    for name in ("known", "known@tphcm.gov.vn", "unknown", "mailless", "disabled", "demo", "demo@vtlt.invalid", "a b"):
        client = Client()
        answer = client.post(RESET, {"name": name})
        page = client.get(answer["Location"])
        answers.add((answer.status_code, answer["Location"], re.sub(rb'value="[^"]{64}"', b"", page.content)))
    assert len(answers) == 1
    assert [message.to for message in mail.outbox] == [["known@tphcm.gov.vn"]], "and no second mail within minutes"


@pytest.mark.django_db
def test_a_link_does_not_outlive_the_account(at_once, client, settings):
    person = make_user(username="anh", email="anh@tphcm.gov.vn")
    client.post(RESET, {"name": "anh"})
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    page = Client().get(links()[0])
    assert page.status_code == 200 and "new_password" not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["MQ/abc-def/", "!!!/x/", "OTk5OTk5OTk/moi/", "MQ/moi/", "4pyT/abc/"])
def test_made_up_links_are_answered_calmly(client, path):
    answer = client.get(RESET + path)
    assert answer.status_code == 200 and "new_password" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", " ", "x" * 300, "a\x07b"])
def test_unusable_names_are_refused_beside_the_field(client, name):
    answer = client.post(RESET, {"name": name})
    assert answer.status_code == 200 and answer.context["form"].errors["name"]


@pytest.mark.django_db
def test_a_mail_server_that_fails_is_a_line_in_the_log(settings, log_lines, at_once, client):
    settings.EMAIL_BACKEND = "no.such.Backend"
    make_user(username="anh", email="anh@tphcm.gov.vn")
    assert client.post(RESET, {"name": "anh"}).status_code == 302
    assert len(log_lines.named("mail not sent")) == 1


@pytest.mark.django_db
def test_mail_goes_out_beside_the_request(monkeypatch, client):
    started = []

    class Noted:
        def __init__(self, target, args):
            started.append(args)

        def start(self):
            started.append("started")

    monkeypatch.setattr(portal_mail, "Thread", Noted)
    make_user(username="anh", email="anh@tphcm.gov.vn")
    client.post(RESET, {"name": "anh"})
    assert started[-1] == "started" and not mail.outbox


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    [
        "mot-cum-tu-khac-han",
        "Con mèo nằm trên nóc tủ",
        "tre xanh huong lua chin",
        "K7#pq!vR2x_w9",
        "quan trong la ngu du giac",
    ],
)
def test_words_that_only_one_would_put_together_are_taken(sign_in, password):
    person = make_user(username="huong", full_name="Trần Thị Thu Hương")
    assert change(sign_in(person), new=password).status_code == 302
