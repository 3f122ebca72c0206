"""On a slow network the checklist is shown before its scripts, which load one by one."""

import pytest
from playwright.sync_api import expect

from archiveportal.accounts.models import User
from tests.e2e.conftest import until, until_true
from tests.e2e.test_autosave import choose, open_checklist, result, wait_for_state, write_note
from tests.support.factories import answer


@pytest.fixture
def page(open_page):
    # What a worker fetches is not held back on the way of the page.
    return open_page("kiemtra", 390, reduced_motion="reduce", service_workers="block")


@pytest.mark.parametrize("script", ["photos", "undo", "stock"])
def test_a_script_that_comes_late_misses_nothing(page, ward, script):
    url, _enrolment = ward
    late = []
    page.route(f"**/{script}*.js", lambda route: late.append(route))
    page.goto(url, wait_until="commit")
    until(page, "window.portal?.autosave !== undefined && 'store' in portal")
    page.wait_for_timeout(1000)
    until_true(page, lambda: bool(late))
    late[0].continue_()
    page.wait_for_load_state("load")
    page.wait_for_selector("form.saves-itself")
    page.wait_for_selector("#TC01 [data-take-photo]")
    choose(page, 1, "met")
    wait_for_state(page, "TC01", "saved")
    until(page, "!document.querySelector('[data-undo]').disabled")


def test_what_is_given_before_the_scripts_are_there_is_saved(page, ward):
    url, enrolment = ward
    late = []
    page.route("**/answers*.js", lambda route: late.append(route))
    page.goto(url, wait_until="commit")
    page.wait_for_selector("input[name=TC23-outcome]")
    choose(page, 4, "met")
    write_note(page, 5, "Kho ở tầng trệt")
    until_true(page, lambda: bool(late))
    late[0].continue_()
    wait_for_state(page, "TC04", "saved")
    wait_for_state(page, "TC05", "saved")
    assert (result(enrolment, 4).outcome, result(enrolment, 5).note) == ("met", "Kho ở tầng trệt")


def test_a_page_loaded_anew_shows_what_the_portal_has(page, ward):
    """A browser may fill a form again with what was typed: no answer any more once a colleague has changed it."""
    url, enrolment = ward
    open_checklist(page, url)
    choose(page, 6, "met")
    wait_for_state(page, "TC06", "saved")
    answer(enrolment, User.objects.get(username="kiemtra2"), {6: "not_met"})
    page.reload()
    page.wait_for_selector("form.saves-itself")
    expect(page.locator("input[name=TC06-outcome][value=not_met]")).to_be_checked()
    assert result(enrolment, 6).outcome == "not_met"
