"""Files of a self-assessment on a slow line, and without one: kept on the telephone, sent once, said at their place."""

import re

import pytest
from playwright.sync_api import expect

from criteria.inspections.models import SelfEvidence
from tests.e2e.conftest import policy_faults, until_true
from tests.e2e.test_offline import all_sent, photograph, sign_in
from tests.e2e.test_photographs import SLOW, camera_photograph
from tests.e2e.test_self import address  # noqa: F401

pytestmark = pytest.mark.usefixtures("address")
LINE = {"offline": False, "latency": 50, "downloadThroughput": -1, "uploadThroughput": -1}


def open_self(page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#TC01 input[type=file]", state="attached")


def test_three_files_chosen_without_a_network_arrive_once(device, open_page, portal, address):  # noqa: F811
    context = device()
    page = context.new_page()
    sign_in(page, portal, "quan10")
    open_self(page, address)
    faults = policy_faults(page)
    context.set_offline(True)
    page.locator("#TC01 input[type=file]").set_input_files([photograph(1), photograph(2)])
    page.locator("#TC02 input[type=file]").set_input_files([camera_photograph("kho.jpg")])
    expect(page.locator("[data-waiting-photo]")).to_have_count(3)
    expect(page.locator("#TC01 [data-why]").first).to_have_text("đang chờ mạng")
    page.close(run_before_unload=False)

    other = open_page("quan10", 390)
    open_self(other, address)
    other.locator("#TC01 input[type=file]").set_input_files([photograph(4)])
    until_true(other, lambda: SelfEvidence.objects.count() == 1)
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    all_sent(page)
    expect(page.locator("#TC01 .shown img")).to_have_count(3)
    page.goto(address)
    expect(page.locator("#TC01 .shown img")).to_have_count(3)
    expect(page.locator("#TC02 .shown img")).to_have_count(1)
    files = {piece.file.name: piece.file for piece in SelfEvidence.objects.select_related("file")}
    assert sorted(files) == ["kho-1.jpg", "kho-2.jpg", "kho-4.jpg", "kho.jpg"]
    assert SelfEvidence.objects.count() == 4 and faults == []
    assert files["kho.jpg"].size < len(camera_photograph("kho.jpg")["buffer"]) / 2


def test_a_slow_line_says_how_far_it_is_and_a_file_can_be_given_up(open_page, address):  # noqa: F811
    page = open_page("quan10", 390)
    open_self(page, address)
    page.on("dialog", lambda dialog: dialog.accept())
    line = page.context.new_cdp_session(page)
    line.send("Network.emulateNetworkConditions", LINE | {"uploadThroughput": SLOW})
    false = {"name": "quyet-dinh.pdf", "mimeType": "application/pdf", "buffer": b"no document"}
    page.locator("#TC01 input[type=file]").set_input_files([camera_photograph("kho.jpg"), false])
    first = page.locator("#TC01 [data-waiting-photo]").first
    expect(first.locator("[data-why]")).to_have_text(re.compile(r"^Đang gửi ảnh 1/\d · \d+%$"))
    first.get_by_role("button", name="Bỏ").click()
    line.send("Network.emulateNetworkConditions", LINE)
    expect(page.locator("#TC01 [data-waiting-photo]")).to_have_count(1)
    expect(page.locator("#TC01 [data-why]")).to_have_text(re.compile("^Không nhận: Nội dung"))
    expect(page.get_by_role("button", name="Gửi lại")).to_be_visible()
    assert not SelfEvidence.objects.exists()
