"""From an empty checklist to the summary table, as three people do it in the browser."""

import io
import json
import re

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from playwright.sync_api import expect

from criteria.inspections.models import Enrolment, Round
from tests.e2e.conftest import give


def checklist_of(portal: str, code: str) -> tuple[str, Enrolment]:
    enrolment = Enrolment.objects.get(round__code="gd1-2019", ward__code=code)
    return f"{portal}/phieu/{enrolment.pk}/", enrolment


def answer_all(page, met: int) -> None:
    for number in range(1, 24):
        give(page, number, "met" if number <= met else "not_met")


def summary_score(page, portal: str) -> str:
    page.goto(f"{portal}/dot-kiem-tra/gd1-2019/")
    return page.locator("tr", has_text="Phường 6").first.inner_text()


@pytest.mark.parametrize(("rule", "share"), [("exact", "86,96%"), ("truncated", "86,95%")])
def test_the_checklist_rounds_by_the_rule_of_its_round(portal, open_page, rule, share):
    Round.objects.filter(code="gd1-2019").update(rounding=rule)
    url, _enrolment = checklist_of(portal, "27202")
    page = open_page("kiemtra", 390)
    page.goto(url)
    answer_all(page, 20)
    expect(page.locator("[data-percent]")).to_have_text(share)


@pytest.mark.smoke
def test_fill_in_submit_approve_and_everything_follows(portal, open_page):
    url, _enrolment = checklist_of(portal, "27202")
    page = open_page("kiemtra", 390)
    page.goto(url)
    expect(page.locator("[data-left]")).to_have_text("còn 23 tiêu chí")
    page.locator("input[name=TC01-outcome][value=met]").check()
    expect(page.locator(".standing [data-met]")).to_have_text("1")
    expect(page.locator("[data-left]")).to_have_text("còn 22 tiêu chí")
    page.locator("input[name=inspected_on]").fill("14/10/2019")
    expect(page.locator("[data-percent]")).to_be_hidden()
    answer_all(page, 13)
    expect(page.locator("[data-percent]")).to_have_text("57%")
    band = "Hoàn thành 12 - 22/23 (từ 50% đến dưới 100%)"
    expect(page.locator("[data-band]:visible")).to_have_text(band)
    for step, place in (("minutes", "/bien-ban/$"), ("sign", "/ky/$")):
        with page.expect_navigation(url=re.compile(place)):
            page.locator(f"button[name=action][value={step}]").click()
    with page.expect_navigation(url=url):
        page.locator("main form button.main").click()
    page.locator("form[action$='/trinh-duyet/'] button").click()
    expect(page.locator(".messages")).to_contain_text("Đã trình duyệt")

    leader = open_page("lanhdaoso")
    assert "11/23" in summary_score(leader, portal)

    approver = open_page("lanhdaochicuc")
    approver.get_by_role("link", name="Phường 6, Quận 10").click()
    approver.get_by_role("button", name="Phê duyệt").click()
    expect(approver.locator(".messages")).to_contain_text("Đã phê duyệt")

    assert "13/23" in summary_score(leader, portal)
    leader.goto(f"{portal}/dot-kiem-tra/gd1-2019/muc-hoan-thanh/")
    assert "Có 10 " in leader.locator("main").inner_text()

    leader.goto(f"{portal}/dot-kiem-tra/gd1-2019/tong-hop/")
    with leader.expect_download() as download:
        leader.locator("a[href*='tong-hop.xlsx']").first.click()
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    row = next(cells for cells in sheet.iter_rows(values_only=True) if cells[0] == 11)
    assert row[1] == "Phường 6"
    assert row[27] == 13

    printed = io.StringIO()
    call_command("figures", "--json", stdout=printed)
    figure = next(row for row in json.loads(printed.getvalue()) if row["code"] == "5355-33")
    assert (figure["printed"], figure["reported"], figure["now"]) == ("11", "11", "13")


def test_other_districts_are_not_found(portal, open_page):
    url, _enrolment = checklist_of(portal, "27676")
    page = open_page("quan10")
    assert page.goto(url).status == 404
    assert page.goto(checklist_of(portal, "27202")[0]).status == 200


def test_two_inspectors_on_one_checklist(portal, open_page):
    """One of them without scripts: the whole page is refused, and both values are shown. See also test_autosave."""
    url, enrolment = checklist_of(portal, "27202")
    mine, theirs = open_page("kiemtra", 820, java_script_enabled=False), open_page("kiemtra2", 390)
    mine.goto(url)
    theirs.goto(url)
    theirs.locator("input[name=TC05-outcome][value=met]").check()
    theirs.wait_for_selector("#TC05 [data-state=saved]")
    mine.locator("input[name=TC05-outcome][value=not_met]").check()
    mine.locator("#TC05 summary", has_text="Ghi chú").click()
    mine.fill("textarea[name=TC05-note]", "Danh mục chưa ký")
    with mine.expect_navigation():
        mine.get_by_role("button", name="Lưu").click()
    assert "đã lưu lúc" in mine.locator("#TC05 .conflict").inner_text()
    assert mine.input_value("textarea[name=TC05-note]") == "Danh mục chưa ký"
    assert enrolment.inspection.results.get(criterion__code="TC05").outcome == "met"
    with mine.expect_navigation():
        mine.get_by_role("button", name="Lưu").click()
    assert enrolment.inspection.results.get(criterion__code="TC05").outcome == "not_met"


def test_the_checklist_is_an_ordinary_form_without_scripts(portal, open_page):
    url, enrolment = checklist_of(portal, "27202")
    page = open_page("kiemtra", 390, java_script_enabled=False)
    page.goto(url)
    answer_all(page, 23)
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".messages")).to_contain_text("Đã lưu")
    enrolment.inspection.refresh_from_db()
    assert enrolment.inspection.score == 23
    assert "100%" in page.locator("[data-score]").inner_text()


def test_the_checklist_by_keyboard_alone(portal, open_page):
    url, enrolment = checklist_of(portal, "27202")
    page = open_page("kiemtra")
    page.goto(url)
    page.locator("input[name=inspected_on]").focus()
    page.keyboard.type("14/10/2019")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "TC01-outcome":
            break
    page.keyboard.press("ArrowRight")  # from the last choice on to the first: Đạt
    expect(page.locator("input[name=TC01-outcome][value=met]")).to_be_checked()
    page.wait_for_selector("#TC01 [data-state=saved]")
    page.keyboard.press("Enter")  # the form's own button: everything is saved, and the page stays
    page.wait_for_selector("[data-saved-state][data-state=saved]")
    enrolment.inspection.refresh_from_db()
    assert (enrolment.inspection.met_criteria, str(enrolment.inspection.inspected_on)) == (1, "2019-10-14")


def test_the_blank_checklist_prints_on_one_a4_page(portal, open_page):
    url, _enrolment = checklist_of(portal, "27202")
    page = open_page("kiemtra")
    page.goto(f"{url}in/")
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") + printed.count(b"/Type/Page/") == 1
    assert b"594.9" in printed or b"595" in printed


@pytest.mark.smoke
def test_back_shows_nothing_after_sign_out(portal, open_page):
    url, _enrolment = checklist_of(portal, "27202")
    page = open_page("kiemtra")
    page.goto(url)
    page.locator(".person-menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/tai-khoan/dang-nhap/**")
    page.go_back()
    page.wait_for_url("**/tai-khoan/dang-nhap/**")
    assert "Phường 6, Quận 10" not in page.locator("body").inner_text()
