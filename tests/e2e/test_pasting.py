"""A column pasted out of Excel."""

from playwright.sync_api import expect

from tests.e2e.conftest import policy_faults
from tests.e2e.test_autosave import all_saved, choose, open_checklist, result


def test_a_pasted_column_is_read_as_it_looks_and_empties_nothing_unasked(open_page, ward):
    url, enrolment = ward
    page = open_page("kiemtra", 1440, reduced_motion="reduce")
    faults = policy_faults(page)
    open_checklist(page, url)
    for number in (22, 23):
        choose(page, number, "met")
    all_saved(page)
    page.locator("[data-paste-open]").click()
    summary, apply = page.locator("[data-paste-summary]"), page.locator("[data-paste-apply]")
    expect(summary).to_be_empty()
    expect(summary).not_to_have_class("error")
    page.fill("#paste-text", "\n".join(["$& {text}", *["1"] * 22]))
    expect(summary).to_contain_text("“$& {text}”")
    met = ["Đạt.", "1,0", "✓", "✅", "đạt\u200b", "\ufeffĐa\u0323t", "１", "Ðạt", " có ", "“Đạt”", "dat", "1 điểm"]
    not_met = ["Chưa\u00a0đạt", "chưa  đạt;", "0,0", "K.", "Không\u202fđạt"]
    rows = [*met, *not_met, "x", "X.", "х", "×", "", "-"]
    page.fill("#paste-text", "\r\n".join(rows) + "\r\n")
    expect(page.locator(".paste-question")).to_have_count(2)
    expect(page.locator(".paste-question").first).to_contain_text("“x” ở 4 dòng")
    expect(apply).to_be_disabled()
    page.locator(".paste-question").get_by_role("button", name="Chưa đạt", exact=True).click()
    apply.click()
    all_saved(page)
    found = [result(enrolment, number).outcome for number in range(1, 24)]
    assert found == ["met"] * 12 + ["not_met"] * 9 + ["met"] * 2
    page.locator("[data-paste-open]").click()
    expect(page.locator(".paste-question")).to_have_count(0)
    page.fill("#paste-text", "\n".join([*["1"] * 21, "+", "-"]))
    page.locator(".paste-question").get_by_role("button", name="Đạt", exact=True).click()
    page.locator(".paste-question input").check()
    apply.click()
    all_saved(page)
    assert [result(enrolment, number).outcome for number in (21, 22, 23)] == ["met", "met", ""]
    assert faults == []
