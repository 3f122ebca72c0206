"""Documents by number and newer versions of evidence, typed without a line: kept, sent once, said in place."""

import datetime
import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Event, Via
from criteria.inspections.models import Enrolment, SelfAnswer, SelfAssessment, SelfEvidence
from criteria.inspections.services.self_evidence import show_evidence
from tests.e2e.conftest import policy_faults, until, until_true
from tests.e2e.test_offline import all_sent, photograph, sign_in
from tests.e2e.test_self import address  # noqa: F401
from tests.support.self_assessments import assess_all

pytestmark = pytest.mark.usefixtures("address")
DOCUMENT = {
    "number": "12/QĐ-UBND",
    "issued_on": "05/01/2019",
    "issuer": "UBND Phường 6",
    "caption": "Quyết định phân công",
}


def type_document(page, **changed: str) -> None:
    for name, text in (DOCUMENT | changed).items():
        page.locator(f"form[data-piece] [name={name}]").fill(text)


def press_save(page) -> None:
    page.locator("form[data-piece] button.main").click()


def form_at(page, code: str) -> None:
    """Opens the form of one criterion on the page of the self-assessment."""
    page.locator(f"#{code} a[href^='minh-chung/them/']").click()
    expect(page.locator("dialog[open] form[data-piece]")).to_be_visible()


def a_photograph(address: str, name: str = "quan10") -> SelfEvidence:  # noqa: F811
    enrolment = Enrolment.objects.get(pk=int(address.rstrip("/").rpartition("/")[2]))
    file = SimpleUploadedFile("kho.jpg", photograph(1)["buffer"], "image/jpeg")
    criterion = enrolment.round.criteria_set.criteria.get(code="TC01")
    by = User.objects.get(username=name)
    return show_evidence(enrolment=enrolment, criterion=criterion, upload_id=uuid.uuid4(), upload=file, by=by)


def test_documents_typed_without_a_network_arrive_once(device, portal, address):  # noqa: F811
    context = device()
    page = context.pages[0]
    sign_in(page, portal, "quan10")
    page.goto(address)
    faults = policy_faults(page)
    context.set_offline(True)
    form_at(page, "TC01")
    press_save(page)
    expect(page.locator("dialog .field.has-error")).to_have_count(1)
    type_document(page)
    press_save(page)
    expect(page.locator("#TC01 [data-waiting-piece]")).to_contain_text("Quyết định phân công")
    expect(page.locator("#TC01 [data-why]")).to_have_text("Đã giữ trên thiết bị này, sẽ tự gửi khi có mạng trở lại.")
    form_at(page, "TC02")
    assert page.locator("form[data-piece] [name=number]").input_value() == ""
    type_document(page, number="30/KH-UBND", caption="")
    page.locator("form[data-piece] input[type=file]").set_input_files([photograph(3)])
    press_save(page)
    expect(page.locator("#TC02 [data-waiting-piece]")).to_contain_text("30/KH-UBND")
    # What waits is corrected before it leaves.
    page.locator("#TC01").get_by_role("button", name="Sửa").click()
    page.locator("form[data-piece] [name=caption]").fill("Quyết định phân công văn thư")
    press_save(page)
    expect(page.locator("#TC01 [data-waiting-piece] b")).to_have_text("Quyết định phân công văn thư")
    assert faults == [] and page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()

    context = device()
    page = context.pages[0]
    page.goto(address)
    all_sent(page)
    expect(page.locator("#TC01 .shown")).to_contain_text("Quyết định phân công văn thư")
    expect(page.locator("[data-waiting-piece]")).to_have_count(0)
    document, scan = SelfEvidence.objects.order_by("criterion__code")
    assert (document.number, document.issued_on, document.file) == ("12/QĐ-UBND", datetime.date(2019, 1, 5), None)
    assert (scan.number, scan.file.name) == ("30/KH-UBND", "kho-3.jpg")
    assert Event.objects.about(document.assessment).filter(via=Via.OFFLINE).count() == 2


def test_a_newer_version_waits_and_takes_its_place(open_page, address):  # noqa: F811
    former = a_photograph(address)
    page = open_page("quan10", 390)
    page.goto(f"{address}minh-chung/them/TC01/?thay={former.pk}")
    page.locator("form[data-piece] input[type=file]").set_input_files([photograph(2)])
    page.locator("form[data-piece] [name=caption]").fill("Kho sau khi sắp xếp")
    page.context.set_offline(True)
    press_save(page)
    expect(page.locator("[data-waiting-piece]")).to_contain_text("Kho sau khi sắp xếp")
    expect(page.locator("[data-waiting-piece]")).to_contain_text("tự gửi khi có mạng")
    # The receipt is lost on the way: it is sent again as the same one.
    lost = []
    page.route(
        "**/minh-chung/them/**",
        lambda route: (lost.append(route.fetch()), route.abort()) if not lost else route.continue_(),
    )
    page.context.set_offline(False)
    until_true(page, lambda: len(lost) == 1)
    page.goto(address)
    all_sent(page)
    newer = SelfEvidence.objects.get(replaces=former)
    assert newer.caption == "Kho sau khi sắp xếp" and SelfEvidence.objects.count() == 2
    page.goto(address)
    expect(page.locator("#TC01 .shown img")).to_have_count(1)


