"""Nothing typed into a long form is lost: reload, closed tab, no network, session over; and nobody else sees it."""

import datetime
import re
import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment, Inspection, Minutes, Round
from criteria.inspections.services.minutes import Person, save_minutes
from reports.models import PassageVersion
from tests.e2e.conftest import PASSWORD, policy_faults, until
from tests.support.factories import answer, submit_signed
from tests.support.inspections import published_finding

REMARKS = "textarea[name=ward_remarks]"
TYPED = "Phường đề nghị cấp thêm giá để tài liệu."
FILLED = "document.querySelector('textarea[name=ward_remarks]').value.startsWith('Phường')"
OFFERED = "!!document.querySelector('[data-draft-choice=draftTake]')"
COUNT = "async () => (await portal.store.drafts((await portal.store.fact('person'))?.id ?? {user})) === {count}"


def kept(page, count: int = 1, user: int = 0) -> None:
    until(page, COUNT.replace("{count}", str(count)).replace("{user}", str(user)))


def kept_text(page, text: str) -> None:
    script = "JSON.stringify(await portal.store.within(['known'], 'readonly', (known) => known.getAll()))"
    until(page, f"async () => ({script}).includes('{text}')")


def sign_in(page, name: str) -> None:
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")


def save(page, action: str = "save") -> None:
    page.locator(f"button[name=action][value={action}]").click()


@pytest.fixture
def minutes(portal):
    """The minutes of Phường 6, Quận 10, begun already."""
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    written(enrolment.inspection, "", seen=0)
    return f"{portal}/phieu/{enrolment.pk}/bien-ban/", enrolment


def written(inspection: Inspection, remarks: str, *, seen: int) -> Minutes:
    values = {"started_at": None, "ended_at": None, "place": "", "ward_remarks": remarks, "recommendations": ""}
    return save_minutes(
        inspection=inspection,
        values=values | {"copies": 2},
        people=[Person("team", "head", "Nguyễn Văn A")],
        seen=seen,
        by=User.objects.get(username="kiemtra"),
    )


def test_minutes_survive_reload_and_closed_tab_and_leave_once_saved(open_page, minutes):
    address, enrolment = minutes
    page = open_page("kiemtra")
    faults = policy_faults(page)
    page.goto(address)
    page.fill(REMARKS, TYPED)
    kept(page)
    page.reload()
    until(page, FILLED)
    page.close(run_before_unload=False)

    page = page.context.new_page()
    page.goto(address)
    until(page, FILLED)
    expect(page.locator("main")).to_contain_text(re.compile(r"Nội dung chưa lưu lúc \d\d:\d\d"))
    with page.expect_navigation(url=address):
        save(page)
    kept(page, 0)
    assert enrolment.inspection.minutes.get().ward_remarks == TYPED
    page.reload()
    until(page, "portal.device.ready.then(() => true)")
    assert page.locator("[data-draft-choice]").count() == 0
    assert faults == []


#: Types on once the form has left, while the portal works on it: no step of a test comes through before the next page.
TYPING_ON = """(selector) => addEventListener("formdata", () => setTimeout(() => {
    const field = document.querySelector(selector);
    field.value += " Thêm một tủ.";
    field.dispatchEvent(new Event("input", { bubbles: true }));
}, 100), { once: true })"""


def test_what_is_typed_while_the_form_is_on_its_way_is_kept(open_page, minutes):
    url, enrolment = minutes

    def slowly(route) -> None:
        time.sleep(2)
        route.continue_()

    page = open_page("kiemtra", 820, reduced_motion="reduce")
    page.goto(url)
    page.fill(REMARKS, TYPED)
    page.evaluate(TYPING_ON, REMARKS)
    page.route(url, slowly)
    with page.expect_navigation():
        save(page)
    page.unroute(url)
    assert enrolment.inspection.minutes.get().ward_remarks == TYPED
    page.locator("[data-draft-choice=draftTake]").click()
    expect(page.locator(REMARKS)).to_have_value(f"{TYPED} Thêm một tủ.")
    with page.expect_navigation():
        save(page)
    # It was made on what the first sending changed: both stand there, and the next press decides.
    with page.expect_navigation():
        save(page)
    assert enrolment.inspection.minutes.get().ward_remarks == f"{TYPED} Thêm một tủ."
    kept(page, 0)


def test_what_is_put_back_can_be_left_out(open_page, minutes):
    address, _enrolment = minutes
    page = open_page("kiemtra")
    page.goto(address)
    page.fill(REMARKS, TYPED)
    kept(page)
    width = page.locator(".minutes-form").bounding_box()["width"]
    page.reload()
    drop = page.locator("[data-draft-choice=draftDrop]")
    drop.wait_for()
    assert page.locator(".minutes-form").bounding_box()["width"] == width
    drop.click()
    kept(page, 0)
    expect(page.locator(REMARKS)).to_have_value("")
    expect(page.locator("[data-draft-choice]")).to_have_count(0)


