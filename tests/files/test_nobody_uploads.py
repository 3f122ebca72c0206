"""Bodies of people who are not signed in reach neither memory nor disk, at whatever address."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from archiveportal.files import uploads
from tests.support.factories import make_user
from tests.support.pictures import photograph
from tests.test_access import MATRIX, address_of

BODY = (
    b'--grenze\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\n" + photograph() + b"\r\n--grenze--\r\n"
)
MULTIPART = "multipart/form-data; boundary=grenze"


@pytest.fixture
def written(monkeypatch, settings) -> list[str]:
    """Names of the files that a handler began to keep; every file is large enough for the disk."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    found: list[str] = []
    begun = uploads.Incoming.__init__

    def begin(self, name, *arguments, **options):
        found.append(name)
        begun(self, name, *arguments, **options)

    monkeypatch.setattr(uploads.Incoming, "__init__", begin)
    return found


def test_nothing_of_a_stranger_is_kept_at_any_address(cast, written):
    visitor = Client()
    places = [place for place in MATRIX if not place.endswith("@cangio")]
    addresses = [address_of(place, "", cast) for place in places]
    for address in [*addresses, "/khong-co-trang-nay/", "/tep/999999/"]:
        for client in (visitor, Client(enforce_csrf_checks=True)):
            client.post(address, {"file": SimpleUploadedFile("a.jpg", photograph())})
    assert len(addresses) > 100 and written == []


def test_a_session_that_ended_is_a_stranger_too(cast, written, sign_in):
    client = sign_in(cast.inspector)
    address = reverse("inspections:finding-answer", args=[1])
    client.post(address, {"files": SimpleUploadedFile("a.jpg", photograph())})
    # Whoever is signed in is read: the watch would notice a file.
    assert written == ["a.jpg"]
    client.post(reverse("accounts:sign-out"))
    client.post(address, {"files": SimpleUploadedFile("a.jpg", photograph())})
    assert written == ["a.jpg"]


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["", "0"])
def test_a_body_without_its_length_is_not_read(written, sign_in, length):
    """Sent in chunks, it has no length: the server hands it on, and nothing of it is read."""
    chunked = {"CONTENT_LENGTH": length, "HTTP_TRANSFER_ENCODING": "chunked"}
    for client in (Client(), sign_in(make_user())):
        answer = client.generic("POST", "/tai-khoan/dang-nhap/", BODY, content_type=MULTIPART, **chunked)
        assert answer.status_code in (200, 302, 403)
    assert written == []
