"""What may happen while an answer or a photograph is on its way to the portal."""

import pytest
from django.test import Client

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment, KeptAnswer
from tests.e2e.conftest import until, until_true
from tests.e2e.test_autosave import choose, open_checklist, result, wait_for_state
from tests.e2e.test_offline import ask_to_sign_out
from tests.support.factories import answer


@pytest.fixture
def ward(portal):
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    return f"{portal}/phieu/{enrolment.pk}/", enrolment


def test_what_was_deleted_while_it_was_sent_does_not_come_back(open_page, ward):
    url, _enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    on_the_way = []
    page.route("**/luu/", lambda route: on_the_way.append(route))
    refused = '{"state": "refused", "message": "x", "errors": {}}'
    saved = '{"state": "saved", "version": 1, "seen": "1:x", "saved_at": "10:42", "html": ""}'
    for number, (status, body) in enumerate([(404, '{"message": "x"}'), (200, refused), (200, saved)], start=1):
        choose(page, number, "met")
        until_true(page, lambda number=number: len(on_the_way) == number)
        # As signing out does it.
        page.evaluate("portal.store.forget(portal.autosave.user, true)")
        with page.expect_response("**/luu/"):
            on_the_way[-1].fulfill(status=status, body=body, content_type="application/json")
        until(page, "!portal.queue.status.sending")
        left = """portal.store.within(['queue', 'known'], 'readonly', async (...drawers) =>
            (await Promise.all(drawers.map((drawer) => portal.store.asked(drawer.count())))).join())"""
        until(page, f"async () => await {left} === '0,0'")


@pytest.mark.parametrize("other", ["kiemtra2", "quan10"])
def test_another_person_signs_in_while_it_is_sent(open_page, ward, portal, other):
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    (mine,) = [cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid"]
    client = Client()
    client.force_login(User.objects.get(username=other))
    page.context.add_cookies([{**mine, "value": client.cookies["sessionid"].value}])
    statuses = []
    page.on("response", lambda response: statuses.append(response.status) if "/luu/" in response.url else None)
    choose(page, 12, "met")
    wait_for_state(page, "TC12", "signIn")
    until_true(page, lambda: bool(statuses))
    page.wait_for_timeout(300)
    assert statuses == [403]
    assert page.evaluate("portal.store.entries(portal.autosave.user)")[0]["state"] == "waiting"
    # The person is back in another tab.
    page.context.add_cookies([mine])
    page.context.new_page().goto(f"{portal}/don-vi/")
    wait_for_state(page, "TC12", "saved")
    assert result(enrolment, 12).changed_by.username == "kiemtra"


def test_nobody_chooses_on_the_page_of_another(open_page, ward, portal):
    """Two people answered differently; somebody else signs in before the choice, then the person is back."""
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    criterion = enrolment.round.criteria_set.criteria.get(code="TC05")
    answer(enrolment, User.objects.get(username="kiemtra2"), {criterion.number: "met"})
    choose(page, 5, "not_met")
    wait_for_state(page, "TC05", "differing")
    (mine,) = [cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid"]
    client = Client()
    client.force_login(User.objects.get(username="kiemtra2"))
    page.context.add_cookies([{**mine, "value": client.cookies["sessionid"].value}])
    page.locator("#TC05 [data-settle][value='1']").click()
    page.wait_for_selector("#TC05 [data-why]")
    assert KeptAnswer.objects.get().decision == "" and result(enrolment, 5).outcome == "met"
    page.context.set_offline(True)
    page.locator("#TC05 [data-settle][value='1']").click()
    until(page, "document.querySelector('#TC05 [data-why]')?.textContent === portal.word('chooseLater')")
    page.context.set_offline(False)
    page.context.add_cookies([mine])
    page.locator("#TC05 [data-settle][value='1']").click()
    page.wait_for_selector("#TC05 [data-kept]", state="detached")
    assert result(enrolment, 5).outcome == "not_met"
    assert KeptAnswer.objects.get().decided_by.username == "kiemtra"


def test_a_button_does_not_wait_for_photographs(open_page, ward):
    url, _enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    page.route("**/minh-chung/", lambda route: None, times=1)
    choose(page, 13, "met")
    wait_for_state(page, "TC13", "saved")
    picture = {"name": "kho.png", "mimeType": "image/png", "buffer": b"\x89PNG not one"}
    page.locator("input[type=file]").first.set_input_files([picture])
    until(page, "portal.queue.status.sending")
    with page.expect_navigation():
        page.locator("button[name=action][value=minutes]").click()
    # The photograph goes on from the next page, to be answered there.
    until(
        page, "async () => (await portal.store.entries(portal.device.user)).some((entry) => entry.state === 'refused')"
    )


def test_signing_out_without_a_network_offers_nothing_that_it_cannot_do(open_page, portal):
    page = open_page("kiemtra", 390)
    page.context.set_offline(True)
    ask_to_sign_out(page)
    page.wait_for_selector("dialog[open]")
    assert [each.get_attribute("value") for each in page.locator("dialog button:visible").all()] == ["cancel"]
    assert not page.locator("[data-sign-out-keep]").is_visible()
