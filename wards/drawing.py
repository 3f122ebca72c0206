"""A small drawing of the line of a unit: one column per day on which units began, oldest on the left."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wards.models import Succession, Ward

BOX_WIDTH, BOX_HEIGHT = 168, 26
COLUMN, ROW = 236, 36
TOP = 26
#: more units than this are read from the table alone
MOST_UNITS = 40


class DrawnUnit(Protocol):
    unit: Ward
    is_own: bool


@dataclass(frozen=True)
class _Box:
    unit: DrawnUnit
    left: int
    top: int

    @property
    def middle(self) -> int:
        return self.top + BOX_HEIGHT // 2


def draw_line(units: Sequence[DrawnUnit], joins: Iterable[Succession]) -> SafeString:
    """Return the SVG of a line, or nothing for a unit without others and for very many."""
    if not 1 < len(units) <= MOST_UNITS:
        return SafeString("")
    days = sorted({each.unit.valid_from or datetime.date.min for each in units})
    boxes = _placed(units, days)
    height = max(box.top for box in boxes.values()) + BOX_HEIGHT + 4
    width = (len(days) - 1) * COLUMN + BOX_WIDTH + 2
    return format_html(
        '<svg class="line-drawing" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        *(width, height, width, height),
        _("Drawing of the line; the table below says the same."),
        format_html_join("", "{}", ((_heading(day, column),) for column, day in enumerate(days))),
        format_html_join("", "{}", ((_join(each, boxes),) for each in joins)),
        format_html_join("", "{}", ((_drawn(box),) for box in boxes.values())),
    )


def _placed(units: Sequence[DrawnUnit], days: list[datetime.date]) -> dict[int, _Box]:
    boxes: dict[int, _Box] = {}
    filled = dict.fromkeys(days, 0)
    for each in units:
        day = each.unit.valid_from or datetime.date.min
        boxes[each.unit.pk] = _Box(each, left=days.index(day) * COLUMN + 1, top=TOP + filled[day] * ROW)
        filled[day] += 1
    return boxes


def _heading(day: datetime.date, column: int) -> SafeString:
    words = _("before") if day == datetime.date.min else f"{day:%d/%m/%Y}"
    return format_html('<text class="line-day" x="{}" y="14">{}</text>', column * COLUMN + 2, words)


def _join(succession: Succession, boxes: dict[int, _Box]) -> SafeString:
    former, heir = boxes.get(succession.predecessor_id or 0), boxes.get(succession.successor_id or 0)
    if former is None or heir is None:
        return SafeString("")
    start, end = former.left + BOX_WIDTH, heir.left
    bend = (start + end) // 2
    css = "line-part" if succession.extent == Succession.Extent.PART else "line-whole"
    path = f"M{start} {former.middle} C{bend} {former.middle} {bend} {heir.middle} {end} {heir.middle}"
    return format_html('<path class="{}" d="{}"/>', css, path)


def _drawn(box: _Box) -> SafeString:
    css = "line-own" if box.unit.is_own else "line-unit"
    return format_html(
        '<g class="{}"><rect x="{}" y="{}" width="{}" height="{}" rx="4"/><text x="{}" y="{}">{}</text></g>',
        *(css, box.left, box.top, BOX_WIDTH, BOX_HEIGHT, box.left + 8, box.top + 17),
        box.unit.unit.title,
    )
