"""The boxes beside a criterion follow the answer as it is given."""

from django.utils import timezone
from playwright.sync_api import expect

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment, Evidence, SelfAnswer, SelfAssessment
from criteria.inspections.services import approve_inspection
from tests.e2e.conftest import policy_faults
from tests.e2e.test_autosave import choose, open_checklist
from tests.e2e.test_offline import all_sent, photograph
from tests.support.factories import answer, enrol, make_round, submit_signed


def test_a_failure_again_and_a_difference_are_marked_at_once(open_page, portal):
    inspector, approver, officer = (User.objects.get(username=name) for name in ("kiemtra", "lanhdaochicuc", "quan10"))
    before = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    answer(before, inspector, {number: "not_met" if number == 5 else "met" for number in range(1, 24)})
    submit_signed(inspection=before.inspection, by=inspector)
    approve_inspection(inspection=before.inspection, by=approver)
    now = enrol(make_round(before.round.criteria_set, asks_self_assessment=True), before.ward)
    stamp = timezone.now()
    assessment = SelfAssessment.objects.create(enrolment=now, handed_in_at=stamp, handed_in_by=officer)
    criterion = now.round.criteria_set.criteria.get(code="TC05")
    given = {"assessment": assessment, "criterion": criterion, "outcome": "met"}
    SelfAnswer.objects.create(changed_by=officer, changed_at=stamp, **given)

    page = open_page("kiemtra", 390, reduced_motion="reduce")
    open_checklist(page, f"{portal}/phieu/{now.pk}/")
    again, differs = page.locator("#TC05 .last em"), page.locator("#TC05 .differs")
    expect(again).to_be_hidden()
    expect(differs).to_be_hidden()
    for outcome, is_marked in (("not_met", True), ("met", False), ("not_met", True)):
        choose(page, 5, outcome)
        expect(again).to_be_visible(visible=is_marked)
        expect(differs).to_be_visible(visible=is_marked)
    page.wait_for_selector("#TC05 [data-state=saved]")
    open_checklist(page, page.url)
    choose(page, 5, "met")
    expect(page.locator("#TC05 .last strong")).to_be_hidden()
    expect(differs).to_be_hidden()


def test_what_a_photograph_shows_is_written_while_it_waits(open_page, portal):
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    page = open_page("kiemtra", 390, reduced_motion="reduce")
    faults = policy_faults(page)
    open_checklist(page, f"{portal}/phieu/{enrolment.pk}/")
    page.context.set_offline(True)
    page.locator("#TC15 input[type=file]").set_input_files(photograph(1))
    caption = page.locator("#TC15 .waiting-photo input")
    caption.wait_for()
    caption.press_sequentially("Kho tầng 1, chưa có kệ 01")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    open_answers = page.locator("[data-left]").inner_text()
    page.context.set_offline(False)
    all_sent(page)
    caption.wait_for(state="detached")
    assert Evidence.objects.get().caption == "Kho tầng 1, chưa có kệ 01"
    expect(page.locator("#TC15 [data-evidence-list]")).to_have_text("Kho tầng 1, chưa có kệ 01")
    # The digits were text, no answers.
    assert open_answers == "còn 23 tiêu chí"
    expect(page.locator("[data-left]")).to_have_text(open_answers)
    assert faults == []


def test_guidance_of_an_answered_criterion_opens_in_its_place(open_page, portal):
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    answer(enrolment, User.objects.get(username="kiemtra"), {5: "met"})
    page = open_page("kiemtra")
    open_checklist(page, f"{portal}/phieu/{enrolment.pk}/")
    link, text = page.locator("#TC05 > p > a").first, page.locator("#TC05 .guidance-text")
    criterion = enrolment.round.criteria_set.criteria.get(code="TC05")
    for is_shown in (True, False, True):
        link.click()
        expect(text).to_be_visible(visible=is_shown)
    expect(text).to_have_text(criterion.guidance)
    assert page.url.endswith(f"/phieu/{enrolment.pk}/")
