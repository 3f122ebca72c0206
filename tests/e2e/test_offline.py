"""A day without a network: checklists loaded before, answered in a store room, sent afterwards; for one person."""

import datetime
import io
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from archiveportal.accounts.models import User
from archiveportal.history.models import Event
from criteria.inspections.forms.minutes import MinutesForm
from criteria.inspections.models import Evidence, KeptAnswer, Result
from criteria.inspections.services import save_minutes
from criteria.inspections.services.minutes_merge import FIELDS
from tests.e2e.conftest import PASSWORD, give, policy_faults, until, until_true
from tests.support.factories import answer as answer_at_once


def sign_in(page, portal: str, name: str = "kiemtra") -> None:
    page.goto(f"{portal}/tai-khoan/dang-nhap/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    # The first time it leads to what a beginner reads.
    page.wait_for_url(lambda address: "/dang-nhap/" not in address)
    page.goto(f"{portal}/")


def ask_to_sign_out(page) -> None:
    page.locator(".person-menu").evaluate("menu => { menu.open = true }")
    page.locator(".person-menu form button").click()


def sign_out(page, choice: str = "") -> None:
    ask_to_sign_out(page)
    if choice:
        page.locator(f"dialog[open] button[value={choice}]").click()
    page.wait_for_url("**/tai-khoan/dang-nhap/**")


def load_checklists(page, portal: str) -> None:
    page.goto(f"{portal}/")
    page.locator("[data-load-all]").click()
    until(page, "!document.querySelector('[data-load]:not([data-loaded])')")
    until(page, "!document.querySelector('[data-load-all]').disabled")


def open_checklist(page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("form.saves-itself")


def photograph(number: int) -> dict:
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), (number * 40 % 255, 90, 120)).save(picture, "JPEG")
    return {"name": f"kho-{number}.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def answer(page, numbers, outcome: str = "met") -> None:
    for number in numbers:
        give(page, number, outcome)


def all_sent(page) -> None:
    until(
        page,
        """async () => (await portal.store.entries((await portal.store.fact('person')).id)).length === 0""",
    )


@pytest.mark.smoke
def test_fifty_answers_and_five_photographs_without_a_network(device, portal, two):
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    load_checklists(page, portal)
    context.set_offline(True)

    for url, _enrolment in two:
        open_checklist(page, url)
        page.wait_for_selector("[data-device-note]:visible")
        page.fill("input[name=inspected_on]", "14/10/2019")
        page.fill("input[name$=-number]", "1.200")
        answer(page, set(range(1, 24)) - {3, 7})
        answer(page, (3, 7), "not_met")
        page.locator("input[type=file]").nth(0).set_input_files([photograph(1), photograph(2)])
        until(page, "document.querySelectorAll('[data-waiting-photo]').length === 2")
    page.locator("input[type=file]").nth(4).set_input_files([photograph(5)])
    until(page, "document.querySelectorAll('[data-waiting-photo]').length === 3")
    until(page, "async () => (await portal.store.entries(portal.autosave.user)).length === 55")
    waiting = page.evaluate("portal.store.entries(portal.autosave.user)")
    assert [each["kind"] for each in waiting].count("answer") == 50
    assert [each["kind"] for each in waiting].count("photo") == 5
    assert Result.objects.filter(inspection__enrolment__in=[each for _url, each in two]).count() == 0

    # A stock sentence goes into the note, which was loaded with the checklist.
    unfold(page, "TC02")
    page.locator("#TC02 details.note summary").click()
    page.locator("#TC02 .sentences").select_option(index=1)
    expect(page.locator("textarea[name=TC02-note]")).to_have_value(re.compile(r".{6}"))

    # The browser is closed and opened again, still without a network, at the portal's first page.
    context.close()
    context = device()
    context.set_offline(True)
    page = context.pages[0]
    faults = policy_faults(page)
    page.goto(f"{portal}/")
    page.wait_for_url(f"{portal}/ngoai-tuyen/")
    until(page, "document.querySelectorAll('[data-queue-list] li').length === 55")
    open_checklist(page, two[1][0])
    # What the device kept comes into the page one after the other.
    until(page, "document.querySelector('input[name=TC07-outcome][value=not_met]').checked")
    until(page, "document.querySelectorAll('[data-waiting-photo]').length === 3")
    assert page.locator("[data-waiting-photo] img").first.evaluate(
        "image => image.decode().then(() => image.naturalWidth)"
    )

    context.set_offline(False)
    all_sent(page)
    for _url, enrolment in two:
        inspection = enrolment.inspection
        inspection.refresh_from_db()
        assert (inspection.met_criteria, inspection.open_criteria) == (21, 0)
        events = Event.objects.about(inspection).filter(via="offline")
        events = [event for event in events if {"outcome", "number"} & set(event.changes)]
        names = sorted(str(result.criterion) for result in inspection.results.select_related("criterion"))
        assert len(names) == 24
        assert sorted(event.object_name for event in events) == names
        assert set(inspection.results.values_list("version", flat=True)) == {1}
        assert str(inspection.inspected_on) == "2019-10-14"
    assert [Evidence.objects.filter(inspection=each.inspection).count() for _url, each in two] == [2, 3]
    assert not KeptAnswer.objects.exists()
    assert faults == []


def unfold(page, place: str) -> None:
    """Show the whole row of a criterion: one that is answered folds on a phone."""
    button = page.locator(f"#{place}.folded .unfold")
    if button.count():
        button.click()


def test_the_copy_is_of_the_checklists_alone_and_goes_with_signing_out(device, portal, two):
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    load_checklists(page, portal)
    for address in ("/don-vi/", "/dot-kiem-tra/gd1-2019/", "/bao-cao/", two[0][0]):
        page.goto(address if address.startswith("http") else f"{portal}{address}")
    kept = """async () => { const found = []; for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname); }
        return found; }"""
    pages = [path for path in page.evaluate(kept) if not path.startswith("/static/")]
    assert pages
    assert all(path == "/ngoai-tuyen/" or path.startswith("/phieu/") for path in pages)
    sign_out(page)
    until_true(page, lambda: not any(path.startswith("/phieu/") for path in page.evaluate(kept)))
    context.set_offline(True)
    page.goto(two[0][0])
    page.wait_for_url(f"{portal}/ngoai-tuyen/")
    assert "Phường" not in page.locator("main").inner_text()


def test_without_a_worker_loading_says_that_it_failed(open_page):
    page = open_page("kiemtra", 390)
    page.add_init_script("navigator.serviceWorker.register = () => Promise.reject(new Error('refused'))")
    page.reload()
    page.locator("[data-load-all]").click()
    page.wait_for_selector("[data-load-progress].error")
    expect(page.locator("[data-load-all]")).to_be_enabled()
    assert page.locator("[data-load][data-loaded]").count() == 0


def test_what_waits_belongs_to_one_person(device, portal, two):
    (url, enrolment), _other = two
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    open_checklist(page, url)
    page.route("**/luu/", lambda route: route.abort())
    answer(page, [1, 2])
    until(page, "document.querySelector('[data-saved-state]').dataset.state === 'waiting'")
    # Cancel changes nothing; then they stay on the device.
    ask_to_sign_out(page)
    page.locator("dialog[open] button[value=cancel]").click()
    sign_out(page, "keep")
    page.unroute("**/luu/")

    sign_in(page, portal, "kiemtra2")
    open_checklist(page, url)
    assert not page.locator("input[name=TC01-outcome][value=met]").is_checked()
    page.goto(f"{portal}/ngoai-tuyen/")
    page.wait_for_selector("[data-queue]:visible")
    assert page.locator("[data-queue-list] li").count() == 0
    page.wait_for_timeout(500)
    assert not enrolment.inspection.results.exists()
    sign_out_here(page, portal)

    sign_in(page, portal)
    open_checklist(page, url)
    all_sent(page)
    assert enrolment.inspection.results.filter(outcome="met", changed_by__username="kiemtra").count() == 2


def sign_out_here(page, portal: str) -> None:
    page.goto(f"{portal}/")
    sign_out(page)


def test_deleting_at_sign_out_leaves_nothing(device, portal, two):
    (url, enrolment), _other = two
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    open_checklist(page, url)
    page.route("**/luu/", lambda route: route.abort())
    answer(page, [1])
    until(page, "document.querySelector('[data-saved-state]').dataset.state === 'waiting'")
    sign_out(page, "delete")
    page.unroute("**/luu/")
    sign_in(page, portal)
    open_checklist(page, url)
    assert not page.locator("input[name=TC01-outcome][value=met]").is_checked()
    page.wait_for_timeout(300)
    assert not enrolment.inspection.results.exists()


def test_a_clock_three_days_wrong(device, portal, two):
    (url, enrolment), _other = two
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    page.clock.install(time=datetime.datetime.now() + datetime.timedelta(days=3))
    page.goto(url)
    page.clock.resume()
    page.wait_for_selector("form.saves-itself")
    # A colleague answers meanwhile, so that the answer is kept with the time of its typing.
    answer_at_once(enrolment, User.objects.get(username="kiemtra2"), {1: "not_met"})
    answer(page, [1])
    page.wait_for_selector("#TC01 [data-state=differing]")
    off = KeptAnswer.objects.get().made_at - datetime.datetime.now(datetime.UTC)
    assert abs(off) < datetime.timedelta(minutes=2)


def test_a_file_saves_what_cannot_be_sent_and_is_taken_in_once(device, portal, two, tmp_path):
    (url, enrolment), _other = two
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    open_checklist(page, url)
    page.route("**/luu/", lambda route: route.abort())
    page.route("**/minh-chung/", lambda route: route.abort())
    answer(page, [1, 2])
    page.locator("input[type=file]").first.set_input_files([photograph(1)])
    page.wait_for_selector("[data-waiting-photo]", state="attached")
    page.goto(f"{portal}/ngoai-tuyen/")
    until(page, "document.querySelectorAll('[data-queue-list] li').length === 3")
    violations = Axe().run(page).response["violations"]
    assert [each["id"] for each in violations if each["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as download:
        page.locator("[data-export]").click()
    file = tmp_path / "file.json"
    download.value.save_as(file)
    assert '"Kết quả": "Đạt"' in file.read_text(encoding="utf-8")
    # A photograph that cannot be read any more is left out, and named.
    page.evaluate("() => { FileReader.prototype.readAsDataURL = () => { throw new Error('gone') } }")
    with page.expect_download() as download:
        page.locator("[data-export]").click()
    part = tmp_path / "part.json"
    download.value.save_as(part)
    page.wait_for_selector("[data-fault]:visible")
    expect(page.locator("[data-fault]")).to_contain_text("kho-1.jpg")
    assert len([item for item in json.loads(part.read_text())["Các mục"] if "Dữ liệu để nhận lại" in item]) == 2
    page.set_input_files("#import-file", part)
    until(page, "document.querySelector('[data-imported]').textContent !== ''")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-delete]").click()
    until(page, "document.querySelectorAll('[data-queue-list] li').length === 0")
    page.unroute("**/luu/")
    page.unroute("**/minh-chung/")
    for _ in range(2):  # the same file twice is taken once
        page.set_input_files("#import-file", file)
        until(page, "document.querySelector('[data-imported]').textContent !== ''")
        all_sent(page)
    assert enrolment.inspection.results.filter(outcome="met", version=1).count() == 2
    assert Evidence.objects.filter(inspection=enrolment.inspection).count() == 1
    file.write_text("{}")
    page.set_input_files("#import-file", file)
    page.wait_for_selector("[data-fault]:visible")


REMARKS = "textarea[name=ward_remarks]"


def write_minutes_without_a_network(context, url: str) -> None:
    """Open the minutes from the copy of the checklist and save them."""
    page = context.pages[0]
    open_checklist(page, url)
    answer(page, [1])
    page.locator("button[value=minutes]").click()
    page.wait_for_url(f"{url}bien-ban/")
    page.fill(REMARKS, "Đã thống nhất tại chỗ.")
    page.locator("button[name=action][value=save]").click()
    page.wait_for_selector("[data-unreached=draftLater]")


def test_minutes_are_written_without_a_network_and_sent_when_it_returns(device, portal, two):
    (url, enrolment), _other = two
    context = device()
    page = context.pages[0]
    faults = policy_faults(page)
    answer_at_once(enrolment, User.objects.get(username="kiemtra"), {5: "met"})
    sign_in(page, portal)
    load_checklists(page, portal)
    context.set_offline(True)
    write_minutes_without_a_network(context, url)
    page.goto(url)
    unfold(page, "TC05")
    page.locator("#TC05 > p > a").first.click()
    expect(page.locator("#TC05 .guidance-text")).to_have_text(re.compile(r".{40}"))
    page.goto(f"{portal}/ngoai-tuyen/")
    until(page, "document.querySelectorAll('[data-queue-list] li').length === 2")
    # It is still there when the copy is opened again.
    page.goto(f"{url}bien-ban/")
    until(page, f"document.querySelector('{REMARKS}').value !== ''")

    context.set_offline(False)
    until_true(page, lambda: enrolment.inspection.minutes.filter(ward_remarks="Đã thống nhất tại chỗ.").exists())
    # The page of the minutes takes the place of its copy.
    page.wait_for_selector("html:not([data-stored]) textarea[name=ward_remarks]")
    all_sent(page)
    until(page, "async () => (await portal.later.letters((await portal.store.fact('person')).id)).length === 0")
    assert Result.objects.filter(inspection=enrolment.inspection, outcome="met").count() == 2
    assert faults == []


def test_minutes_that_a_colleague_changed_meanwhile_are_not_put_over_them(device, portal, two):
    (url, enrolment), _other = two
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    load_checklists(page, portal)
    context.set_offline(True)
    write_minutes_without_a_network(context, url)
    colleague = User.objects.get(username="kiemtra2")
    form = MinutesForm(inspection=enrolment.inspection, minutes=None, by=colleague)
    save_minutes(
        inspection=enrolment.inspection,
        values=dict.fromkeys(("place", "recommendations"), "")
        | {"started_at": None, "ended_at": None}
        | {"ward_remarks": "Của đồng nghiệp.", "copies": 2},
        people=[],
        seen=0,
        made_on=dict(zip(FIELDS, form.details.initial["made_on"].split(), strict=True)),
        by=colleague,
    )
    context.set_offline(False)
    page.goto(f"{portal}/dot-kiem-tra/")
    page.wait_for_selector(f"[data-later-refused] a[href='{url.removeprefix(portal)}bien-ban/']")
    assert enrolment.inspection.minutes.get().ward_remarks == "Của đồng nghiệp."
    page.locator("[data-later-refused] a").click()
    page.locator("[data-draft-choice=draftTake]").click()
    expect(page.locator(REMARKS)).to_have_value("Đã thống nhất tại chỗ.")


def test_checklists_stay_for_the_days_of_the_visit(device, portal, two):
    (_url, enrolment), _other = two
    enrolment.planned_on = timezone.localdate() + datetime.timedelta(days=2)
    enrolment.save()
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    expect(page.locator("[data-load-days]")).to_have_value("3")
    page.locator("[data-load-days]").select_option("7")
    page.locator("[data-load-all]").click()
    until(page, "!document.querySelector('[data-load]:not([data-loaded])')")
    script = "async () => (await portal.store.fact('pages')).map((page) => (page.until - Date.now()) / 3600000)"
    assert all(7 * 24 - 1 < hours <= 7 * 24 for hours in page.evaluate(script))
