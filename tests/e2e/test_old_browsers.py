"""The work goes on where functions are missing, the device's store does not answer, or the portal is slow.

docs/browsers.md says which browsers are served and what they lack.
"""

from playwright.sync_api import expect

from tests.e2e.conftest import until, until_true
from tests.e2e.test_autosave import choose, open_checklist, result, wait_for_state
from tests.e2e.test_drafts import REMARKS, written
from tests.e2e.test_offline import sign_out

#: what Safari 15.0, Chrome 90 or Firefox ESR 115 lack, taken away before any script of a page runs
WITHOUT_YOUNG_FUNCTIONS = """
const young = [
  [AbortSignal, 'timeout'], [AbortSignal, 'any'], [HTMLFormElement.prototype, 'requestSubmit'],
  [SubmitEvent.prototype, 'submitter'], [HTMLDialogElement.prototype, 'showModal'],
  [HTMLDialogElement.prototype, 'close'], [HTMLInputElement.prototype, 'showPicker'],
  [Array.prototype, 'at'], [String.prototype, 'at'], [Array.prototype, 'findLast'],
  [Array.prototype, 'findLastIndex'], [Array.prototype, 'toSorted'], [Array.prototype, 'toReversed'],
  [Object, 'hasOwn'], [Object, 'groupBy'], [window, 'structuredClone'], [window, 'BroadcastChannel'],
  [Crypto.prototype, 'randomUUID'], [Navigator.prototype, 'locks'], [Navigator.prototype, 'storage'],
  [Document.prototype, 'adoptedStyleSheets'], [window, 'requestIdleCallback'],
];
for (const [holder, name] of young) delete holder[name];
const isYoung = (selector) => /:has\\(|:focus-visible/.test(selector);
const { supports } = CSS;
CSS.supports = (...asked) => !isYoung(asked[0]) && supports.apply(CSS, asked);
for (const name of ['matches', 'closest', 'querySelector', 'querySelectorAll']) {
  const known = Element.prototype[name];
  Element.prototype[name] = function (selector) {
    if (isYoung(selector)) throw new SyntaxError(selector);
    return known.call(this, selector);
  };
}
"""
NO_STORE = "IDBFactory.prototype.open = () => ({});"
STORE_AT_HAND = """
const begin = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...asked) { window.connection = this; return begin.apply(this, asked); };
const put = IDBObjectStore.prototype.put;
const add = IDBObjectStore.prototype.add;
const guarded = (write) => function (...asked) {
  if (window.isFull) throw new DOMException('full', 'QuotaExceededError');
  return write.apply(this, asked);
};
IDBObjectStore.prototype.put = guarded(put);
IDBObjectStore.prototype.add = guarded(add);
"""


def without_has(route) -> None:
    """Give a style sheet whose `:has()` no browser knows."""
    response = route.fetch()
    route.fulfill(response=response, body=response.text().replace(":has(", ":young("))


def test_an_inspector_works_without_young_functions(open_page, ward, portal):
    url, enrolment = ward
    written(enrolment.inspection, "", seen=0)
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    page.context.add_init_script(WITHOUT_YOUNG_FUNCTIONS)
    page.context.route("**/*.css", without_has)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    open_checklist(page, url)
    # The chosen answer is seen by its own button.
    assert page.locator("input[name=TC01-outcome]").first.evaluate("input => getComputedStyle(input).opacity") == "1"
    choose(page, 1, "met")
    wait_for_state(page, "TC01", "saved")
    page.context.set_offline(True)
    choose(page, 2, "not_met")
    wait_for_state(page, "TC02", "waiting")
    page.context.set_offline(False)
    wait_for_state(page, "TC02", "saved")
    assert [result(enrolment, number).outcome for number in (1, 2)] == ["met", "not_met"]
    # A dialog is a box; it closes again.
    page.locator("[data-paste-open]").dispatch_event("click")
    expect(page.locator("[data-paste]")).to_be_visible()
    page.locator("[data-paste-close]").click()
    expect(page.locator("[data-paste]")).to_be_hidden()

    with page.expect_navigation(url="**/bien-ban/"):
        page.locator("button[name=action][value=minutes]").click()
    page.fill(REMARKS, "Phường đề nghị cấp thêm giá.")
    with page.expect_navigation():
        page.locator("button[name=action][value=save]").click()
    expect(page.locator(REMARKS)).to_have_value("Phường đề nghị cấp thêm giá.")
    assert enrolment.inspection.minutes.get().ward_remarks == "Phường đề nghị cấp thêm giá."

    page.goto(f"{portal}/don-vi/")
    page.locator(".filter-fold summary").click()
    with page.expect_navigation(url="**district=**"):
        page.locator("form[data-apply] select[name=district]").select_option(index=1)
    sign_out(page)
    assert faults == []


def test_a_store_that_never_answers_holds_nothing_up(open_page, ward):
    url, enrolment = ward
    written(enrolment.inspection, "", seen=0)
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    page.context.add_init_script(NO_STORE)
    page.goto(url)
    choose(page, 1, "met")
    page.locator("button[name=action][value=minutes]").click()
    page.wait_for_url("**/bien-ban/")
    assert result(enrolment, 1).outcome == "met"
    page.fill(REMARKS, "Không có kho.")
    with page.expect_navigation():
        page.locator("button[name=action][value=save]").click()
    assert enrolment.inspection.minutes.get().ward_remarks == "Không có kho."
    page.goto(url)
    until(page, "document.querySelector('[data-device-note]').textContent.trim() === portal.word('noteStore')")
    sign_out(page)


def test_a_closed_connection_is_opened_again_and_a_full_disk_is_called_so(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    page.context.add_init_script(STORE_AT_HAND)
    open_checklist(page, url)
    page.evaluate("window.connection.close()")
    choose(page, 1, "met")
    wait_for_state(page, "TC01", "saved")
    page.evaluate("window.isFull = true")
    choose(page, 2, "met")
    until(page, "document.querySelector('[data-device-note]').textContent.trim() === portal.word('noteFull')")
    # Once there is room again, what was given meanwhile is saved.
    choose(page, 3, "met")
    page.evaluate("window.isFull = false")
    for number in (2, 3):
        wait_for_state(page, f"TC{number:02d}", "saved")
        assert result(enrolment, number).outcome == "met"


def test_a_slow_portal_is_no_missing_network(open_page, ward):
    url, enrolment = ward
    written(enrolment.inspection, "", seen=0)
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    held = []
    page.route("**/luu/", lambda route: held.append(route), times=1)
    page.evaluate("""portal.timeLimit = () => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 300);
        return controller.signal;
    }""")
    choose(page, 1, "met")
    until_true(page, lambda: bool(held))
    wait_for_state(page, "TC01", "busy")
    expect(page.locator("[data-device-note]")).to_be_hidden()

    page.goto(f"{url}bien-ban/")
    page.fill(REMARKS, "Mạng chậm.")
    asked = []
    page.route("**/healthz", lambda route: asked.append(route))
    page.locator("button[name=action][value=save]").click()
    until_true(page, lambda: bool(asked))
    page.wait_for_selector("[data-unreached=draftSlow]")
    page.wait_for_timeout(1000)
    with page.expect_navigation():
        asked[0].continue_()
    assert enrolment.inspection.minutes.get().ward_remarks == "Mạng chậm."
