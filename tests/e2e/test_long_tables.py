"""The summary table of a set with many criteria: on a phone its units are folded, and nothing is cut off or lost."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.factories import enrol, make_district, make_round, make_ward
from tests.support.long_checklists import make_long_set

CRITERIA, UNITS = 100, 8
#: in pixels: a folded unit, and the whole page of eight
CARD, PAGE = 110, 2200


def test_units_of_a_long_table_are_folded_on_a_phone(portal, open_page):
    inspection_round, district = make_round(make_long_set(CRITERIA)), make_district("Quận Đông Bắc")
    for number in range(UNITS):
        enrol(inspection_round, make_ward(district, f"Đơn vị số {number}"))
    page = open_page("lanhdaochicuc", 390)
    page.goto(f"{portal}/dot-kiem-tra/{inspection_round.code}/tong-hop/")
    rows = page.locator("table.summary tbody tr")
    expect(rows).to_have_count(UNITS)
    first, second = rows.nth(0), rows.nth(1)
    expect(first.locator("td.cell").first).to_be_hidden()
    assert all(row.bounding_box()["height"] <= CARD for row in rows.all())
    assert page.evaluate("document.documentElement.scrollHeight") <= PAGE
    first.locator("summary").click()
    expect(first.locator("td.cell").last).to_be_visible()
    expect(second.locator("td.cell").first).to_be_hidden()
    assert page.url.endswith("/tong-hop/"), "opening a unit leads nowhere"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    impacts = [each["impact"] for each in Axe().run(page).response["violations"]]
    assert not {"serious", "critical"} & set(impacts)
    explained = page.locator(".by-criterion li")
    expect(explained.first).to_be_hidden()
    page.locator(".by-criterion summary").click()
    expect(explained).to_have_count(CRITERIA)
    expect(explained.last).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 844})
    expect(second.locator("td.cell").first).to_be_visible()
    expect(second.locator("details")).to_be_hidden()
    expect(page.locator(".by-criterion")).to_be_hidden()
