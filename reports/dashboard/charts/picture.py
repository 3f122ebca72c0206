"""A picture of the dashboard: the drawing, what it says in a sentence, and its numbers as a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from archiveportal.percent import AVERAGE_PLACES
from archiveportal.templatetags.portal import number
from reports.dashboard.charts import svg
from reports.dashboard.charts.svg import Drawing
from reports.dashboard.data import Dashboard
from reports.dashboard.rows import Place


@dataclass(frozen=True, slots=True)
class PictureCell:
    """A number or a word of the table behind a picture; `address` opens its records."""

    text: Any
    address: str = ""
    is_number: bool = True


@dataclass
class Picture:
    """`description` says in words what the drawing shows; `empty` why there is nothing to draw."""

    slug: str
    title: str
    drawing: Drawing | None
    description: str = ""
    headings: list[str] = field(default_factory=list)
    rows: list[list[PictureCell]] = field(default_factory=list)
    empty: str = ""
    #: shade and words, for pictures whose shades mean something
    legend: list[tuple[str, str]] = field(default_factory=list)
    #: the same only for a file; on the page other pictures say it
    key: list[tuple[str, str]] = field(default_factory=list)
    #: shown beside the legend
    note: str = ""
    #: of which place and period it is, where that is not the place and the round of the dashboard
    subject: str = ""

    @property
    def body(self) -> SafeString:
        """Return the rows of the table: a heat table has a thousand cells, too many to go through a
        template."""
        return mark_safe("".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in self.rows))

    @property
    def samples(self) -> list[tuple[SafeString, str]]:
        """Return the legend beside the drawing: the shapes of a shade on a field of 14, and the
        words."""
        signs = []
        for place, (shade, words) in enumerate(self.legend):
            field = Drawing(f"{self.slug}-key-{place}", 14, 14)
            svg.sample(field, shade, svg.Box(0.5, 0.5, 13, 13))
            signs.append((mark_safe(field.shapes), words))
        return signs

    @property
    def inline(self) -> str:
        """Return the drawing within a page; blank where there is nothing to draw."""
        return svg.inline(self.drawing, self.title, self.description) if self.drawing else ""

    def file(self, *, subtitle: str, foot: str) -> str:
        """Return the drawing as a file of its own; blank where there is nothing to draw."""
        if self.drawing is None:
            return ""
        legend = self.legend or self.key
        return svg.alone(self.drawing, self.title, self.description, subtitle=subtitle, foot=foot, legend=legend)


def counted(wards: int) -> str:
    """A number of wards. Most need no grouping of digits, which asks for the language; a heat table has a thousand."""
    return str(wards) if 0 <= wards < 1000 else number(wards)


def value_of(place: Place) -> str:
    """Return the score of a ward as it is, the average of a district with its two decimals; a dash
    for none."""
    return number(place.value, None if place.enrolment_id else AVERAGE_PLACES)


def _cell(cell: PictureCell) -> str:
    text = escape(str(cell.text))
    inner = f'<a href="{escape(cell.address)}">{text}</a>' if cell.address else text
    return f'<td class="number">{inner}</td>' if cell.is_number else f"<td>{inner}</td>"


@dataclass(frozen=True)
class Size:
    width: int
    height: int


def units_address(dashboard: Dashboard, **chosen: Any) -> str:
    """Return the page with the wards behind a number, within the area that the dashboard is
    narrowed to."""
    area = dashboard.divided.parameter
    chosen = {area: chosen.pop("area", dashboard.district_id), **chosen}
    query = "&".join(f"{name}={value}" for name, value in chosen.items() if value is not None)
    return f"{dashboard.units_page}?{query}" if query else dashboard.units_page
