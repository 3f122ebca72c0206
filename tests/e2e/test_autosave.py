"""The checklist saves itself: each answer once, whatever happens to the tab, the session or the network on the way."""

import os
import random
import re
from itertools import cycle, islice

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from archiveportal.accounts.models import User
from archiveportal.history.models import Event
from criteria.inspections.models import KeptAnswer, Result, Submission
from tests.e2e.conftest import PASSWORD, PATIENCE, policy_faults, until, until_true
from tests.support.factories import answer as give

#: Moments at which a tab closes, and where they lie. The drill `closed_tabs` takes more, each run elsewhere.
MOMENTS = int(os.environ.get("PORTAL_MOMENTS", "6"))
MOMENTS_SEED = int(os.environ.get("PORTAL_MOMENTS_SEED", "2019"))


def open_checklist(page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("form.saves-itself")


def choose(page, number: int, outcome: str) -> None:
    """Choose an answer; on a phone an answered row is unfolded before."""
    folded = page.locator(f"#TC{number:02d}.folded .unfold")
    if folded.is_visible():
        folded.click()
    page.locator(f"input[name=TC{number:02d}-outcome][value={outcome}]").check()


def write_note(page, number: int, text: str) -> None:
    page.locator(f"#TC{number:02d} details.note").evaluate("details => { details.open = true }")
    page.locator(f"textarea[name=TC{number:02d}-note]").press_sequentially(text)


def wait_for_state(page, place: str, state: str) -> None:
    # On a phone a row that is answered folds, with its state.
    page.wait_for_selector(f"#{place} [data-state={state}]", state="attached")


def all_saved(page) -> None:
    """Nothing is being typed, nothing waits, and the bar says so."""
    until(
        page,
        """async () => document.activeElement.type !== 'text'
        && (await portal.store.entries(portal.autosave.user)).length === 0
        && document.querySelector('[data-saved-state]').dataset.state === 'saved'""",
    )


def result(enrolment, number: int) -> Result | None:
    return enrolment.inspection.results.filter(criterion__code=f"TC{number:02d}").first()


def doubled(enrolment) -> list:
    """Answers whose version and events say that something was applied twice."""
    events = Event.objects.about(enrolment.inspection).filter(via__in=["autosave", "offline"])
    return [
        each.criterion.code
        for each in enrolment.inspection.results.select_related("criterion")
        if each.version != events.filter(object_name=str(each.criterion)).count()
    ]


def test_an_answer_is_saved_as_it_is_given(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    choose(page, 1, "met")
    wait_for_state(page, "TC01", "saved")
    expect(page.locator("#TC01 [data-state]")).to_have_text(re.compile(r"\d\d:\d\d"))
    # Nothing that works as it should is read out.
    page.evaluate(READ_OUT)
    write_note(page, 1, "Đã có quy chế")
    page.locator("textarea[name=TC01-note]").blur()
    until(page, "document.querySelector('[name=TC01-seen]').value.startsWith('2:')")
    assert page.evaluate("window.readOut") == []
    assert (result(enrolment, 1).outcome, result(enrolment, 1).note) == ("met", "Đã có quy chế")
    # What the hidden fields say is true, so that the form itself finds nothing left to save.
    enrolment.inspection.refresh_from_db()
    expect(page.locator("input[name=version]")).to_have_value(str(enrolment.inspection.version))
    page.fill("input[name=inspected_on]", "14/10/2019")
    page.locator("input[name=inspected_on]").blur()
    all_saved(page)
    until(page, "document.querySelector('[name=shown_on]').value === '2019-10-14'")
    enrolment.inspection.refresh_from_db()
    assert str(enrolment.inspection.inspected_on) == "2019-10-14"
    assert doubled(enrolment) == []


READ_OUT = """() => {
    window.readOut = [];
    const note = (changes) => { for (const { target } of changes) window.readOut.push(target.textContent); };
    for (const node of document.querySelectorAll("[role=status], [role=alert], [aria-live]"))
        new MutationObserver(note).observe(node, { childList: true, characterData: true, subtree: true });
}"""


def test_a_value_that_is_wrong_waits_to_be_corrected(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    fact = page.locator("input[name$=-number]").first
    place = fact.evaluate("input => input.closest('[data-criterion]').id")
    fact.fill("bốn chục")
    fact.blur()
    wait_for_state(page, place, "refused")
    expect(page.locator(f"#{place} [data-state]")).to_have_text(re.compile(r".{16}"))
    assert not enrolment.inspection.results.exists()
    # It is still there after the tab was closed, and the corrected value goes.
    page.reload()
    wait_for_state(page, place, "refused")
    expect(fact).to_have_value("bốn chục")
    fact.fill("1.200")
    fact.blur()
    wait_for_state(page, place, "saved")
    assert enrolment.inspection.results.get().number == 1200
    for typed, is_low in (("1", True), ("1 200", False), ("1 m²", True), ("1.200 m2", False)):
        page.fill("[name=TC15-number]", typed)
        expect(page.locator("#TC15 [data-warning]")).to_be_visible(visible=is_low)


def test_the_receipt_is_lost_and_the_answer_is_sent_again_as_the_same_one(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    page.route("**/luu/", lose_the_receipt, times=3)
    choose(page, 2, "met")
    wait_for_state(page, "TC02", "waiting")
    # Changed while nobody knows what became of the first: its own entry, after it.
    choose(page, 2, "not_met")
    for _ in range(3):
        until(page, "portal.queue.status.paused === 'network'")
        page.evaluate("dispatchEvent(new Event('online'))")
    wait_for_state(page, "TC02", "saved")
    assert (result(enrolment, 2).outcome, result(enrolment, 2).version) == ("not_met", 2)
    assert Submission.objects.count() == 2
    assert not KeptAnswer.objects.exists()
    assert doubled(enrolment) == []


def is_kept(page, number: int, text: str) -> None:
    """The device or the portal has the note as it was typed."""
    until(
        page,
        f"""async () => {{
            const waiting = await portal.store.entries(portal.autosave.user);
            const known = await portal.store.within(["known"], "readonly", (drawer) => drawer.getAll());
            const isIt = ({{ code, values }}) => code === 'TC{number:02d}' && values.note === '{text}';
            return [...waiting, ...known].some(isIt);
        }}""",
    )


def test_what_is_typed_is_kept_within_five_seconds_of_the_page(open_page, ward):
    url, _enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    page.clock.install()
    open_checklist(page, url)
    page.route("**/luu/", lambda route: route.abort())
    write_note(page, 4, "Chưa có danh mục")
    page.clock.run_for(5000)
    is_kept(page, 4, "Chưa có danh mục")


def test_nothing_typed_is_lost(open_page, ward, portal):
    """At random moments the tab closes; before that the session ended, the token is gone, the portal has no time."""
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    chance = random.Random(MOMENTS_SEED)
    kept, typed = {}, {}
    faults = list(islice(cycle(["tab", "session", "token", "tab", "busy", "lost"]), MOMENTS))
    for number, fault in zip(chance.sample(range(1, 24), len(faults)), faults, strict=True):
        open_checklist(page, url)
        if fault == "token":
            page.context.clear_cookies(name="csrftoken")
        elif fault == "busy":
            page.route("**/luu/", lambda route: route.fulfill(status=503, body="<h1>busy</h1>"), times=1)
        elif fault == "lost":
            page.route("**/luu/", lose_the_receipt, times=1)
        elif fault == "session":
            page.context.clear_cookies(name="sessionid")
        choose(page, number, "not_met")
        words = "Chưa có danh mục hồ sơ được duyệt"
        kept[number] = words[: chance.randint(5, 20)].strip()
        typed[number] = words
        write_note(page, number, kept[number])
        is_kept(page, number, kept[number])
        # The end of the tab in the middle of the next words.
        page.locator(f"textarea[name=TC{number:02d}-note]").press_sequentially(words[len(kept[number]) :])
        page.wait_for_timeout(chance.randint(0, 1500))
        tab = page.context.new_page()
        page.close(run_before_unload=False)
        page = tab
        page.set_default_timeout(PATIENCE * 1000)
        if fault == "session":
            page.goto(url)
            sign_in_again(page, url)
    open_checklist(page, url)
    found = {number: page.input_value(f"textarea[name=TC{number:02d}-note]") for number in typed}
    for number, text in found.items():
        assert text.startswith(kept[number])
        assert typed[number].startswith(text)
    all_saved(page)
    assert {number: result(enrolment, number).note for number in typed} == {
        number: text.strip() for number, text in found.items()
    }
    assert not KeptAnswer.objects.exists()
    assert doubled(enrolment) == []


def lose_the_receipt(route) -> None:
    """The portal gets the answer; what it says to it does not come back."""
    assert route.fetch().status == 200
    route.abort("connectionreset")


def sign_in_again(page, url: str) -> None:
    page.fill("input[name=username]", "kiemtra")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(url)


def test_an_answer_that_is_not_taken_is_held_shown_and_sent_again_on_request(open_page, ward, portal):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    body = '{"message": "Không tìm thấy phiếu."}'
    page.route("**/luu/", lambda route: route.fulfill(status=404, body=body, content_type="application/json"), times=1)
    choose(page, 8, "met")
    wait_for_state(page, "TC08", "held")
    expect(page.locator("#TC08 [data-state]")).to_contain_text("Không tìm thấy phiếu.")
    choose(page, 9, "met")
    wait_for_state(page, "TC09", "saved")
    page.goto(f"{portal}/don-vi/")
    page.wait_for_selector("[data-waits]:visible")
    page.locator("[data-waits] a").click()
    page.wait_for_selector("[data-queue-list] li .held")
    page.locator("[data-send]").click()
    until(page, "document.querySelectorAll('[data-queue-list] li').length === 0")
    assert result(enrolment, 8).outcome == "met"
    assert doubled(enrolment) == []


def test_a_token_that_is_gone_is_renewed_on_the_way(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    page.context.clear_cookies(name="csrftoken")
    statuses = []
    page.on("response", lambda response: statuses.append(response.status) if "/luu/" in response.url else None)
    choose(page, 11, "met")
    wait_for_state(page, "TC11", "saved")
    until_true(page, lambda: len(statuses) >= 2)
    assert statuses == [403, 200]
    assert (result(enrolment, 11).outcome, result(enrolment, 11).version) == ("met", 1)


def test_a_session_that_ends_while_one_types(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    page.context.clear_cookies(name="sessionid")
    choose(page, 4, "met")
    wait_for_state(page, "TC04", "signIn")
    choose(page, 5, "not_met")
    note = page.locator("[data-device-note] a")
    note.click()
    sign_in_again(page, url)
    wait_for_state(page, "TC05", "saved")
    assert result(enrolment, 4).outcome == "met"
    assert result(enrolment, 5).outcome == "not_met"


def test_a_page_says_when_the_record_has_other_answers(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    give(enrolment, User.objects.get(username="kiemtra2"), {7: "met"})
    choose(page, 8, "met")
    all_saved(page)
    note = page.locator("[data-device-note]")
    until(page, "!document.querySelector('[data-device-note]').hidden")
    with page.expect_navigation():
        note.locator("a").click()
    page.wait_for_selector("form.saves-itself")
    expect(page.locator("input[name=TC07-outcome][value=met]")).to_be_checked()
    expect(note).to_be_hidden()


@pytest.mark.smoke
def test_two_inspectors_answer_differently_and_one_answer_is_chosen(open_page, ward):
    url, enrolment = ward
    mine, theirs = (
        open_page("kiemtra", 390, reduced_motion="reduce"),
        open_page("kiemtra2", 820, reduced_motion="reduce"),
    )
    faults = policy_faults(mine)
    open_checklist(mine, url)
    open_checklist(theirs, url)
    choose(theirs, 5, "met")
    wait_for_state(theirs, "TC05", "saved")
    choose(mine, 5, "not_met")
    wait_for_state(mine, "TC05", "differing")
    expect(mine.locator("#TC05 [data-kept]")).to_have_count(1)
    violations = Axe().run(mine).response["violations"]
    assert [each["id"] for each in violations if each["impact"] in ("serious", "critical")] == []
    assert mine.evaluate("document.documentElement.scrollWidth") <= 390
    # Typing on changes what is kept, and overwrites nothing unseen.
    write_note(mine, 5, "Danh mục chưa ký")
    mine.locator("textarea[name=TC05-note]").blur()
    mine.wait_for_selector("#TC05 [data-kept]:has-text('Danh mục chưa ký')")
    assert result(enrolment, 5).outcome == "met"
    expect(mine.locator("#TC05 [data-kept]")).to_have_count(1)
    mine.locator("#TC05 [data-settle][value='1']").click()
    mine.wait_for_selector("#TC05 [data-kept]", state="detached")
    assert (result(enrolment, 5).outcome, result(enrolment, 5).note) == ("not_met", "Danh mục chưa ký")
    # After that the place saves as any other.
    choose(mine, 5, "met")
    all_saved(mine)
    assert result(enrolment, 5).outcome == "met"
    assert KeptAnswer.objects.get().decision == "taken"
    assert faults == []


# What the bar shows and says a moment after the next key: it is drawn anew meanwhile, and a few
# seconds later it says something else.
NOTE_THE_BAR = """() => {
    const text = (part) => document.querySelector(part).textContent;
    const note = () => { window.noted = [text('[data-saved-state]'), text('[data-spoken]')]; };
    addEventListener('keyup', () => setTimeout(note, 200), { once: true });
}"""


def test_the_whole_checklist_by_keys_undo_and_a_pasted_column(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 1440, reduced_motion="reduce")
    faults = policy_faults(page)
    open_checklist(page, url)
    page.locator("#TC01").focus()
    for key in ("1", "0", "1"):
        page.keyboard.press(key)
    all_saved(page)
    assert [result(enrolment, number).outcome for number in (1, 2, 3)] == ["met", "not_met", "met"]
    page.keyboard.press("ArrowUp")
    until(page, "document.activeElement.id === 'TC03'")
    page.keyboard.press("n")
    page.keyboard.type("Theo 1 biên bản")
    page.keyboard.press("Escape")
    until(page, "document.activeElement.id === 'TC03'")
    page.keyboard.press("x")
    expect(page.locator("input[name=TC03-outcome][value='']")).to_be_checked()
    page.evaluate(NOTE_THE_BAR)
    page.keyboard.press("Control+z")
    expect(page.locator("input[name=TC03-outcome][value=met]")).to_be_checked()
    until(page, "window.noted !== undefined")
    shown, spoken = page.evaluate("window.noted")
    assert shown == spoken != ""
    all_saved(page)
    assert (result(enrolment, 3).outcome, result(enrolment, 3).note) == ("met", "Theo 1 biên bản")

    page.locator("[data-paste-open]").click()
    page.fill("#paste-text", "1\n0\n1")
    expect(page.locator("[data-paste-summary]")).to_contain_text("23")
    expect(page.locator("[data-paste-apply]")).to_be_disabled()
    rows = ["1", "K", "Đ", "x", "", *["1\tTheo hồ sơ"] * 18]
    page.fill("#paste-text", "\r\n".join(rows) + "\r\n")
    expect(page.locator("[data-paste] tbody tr")).to_have_count(23)
    expect(page.locator("[data-paste-apply]")).to_be_disabled()
    page.get_by_role("button", name="Chưa đánh giá", exact=True).click()
    assert result(enrolment, 9) is None
    page.locator("[data-paste-apply]").click()
    all_saved(page)
    expect(page.locator("[data-left]")).to_have_text("còn 2 tiêu chí")
    enrolment.inspection.refresh_from_db()
    assert (enrolment.inspection.met_criteria, enrolment.inspection.open_criteria) == (20, 2)
    page.keyboard.press("Control+z")
    all_saved(page)
    enrolment.inspection.refresh_from_db()
    assert (enrolment.inspection.met_criteria, enrolment.inspection.open_criteria) == (2, 20)
    assert doubled(enrolment) == []
    assert faults == []


def test_without_room_on_the_device_it_is_the_ordinary_form(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('full', 'QuotaExceededError'); }")
    page.goto(url)
    page.wait_for_selector("[data-device-note]:visible")
    choose(page, 6, "met")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_selector(".messages .success")
    assert result(enrolment, 6).outcome == "met"
