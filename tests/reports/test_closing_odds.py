"""What goes wrong at a closing: each a clear message, and nothing half-made."""

import datetime
import errno

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.urls import reverse

from archiveportal.files.models import StoredFile
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Round
from reports.closing.services import close_figures, record_issue
from reports.models import ClosedFile, Closing
from tests.reports.test_closing import details, files_of, pdf, store  # noqa: F401 (a fixture)
from tests.reports.test_closing_pages import filled, issued
from tests.support.factories import make_round

MOMENT = datetime.datetime(2027, 3, 1, 3, 0, tzinfo=datetime.UTC)


@pytest.fixture
def mine(cast) -> Round:
    return make_round()


@pytest.fixture
def full(monkeypatch):
    """Let the disk take so many files, and then a part of the next one."""

    def after(files: int) -> None:
        kept = iter(range(files))

        def save(storage, name, content):
            if next(kept, None) is not None:
                return whole(storage, name, content)
            content.file.truncate(10)
            whole(storage, name, content)
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(FileSystemStorage, "_save", save)

    whole = FileSystemStorage._save
    return after


@pytest.mark.parametrize("files", [0, 1, 2])
def test_a_disk_that_is_full_at_closing(mine, cast, sign_in, store, full, files):  # noqa: F811
    full(files)
    address = reverse("reports:closings", args=["dot-kiem-tra", mine.code])
    page = sign_in(cast.approver).post(address, filled())
    assert page.status_code == 507 and "kho tệp đã hết chỗ" in page.content.decode()
    assert not Closing.objects.exists() and not StoredFile.objects.exists() and not files_of(store)
    assert not Event.objects.filter(object_type="reports.closing").exists()


@pytest.mark.parametrize("files", [0, 1])
def test_a_disk_that_is_full_when_the_number_is_recorded(mine, cast, sign_in, store, full, files):  # noqa: F811
    closing = close_figures(subject=mine, seen=0, by=cast.approver)
    before = files_of(store)
    full(files)
    address = reverse("reports:closing-issue", args=[closing.pk])
    page = sign_in(cast.approver).post(address, issued(upload=pdf()))
    assert page.status_code == 200 and "kho tệp đã hết chỗ" in page.content.decode()
    stored = Closing.objects.get()
    assert (stored.number, stored.version, stored.signed_copy_id) == ("", 1, None)
    assert files_of(store) == before and ClosedFile.objects.count() == len(before)


def test_two_closings_at_the_same_moment(mine, cast):
    with time_machine.travel(MOMENT, tick=False):
        first = close_figures(subject=mine, seen=0, by=cast.approver)
        assert close_figures(subject=mine, seen=0, by=cast.approver) == first
        with pytest.raises(Refused):
            close_figures(subject=mine, seen=0, note="khác", by=cast.approver)
        second = close_figures(subject=mine, seen=1, by=cast.approver)
    assert [closing.sequence for closing in Closing.objects.order_by("pk")] == [1, 2]
    assert first.closed_at == second.closed_at and Closing.objects.first() == second


def test_a_number_that_is_recorded_twice(mine, cast):
    closing = close_figures(subject=mine, seen=0, by=cast.approver)
    for _ in range(2):
        record_issue(closing=closing, details=details(), version=1, by=cast.approver)
    assert closing.files.filter(role="numbered").count() == 1
    assert Event.objects.about(closing).filter(changes__has_key="number").count() == 1
