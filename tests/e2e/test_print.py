"""Pages of tables on paper: no frame, headings on every page, a foot with page, time and person."""

import pytest

PAGES = {
    "/dot-kiem-tra/gd1-2019/tong-hop/": "A3",
    "/dot-kiem-tra/gd1-2019/quan-huyen/": "A4",
    "/dot-kiem-tra/gd1-2019/tieu-chi/": "A4",
    "/dot-kiem-tra/gd1-2019/": "A4",
    "/dao-tao/de-an/02-2014/khoa/": "A4",
    "/bao-cao/so-lieu/": "A4",
    "/don-vi/": "A4",
}
FRAME = ".top, .crumbs, .tabs, .bottom-bar, .filters, .head-actions, .languages, .messages"


@pytest.mark.parametrize("address", PAGES)
def test_a_table_prints_without_the_frame(portal, open_page, address):
    page = open_page("lanhdaochicuc")
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(portal + address)
    page.emulate_media(media="print")
    shown = page.eval_on_selector_all(FRAME, "parts => parts.filter(part => part.offsetParent).map(p => p.className)")
    assert shown == []
    heads = page.eval_on_selector_all("main thead", "heads => heads.map(head => getComputedStyle(head).display)")
    assert heads and set(heads) == {"table-header-group"}
    assert page.evaluate("document.documentElement.classList.contains('foot-on-every-page')")
    foot = page.evaluate("[...document.adoptedStyleSheets].map(sheet => sheet.cssRules[0].cssText).join()")
    assert "Số liệu tính đến" in foot and "Lê Thị Hồng Hà" in foot and "counter(pages)" in foot
    page.set_viewport_size({"width": 1500 if PAGES[address] == "A3" else 1030, "height": 700})
    wide = page.eval_on_selector_all("main table", "tables => Math.max(...tables.map(t => t.offsetWidth))")
    assert wide <= (1520 if PAGES[address] == "A3" else 1030)
    assert not faults
