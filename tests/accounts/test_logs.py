"""S21: each event of a security review is one line, whatever it carries."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from archiveportal.files.services import keep_file
from archiveportal.files.uploads import LARGEST_REQUEST
from archiveportal.logs import OneLine, log_event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment
from criteria.inspections.services import approve_inspection
from tests.support.factories import PASSWORD, answer, make_user, submit_signed
from tests.support.inspections import photograph

SIGN_IN = "/tai-khoan/dang-nhap/"


@pytest.mark.django_db
def test_signing_in_and_out_and_refusals(log_lines):
    person = make_user(username="anh")
    client = Client(REMOTE_ADDR="10.1.2.3")
    client.post(SIGN_IN, {"username": "anh", "password": "sai-mat-khau"})
    client.post(SIGN_IN, {"username": "anh", "password": PASSWORD})
    client.post("/tai-khoan/dang-xuat/")
    for name in ("sign-in refused", "signed in", "signed out"):
        (line,) = log_lines.named(name)
        assert line["username"] == "anh" and line["address"] == "10.1.2.3", name
    assert log_lines.named("signed in")[0]["user"] == person.pk
    assert not any("sai-mat-khau" in text or PASSWORD in text for text in log_lines.texts)


@pytest.mark.django_db
def test_a_lock_is_logged(log_lines):
    for _try in range(5):
        Client().post(SIGN_IN, {"username": "anh", "password": "sai"})
    assert len(log_lines.named("sign-in locked")) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["a\r\n{}", "a\n2026 INFO signed in quantri", "\x1b[2Ja", "a\u2028b", "a\x85b"])
def test_names_cannot_forge_a_line(log_lines, forged):
    Client().post(SIGN_IN, {"username": forged, "password": "sai"}, HTTP_USER_AGENT=forged.replace("\r\n", " "))
    for text in log_lines.texts:
        assert text.isascii() and text.isprintable(), text
        assert json.loads(text)["event"] == "sign-in refused"
    assert len(log_lines.named("sign-in refused")) == len(log_lines.texts) == 1


@pytest.mark.django_db
def test_a_refusal_is_one_line_with_person_address_and_object(log_lines, sign_in, cast):
    client = sign_in(cast.quan10)
    client.get("/phieu/999999/", REMOTE_ADDR="10.1.2.3")
    client.post("/phieu/1/phe-duyet/", REMOTE_ADDR="10.1.2.3")
    found, refused = log_lines.named("refused")
    assert (found["status"], found["user"], found["address"]) == (404, cast.quan10.pk, "10.1.2.3")
    assert found["object"] == {"pk": 999999}
    assert (refused["status"], refused["page"]) == (403, "inspections:approve")
    assert found["request"] != refused["request"]
    assert not [text for text in log_lines.texts if "trace" in text]


@pytest.mark.django_db
def test_a_form_without_its_token_is_a_line(log_lines, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.inspector, backend="archiveportal.accounts.backends.PortalBackend")
    answer = client.post("/phieu/1/trinh-duyet/", {"version": "0"})
    (line,) = log_lines.named("refused")
    assert (line["status"], line["user"], line["request"]) == (403, cast.inspector.pk, answer["X-Request-ID"])


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/khong-co/", 404), ("/tai-khoan/", 403)])
def test_whoever_is_refused_can_read_the_number_of_the_line(log_lines, sign_in, path, status):
    answer = sign_in(make_user()).get(path)
    (line,) = log_lines.named("refused")
    assert answer.status_code == status
    assert line["request"] in answer.content.decode()


@pytest.mark.django_db
def test_a_wrong_host_is_a_line_without_a_person(log_lines):
    Client().get("/", headers={"host": "evil.example"})
    (line,) = log_lines.named("refused")
    assert (line["status"], line["user"], line["reason"]) == (400, None, "DisallowedHost")
    assert len(log_lines.texts) == 1


def too_many_fields() -> dict:
    return {"data": {f"field{number}": "1" for number in range(6000)}}


def too_much_text() -> dict:
    return {"data": f"note={'x' * 9_000_000}", "content_type": "application/x-www-form-urlencoded"}


def too_many_files() -> dict:
    return {"data": {f"file{number}": SimpleUploadedFile("a.pdf", b"x") for number in range(150)}}


def too_large() -> dict:
    form = "multipart/form-data; boundary=x"
    return {"data": b"x", "content_type": form, "CONTENT_LENGTH": str(LARGEST_REQUEST + 1)}


def no_form_at_all() -> dict:
    return {"data": b"x", "content_type": "multipart/form-data"}


@pytest.mark.django_db
@pytest.mark.parametrize("made", [too_many_fields, too_much_text, too_many_files, too_large, no_form_at_all])
def test_a_form_that_the_portal_does_not_take_is_one_line_without_a_trace(log_lines, sign_in, made):
    person = make_user()
    answer = sign_in(person).post("/phieu/1/", REMOTE_ADDR="10.1.2.3", **made())
    (text,) = log_lines.texts
    line = json.loads(text)
    assert answer.status_code == line["status"] == 400
    assert (line["event"], line["user"], line["address"]) == ("refused", person.pk, "10.1.2.3")
    assert line["object"] == {"pk": 1}
    assert "trace" not in line


@pytest.mark.django_db
def test_a_link_to_a_new_password_is_in_no_line(log_lines):
    Client(enforce_csrf_checks=True).post("/tai-khoan/quen-mat-khau/MQ/secret-token/")
    assert log_lines.named("refused")
    assert "secret-token" not in "".join(log_lines.texts)


def test_values_of_every_kind_stay_within_one_line(log_lines):
    log_event("test", text="a\r\nb\x1b[0m", rows=["c\n", {"d": "\u2029"}], thing=object(), lone="\ud800", name="x")
    (text,) = log_lines.texts
    assert text.isascii() and text.isprintable()
    assert json.loads(text)["text"] == "a\r\nb\x1b[0m"


def test_a_trace_stays_within_one_line():
    import logging
    import sys

    try:
        raise ValueError("a\nb\x1b")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "broken\n%s", ("\r",), sys.exc_info())
    text = OneLine().format(record)
    assert text.isascii() and text.isprintable() and "ValueError" in text


def test_deeds_are_lines_that_name_person_and_object(log_lines, cast, sign_in):
    """An upload, each step up to the approval, an export."""
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    keep_file(upload=photograph(), by=cast.inspector)
    answer(enrolment, cast.inspector, "met")
    inspection = submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    approve_inspection(inspection=inspection, by=cast.approver)
    sign_in(cast.leader).get("/don-vi/?tai=xlsx")
    people = {
        "file stored": cast.inspector, "minutes signed": cast.inspector, "inspection submitted": cast.inspector,
        "inspection approved": cast.approver, "list downloaded": cast.leader,
    }  # fmt: skip
    for name, person in people.items():
        (line,) = log_lines.named(name)
        assert line["user"] == person.pk, name
    assert log_lines.named("inspection approved")[0]["inspection"] == inspection.pk
    assert len(log_lines.texts) == len(people)


def test_a_try_to_approve_ones_own_is_a_line(log_lines, cast):
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    answer(enrolment, cast.approver, "met")
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    with pytest.raises(Refused):
        approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    (line,) = log_lines.named("own hand refused")
    tried = (cast.approver.pk, "approve checklist", enrolment.inspection.pk)
    assert (line["user"], line["step"], line["object"]) == tried