def test_lines_added_for_people_come_back(open_page, minutes):
    address, enrolment = minutes
    page = open_page("kiemtra")
    page.goto(address)
    with page.expect_navigation(url=address):
        save(page, "rows")
    kept(page)
    last = page.locator("input[name^=ward-][name$=full_name]").last.get_attribute("name")
    page.fill(f"input[name={last}]", "Trần Thị Bích")
    kept_text(page, "Trần Thị Bích")
    page.goto(address)
    until(page, f"document.querySelector('[name={last}]')?.value === 'Trần Thị Bích'")
    with page.expect_navigation(url=address):
        save(page)
    assert enrolment.inspection.minutes.get().participants.filter(full_name="Trần Thị Bích").exists()
    kept(page, 0)


def test_without_a_network_the_page_stays(open_page, minutes):
    address, enrolment = minutes
    page = open_page("kiemtra")
    page.goto(address)
    page.fill(REMARKS, TYPED)
    page.context.set_offline(True)
    save(page)
    page.wait_for_selector("[data-unreached]")
    expect(page.locator(REMARKS)).to_have_value(TYPED)
    page.context.set_offline(False)
    # A network that says it is there and is not.
    page.route("**/healthz", lambda route: route.abort())
    save(page)
    page.wait_for_selector("[data-unreached]")
    expect(page.locator(REMARKS)).to_have_value(TYPED)
    page.unroute("**/healthz")
    with page.expect_navigation(url=address):
        save(page)
    assert enrolment.inspection.minutes.get().ward_remarks == TYPED


def test_the_session_is_over_and_another_person_sees_nothing(open_page, minutes):
    address, _enrolment = minutes
    page = open_page("kiemtra")
    page.goto(address)
    page.fill(REMARKS, TYPED)
    page.context.clear_cookies(name="sessionid")
    save(page)
    page.wait_for_url("**/dang-nhap/**")
    sign_in(page, "lanhdaochicuc")
    page.wait_for_url(address)
    kept(page, 0)
    assert TYPED not in page.content()
    page.context.clear_cookies(name="sessionid")
    page.goto(address)
    sign_in(page, "kiemtra")
    page.wait_for_url(address)
    until(page, FILLED)
    with page.expect_navigation(url=address):
        save(page)
    kept(page, 0)


def test_signed_in_again_in_another_tab_saves_what_stands_here(open_page, minutes):
    address, enrolment = minutes
    page = open_page("kiemtra")
    page.goto(address)
    page.fill(REMARKS, TYPED)
    page.context.clear_cookies(name="sessionid")
    other = page.context.new_page()
    other.goto(address)
    sign_in(other, "kiemtra")
    other.wait_for_url(address)
    with page.expect_navigation(url=address):
        save(page)
    assert enrolment.inspection.minutes.get().ward_remarks == TYPED


def test_an_older_draft_is_offered_and_not_put_over_what_was_saved_since(open_page, minutes):
    address, enrolment = minutes
    page = open_page("kiemtra")
    page.goto(address)
    page.fill(REMARKS, TYPED)
    kept(page)
    written(enrolment.inspection, "Đồng nghiệp đã lưu", seen=enrolment.inspection.minutes.get().version)
    page.reload()
    until(page, OFFERED)
    expect(page.locator(REMARKS)).to_have_value("Đồng nghiệp đã lưu")
    # What is typed meanwhile does not take its place.
    page.fill("input[name=place]", "Phòng họp")
    kept(page, 2)
    page.reload()
    until(page, OFFERED)
    expect(page.locator("input[name=place]")).to_have_value("Phòng họp")
    page.locator("[data-draft-choice=draftTake]").click()
    expect(page.locator(REMARKS)).to_have_value(TYPED)
    kept(page, 1)


def test_signing_out_asks_about_what_was_typed(open_page, minutes, portal):
    address, _enrolment = minutes
    page = open_page("kiemtra")
    user = User.objects.get(username="kiemtra").pk
    for choice, left in (("keep", 1), ("delete", 0)):
        page.goto(address)
        page.fill(REMARKS, f"{TYPED} {choice}")
        page.locator(".person-menu").evaluate("menu => { menu.open = true }")
        page.locator(".person-menu form button").click()
        page.locator(f"dialog[open] button[value={choice}]").click()
        page.wait_for_url("**/dang-nhap/**")
        sign_in(page, "kiemtra")
        page.wait_for_url(f"{portal}/")
        kept(page, left, user)


def test_a_self_assessment_is_back_after_signing_in_again(open_page, portal):
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    due = timezone.localdate() + datetime.timedelta(days=9)
    Round.objects.filter(pk=enrolment.round_id).update(
        status="open", asks_self_assessment=True, self_assessment_due=due
    )
    address = f"{portal}/tu-kiem-tra/{enrolment.pk}/"
    page = open_page("quan10")
    page.goto(address)
    page.locator("input[name=TC01-outcome][value=met]").check()
    page.locator("#TC02 details.note summary").click()
    page.fill("textarea[name=TC02-note]", "Đã có quyết định")
    page.context.clear_cookies(name="sessionid")
    save(page)
    page.wait_for_url("**/dang-nhap/**")
    sign_in(page, "quan10")
    page.wait_for_url(address)
    until(page, "document.querySelector('[name=TC02-note]').value === 'Đã có quyết định'")
    expect(page.locator("input[name=TC01-outcome][value=met]")).to_be_checked()
    expect(page.locator("form [data-met]")).to_have_text("1")


