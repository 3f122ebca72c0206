"""The pictures of the dashboard by their addresses: the same function draws for the page and, larger, for a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.dashboard.charts import criteria, scores, training
from reports.dashboard.charts.picture import Picture, Size
from reports.dashboard.data import Dashboard


@dataclass(frozen=True)
class ChartKind:
    """The drawing of a picture: `page` is its size among others on one screen, `file` that of a
    slide."""

    draw: Callable[[Dashboard, Size], Picture]
    page: Size
    file: Size


#: so much room is left at most where there are no criteria to show
LEFT_BY_CRITERIA = 200
#: The page is made for one screen of 1280 x 800: a column is 276 wide, the three stacks are 600 high.
KINDS = {
    "pho-diem": ChartKind(scores.distribution, Size(276, 96), Size(640, 300)),
    "muc-hoan-thanh": ChartKind(scores.bands, Size(276, 90), Size(560, 170)),
    "do-bao-phu": ChartKind(scores.reach, Size(276, 48), Size(560, 130)),
    "dien-bien": ChartKind(scores.trend, Size(276, 96), Size(640, 300)),
    "dao-tao": ChartKind(training.against_targets, Size(276, 130), Size(560, 260)),
    "bang-nhiet": ChartKind(criteria.heat, Size(586, 386), Size(900, 640)),
    "tieu-chi": ChartKind(criteria.least_met, Size(276, 312), Size(560, 420)),
    "so-sanh": ChartKind(scores.places, Size(276, 364), Size(560, 460)),
}


def page_pictures(dashboard: Dashboard) -> dict[str, Picture]:
    pictures = {slug: kind.draw(dashboard, kind.page) for slug, kind in KINDS.items()}
    if pictures["tieu-chi"].drawing is None and pictures["bang-nhiet"].drawing:
        # The years are above the criteria: beside a high table they take the room that these leave.
        left = int(min(max(pictures["bang-nhiet"].drawing.height - 200, 0), LEFT_BY_CRITERIA))
        page = KINDS["dien-bien"].page
        pictures["dien-bien"] = scores.trend(dashboard, Size(page.width, page.height + left))
    return {slug.replace("-", "_"): picture for slug, picture in pictures.items()}


def file_picture(dashboard: Dashboard, slug: str) -> Picture:
    kind = KINDS[slug]
    return kind.draw(dashboard, kind.file)
