"""The dashboard of a round fits one screen but for its foot, and all of it can be read."""

import pytest

SMALLEST = """() => Math.min(...[...document.querySelectorAll(".chart text")].map(text => {
    const shown = text.getScreenCTM();
    return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(shown.a, shown.b);
}))"""
END = "document.querySelector('.dashboard').getBoundingClientRect().bottom"


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1366, 768), (1440, 900), (1920, 1080)])
def test_the_dashboard_fits_one_screen(portal, open_page, width, height):
    page = open_page("lanhdaoso")
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{portal}/bao-cao/toan-canh/gd1-2019/")
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate(END) <= height
    assert page.evaluate(SMALLEST) >= 10.99
    assert page.evaluate("document.documentElement.scrollWidth") <= width