def test_a_passage_of_a_report_comes_back_and_a_refused_one_stays(open_page, portal):
    page = open_page("lanhdaochicuc")
    page.goto(f"{portal}/bao-cao/van-ban/dot-kiem-tra/gd1-2019/")
    page.locator("a[href*='/doan/']").first.click()
    page.wait_for_selector("form[data-draft]")
    address = page.url
    page.fill("textarea[name=text]", "Đoạn đang viết")
    kept(page)
    page.goto(address)
    until(page, "document.querySelector('[name=text]').value === 'Đoạn đang viết'")
    # Too long: the portal refuses it, and the page that says so is closed.
    page.fill("textarea[name=text]", "Dài " * 20_000)
    with page.expect_navigation(url=address):
        page.locator("form[data-draft] button.main").click()
    expect(page.locator("main .error")).not_to_have_count(0)
    expect(page.locator("form[data-draft=typed]")).to_have_count(1)
    kept_text(page, "Dài Dài")
    page.goto(address)
    until(page, "document.querySelector('[name=text]').value.startsWith('Dài')")
    page.fill("textarea[name=text]", "Đoạn đã xong")
    with page.expect_navigation(url=re.compile("/gd1-2019/#")):
        page.locator("form[data-draft] button.main").click()
    kept(page, 0)
    assert PassageVersion.objects.filter(text="Đoạn đã xong", written_by__username="lanhdaochicuc").exists()


def lost_and_back(page, address: str, field: str, name: str) -> None:
    """Typed, sent after the end of the session, signed in again: the text is in its form."""
    page.goto(address)
    form = page.locator("form[data-draft]", has=page.locator(f"[name={field}]"))
    form.locator(f"[name={field}]").fill("Đã bố trí kho 25 m²")
    page.context.clear_cookies(name="sessionid")
    form.locator("button").last.click()
    page.wait_for_url("**/dang-nhap/**")
    sign_in(page, name)
    page.wait_for_url(address)
    until(page, f"document.querySelector('[name={field}]')?.value === 'Đã bố trí kho 25 m²'")
    with page.expect_navigation():
        form.locator("button").last.click()
    kept(page, 0)


def test_an_answer_to_a_recommendation_and_the_reason_of_a_return_come_back(open_page, portal):
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    inspector = User.objects.get(username="kiemtra")
    finding = published_finding(enrolment, inspector)
    lost_and_back(open_page("quan10"), f"{portal}/kien-nghi/{finding.pk}/", "text", "quan10")
    assert finding.replies.get().text == "Đã bố trí kho 25 m²"

    enrolment = Enrolment.objects.filter(round__code="gd1-2019").exclude(pk=enrolment.pk).first()
    answer(enrolment, inspector, dict.fromkeys(range(1, 24), "met"))
    submit_signed(inspection=enrolment.inspection, by=inspector)
    lost_and_back(open_page("lanhdaochicuc"), f"{portal}/phieu/{enrolment.pk}/", "reason", "lanhdaochicuc")
    assert Inspection.objects.get(enrolment=enrolment).return_reason == "Đã bố trí kho 25 m²"


def test_rows_that_were_added_come_back_after_signing_in_again(open_page, portal):
    """A page of the desk: a team with more people than the page has rows, and a leaf with more options."""
    page = open_page("lanhdaochicuc")
    page.goto(f"{portal}/dot-kiem-tra/gd1-2019/doan/them/")
    rows = page.locator("[data-member-row]").count()
    page.locator("[data-add-row]").click()
    typed = {"name": "Đoàn kiểm tra số 9", f"m{rows}-full_name": "Trần Thị Bích"}
    for name, text in typed.items():
        page.fill(f"input[name={name}]", text)
    kept_text(page, "Trần Thị Bích")
    page.context.clear_cookies(name="sessionid")
    page.locator("[data-team-form] button.main").click()
    with page.expect_navigation(url="**/doan/them/"):
        sign_in(page, "lanhdaochicuc")
    for name, text in typed.items():
        expect(page.locator(f"input[name={name}]")).to_have_value(text)
    page.locator("[data-draft-choice=draftDrop]").click()
    kept(page, 0)


def test_two_forms_of_one_page_keep_theirs_apart(open_page, portal):
    page = open_page("kiemtra")
    page.goto(f"{portal}/dao-tao/de-an/02-2014/kinh-phi/")
    amount, count = page.locator("form:has([value=funding]) input[type=text]").first, page.locator("[name=total]")
    amount.fill("12.500.000")
    count.fill("322")
    kept(page, 2)
    page.reload()
    expect(amount).to_have_value("12.500.000")
    expect(count).to_have_value("322")
    page.locator("[data-draft-choice=draftDrop]").last.click()
    kept(page, 1)
    expect(amount).to_have_value("12.500.000")
