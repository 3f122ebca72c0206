"""Journeys on an old telephone, without the device's store, at 9 s latency, on a slow line."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment, Evidence, FindingReply, Round, SelfAnswer
from tests.e2e.conftest import until_true
from tests.e2e.test_autosave import choose, open_checklist, result, wait_for_state
from tests.e2e.test_offline import sign_out
from tests.e2e.test_old_browsers import NO_STORE, WITHOUT_YOUNG_FUNCTIONS, without_has
from tests.e2e.test_photographs import SLOW, camera_photograph
from tests.support.inspections import published_finding

UNITS = {"quan10": "27202", "thanhan": "27676"}


@pytest.fixture
def asked(portal):
    """`asked(name)`: the self-assessment that an account hands in, and a recommendation that it answers."""
    due = timezone.localdate() + datetime.timedelta(days=9)
    Round.objects.filter(code="gd1-2019").update(status="open", asks_self_assessment=True, self_assessment_due=due)

    def make(name):
        enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code=UNITS[name])
        return enrolment, published_finding(enrolment, User.objects.get(username="kiemtra"))

    return make


def assess(page, portal, enrolment) -> None:
    page.goto(f"{portal}/tu-kiem-tra/{enrolment.pk}/")
    page.locator("input[name=TC01-outcome][value=met]").press("Space")
    with page.expect_navigation():
        page.locator("button[name=action][value=save]").click()
    assert SelfAnswer.objects.get(assessment__enrolment=enrolment, criterion__code="TC01").outcome == "met"


def reply(page, portal, finding, files, **limits) -> FindingReply:
    page.goto(f"{portal}/kien-nghi/{finding.pk}/")
    page.fill("textarea[name=text]", "Đã trang bị bình chữa cháy.")
    page.locator("form:has(textarea[name=text]) input[type=file]").set_input_files(files)
    button = page.locator("form:has(textarea[name=text]) .button.main")
    expect(button).to_be_enabled()
    with page.expect_navigation(**limits):
        button.click()
    return finding.replies.get()


@pytest.mark.parametrize("name", UNITS)
@pytest.mark.parametrize("lacking", [WITHOUT_YOUNG_FUNCTIONS, NO_STORE], ids=["young functions", "the store"])
def test_a_unit_works_without(open_page, portal, asked, name, lacking):
    enrolment, finding = asked(name)
    page = open_page(name, 390, reduced_motion="reduce")
    page.context.add_init_script(lacking)
    page.context.route("**/*.css", without_has)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    assess(page, portal, enrolment)
    answered = reply(page, portal, finding, [camera_photograph("bình.jpg", 900, 600)])
    assert answered.files.get().name == "bình.jpg"
    sign_out(page)
    assert faults == []


def test_a_unit_answers_at_9_seconds_of_latency(open_page, portal, asked):
    _enrolment, finding = asked("thanhan")
    page = open_page("thanhan", 390, reduced_motion="reduce")
    page.goto(f"{portal}/kien-nghi/{finding.pk}/")
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 9_000, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    page.fill("textarea[name=text]", "Đã trang bị bình chữa cháy.")
    with page.expect_navigation(wait_until="commit"):
        page.locator("form:has(textarea[name=text]) .button.main").click()
    assert finding.replies.get().text == "Đã trang bị bình chữa cháy."


def test_an_inspector_works_at_9_seconds_of_latency(open_page, ward):
    """An answer and a photograph arrive side by side, then the minutes open: nothing calls this a missing network."""
    url, enrolment = ward
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, url)
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 9_000, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    page.locator("#TC15 input[type=file]").set_input_files([camera_photograph("kho.jpg", 900, 600)])
    choose(page, 1, "met")
    wait_for_state(page, "TC01", "saved")
    until_true(page, lambda: Evidence.objects.count() == 1)
    expect(page.locator("[data-device-note]")).to_be_hidden()
    assert result(enrolment, 1).outcome == "met"
    with page.expect_navigation(url="**/bien-ban/", wait_until="commit"):
        page.locator("button[name=action][value=minutes]").click()


def test_three_photographs_of_a_camera_leave_small_on_a_slow_line(open_page, portal, asked):
    _enrolment, finding = asked("quan10")
    page = open_page("quan10", 390, reduced_motion="reduce")
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 50, "downloadThroughput": -1, "uploadThroughput": 4 * SLOW},
    )
    chosen = [camera_photograph(f"kho {n}.jpg") for n in (1, 2, 3)]
    answered = reply(page, portal, finding, chosen, timeout=180_000)
    kept = list(answered.files.all())
    assert sorted(file.name for file in kept) == ["kho 1.jpg", "kho 2.jpg", "kho 3.jpg"]
    assert all(max(file.width, file.height) <= 2560 for file in kept)
    # At 25 KB/s they take a third of the time of the camera's own.
    assert sum(file.size for file in kept) < sum(len(file["buffer"]) for file in chosen) / 2
