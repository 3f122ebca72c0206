"""A full disk at the portal: what it has no room for stays on the device, which says why and sends it again, once."""

import errno
import os

import pytest
from django.core.files.storage import InMemoryStorage
from playwright.sync_api import expect

from criteria.inspections.models import Evidence, SelfEvidence
from tests.e2e.conftest import policy_faults
from tests.e2e.test_autosave import choose, open_checklist, result, wait_for_state
from tests.e2e.test_offline import all_sent, photograph
from tests.e2e.test_self import address  # noqa: F401
from tests.e2e.test_self_files import open_self
from tests.e2e.test_self_pieces import form_at, press_save, type_document

STATE = "đang chờ, máy chủ đã hết dung lượng; sẽ tự gửi lại"
NOTE = (
    "Máy chủ đã hết dung lượng. Vẫn làm tiếp được: nội dung được giữ trên máy này "
    "và được gửi khi máy chủ có chỗ trở lại."
)


class Disk:
    """The store of the portal's files, which takes none while it is full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.is_full = True
        self.refused = 0
        save = InMemoryStorage._save

        def save_with_room(storage, name, content):
            if self.is_full:
                self.refused += 1
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return save(storage, name, content)

        monkeypatch.setattr(InMemoryStorage, "_save", save_with_room)


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def test_a_photograph_waits_for_room_and_answers_do_not(open_page, ward, portal, disk):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    faults = policy_faults(page)
    open_checklist(page, url)
    page.locator("#TC15 input[type=file]").set_input_files([photograph(1)])
    expect(page.locator("#TC15 [data-why]")).to_have_text(STATE)
    expect(page.locator("[data-device-note]")).to_contain_text(NOTE)
    expect(page.locator("[data-saved-state]")).to_have_text("đang chờ, máy chủ đã hết dung lượng (1)")
    choose(page, 1, "met")
    wait_for_state(page, "TC01", "saved")
    assert result(enrolment, 1).outcome == "met"
    expect(page.locator("#TC15 [data-why]")).to_have_text(STATE)
    page.goto(f"{portal}/ngoai-tuyen/")
    expect(page.locator("[data-rests]")).to_contain_text(NOTE)
    expect(page.locator("[data-queue-list] li")).to_contain_text(STATE)
    # Each page that is opened tries again, and nothing is left of what was refused.
    assert disk.refused >= 2 and not Evidence.objects.exists()
    disk.is_full = False
    page.goto(url)
    all_sent(page)
    expect(page.locator("#TC15 [data-evidence-list] li")).to_have_count(1)
    assert Evidence.objects.get().file.name == "kho-1.jpg" and faults == []


@pytest.mark.usefixtures("address")
def test_files_of_a_self_assessment_wait_for_room(open_page, address, disk):  # noqa: F811
    page = open_page("quan10", 390, reduced_motion="reduce")
    faults = policy_faults(page)
    open_self(page, address)
    page.locator("#TC01 input[type=file]").set_input_files([photograph(1), photograph(2)])
    expect(page.locator("#TC01 [data-why]")).to_have_text([STATE, STATE])
    form_at(page, "TC02")
    type_document(page)
    page.locator("form[data-piece] input[type=file]").set_input_files([photograph(3)])
    press_save(page)
    expect(page.locator("#TC02 [data-why]")).to_have_text(NOTE)
    page.goto(address)
    expect(page.locator("#TC01 [data-why]")).to_have_text([STATE, STATE])
    expect(page.locator("#TC02 [data-why]")).to_have_text(NOTE)
    assert disk.refused and not SelfEvidence.objects.exists()
    disk.is_full = False
    page.goto(address)
    all_sent(page)
    page.goto(address)
    expect(page.locator("#TC01 .shown img")).to_have_count(2)
    expect(page.locator("#TC02 .shown img")).to_have_count(1)
    assert sorted(SelfEvidence.objects.values_list("file__name", flat=True)) == ["kho-1.jpg", "kho-2.jpg", "kho-3.jpg"]
    assert faults == []
