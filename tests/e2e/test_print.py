"""Pages of tables on paper: no frame, headings on every page, a foot with page, time and person."""

import pytest

from tests.e2e.conftest import until
from tests.support.factories import enrol, make_district, make_round, make_ward
from tests.support.long_checklists import make_long_set

PAGES = {
    "/dot-kiem-tra/gd1-2019/tong-hop/": "A3",
    "/dot-kiem-tra/gd1-2019/quan-huyen/": "A4",
    "/dot-kiem-tra/gd1-2019/tieu-chi/": "A4",
    "/dot-kiem-tra/gd1-2019/": "A4",
    "/dot-kiem-tra/gd1-2019/tieu-chi/TC15/": "A4",
    "/dot-kiem-tra/gd1-2019/tien-do/": "A4",
    "/dao-tao/de-an/02-2014/khoa/": "A4",
    "/bao-cao/so-lieu/": "A4",
    "/don-vi/": "A4",
}
#: with names of wards and districts, each of which stays on one line
OF_UNITS = [
    "/dot-kiem-tra/gd1-2019/",
    "/dot-kiem-tra/gd1-2019/tieu-chi/TC15/",
    "/dot-kiem-tra/gd1-2019/tien-do/",
    "/don-vi/",
]
#: 420 mm without two margins of 10 mm
A3_ACROSS = round(400 / 25.4 * 96)
FRAME = ".top, .crumbs, .tabs, .bottom-bar, .filters, .head-actions, .languages, .messages, .neighbours"


@pytest.mark.parametrize("address", PAGES)
def test_a_table_prints_without_the_frame(portal, open_page, address):
    page = open_page("lanhdaochicuc")
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(portal + address)
    page.emulate_media(media="print")
    shown = page.eval_on_selector_all(FRAME, "parts => parts.filter(part => part.offsetParent).map(p => p.className)")
    assert shown == []
    names = page.eval_on_selector_all(
        "main .unit-name", "cells => cells.map(cell => getComputedStyle(cell).whiteSpace)"
    )
    assert set(names) == ({"nowrap"} if address in OF_UNITS else set())
    heads = page.eval_on_selector_all("main thead", "heads => heads.map(head => getComputedStyle(head).display)")
    assert heads and set(heads) == {"table-header-group"}
    assert page.evaluate("document.documentElement.classList.contains('foot-on-every-page')")
    foot = page.evaluate("[...document.adoptedStyleSheets].map(sheet => sheet.cssRules[0].cssText).join()")
    assert "gd1-2019" not in address or "Giai đoạn 1 (11/2018 - 10/2019)" in foot
    assert "Số liệu tính đến" in foot and "Lê Thị Hồng Hà" in foot and "counter(pages)" in foot
    page.set_viewport_size({"width": 1500 if PAGES[address] == "A3" else 1030, "height": 700})
    wide = page.eval_on_selector_all("main table", "tables => Math.max(...tables.map(t => t.offsetWidth))")
    assert wide <= (1520 if PAGES[address] == "A3" else 1030)
    assert not faults


def test_folded_evidence_is_printed_and_a_folded_choice_is_not(portal, open_page):
    page = open_page("lanhdaochicuc")
    page.goto(f"{portal}/bao-cao/mau-thuan/")
    folded = "parts => parts.map(part => part.querySelector('tbody tr').checkVisibility({contentVisibilityAuto: true}))"
    assert not any(page.eval_on_selector_all("main details:not(.filter-fold)", folded))
    assert page.locator("main details:not(.filter-fold)").count() >= 5
    page.emulate_media(media="print")
    # What was folded is laid out with the next frame.
    until(page, f"({folded})([...document.querySelectorAll('main details:not(.filter-fold)')]).every(Boolean)")
    page.goto(f"{portal}/dot-kiem-tra/gd1-2019/cac-don-vi/")
    assert (
        page.locator("main details:not(.filter-fold)").count() == 1
        and not page.locator("main details:not(.filter-fold)").is_visible()
    )


def test_a_number_and_its_unit_stay_two_words_on_paper(portal, open_page):
    page = open_page("lanhdaochicuc")
    page.goto(f"{portal}/dao-tao/de-an/02-2014/khoa/")
    page.emulate_media(media="print")
    cells = page.locator(".courses tbody td.number small.soft").evaluate_all(
        "parts => parts.map(p => p.parentNode.innerText)"
    )
    assert "22.384 lượt" in [cell.strip() for cell in cells]


def test_a_dark_screen_prints_as_a_light_one(portal, open_page):
    page = open_page("lanhdaochicuc", color_scheme="dark")
    page.goto(f"{portal}/dot-kiem-tra/gd1-2019/")
    colours = """() => ['body', '.band', '.figure b'].map((name) => document.querySelector(name))
        .map((node) => getComputedStyle(node).backgroundColor + getComputedStyle(node).color)"""
    printed = []
    for scheme in ("dark", "light"):
        page.emulate_media(media="print", color_scheme=scheme)
        printed.append(page.evaluate(colours))
    assert printed[0] == printed[1]


def test_no_column_of_many_criteria_lies_beside_the_sheet(portal, open_page):
    """A3 across, without its margins, at 96 dots an inch."""
    page = open_page("lanhdaochicuc")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A3_ACROSS, "height": 900})
    unit = make_ward(make_district("Quận Đông Bắc"), "Đơn vị có tên dài hơn các đơn vị khác")
    for criteria in (25, 30, 40, 60, 80, 100):
        inspection_round = make_round(make_long_set(criteria))
        enrol(inspection_round, unit)
        page.goto(f"{portal}/dot-kiem-tra/{inspection_round.code}/tong-hop/")
        table = page.locator("table.summary").bounding_box()
        assert table["x"] + table["width"] <= A3_ACROSS, criteria
