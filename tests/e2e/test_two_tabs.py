"""One person with two tabs on one checklist: what is given in one shows in the other, and neither takes it back."""

from playwright.sync_api import expect

from criteria.inspections.models import KeptAnswer
from tests.e2e.conftest import until
from tests.e2e.test_autosave import (
    all_saved,
    choose,
    doubled,
    is_kept,
    open_checklist,
    result,
    wait_for_state,
    write_note,
)


def test_two_tabs_of_one_person_know_of_each_other(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 820, reduced_motion="reduce")
    open_checklist(page, url)
    other = page.context.new_page()
    open_checklist(other, url)
    choose(page, 3, "met")
    wait_for_state(other, "TC03", "saved")
    expect(other.locator("input[name=TC03-outcome][value=met]")).to_be_checked()
    expect(other.locator("[data-left]")).to_have_text("còn 22 tiêu chí")
    choose(other, 3, "not_met")
    all_saved(other)
    until(page, "document.querySelector('input[name=TC03-outcome][value=not_met]').checked")
    assert (result(enrolment, 3).outcome, result(enrolment, 3).version) == ("not_met", 2)
    assert not KeptAnswer.objects.exists()


def test_two_tabs_give_parts_of_one_answer_without_a_network(open_page, ward):
    """Each tab sends what was changed in it: nothing that the other one gave is taken back, and both show all of it."""
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    other = page.context.new_page()
    open_checklist(other, url)
    page.context.set_offline(True)
    choose(other, 14, "not_met")
    write_note(other, 14, "Ghi chú dài viết trong kho")
    other.locator("textarea[name=TC14-note]").blur()
    is_kept(other, 14, "Ghi chú dài viết trong kho")
    until(page, "document.querySelector('textarea[name=TC14-note]').value === 'Ghi chú dài viết trong kho'")
    choose(page, 14, "met")
    choose(page, 15, "met")
    write_note(other, 15, "Kho ở tầng trệt")
    other.locator("textarea[name=TC15-note]").blur()
    is_kept(other, 15, "Kho ở tầng trệt")
    page.context.set_offline(False)
    all_saved(page)
    until(other, "document.querySelector('input[name=TC15-outcome][value=met]').checked")
    for number, note in ((14, "Ghi chú dài viết trong kho"), (15, "Kho ở tầng trệt")):
        assert (result(enrolment, number).outcome, result(enrolment, number).note) == ("met", note)
    assert doubled(enrolment) == []
    assert not KeptAnswer.objects.exists()


def test_two_tabs_that_hear_nothing_of_each_other(open_page, ward):
    """A browser without a channel between its tabs: what waits on the device is brought together all the same."""
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    page.context.add_init_script("delete window.BroadcastChannel")
    open_checklist(page, url)
    other = page.context.new_page()
    open_checklist(other, url)
    page.context.set_offline(True)
    choose(other, 14, "not_met")
    write_note(other, 14, "Viết ở thẻ hai")
    is_kept(other, 14, "Viết ở thẻ hai")
    choose(page, 14, "met")
    until(page, "document.querySelector('textarea[name=TC14-note]').value === 'Viết ở thẻ hai'")
    page.context.set_offline(False)
    all_saved(page)
    assert (result(enrolment, 14).outcome, result(enrolment, 14).note) == ("met", "Viết ở thẻ hai")


LATE_NEWS = """
const post = BroadcastChannel.prototype.postMessage;
BroadcastChannel.prototype.postMessage = function (news) { setTimeout(() => post.call(this, news), 1500); };
"""


def test_what_one_tab_gives_shows_in_the_other_however_late_its_news_come(open_page, ward):
    """The other tab reads what waits before it hears of it; then the answer is taken back."""
    url, _enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    page.context.add_init_script(LATE_NEWS)
    open_checklist(page, url)
    other = page.context.new_page()
    open_checklist(other, url)
    page.context.set_offline(True)
    choose(page, 3, "met")
    until(page, "async () => (await portal.store.entries(portal.autosave.user)).length === 1")
    other.evaluate("portal.autosave.refresh()")
    until(other, "document.querySelector('input[name=TC03-outcome][value=met]').checked", 10)
    wait_for_state(other, "TC03", "waiting")
    page.locator("[data-undo]").click()
    until(page, "async () => (await portal.store.entries(portal.autosave.user)).length === 0")
    other.evaluate("portal.autosave.refresh()")
    until(other, "document.querySelector('input[name=TC03-outcome][value=\"\"]').checked", 10)
