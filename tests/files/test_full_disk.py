"""A full disk, uploads that break off, and bodies of people who are not signed in."""

import errno
import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import SkipFile
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from archiveportal.accounts.models import User
from archiveportal.files.services import check_file
from archiveportal.files.uploads import OwnFolder, RefuseHugeRequests
from criteria.inspections.models import Enrolment, Evidence
from tests.support.pictures import photograph


@pytest.fixture
def folder(settings, tmp_path):
    """The store of a server, in a folder of the test."""
    settings.MEDIA_ROOT, settings.INCOMING_DIR = str(tmp_path), str(tmp_path / ".incoming")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
    return tmp_path


@pytest.fixture
def _a_full_disk(monkeypatch):
    """Half of a file is written, then the disk is full."""

    def write_half(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read()[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(FileSystemStorage, "_save", write_half)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("_a_full_disk")
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_full_disk_leaves_nothing_behind_and_is_told(cast, folder, accept):
    enrolment = Enrolment.objects.get(ward__code="27202")
    client = Client(raise_request_exception=False, headers={"accept": accept})
    client.force_login(cast.inspector, backend="archiveportal.accounts.backends.PortalBackend")
    sent = {
        "upload_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "user": cast.inspector.pk,
        "criterion": "TC01",
        "file": SimpleUploadedFile("kho.jpg", photograph(), "image/jpeg"),
    }
    answer = client.post(reverse("inspections:evidence", args=[enrolment.pk]), sent)
    # Words at the form for a person; a device keeps the photograph and sends it again.
    is_script = accept == "application/json"
    assert answer.status_code == (507 if is_script else 200)
    words = answer.json()["message"] if is_script else answer.content.decode()
    assert "kho tệp đã hết chỗ" in words
    assert files_in(folder) == []
    assert not Evidence.objects.exists()


def test_uploads_under_way_lie_in_the_portals_own_folder_and_are_swept(db, folder, capsys):
    handler = OwnFolder(RequestFactory().post("/"))
    handler.new_file("file", "kho.jpg", "image/jpeg", 10, None)
    (under_way,) = files_in(folder / ".incoming")
    handler.file.close()
    assert not under_way.exists()
    left = folder / ".incoming" / "tmpx.upload"
    left.write_bytes(b"x")
    long_ago = time.time() - 100_000
    os.utime(left, (long_ago, long_ago))
    call_command("sweep_files")
    assert capsys.readouterr().out.startswith("1 ")
    assert files_in(folder) == []


def test_an_upload_that_finds_no_room_is_gone_at_once(folder):
    handler = OwnFolder(RequestFactory().post("/"))
    handler.new_file("file", "kho.jpg", "image/jpeg", 10, None)
    # Written to a device that is always full.
    descriptor = os.open("/dev/full", os.O_WRONLY)
    os.dup2(descriptor, handler.file.file.fileno())
    os.close(descriptor)
    with pytest.raises(OSError, match="No space left"):
        handler.receive_data_chunk(b"x" * 2**17, 0)
    assert files_in(folder / ".incoming") == []


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_files_of_strangers_reach_neither_memory_nor_disk(is_signed_in):
    request = RequestFactory().post("/")
    request.user = User(username="anh") if is_signed_in else type("Nobody", (), {"is_authenticated": False})()
    handler = RefuseHugeRequests(request)
    if is_signed_in:
        handler.new_file("file", "kho.jpg", "image/jpeg", 10, None)
    else:
        with pytest.raises(SkipFile):
            handler.new_file("file", "kho.jpg", "image/jpeg", 10, None)


@pytest.mark.django_db
def test_a_device_whose_session_is_over_hears_so_after_it_sent_a_photograph():
    sent = {"file": SimpleUploadedFile("kho.jpg", photograph(), "image/jpeg")}
    answer = Client(headers={"accept": "application/json"}).post("/phieu/1/minh-chung/", sent)
    assert answer.status_code == 401
    assert answer.json()["sign_in"] == reverse("accounts:sign-in")


def test_no_room_for_the_upload_itself_is_said(monkeypatch):
    """A large body goes to the disk before any view sees it."""

    def full(*_anything):
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr("archiveportal.accounts.middleware.RequestGate._watch_clock", full)
    client = Client(raise_request_exception=False)
    page = client.get("/")
    assert page.status_code == 507
    assert "Máy chủ đã hết dung lượng" in page.content.decode()
    answer = client.post("/phieu/1/minh-chung/", headers={"accept": "application/json"})
    assert answer.status_code == 507
    assert "tự gửi lại" in answer.json()["message"]


def test_a_zip_of_many_entries_is_refused_before_it_is_read():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(2000):
            archive.writestr(f"word/{number}.xml", b"")
        archive.writestr("word/document.xml", b"<x/>")
    upload = SimpleUploadedFile("a.docx", content.getvalue())
    with pytest.raises(Exception, match="docx"):
        check_file(upload=upload, kinds=["word"])


@pytest.mark.django_db
def test_the_monitor_reads_that_files_can_be_written_and_how_much_room_is_left(client, folder, monkeypatch):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "free for files: " in answer.content.decode()
    assert files_in(folder) == []
    monkeypatch.setattr(FileSystemStorage, "_save", lambda *_anything: (_ for _ in ()).throw(OSError(errno.EROFS, "")))
    assert client.get("/readyz").content == b"storage: not ready"


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (type("DiskFull", (Exception,), {"pgcode": "53100"}), 507),
        (type("Full", (Exception,), {"sqlite_errorname": "SQLITE_FULL"}), 507),
        (type("Gone", (Exception,), {"pgcode": None}), 503),
    ],
)
def test_a_full_disk_of_the_database_is_told_apart_from_one_that_does_not_answer(monkeypatch, cause, status):
    def fail(*_anything):
        raise OperationalError from cause()

    monkeypatch.setattr("archiveportal.accounts.middleware.RequestGate._watch_clock", fail)
    assert Client(raise_request_exception=False).get("/").status_code == status
