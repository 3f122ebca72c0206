"""Each of up to ten bands has a shade of its own, legible in light and dark, on pages as in pictures."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from criteria.models import Band
from reports.dashboard.charts.scores import SHADES, _shade
from reports.dashboard.charts.svg import PAINTS

CSS = Path(settings.BASE_DIR) / "static" / "css"
BANDS = range(1, SHADES + 1)
#: least contrast of text of normal size with what is behind it (WCAG 2.2, 1.4.3)
LEAST_CONTRAST = 4.5


def themes():
    """Return the colours of the light and of the dark theme, by the name of their property."""
    light, dark = (CSS / "theme.css").read_text().split("prefers-color-scheme: dark")
    return [dict(re.findall(r"--((?:on-)?band-\d+): (#[0-9a-f]+)", each)) for each in (light, dark)]


def luminance(colour):
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_shades_are_legible_and_differ(theme):
    colours = themes()[theme]
    for band in BANDS:
        assert contrast(colours[f"band-{band}"], colours[f"on-band-{band}"]) >= LEAST_CONTRAST, band
    assert len({colours[f"band-{band}"] for band in BANDS}) == SHADES


def test_pictures_have_the_shades_of_the_light_theme():
    light = themes()[0]
    for band in BANDS:
        assert PAINTS[_shade(Band(position=band))][0] == light[f"band-{band}"]
    assert _shade(Band(position=SHADES + 1)) == f"band-{SHADES}"


@pytest.mark.parametrize(
    ("sheet", "rule"),
    [
        ("parts.css", ".band-{} {{ background: var(--band-{})"),
        ("summary.css", ".strip.band-{} {{ background: var(--band-{})"),
        ("home.css", ".bar-{} rect {{ fill: var(--band-{})"),
        ("dashboard.css", ".c-band-{} {{ fill: var(--band-{})"),
    ],
)
def test_every_page_paints_them(sheet, rule):
    styles = (CSS / sheet).read_text()
    assert [band for band in BANDS if rule.format(band, band) not in styles] == []
