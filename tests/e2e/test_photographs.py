"""A photograph on a slow line: made smaller on the device, it says how far it is and holds no answer up."""

import io
import os
import re
import threading

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from criteria.inspections.models import Evidence
from criteria.inspections.services import evidence as services
from criteria.inspections.views import evidence as views
from tests.e2e.conftest import until_true
from tests.e2e.test_autosave import choose, open_checklist, wait_for_state
from tests.e2e.test_offline import all_sent

#: bytes a second
SLOW = 25_000
#: pixels of the photographs of the long journey: a telephone's own in the drill `slow_line`, which takes minutes
WIDTH, HEIGHT = map(int, os.environ.get("PORTAL_PHOTOGRAPHS", "600x450").split("x"))
ORIENTATION = 0x0112
TURNED_RIGHT = 6


def camera_photograph(name: str, width: int = 3200, height: int = 2400) -> dict:
    """Return a file as a telephone held upright writes it: lying, with the word that it is to be turned."""
    picture = Image.effect_noise((width // 8, height // 8), 60).resize((width, height)).convert("RGB")
    ImageDraw.Draw(picture).rectangle((0, 0, width // 2, height // 4), fill=(200, 30, 30))
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=95, exif=exif)
    return {"name": name, "mimeType": "image/jpeg", "buffer": written.getvalue()}


def test_photographs_arrive_on_a_slow_line_and_answers_before_them(open_page, ward):
    url, _enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    line = page.context.new_cdp_session(page)
    conditions = {"offline": False, "latency": 50, "downloadThroughput": -1, "uploadThroughput": SLOW}
    line.send("Network.emulateNetworkConditions", conditions)
    large = camera_photograph("kho.jpg")
    page.locator("#TC15 input[type=file]").set_input_files([large, camera_photograph("giá.jpg", 900, 600)])
    leaving = page.locator("#TC15 [data-why]").first
    expect(leaving).to_have_text(re.compile(r"^đang lưu \d+%$"))
    choose(page, 1, "met")
    wait_for_state(page, "TC01", "saved")
    assert Evidence.objects.count() == 0
    line.send("Network.emulateNetworkConditions", conditions | {"uploadThroughput": -1})
    all_sent(page)
    until_true(page, lambda: Evidence.objects.count() == 2)
    files = {evidence.file.name: evidence.file for evidence in Evidence.objects.select_related("file")}
    assert sorted(files) == ["giá.jpg", "kho.jpg"]
    with files["kho.jpg"].original.open() as kept, Image.open(kept) as picture:
        # Upright, and the corner that was above on the telephone is above.
        assert picture.size == (1920, 2560) and not picture.getexif()
        below = picture.crop((1500, 2200, 1900, 2500)).resize((1, 1), Image.Resampling.BOX)
        assert picture.getpixel((1800, 100))[0] > 150 > below.getpixel((0, 0))[0]
    assert files["kho.jpg"].size < len(large["buffer"]) / 2
    # What is small enough stays as the camera wrote it.
    with files["giá.jpg"].original.open() as kept, Image.open(kept) as picture:
        assert picture.size == (900, 600) and picture.getexif()[ORIENTATION] == TURNED_RIGHT


def test_three_photographs_arrive_to_the_end_while_one_goes_on(open_page, ward):
    """The line stays as slow as it is; the page moves on meanwhile, to the minutes and back."""
    url, _enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 50, "downloadThroughput": -1, "uploadThroughput": SLOW},
    )
    names = ["kho.jpg", "giá.jpg", "cửa.jpg"]
    page.locator("#TC15 input[type=file]").set_input_files([camera_photograph(name, WIDTH, HEIGHT) for name in names])
    for number in (1, 2):
        choose(page, number, "met")
        wait_for_state(page, f"TC{number:02d}", "saved")
    until_true(page, lambda: Evidence.objects.count() == 1, 240)
    page.goto(f"{url}bien-ban/")
    expect(page.locator("[data-waits]")).to_have_text(re.compile(r"^Đang gửi ảnh 1/2 · \d+%$"))
    page.goto(url)
    for count in (2, 3):
        until_true(page, lambda count=count: Evidence.objects.count() == count, 240)
    assert [evidence.file.name for evidence in Evidence.objects.select_related("file").order_by("pk")] == names
    expect(page.locator("[data-waits]")).to_be_hidden()
    expect(page.locator("#TC15 [data-evidence-list] li")).to_have_count(len(names))


def test_what_has_left_is_not_sent_again_from_the_next_page_or_another_tab(open_page, ward, portal, monkeypatch):
    """The page changes while the receipt of a photograph is on its way, and two more wait."""
    received, may_answer = [], threading.Event()
    check, render = services.check_file, views.render_to_string

    def noted(*, upload, kinds):
        received.append(upload.name)
        return check(upload=upload, kinds=kinds)

    def held(*given):
        may_answer.wait(30)
        return render(*given)

    monkeypatch.setattr(services, "check_file", noted)
    monkeypatch.setattr(views, "render_to_string", held)
    url, _enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    names = ["kho.jpg", "giá.jpg", "cửa.jpg"]
    page.locator("#TC15 input[type=file]").set_input_files([camera_photograph(name, 1600, 1200) for name in names])
    until_true(page, lambda: Evidence.objects.count() == 1)
    page.goto(f"{portal}/thong-bao/")
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 50, "downloadThroughput": -1, "uploadThroughput": 2 * SLOW},
    )
    other = page.context.new_page()
    other.goto(f"{portal}/don-vi/")
    may_answer.set()
    for tab in (page, other):
        expect(tab.locator("[data-waits]")).to_have_text(re.compile(r"^Đang gửi ảnh [12]/\d · \d+%$"))
    all_sent(page)
    expect(page.locator("[data-waits]")).to_be_hidden()
    assert received == names
    assert Evidence.objects.count() == len(names)
