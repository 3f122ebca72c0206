"""Correcting on a phone: little above the first criterion, answered rows folded, a strip of numbers."""

import pytest
from playwright.sync_api import expect

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment, Result
from tests.e2e.conftest import policy_faults, until, until_true
from tests.e2e.test_autosave import open_checklist
from tests.support.factories import answer

#: above the first criterion of a phone, at most
LITTLE = 200
TOP = "document.querySelector('[data-criterion]').getBoundingClientRect().top + scrollY"


@pytest.fixture
def finished(portal):
    """The address of a checklist with all answers given, one of them "not met", and its row."""
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    outcomes = {number: "not_met" if number == 16 else "met" for number in range(1, 24)}
    answer(enrolment, User.objects.get(username="kiemtra"), outcomes)
    return f"{portal}/phieu/{enrolment.pk}/", enrolment


def test_a_finished_checklist_opens_at_what_needs_attention_and_is_corrected_in_two_taps(open_page, finished):
    address, enrolment = finished
    page = open_page("kiemtra", 390, reduced_motion="reduce", has_touch=True)
    faults = policy_faults(page)
    open_checklist(page, address)
    expect(page.locator("#TC16")).to_be_in_viewport()
    expect(page.locator("#TC16 .choices")).to_be_visible()
    assert page.evaluate(TOP) <= LITTLE
    assert page.locator(".folded").count() == 22
    assert page.locator("#TC07").bounding_box()["height"] < 50
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.locator(".strip a", has_text="7").first.tap()
    expect(page.locator("#TC07")).to_be_in_viewport()
    page.locator("#TC07 label", has=page.locator("[value=not_met]")).tap()
    given = Result.objects.filter(inspection=enrolment.inspection, criterion__code="TC07")
    until_true(page, lambda: given.get().outcome == "not_met")
    expect(page.locator(".strip a.needs")).to_have_count(2)
    assert faults == []


def test_rows_fold_behind_the_hand_and_the_next_one_stays_in_its_place(open_page, portal):
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    page = open_page("kiemtra", 390, reduced_motion="reduce", has_touch=True)
    open_checklist(page, f"{portal}/phieu/{enrolment.pk}/")
    assert page.evaluate(TOP) <= LITTLE
    for number in (1, 2, 3):
        page.locator(f"#TC{number:02d} label", has=page.locator("[value=met]")).tap()
        until(page, f"document.querySelector('#TC{number + 1:02d}').getBoundingClientRect().top < innerHeight / 2")
    expect(page.locator("#TC03 .choices")).to_be_visible()
    expect(page.locator(".folded")).to_have_count(2)
    page.locator("#TC01 .unfold").tap()
    expect(page.locator("#TC01 .choices")).to_be_visible()
    # The day is asked for after the last criterion, before the minutes.
    day, last = page.locator("#id_inspected_on").bounding_box(), page.locator("#TC23").bounding_box()
    assert day["y"] > last["y"]


def test_the_desk_folds_nothing_and_has_the_strip_beside(open_page, finished):
    page = open_page("kiemtra")
    open_checklist(page, finished[0])
    expect(page.locator("#TC01 .choices")).to_be_visible()
    expect(page.locator(".standing .strip a")).to_have_count(23)
    assert page.locator(".strip a").first.get_attribute("aria-label") == "1: Đạt"
