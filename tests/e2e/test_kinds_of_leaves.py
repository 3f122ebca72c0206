"""A made-up set with leaves of every kind on a telephone: with a network, without one, and in the minutes."""

from decimal import Decimal

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from criteria.inspections.services import sign_minutes
from tests.e2e.conftest import policy_faults, until
from tests.e2e.test_offline import all_sent, open_checklist, sign_in, unfold
from tests.support.factories import enrol, make_district, make_round, make_user, make_ward, visit_today
from tests.support.mixed_sets import make_mixed_set


def worth(page, code: str):
    return page.locator(f"#{code} .worth")


def put(page, name: str, value: str) -> None:
    unfold(page, name.partition("-")[0])
    page.fill(f"[name={name}]", value)


PASTED = ["1", "Một phần\tĐã xem", "30/40", "19", "", "0,1", "2", "12,5", "đ", "k"]


def paste(page) -> None:
    """A column from Excel: what is no ratio is said, with what to write."""
    summary = page.locator("[data-paste-summary]")
    page.locator("[data-paste-open]").click()
    page.fill("#paste-text", "\n".join([*PASTED[:2], "30", *PASTED[3:]]))
    expect(summary).to_have_text("Dòng 3: “30” không phải là tỷ lệ. Ghi cả hai số, ví dụ 30/40.")
    page.fill("#paste-text", "\n".join(PASTED))
    expect(summary).to_contain_text("Có 8 kết quả, 1 chưa đánh giá, 1 ghi chú.")
    page.locator("[data-paste-apply]").click()
    expect(page.locator("form [data-met]")).to_have_text("13,35")
    expect(page.locator("form [data-left]")).to_have_text("còn 1 tiêu chí")


def test_every_kind_is_answered_on_a_telephone_and_printed(device, portal):
    enrolment = enrol(make_round(make_mixed_set()), make_ward(make_district()))
    url = f"{portal}{reverse('inspections:checklist', args=[enrolment.pk])}"
    context = device()
    page = context.pages[0]
    sign_in(page, portal)
    faults = policy_faults(page)
    page.set_viewport_size({"width": 1024, "height": 844})
    open_checklist(page, url)
    paste(page)
    all_sent(page)
    page.set_viewport_size({"width": 390, "height": 844})
    open_checklist(page, url)

    # With a network: one tap, two numbers with their percent and step, a number against its threshold.
    unfold(page, "CHOICE")
    page.locator("#CHOICE .options label").nth(2).click()
    put(page, "RATIO-number", "3")
    put(page, "RATIO-of_number", "0")
    expect(worth(page, "RATIO")).to_have_text("Số đứng sau dấu gạch chéo phải lớn hơn 0.")
    put(page, "RATIO-of_number", "4")
    expect(worth(page, "RATIO")).to_have_text("75% · 2,5/4 điểm")
    for typed in ("20,5", "1 020,5", "20,5 m²"):
        put(page, "MEASURE-number", "")
        expect(worth(page, "MEASURE")).to_have_text("")
        put(page, "MEASURE-number", typed)
        expect(worth(page, "MEASURE")).to_have_text("Đạt · 0,5/0,5 điểm")
    # What has not earned its points can be given a recommendation at once; what has them is not offered any.
    expect(page.locator("#RATIO .finding-write")).to_have_count(1)
    expect(page.locator("#CHOICE .finding-write")).to_have_count(1)
    expect(page.locator("#MINUS .finding-write")).to_have_count(0)
    put(page, "PART2-number", "5")
    expect(worth(page, "PART2")).to_have_text("Tối đa 2,8 điểm.")
    put(page, "PART2-number", "1,5")
    all_sent(page)
    violations = Axe().run(page).response["violations"]
    assert [each["id"] for each in violations if each["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    # Without one: a day, a part, what is excused, a deduction, a bonus; another option in the place of the first.
    context.set_offline(True)
    put(page, "DATE-day", "1/7/2026")
    page.press("[name=DATE-day]", "Tab")
    put(page, "PART1-number", "0,2")
    for code, outcome in (("MINUS", "not_met"), ("PLUS", "met"), ("MET", "excused")):
        unfold(page, code)
        page.locator(f"#{code} input[value={outcome}]").press("Space")
    page.locator("#MET details.note summary").click()
    put(page, "MET-note", "Mới sáp nhập")
    unfold(page, "CHOICE")
    page.locator("#CHOICE .options label").nth(0).click()
    expect(page.locator("[data-sum]")).to_have_text("1,7/3 điểm")
    expect(page.locator("form [data-met]")).to_have_text("6,7")
    expect(page.locator("form [data-maximum]")).to_have_text("12,5")
    expect(page.locator("[data-deducted]")).to_have_text("2")
    until(page, "async () => (await portal.store.entries(portal.autosave.user)).length >= 6")
    said = page.evaluate("async () => (await portal.store.entries(portal.autosave.user)).map((each) => each.given)")
    assert {"Đầy đủ", "01/07/2026", "0,2"} <= set(said)
    context.set_offline(False)
    all_sent(page)

    page.evaluate("document.activeElement.blur()")
    enrolment.inspection.refresh_from_db()
    inspection = enrolment.inspection
    assert (inspection.score, inspection.maximum, inspection.deducted) == (Decimal("6.7"), Decimal("12.5"), 2)
    page.reload()
    expect(page.locator("form [data-met]")).to_have_text("6,7")
    assert page.locator("#CHOICE .options input").nth(0).is_checked()
    expect(page.locator("[data-sum]")).to_have_text("1,7/3 điểm")

    visit_today(inspection)
    minutes = sign_minutes(inspection=inspection, signed_on=timezone.localdate(), by=make_user())
    page.goto(f"{portal}{reverse('inspections:minutes-print', args=[enrolment.pk, minutes.sequence])}")
    paper = page.locator(".official").inner_text().replace("\xa0", " ")
    for words in ("Đầy đủ (3/3 điểm)", "3/4 = 75% (2,5/4 điểm)", "1,5/2,8 điểm", "6,7/12,5 điểm", "điểm trừ 2"):
        assert words in paper
    assert faults == []
