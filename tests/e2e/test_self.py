"""The self-assessment: the score moves, and nothing typed is lost by a closed tab."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from criteria.inspections.models import Enrolment, Round, SelfAnswer
from tests.e2e.conftest import policy_faults, until


@pytest.fixture
def address(portal):
    """The self-assessment of Phường 6, Quận 10."""
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    due = timezone.localdate() + datetime.timedelta(days=9)
    Round.objects.filter(pk=enrolment.round_id).update(
        status="open", asks_self_assessment=True, self_assessment_due=due
    )
    return f"{portal}/tu-kiem-tra/{enrolment.pk}/"


def kept(page) -> None:
    drafts = "(await portal.store.within(['known'], 'readonly', (known) => known.getAll()))"
    until(page, f"async () => {drafts}.some((draft) => draft.values['TC02-note']?.[0])")


def test_typing_survives_a_closed_tab_and_the_score_moves(open_page, address):
    page = open_page("quan10")
    faults = policy_faults(page)
    page.goto(address)
    before = int(page.locator("form [data-met]").inner_text())
    page.locator("input[name=TC01-outcome][value=met]").check()
    page.locator("#TC02 details.note summary").click()
    page.locator("textarea[name=TC02-note]").fill("Đã có quyết định")
    expect(page.locator("form [data-met]")).to_have_text(str(before + 1))
    kept(page)
    page.close(run_before_unload=False)

    page = page.context.new_page()
    page.goto(address)
    until(page, "document.querySelector('[name=TC02-note]').value !== ''")
    expect(page.locator("[data-draft-choice=draftDrop]")).to_be_visible()
    expect(page.locator("form [data-met]")).to_have_text(str(before + 1))
    expect(page.locator("input[name=TC01-outcome][value=met]")).to_be_checked()
    expect(page.locator("textarea[name=TC02-note]")).to_have_value("Đã có quyết định")
    page.locator("button[name=action][value=save]").click()
    page.wait_for_url(address)
    page.wait_for_selector(".messages")
    assert SelfAnswer.objects.get(criterion__code="TC02").note == "Đã có quyết định"
    page.goto(address)
    page.wait_for_timeout(400)
    assert page.locator("[data-draft-choice]").count() == 0
    assert faults == []


def test_leaving_with_unsaved_answers_is_asked_about(open_page, address):
    page = open_page("quan10")
    page.goto(address)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("input[name=TC01-outcome][value=met]").check()
    page.goto(page.url.rpartition("/tu-kiem-tra")[0] + "/")
    assert asked == ["beforeunload"]
    page.goto(address)
    page.goto(page.url.rpartition("/tu-kiem-tra")[0] + "/")
    assert asked == ["beforeunload"]
