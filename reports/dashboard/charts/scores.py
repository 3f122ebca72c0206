"""Pictures of scores: their distribution, the bands, how far the round reaches, places side by side, the years."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from archiveportal.templatetags.portal import average, number, percent
from criteria.models import Band
from criteria.scoring import band_of
from reports.dashboard.charts.picture import Picture, PictureCell, Size, counted, units_address, value_of
from reports.dashboard.charts.svg import Box, Drawing, shortened
from reports.dashboard.data import Dashboard, coverage
from reports.dashboard.rows import Place
from reports.results.trend import Trend

#: a score has a column of its own up to this maximum; beyond it columns are ten percent wide
MOST_COLUMNS = 40
#: bands with a shade of their own; further ones share the last
SHADES = 10


@dataclass(frozen=True)
class ScoreColumn:
    label: str
    wards: int
    band: Band | None
    address: str


def _shade(band: Band | None) -> str:
    return f"band-{min(band.position, SHADES)}" if band else "ground"


def _columns(dashboard: Dashboard) -> list[ScoreColumn]:
    """One column for each whole score where all wards have the same maximum, else for each tenth."""
    maxima = {maximum for _score, maximum in dashboard.distribution} | {dashboard.maximum}
    scores = {score for score, _maximum in dashboard.distribution}
    is_plain = len(maxima) == 1 and max(maxima) <= MOST_COLUMNS and all(score == int(score) for score in scores)
    if is_plain:
        (maximum,) = maxima
        return [
            ScoreColumn(
                number(score),
                dashboard.distribution.get((Decimal(score), maximum), 0),
                band_of(Decimal(score), maximum, dashboard.bands) if maximum else None,
                units_address(dashboard, score=score),
            )
            for score in range(int(maximum) + 1)
        ]
    tenths = [0] * 11
    for (score, maximum), wards in dashboard.distribution.items():
        tenths[int(score * 10 / maximum)] += wards
    return [
        ScoreColumn(
            f"{tenth * 10}%",
            wards,
            band_of(dashboard.maximum * tenth / 10, dashboard.maximum, dashboard.bands),
            units_address(dashboard, at_least=tenth * 10, under=tenth * 10 + 10),
        )
        for tenth, wards in enumerate(tenths)
    ]


def distribution(dashboard: Dashboard, size: Size) -> Picture:
    columns = _columns(dashboard)
    title = _("Distribution of scores")
    headings = [str(dashboard.measure.label), _("Wards")]
    if not dashboard.scored:
        return Picture("pho-diem", title, None, empty=_("No ward of this round has a score yet."))
    drawing = Drawing("pho-diem", size.width, size.height)
    base, top, width = size.height - 18, 16, size.width / len(columns)
    most = max(column.wards for column in columns)
    # As many labels as fit beside each other.
    longest = max(len(column.label) for column in columns) * 6.4 + 3
    every = -(-longest // width)
    drawing.path("axis", f"M0 {base}H{size.width}")
    for place, column in enumerate(columns):
        left, height = place * width, (base - top) * column.wards / most
        if column.wards:
            drawing.rect(_shade(column.band), Box(left + 1, base - height, width - 2, height))
            drawing.text(left + width / 2, base - height - 3, counted(column.wards), anchor="middle", bold=True)
            words = _("%(wards)s wards with %(score)s") % {"wards": counted(column.wards), "score": column.label}
            drawing.way(column.address, Box(left, top - 12, width, base - top + 12), words)
        if place % every == 0:
            drawing.text(left + width / 2, base + 13, column.label, kind="soft", anchor="middle")
    values = [score for score, _maximum in dashboard.distribution]
    description = _(
        "%(scored)s of %(enrolled)s wards have a score: from %(least)s to %(most)s, %(average)s on average."
    )
    return Picture(
        "pho-diem",
        title,
        drawing,
        description
        % {
            "scored": number(dashboard.scored),
            "enrolled": number(dashboard.enrolled),
            "least": number(min(values)),
            "most": number(max(values)),
            "average": average(dashboard.average),
        },
        headings,
        [
            [PictureCell(column.label, is_number=False), PictureCell(counted(column.wards), column.address)]
            for column in columns
            if column.wards
        ],
        key=[(_shade(band), band.label) for band in dashboard.bands],
    )


def bands(dashboard: Dashboard, size: Size) -> Picture:
    """As many bars as bands, each of all wards in the round, so that what has no score shows as what is missing."""
    title, counts = _("Bands"), dashboard.bands
    step = max(size.height / max(len(counts), 1), 26)
    drawing = Drawing("muc-hoan-thanh", size.width, step * max(len(counts), 1))
    length, parts, rows = size.width - 8 - 8 * len(counted(dashboard.enrolled)), [], []
    for place, band in enumerate(counts):
        wards, top = dashboard.by_band[band.pk], place * step
        address = units_address(dashboard, band=band.pk)
        drawing.text(0, top + 11, shortened(band.label, size.width, 11), size=11)
        drawing.text(size.width, top + 24, counted(wards), size=12, anchor="end", bold=True)
        drawing.rect("ground", Box(0, top + 15, length, 9))
        if wards:
            drawing.rect(_shade(band), Box(0, top + 15, length * wards / dashboard.enrolled, 9))
        drawing.way(address, Box(0, top, size.width, step), f"{band.label}: {counted(wards)}")
        parts.append(f"{band.label}: {counted(wards)}")
        rows.append([PictureCell(band.label, is_number=False), PictureCell(counted(wards), address)])
    unscored = dashboard.enrolled - sum(dashboard.by_band.values())
    if unscored:
        without = units_address(dashboard, scored=0)
        rows.append([PictureCell(_("wards without a score"), is_number=False), PictureCell(counted(unscored), without)])
        parts.append(f"{_('wards without a score')}: {counted(unscored)}")
    return Picture("muc-hoan-thanh", title, drawing, "; ".join(parts), [_("Band"), _("Wards")], rows)


def reach(dashboard: Dashboard, size: Size) -> Picture:
    """Draw how many wards are in the round, have a score, have an approved checklist."""
    labels = {"enrolled": _("in the round"), "scored": _("with a score"), "approved": _("checklist approved")}
    chosen = {
        "enrolled": units_address(dashboard),
        "scored": units_address(dashboard, scored=1),
        "approved": units_address(dashboard, status="approved"),
    }
    steps = coverage(dashboard)
    drawing = Drawing("do-bao-phu", size.width, size.height)
    step, left, right = size.height / len(steps), 116, size.width - 62
    parts, rows = [], []
    for place, (key, wards, total) in enumerate(steps):
        middle = place * step + step / 2
        share = min(wards / total, 1) if total else 0
        drawing.text(0, middle + 4, labels[key], size=11)
        drawing.rect("ground", Box(left, middle - 5, right - left, 10))
        if share:
            drawing.rect("bar", Box(left, middle - 5, (right - left) * share, 10))
        words = f"{counted(wards)}/{counted(total)}"
        drawing.text(size.width, middle + 4, words, size=11, anchor="end", bold=True)
        drawing.way(chosen[key], Box(0, place * step, size.width, step), f"{labels[key]}: {words}")
        parts.append(f"{labels[key]}: {words}")
        rows.append(
            [
                PictureCell(labels[key], is_number=False),
                PictureCell(counted(wards), chosen[key]),
                PictureCell(counted(total)),
            ]
        )
    return Picture("do-bao-phu", _("Coverage"), drawing, "; ".join(parts), ["", _("Wards"), _("Of")], rows)


def places(dashboard: Dashboard, size: Size) -> Picture:
    """Districts, or the wards of one, side by side. The order is their own until ranking is switched on."""
    of_wards = dashboard.shows_wards
    title = _("Wards side by side") if of_wards else dashboard.divided.side_by_side
    slug, shown = "so-sanh", dashboard.shown_places
    if not shown:
        return Picture(slug, title, None, empty=_("No ward is enrolled in this round yet."))
    step = max(min(size.height / len(shown), 24), 12.5)
    drawing = Drawing(slug, size.width, step * len(shown) + 12)
    label, tail = size.width * (0.48 if of_wards else 0.36), 40 if of_wards else 74
    left, right = label, size.width - tail
    maximum = max((place.maximum for place in shown if place.maximum), default=dashboard.maximum)
    height = min(step * 0.62, 12)
    rows = []
    for number_in_list, place in enumerate(shown):
        top = number_in_list * step
        title_of = place.title or dashboard.divided.rest
        words = f"{place.rank}. {title_of}" if place.rank else title_of
        middle = top + step / 2
        drawing.text(0, middle + 4, shortened(words, left - 6, 11))
        bar = Box(left, middle - height / 2, right - left, height)
        _bar_of_place(drawing, place, bar, behind=(right + 5, middle + 4))
        address = _address_of_place(dashboard, place)
        value = value_of(place)
        reached = f"{counted(place.scored)}/{counted(place.enrolled)}"
        drawing.way(address, Box(0, top, size.width, step), f"{words}: {value} ({reached})")
        rows.append(
            [
                *([PictureCell(place.rank or "")] if dashboard.is_ranked else []),
                PictureCell(title_of, is_number=False),
                PictureCell(value, address),
                *([] if of_wards else [PictureCell(reached, address)]),
            ]
        )
    drawing.path("axis", f"M{left} 0V{step * len(shown)}")
    drawing.text(left, step * len(shown) + 10, "0", kind="soft", anchor="middle")
    drawing.text(right, step * len(shown) + 10, number(maximum), kind="soft", anchor="middle")
    measure = dashboard.measure
    description = str(measure.on_wards if of_wards else measure.on_areas)
    headings = [dashboard.divided.noun, str(measure.average_label), _("With a score")]
    headings = [dashboard.divided.units_noun, str(measure.label)] if of_wards else headings
    return Picture(
        slug,
        title,
        drawing,
        description % {"maximum": number(maximum)},
        [*([_("Rank")] if dashboard.is_ranked else []), *headings],
        rows,
    )


def _bar_of_place(drawing: Drawing, place: Place, box: Box, *, behind: tuple[float, float]) -> None:
    """Draw the bar of a place in its box, and behind it the value and the number of its wards."""
    x, baseline = behind
    drawing.rect("ground", box)
    if place.share is None:
        drawing.text(x, baseline, "—", kind="soft")
    else:
        reached = float(place.share)
        kind = "band-2" if place.is_published else "bar"
        drawing.rect(kind, box._replace(width=box.width * reached))
        drawing.text(x, baseline, value_of(place), bold=True, italic=place.is_published)
    if place.enrolment_id is None:
        words = f"{counted(place.scored)}/{counted(place.enrolled)}"
        drawing.text(drawing.width, baseline, words, kind="soft", anchor="end")


def _address_of_place(dashboard: Dashboard, place: Place) -> str:
    if place.enrolment_id:
        return reverse("inspections:checklist", args=[place.enrolment_id])
    if place.district_id is None:
        return ""
    return units_address(dashboard, area=place.district_id)


def trend(dashboard: Dashboard, size: Size) -> Picture:
    """The share of the points that the wards with a score reached, round by round; sets of criteria may differ."""
    title, points = _("Over the rounds"), dashboard.trend
    known = [row for row in points if row.percent is not None]
    if not known:
        return Picture("dien-bien", title, None, empty=_("No round has a score yet."))
    drawing = Drawing("dien-bien", size.width, size.height)
    base, top, step = size.height - 30, 16, min((size.width - 26) / len(points), 56)
    for line in (0, 50, 100):
        height = base - (base - top) * line / 100
        drawing.path("rule" if line else "axis", f"M26 {height:.1f}H{size.width}")
        drawing.text(22, height + 3, f"{line}%", kind="soft", anchor="end")
    most = max(row.scored for row in points)
    every = -(-len(points) // max(int((size.width - 26) // 34), 1))
    for place, row in enumerate(points):
        left = 26 + place * step
        height = (base - top) * float(row.percent or 0) / 100
        address = _dashboard_of(row.code, dashboard)
        if row.percent is not None:
            kind = "band-1" if row.code == dashboard.round.code else "band-2"
            width = step * _share_of_width(row.scored, most)
            drawing.rect(kind, Box(left + (step - width) / 2, base - height, width, height))
        if row.percent is not None and step >= 24:
            drawing.text(left + step / 2, base - height - 3, percent(row.percent), anchor="middle", bold=True)
        if place % every == 0:
            drawing.text(left + step / 2, base + 12, f"{row.starts_on:%m/%y}", kind="soft", anchor="middle")
            drawing.text(left + step / 2, base + 24, _wards_of(row.scored), kind="soft", anchor="middle")
        words = f"{row.name}: {percent(row.percent)}, {counted(row.scored)}/{counted(row.enrolled)}"
        drawing.way(address, Box(left, top - 14, step, base - top + 14), words)
    description = _(
        "Points reached of those that could be reached, over %(rounds)s rounds; last: %(name)s, %(percent)s. "
        "Each bar is of the wards with a score in its round, whose number stands below it: the fewer they are, the "
        "narrower it is."
    )
    sets = {(row.set_name, row.set_version) for row in known}
    note = _("The rounds follow different criteria sets: their percentages are of different criteria.")
    note = note if len(sets) > 1 else ""
    told = {"rounds": number(len(points)), "name": known[-1].name, "percent": percent(known[-1].percent)}
    return Picture(
        "dien-bien",
        title,
        drawing,
        f"{description % told} {note}".strip(),
        [_("Inspection round"), *([_("Criteria set")] * bool(note)), _("Reached"), _("With a score")],
        [
            [
                PictureCell(row.name, _dashboard_of(row.code, dashboard), is_number=False),
                *([PictureCell(_set_of(row), is_number=False)] * bool(note)),
                PictureCell(percent(row.percent)),
                PictureCell(f"{counted(row.scored)}/{counted(row.enrolled)}", _units_of(row.code, dashboard)),
            ]
            for row in reversed(points)
        ],
        note=note,
    )


def _set_of(row: Trend) -> str:
    return f"{row.set_name} ({row.set_version})"


def _share_of_width(scored: int, most: int) -> float:
    """Return how much of its place a bar fills: 0,7 for the most wards, 0,17 for one of 26."""
    return 0.15 + 0.55 * scored / most


def _wards_of(scored: int) -> str:
    return _("%(wards)s wds") % {"wards": counted(scored)}


def _dashboard_of(code: str, dashboard: Dashboard) -> str:
    address = reverse("reports:dashboard", args=[code])
    return f"{address}?{dashboard.parameter}={dashboard.district_id}" if dashboard.district_id else address


def _units_of(code: str, dashboard: Dashboard) -> str:
    address = reverse("reports:units", args=[code])
    return f"{address}?{dashboard.divided.parameter}={dashboard.district_id}" if dashboard.district_id else address
