"""What leaders, inspectors and the administrator do at a desk, from the first form to the row that it makes."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from archiveportal.accounts.models import User
from archiveportal.jobs.models import Job
from criteria.inspections.models import Enrolment, Round, Team
from criteria.models import CriteriaSet
from reports.models import Closing
from tests.e2e.conftest import PATIENCE, policy_faults, until_true
from training.models import Category, Course

CHOSEN = "sen vang hung mua 7 giot"


def press(page, button) -> None:
    """Press what sends a form, and wait for the page that answers."""
    with page.expect_navigation():
        button.click()


@pytest.fixture
def stranger(browser):
    """A page of somebody who has not signed in."""
    context = browser.new_context(locale="vi-VN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    context.close()


def test_a_round_is_opened_given_to_a_team_and_planned(open_page, portal):
    page = open_page("lanhdaochicuc")
    faults = policy_faults(page)
    page.goto(f"{portal}/dot-kiem-tra/mo/")
    page.fill("input[name=name]", "Đợt năm 2020")
    # The code follows the year of the first day until somebody types one.
    page.fill("input[name=starts_on]", "02/01/2021")
    expect(page.locator("input[name=code]")).to_have_value("kt-2021-1")
    page.fill("input[name=code]", "dot-2020")
    page.fill("input[name=starts_on]", "02/01/2020")
    expect(page.locator("input[name=code]")).to_have_value("dot-2020")
    page.locator("select[name=criteria_set]").select_option(index=1)
    page.fill("input[name=ends_on]", "31/12/2020")
    press(page, page.locator(".round-form .button.main"))
    # The set of the reports is only proposed: the page asks once.
    page.locator("input[name=uses_proposed]").check()
    press(page, page.locator(".round-form .button.main"))

    page.goto(f"{portal}/dot-kiem-tra/dot-2020/don-vi/")
    shown = page.locator("[data-tick-row]:not([hidden]) [lang=vi]")
    names = {}
    for typed in ("Phường 6", "P.06", "P6", "Tân Quý", "tân\u00a0quí", "TT Cần Thạnh"):
        page.fill("form[data-apply] input[name=q]", typed)
        names[typed] = {name.split(",")[0].strip() for name in shown.all_text_contents()}
    assert names["Phường 6"] == names["P.06"] == names["P6"] == {"Phường 6"}
    assert names["Tân Quý"] == names["tân\u00a0quí"] == {"Phường Tân Quý"}
    assert names["TT Cần Thạnh"] == {"Thị trấn Cần Thạnh"}

    page.goto(f"{portal}/dot-kiem-tra/dot-2020/don-vi/?q=Phường 6")
    boxes = page.locator("[data-tick-row] input[type=checkbox]")
    page.locator("[data-tick-all] input").check()
    expect(page.locator("[data-tick-count]")).to_have_text(f"Đã chọn {boxes.count()} đơn vị")
    boxes.first.uncheck()
    expect(page.locator("[data-tick-count]")).to_have_text(f"Đã chọn {boxes.count() - 1} đơn vị")
    wanted = boxes.count() - 1
    press(page, page.locator(".sticky-actions .button.main"))
    inspection_round = Round.objects.get(code="dot-2020")
    assert inspection_round.enrolments.count() == wanted > 1

    page.goto(f"{portal}/dot-kiem-tra/dot-2020/doan/them/")
    page.fill("input[name=name]", "Đoàn số 1")
    head = User.objects.get(username="kiemtra")
    page.locator("select[name=m0-person]").select_option(str(head.pk))
    rows = page.locator("[data-member-row]").count()
    page.locator("[data-add-row]").click()
    expect(page.locator("[data-member-row]")).to_have_count(rows + 1)
    page.fill(f"input[name=m{rows}-full_name]", "Trần Thị Bích")
    press(page, page.locator("[data-team-form] .button.main"))
    team = Team.objects.get(round=inspection_round)
    assert {member.full_name for member in team.members.all()} == {head.full_name, "Trần Thị Bích"}

    page.goto(f"{portal}/dot-kiem-tra/dot-2020/phan-cong/")
    page.locator("[data-tick-all] input").check()
    page.locator(".plan-desk select[name=team]").select_option(str(team.pk))
    page.fill("input[name=planned_on]", "02/03/2020")
    page.fill("input[name=per_day]", "2")
    press(page, page.locator(".plan-desk .button.main"))
    planned = Enrolment.objects.filter(round=inspection_round, team=team)
    assert planned.count() == wanted
    assert str(min(planned.values_list("planned_on", flat=True))) == "2020-03-02"

    page.goto(f"{portal}/dot-kiem-tra/dot-2020/chuan-bi/")
    press(page, page.locator("main form .button.main"))
    assert Round.objects.get(code="dot-2020").is_open
    assert faults == []


def test_an_account_is_made_and_its_first_password_is_changed(open_page, portal, stranger):
    page = open_page("quantri")
    page.goto(f"{portal}/tai-khoan/them/")
    district, ward = page.locator("select[name=district]"), page.locator("select[name=ward]")
    expect(district).to_be_hidden()
    page.locator("select[name=role]").select_option("ward")
    expect(ward).to_be_visible()
    page.locator("select[name=role]").select_option("district")
    expect(district).to_be_visible()
    expect(ward).to_be_hidden()
    page.fill("input[name=full_name]", "Nguyễn Thị Mới")
    page.fill("input[name=username]", "quan5")
    district.select_option(index=1)
    press(page, page.locator("[data-role-form] .button.main"))
    username, password = page.locator(".secret").all_inner_texts()

    sign_in(stranger, portal, username, password)
    stranger.fill("input[name=present_password]", password)
    choose_password(stranger)
    # Whoever is new is led through the guide.
    stranger.wait_for_url(f"{portal}/bat-dau/")
    expect(stranger.locator("body")).to_contain_text("Nguyễn Thị Mới")
    account = User.objects.get(username="quan5")
    assert account.check_password(CHOSEN) and not account.must_change_password


def sign_in(page, portal: str, username: str, password: str) -> None:
    page.goto(f"{portal}/tai-khoan/dang-nhap/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    press(page, page.locator("form .button.main"))


def choose_password(page) -> None:
    page.fill("input[name=new_password]", CHOSEN)
    page.fill("input[name=repeated]", CHOSEN)
    press(page, page.locator("form:has([name=repeated]) .button.main"))


def test_a_forgotten_password_is_chosen_anew(portal, stranger):
    User.objects.filter(username="thanhan").update(email="thanhan@vtlt.example")
    stranger.goto(f"{portal}/tai-khoan/dang-nhap/")
    stranger.locator("a[href*='quen-mat-khau']").click()
    stranger.fill("input[name=name]", "thanhan")
    press(stranger, stranger.locator("form .button.main"))
    # The mail goes out beside the request.
    until_true(stranger, lambda: len(mail.outbox) == 1)
    (link,) = re.findall(r"https?://\S+", mail.outbox[0].body)
    stranger.goto(link)
    choose_password(stranger)
    sign_in(stranger, portal, "thanhan", CHOSEN)
    stranger.wait_for_url(f"{portal}/")
    stranger.goto(link)
    expect(stranger.locator("input[name=new_password]")).to_have_count(0)


def test_a_course_is_entered(open_page, portal):
    page = open_page("kiemtra", 390)
    faults = policy_faults(page)
    page.goto(f"{portal}/dao-tao/de-an/02-2014/khoa/them/")
    districts = page.locator(".districts")
    page.locator("select[name=organiser]").select_option("district")
    expect(districts).to_be_visible()
    districts.locator("input").first.check()
    # A category says what its participants are counted in.
    for unit in ("attendances", "persons"):
        category = Category.objects.filter(scheme__code="02-2014", unit=unit).first()
        page.locator("select[name=category]").select_option(str(category.pk))
        expect(page.locator("select[name=unit]")).to_have_value(unit)
    page.fill("input[name=name]", "Lớp thử nghiệm")
    page.fill("input[name=held_from]", "02/03/2020")
    page.fill("input[name=held_to]", "06/03/2020")
    page.fill("input[name=participants]", "1.200")
    page.locator("input[name=enters_summary]").check()
    press(page, page.locator(".course-form .button.main"))
    course = Course.objects.get(name="Lớp thử nghiệm")
    assert (course.participants, course.unit, course.category) == (1200, "persons", category)
    assert course.organiser_districts.count() == 1
    page.goto(f"{portal}/dao-tao/khoa/{course.pk}/sua/")
    page.locator("select[name=organiser]").select_option(index=0)
    expect(page.locator(".districts")).to_be_hidden()
    assert faults == []


def test_arrows_walk_through_the_wide_table_and_a_column_is_lit(open_page, portal):
    page = open_page("lanhdaoso")
    page.goto(f"{portal}/dot-kiem-tra/gd1-2019/tong-hop/")
    rows = page.locator("table[data-columns] tbody tr:has(a)")
    rows.nth(0).locator("a").first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1).locator("a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(rows.nth(0).locator("a").first).to_be_focused()
    cell = rows.nth(0).locator("td").nth(5)
    cell.hover()
    column = cell.evaluate("cell => cell.cellIndex")
    expect(page.locator("table[data-columns] col").nth(column)).to_have_class(re.compile("lit"))


def test_a_criteria_set_is_copied_edited_and_put_in_force(open_page, portal):
    page = open_page("lanhdaochicuc")
    original = CriteriaSet.objects.get(code="gd1")
    page.goto(f"{portal}/bo-tieu-chi/{original.pk}/")
    press(page, page.locator("form[action$='/phien-ban-moi/'] button"))
    page.wait_for_url("**/sua/")
    made = CriteriaSet.objects.exclude(pk=original.pk).get(code="gd1")
    assert page.url == f"{portal}/bo-tieu-chi/{made.pk}/sua/"
    first = page.locator(".set-form details").first
    first.locator("summary").click()
    first.locator("[name=TC01-name]").fill("Ban hành quy chế mới")
    press(page, page.locator(".set-form .button.main"))
    assert made.criteria.get(code="TC01").name == "Ban hành quy chế mới"
    assert original.criteria.get(code="TC01").name != "Ban hành quy chế mới"
    # Whoever wrote in it does not put it in force.
    expect(page.locator("form[action$='/ap-dung/']")).to_have_count(0)
    page = open_page("lanhdaochicuc2")
    page.goto(f"{portal}/bo-tieu-chi/{made.pk}/")
    press(page, page.locator("form[action$='/ap-dung/'] button"))
    expect(page.locator("form[action$='/ap-dung/']")).to_have_count(0)
    made.refresh_from_db()
    assert made.status == "in_force"


def test_figures_are_closed_and_the_report_gets_its_number(open_page, portal):
    page = open_page("lanhdaochicuc")
    page.goto(f"{portal}/bao-cao/chot-so-lieu/dot-kiem-tra/gd1-2019/")
    if page.locator("input[name=agreed]").count():
        page.locator("input[name=agreed]").check()
    page.locator("select[name=signatory]").select_option(index=1)
    page.fill("input[name=signatory_name]", "Lê Thị Hồng Hà")
    page.fill("textarea[name=note]", "Trước khi ký")
    press(page, page.locator(".close-form .button.main"))
    closing, today = Closing.objects.get(), timezone.localdate()
    page.goto(f"{portal}/bao-cao/chot-so-lieu/{closing.pk}/")
    with page.expect_download() as download:
        page.locator("a[href*='/tep/']").first.click()
    assert download.value.path().stat().st_size > 1000
    press(page, page.locator("a[href$='/phat-hanh/']").first)
    page.fill("input[name=number]", "5355/BC-SNV")
    page.fill("input[name=issued_on]", f"{today:%d/%m/%Y}")
    page.locator("select[name=signatory]").select_option(index=1)
    page.fill("input[name=signatory_name]", "Lê Thị Hồng Hà")
    press(page, page.locator(".round-form .button.main"))
    expect(page.locator("main")).to_contain_text("5355/BC-SNV")
    closing.refresh_from_db()
    assert (closing.number, closing.issued_on) == ("5355/BC-SNV", today)


def test_a_word_template_is_downloaded_handed_in_and_taken_back(open_page, portal, tmp_path):
    page = open_page("lanhdaochicuc")
    page.goto(f"{portal}/bao-cao/mau-van-ban/")
    with page.expect_download() as download:
        page.locator("a[href$='/mau-van-ban/de-an.docx']").click()
    template = tmp_path / "mau.docx"
    download.value.save_as(template)
    form = page.locator("section, .sheet").filter(has=page.locator("a[href$='/de-an.docx']"))
    form.locator("input[type=file]").first.set_input_files(template)
    press(page, form.locator(".template-form .button.main").first)
    withdraw = page.locator("form[action$='/thu-hoi/'] button")
    expect(withdraw).to_have_count(1)
    press(page, withdraw)
    expect(withdraw).to_have_count(0)


def test_the_screen_speaks_english_and_vietnamese_again(open_page, portal):
    page = open_page("lanhdaoso", 390)
    faults = policy_faults(page)
    vietnamese = page.locator("h1").inner_text()
    press(page, page.locator(".languages button[value=en]"))
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.locator("h1")).not_to_have_text(vietnamese)
    page.goto(f"{portal}/dot-kiem-tra/gd1-2019/tong-hop/")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    press(page, page.locator(".languages button[value=vi]"))
    page.goto(f"{portal}/")
    expect(page.locator("h1")).to_have_text(vietnamese)
    assert faults == []


def test_the_page_of_a_job_follows_it_to_its_end(open_page, portal):
    administrator = User.objects.get(username="quantri")
    job = Job.objects.create(kind="sheet-check", title="Nhập tài khoản", ordered_by=administrator, arguments={})
    running = Job.objects.filter(pk=job.pk)
    running.update(status=Job.Status.RUNNING, worker="w/1", beat_at=timezone.now(), total=8)
    page = open_page("quantri", 390)
    faults = policy_faults(page)
    page.goto(f"{portal}{reverse('jobs:detail', args=[job.pk])}")
    running.update(step="đọc bảng", done=3)
    expect(page.locator("[data-job-step]")).to_have_text(": đọc bảng")
    expect(page.locator("[data-job-count]")).to_have_text("3 / 8")
    assert page.locator("progress").evaluate("bar => bar.value") == pytest.approx(37, abs=1)
    running.update(status=Job.Status.DONE, message="Đã nhập 8 dòng.", finished_at=timezone.now())
    expect(page.get_by_text("Đã nhập 8 dòng.")).to_be_visible()
    expect(page.locator("progress")).to_have_count(0)
    assert faults == []
