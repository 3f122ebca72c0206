"""Days are typed as a telephone's pad allows and written out; the page reads them as the server does."""

from playwright.sync_api import expect

from archiveportal.days import parse_day
from tests.e2e.conftest import policy_faults, until
from tests.e2e.test_autosave import open_checklist
from tests.support.days import NO_DAYS, WRITTEN

FIELD = "input[name=inspected_on]"


def test_a_day_is_typed_in_digits_taken_from_the_calendar_or_is_today(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    faults = policy_faults(page)
    open_checklist(page, url)
    page.locator(FIELD).press_sequentially("14102019")
    page.locator(FIELD).press("Tab")
    expect(page.locator(FIELD)).to_have_value("14/10/2019")
    page.wait_for_selector(".inspected-on [data-state=saved]")
    # The browser's calendar begins at the day that is there; what is taken from it is saved like what is typed.
    calendar = page.locator(".inspected-on input[type=date]")
    calendar.focus()
    expect(calendar).to_have_value("2019-10-14")
    calendar.fill("2019-10-15")
    expect(page.locator(FIELD)).to_have_value("15/10/2019")
    until(page, "document.querySelector('[name=shown_on]').value === '2019-10-15'")
    page.locator(".inspected-on .day button").click()
    today = page.evaluate("new Date().toLocaleDateString('en-GB')")
    expect(page.locator(FIELD)).to_have_value(today)
    until(page, "!document.querySelector('[name=shown_on]').value.startsWith('2019')")
    enrolment.inspection.refresh_from_db()
    assert f"{enrolment.inspection.inspected_on:%d/%m/%Y}" == today
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # One rule on both sides.
    read = page.evaluate("texts => texts.map(portal.days.written)", [*WRITTEN, *NO_DAYS, "14/10/0019", "5/8/98"])
    expected = [f"{day:%d/%m/%Y}" for day in map(parse_day, WRITTEN)] + [""] * len(NO_DAYS) + ["14/10/0019", ""]
    assert read == expected
    assert faults == []