def test_a_refusal_comes_back_to_its_place_with_what_was_typed(open_page, address):  # noqa: F811
    page = open_page("quan10", 390)
    page.goto(f"{address}minh-chung/them/TC01/")
    type_document(page, issued_on="31/02/2019")
    press_save(page)
    expect(page.locator(".field.has-error [name=issued_on]")).to_be_visible()
    assert page.locator("[name=number]").input_value() == DOCUMENT["number"]
    # Closed and opened again it is still there, on both pages.
    page.goto(address)
    expect(page.locator("#TC01 [data-why]")).to_have_text(re.compile("^Không nhận: "))
    page.goto(f"{address}minh-chung/them/TC01/")
    expect(page.locator(".field.has-error [name=issued_on]")).to_be_visible()
    page.locator("[name=issued_on]").fill("05/01/2019")
    press_save(page)
    page.wait_for_url(f"{address}#TC01")
    expect(page.locator("#TC01 .shown")).to_contain_text(DOCUMENT["caption"])
    assert SelfEvidence.objects.get().issued_on == datetime.date(2019, 1, 5)
    all_sent(page)


def test_a_file_of_30_mb_is_refused_where_it_was_chosen(open_page, address):  # noqa: F811
    page = open_page("quan10", 390)
    page.goto(f"{address}minh-chung/them/TC01/")
    type_document(page)
    large = {"name": "ho-so.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 " + b"0" * (30 * 1024 * 1024)}
    page.locator("form[data-piece] input[type=file]").set_input_files([large])
    press_save(page)
    expect(page.locator(".field.has-error .errors")).to_have_text("Tệp này lớn hơn 15 MB. Vui lòng chọn tệp nhỏ hơn.")
    page.goto(address)
    page.locator("#TC01 input[type=file]").set_input_files([large])
    expect(page.locator("#TC01 [data-photo-fault]")).to_contain_text("15 MB")
    assert not SelfEvidence.objects.exists()


def test_what_waits_goes_in_the_name_of_its_person_alone(device, portal, address):  # noqa: F811
    context = device()
    page = context.pages[0]
    sign_in(page, portal, "quan10")
    page.goto(f"{address}minh-chung/them/TC01/")
    type_document(page)
    Session.objects.all().delete()
    press_save(page)
    expect(page.locator("[data-waiting-piece]")).to_contain_text("Phiên làm việc đã hết")
    expect(page.get_by_role("link", name="Đăng nhập để gửi").last).to_be_visible()

    other = context.new_page()
    sign_in(other, portal, "cangio")
    other.goto(f"{portal}/ngoai-tuyen/")
    page.reload()
    other.wait_for_timeout(500)
    assert not SelfEvidence.objects.exists()
    other.goto(f"{portal}/")
    other.locator(".person-menu").evaluate("menu => { menu.open = true }")
    other.locator(".person-menu form button").click()
    other.wait_for_url("**/tai-khoan/dang-nhap/**")
    sign_in(other, portal, "quan10")
    all_sent(other)
    piece = SelfEvidence.objects.get()
    assert (piece.number, piece.added_by.username) == (DOCUMENT["number"], "quan10")


def test_explanations_saved_without_a_network_go_by_themselves(device, portal, address):  # noqa: F811
    context = device()
    page = context.pages[0]
    sign_in(page, portal, "quan10")
    page.goto(address)
    context.set_offline(True)
    page.locator("input[name=TC02-outcome][value=not_met]").check()
    page.locator("#TC02 details.note summary").click()
    page.locator("textarea[name=TC02-note]").fill("Chưa có kho riêng")
    page.locator("button[name=action][value=hand_in]").click()
    expect(page.locator("[data-unreached=draftLater]")).to_contain_text("bấm lại nút này")
    page.locator("button[name=action][value=save]").click()
    expect(page.locator("[data-unreached=draftLater]")).not_to_contain_text("bấm lại nút này")
    page.close(run_before_unload=False)
    sessions = [session.session_key for session in Session.objects.all()]
    Session.objects.all().delete()
    context.set_offline(False)

    page = context.new_page()
    sign_in(page, portal, "cangio")
    page.wait_for_timeout(500)
    assert sessions and not SelfAnswer.objects.exists()
    page.context.clear_cookies()
    sign_in(page, portal, "quan10")
    until_true(page, SelfAnswer.objects.exists)
    answer = SelfAnswer.objects.get()
    assert (answer.note, answer.changed_by.username) == ("Chưa có kho riêng", "quan10")
    assert SelfAssessment.objects.get().handed_in_at is None


