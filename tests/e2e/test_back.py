"""After Back, in a second tab, after a refusal: pages say what they hold, and nothing is lost without a word."""

from playwright.sync_api import expect

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment
from tests.e2e.conftest import until
from tests.e2e.test_drafts import kept_text
from tests.support.inspections import published_finding

DISTRICT = "form[data-apply] select[name=district]"


def test_a_filter_says_after_back_what_its_list_holds(open_page, portal):
    page = open_page("kiemtra")
    page.goto(f"{portal}/don-vi/")
    with page.expect_navigation(url="**district=**"):
        page.locator(DISTRICT).select_option(index=1)
    chosen = page.locator(DISTRICT).input_value()
    assert chosen
    page.go_back()
    expect(page.locator(DISTRICT)).to_have_value("")
    page.go_forward()
    expect(page.locator(DISTRICT)).to_have_value(chosen)
    # A browser that kept the page as it was shows it again as it was served.
    page.locator(DISTRICT).evaluate("select => { select.value = ''; select.form.q.disabled = true; }")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator(DISTRICT)).to_have_value(chosen)
    expect(page.locator("form[data-apply] [name=q]")).to_be_enabled()
    # Somebody who signed in again in another tab has another token; forms take it when the page is looked at.
    page.context.add_cookies([{"name": "csrftoken", "value": "n" * 32, "url": portal}])
    page.evaluate("dispatchEvent(new Event('focus'))")
    until(
        page,
        "[...document.querySelectorAll('[name=csrfmiddlewaretoken]')].every((field) => field.value === 'n'.repeat(32))",
    )


def test_files_that_are_gone_are_named(open_page, portal):
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    finding = published_finding(enrolment, User.objects.get(username="kiemtra"))
    page = open_page("quan10", 390)
    page.goto(f"{portal}/kien-nghi/{finding.pk}/")
    page.fill("textarea[name=text]", "Đã bố trí kho 25 m²")
    files = [{"name": name, "mimeType": "application/pdf", "buffer": b"no paper"} for name in ("a.pdf", "b.pdf")]
    page.locator("input[type=file][name=files]").set_input_files(files)
    kept_text(page, "b.pdf")
    page.reload()
    lost = page.get_by_text("Vui lòng chọn lại tệp: a.pdf, b.pdf.")
    lost.wait_for()
    # Refused by the portal, they are gone once more.
    page.locator("input[type=file][name=files]").set_input_files(files[0])
    with page.expect_navigation():
        page.locator("form[data-draft]:has([name=text]) button").last.click()
    page.get_by_text("Vui lòng chọn lại tệp: a.pdf.").wait_for()
    assert not finding.replies.exists()
