"""The picture of training against targets, drawn from the same measures as the page of training."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from archiveportal.own_words import in_own_words
from archiveportal.templatetags.portal import at_least, number, percent
from reports.dashboard.charts.picture import Picture, PictureCell, Size
from reports.dashboard.charts.svg import LETTER, Box, Drawing, shortened
from reports.dashboard.data import Dashboard
from training.bullets import WIDTH, Bullet, bullet
from training.models import Scheme
from training.queries import SummaryLine

AXIS, WORDS = 14, 11
#: room of the label "250%" behind the break of an axis; without it the label is left out
RESUMES = 22


def against_targets(dashboard: Dashboard, size: Size) -> Picture:
    """Every bar has the same scale with the 100% mark; a bar far beyond it has a broken, labelled axis."""
    # Results and targets of a scheme are the City's: no district has some of its own.
    title = (
        in_own_words(_("Training of the whole of %(area_word)s"))
        if dashboard.district_id
        else _("Training and targets")
    )
    slug = "dao-tao"
    lines = [(line, bar) for line in dashboard.training if (bar := bullet(line.attainment.percent))]
    scheme = dashboard.scheme
    if scheme is None or not lines:
        return Picture(slug, title, None, empty=_("No target above zero is set."))
    drawing = Drawing(slug, size.width, size.height)
    step, scale = min((size.height - AXIS) / len(lines), 56), size.width / WIDTH
    for place, (line, bar) in enumerate(lines):
        top = place * step
        words = _share(line)
        room = size.width - 18 - len(words) * WORDS * LETTER
        drawing.text(0, top + 10, shortened(line.category.name, room, WORDS), size=WORDS)
        drawing.text(size.width, top + 10, words, size=WORDS, anchor="end", bold=True)
        _bar(drawing, bar, top=top + 15, scale=scale, is_lower_bound=line.attainment.is_lower_bound)
        if bar.breaks and bar.resumes_at:
            _label_of_rest(drawing, bar.resumes_at, left=bar.breaks[1] * scale, top=top, room=room)
        of = f"{_result(line)}/{number(line.attainment.target)}"
        address = reverse("reports:courses", args=[scheme.code, line.category.code])
        drawing.way(address, Box(0, top, size.width, step), f"{line.category.name}: {words} ({of})")
    bottom = len(lines) * step + 10
    first = lines[0][1]
    for at, label in ((first.zero, "0"), (first.half, "50%"), (first.full, "100%")):
        is_target = at == first.full
        kind = "ink" if is_target else "soft"
        drawing.text(at * scale, bottom, label, size=9, kind=kind, anchor="middle", bold=is_target)
    drawing.height = bottom + 4
    return Picture(
        slug,
        title,
        drawing,
        "; ".join(f"{line.category.name}: {_share(line)}" for line, _bar in lines),
        [_("Category"), _("Result"), _("Target"), _("Of the target")],
        [_row(line, scheme.code) for line in dashboard.training],
        subject=f"{in_own_words(_('The whole of %(area_word)s'))} · {_with_years(scheme)}",
    )


def _label_of_rest(drawing: Drawing, percent_there: int, *, left: float, top: float, room: float) -> None:
    """Write where the axis goes on behind its break, unless that would run into the percent of the line."""
    if left + RESUMES < room:
        drawing.text(left + 4, top + 13, f"{percent_there}%", size=8.5, kind="soft")


def _with_years(scheme: Scheme) -> str:
    """Most schemes have their years in their name."""
    starts, ends = str(scheme.starts_year), str(scheme.ends_year)
    return scheme.name if starts in scheme.name and ends in scheme.name else f"{scheme.name} ({starts} - {ends})"


def _result(line: SummaryLine) -> str:
    return at_least(number(line.attainment.actual), line.attainment.is_lower_bound)


def _share(line: SummaryLine) -> str:
    """Return the percent of the target, a lower bound with its word; a dash without a target."""
    return at_least(percent(line.attainment.percent), line.attainment.is_lower_bound)


def _bar(drawing: Drawing, bar: Bullet, *, top: float, scale: float, is_lower_bound: bool) -> None:
    """The frame is the whole target, the thick line its end; two strokes mark the broken axis."""
    drawing.rect("ground", Box(bar.zero * scale, top, (bar.full - bar.zero) * scale, 10))
    drawing.rect("bar", Box(bar.zero * scale, top + 2.5, bar.first_width * scale, 5))
    if bar.breaks:
        drawing.rect("bar", Box(bar.breaks[1] * scale, top + 2.5, bar.second_width * scale, 5))
        for at in bar.breaks:
            drawing.path("mark", f"M{at * scale - 2:.1f} {top + 12}l4 -14", 1.5)
    if is_lower_bound:
        drawing.shape("bar", f"M{bar.end * scale:.1f} {top}l6 5l-6 5z")
    drawing.path("mark", f"M{bar.full * scale:.1f} {top - 2}v14", 2.5)


def _row(line: SummaryLine, scheme: str) -> list[PictureCell]:
    done = line.attainment
    address = reverse("reports:courses", args=[scheme, line.category.code])
    return [
        PictureCell(line.category.name, is_number=False),
        PictureCell(_result(line), address),
        PictureCell("—" if done.target is None else number(done.target)),
        PictureCell(_share(line)),
    ]