def test_handing_in_from_two_telephones_counts_once(open_page, address):  # noqa: F811
    enrolment = Enrolment.objects.get(pk=int(address.rstrip("/").rpartition("/")[2]))
    assess_all(enrolment, User.objects.get(username="quan10"))
    first, second = open_page("quan10", 390), open_page("quan10", 390)
    for page in (first, second):
        page.goto(address)
    # What the page itself added is no colleague's change.
    first.locator("#TC01 .unfold").click()
    form_at(first, "TC01")
    type_document(first)
    press_save(first)
    expect(first.locator("#TC01 .shown")).to_contain_text(DOCUMENT["caption"])
    first.locator("#TC02 input[type=file]").set_input_files([photograph(2)])
    expect(first.locator("#TC02 .shown img")).to_have_count(1)
    for page in (first, second):
        page.locator("button[name=action][value=hand_in]").click()
        expect(page.locator(".messages")).to_contain_text("Đã nộp")
        expect(page.locator("h1")).to_be_visible()
    events = Event.objects.about(SelfAssessment.objects.get()).filter(action=Action.HANDED_IN)
    assert events.count() == 1


def test_handing_in_waits_for_what_the_page_still_sends(open_page, address):  # noqa: F811
    """Its arrival changes the version that the page shows: nobody else has changed anything."""
    enrolment = Enrolment.objects.get(pk=int(address.rstrip("/").rpartition("/")[2]))
    assess_all(enrolment, User.objects.get(username="quan10"))
    page, held = open_page("quan10", 390), []
    page.goto(address)
    page.route("**/minh-chung/them/**", lambda route: held.append(route))
    page.locator("#TC02 input[type=file]").set_input_files([photograph(2)])
    until_true(page, lambda: bool(held))
    page.locator("button[name=action][value=hand_in]").click(no_wait_after=True)
    page.wait_for_timeout(1000)
    assert not Event.objects.filter(action=Action.HANDED_IN).exists()
    held.pop().continue_()
    expect(page.locator(".messages")).to_contain_text("Đã nộp")
    assert SelfEvidence.objects.count() == 1


def test_the_session_ends_while_an_explanation_waits(open_page, portal, address):  # noqa: F811
    page = open_page("quan10", 390)
    page.goto(address)
    page.context.set_offline(True)
    page.locator("input[name=TC02-outcome][value=not_met]").check()
    page.locator("#TC02 details.note summary").click()
    page.locator("textarea[name=TC02-note]").fill("Chưa có kho riêng")
    page.locator("button[name=action][value=save]").click()
    expect(page.locator("[data-unreached=draftLater]")).to_be_visible()
    Session.objects.all().delete()
    # The form is not in anybody's hands any more.
    page.evaluate("() => { Date.now = ((now) => () => now() + 60000)(Date.now) }")
    page.context.set_offline(False)
    line = page.locator("[data-later-refused]")
    expect(line).to_contain_text("Phiên làm việc đã hết")
    assert page.locator("textarea[name=TC02-note]").input_value() == "Chưa có kho riêng"
    line.get_by_role("link").click(no_wait_after=True)
    page.once("dialog", lambda dialog: dialog.accept())
    page.wait_for_url("**/dang-nhap/**")
    sign_in(page, portal, "quan10")
    until_true(page, SelfAnswer.objects.exists)


def test_a_telephone_three_days_ahead_is_told_and_loses_nothing(device, portal, address):  # noqa: F811
    context = device()
    page = context.pages[0]
    sign_in(page, portal, "quan10")
    page.clock.install(time=datetime.datetime.now() + datetime.timedelta(days=3))
    page.goto(address)
    page.clock.resume()
    form_at(page, "TC01")
    type_document(page)
    press_save(page)
    until_true(page, SelfEvidence.objects.exists)
    expect(page.locator("[data-clock-wrong]")).to_contain_text("Đồng hồ của thiết bị này sai")
    off = SelfEvidence.objects.get().added_at - datetime.datetime.now(datetime.UTC)
    assert abs(off) < datetime.timedelta(minutes=2)
    until(page, "async () => (await portal.store.entries((await portal.store.fact('person')).id)).length === 0")
