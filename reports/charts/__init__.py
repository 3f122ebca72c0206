"""The pictures of the dashboard by their addresses: the same function draws for the page and, larger, for a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.charts import criteria, scores, training
from reports.charts.picture import Picture, Size
from reports.dashboard import Dashboard


@dataclass(frozen=True)
class Kind:
    """How a picture is drawn: `page` is its size among others on one screen, `file` that of a slide of its own."""

    draw: Callable[[Dashboard, Size], Picture]
    page: Size
    file: Size


KINDS = {
    "pho-diem": Kind(scores.distribution, Size(312, 184), Size(640, 300)),
    "muc-hoan-thanh": Kind(scores.bands, Size(312, 84), Size(560, 170)),
    "do-bao-phu": Kind(scores.reach, Size(312, 48), Size(560, 130)),
    "dien-bien": Kind(scores.trend, Size(312, 184), Size(640, 300)),
    "dao-tao": Kind(training.against_targets, Size(312, 184), Size(560, 260)),
    "bang-nhiet": Kind(criteria.heat, Size(664, 362), Size(900, 640)),
    "tieu-chi": Kind(criteria.least_met, Size(312, 384), Size(560, 420)),
    "so-sanh": Kind(scores.places, Size(312, 372), Size(560, 460)),
}


def page_pictures(dashboard: Dashboard) -> dict[str, Picture]:
    return {slug.replace("-", "_"): kind.draw(dashboard, kind.page) for slug, kind in KINDS.items()}


def file_picture(dashboard: Dashboard, slug: str) -> Picture:
    kind = KINDS[slug]
    return kind.draw(dashboard, kind.file)
