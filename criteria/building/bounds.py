"""Bounds of bands, in percent or in points: where they leave scores out, and whether typed words fit them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from archiveportal.vietnamese import number, parse_number
from criteria.models import Band, CriteriaSet

_NUMBER = r"\d+(?:[.,]\d+)?"
FRACTION = re.compile(rf"(?:({_NUMBER})\s*[-–—]\s*)?({_NUMBER})\s*/\s*({_NUMBER})")
PERCENT = re.compile(rf"({_NUMBER})\s*%")
POINTS = re.compile(rf"({_NUMBER})\s*điểm", re.IGNORECASE)


@dataclass(frozen=True)
class Bounds:
    """A band between bounds of one measure: `lower` belongs to it, `upper` does not; None is no upper bound."""

    band: Band
    lower: Decimal
    upper: Decimal | None

    def holds(self, value: Decimal) -> bool:
        return self.lower <= value and (self.upper is None or value < self.upper)


def bounds_of(criteria_set: CriteriaSet, bands: Iterable[Band]) -> list[Bounds]:
    """Return the bounds by what the set counts its bands, the lowest first."""
    if criteria_set.bands_by == CriteriaSet.BandsBy.POINTS:
        found = [Bounds(band, band.lower_points or Decimal(0), band.upper_points) for band in bands]
    else:
        found = [Bounds(band, band.lower_percent, band.upper_percent) for band in bands]
    return sorted(found, key=lambda bounds: bounds.lower)


def gaps_between(bounds: list[Bounds], most: Decimal) -> Iterator[str]:
    """Yield in words where bands leave out scores from 0 to `most`, or have them twice."""
    reached = Decimal(0)
    for each in bounds:
        if each.lower > reached:
            yield _("from %(lower)s to under %(upper)s: no band") % _span(reached, each.lower)
        elif each.lower < reached:
            # What an earlier band without an upper bound holds already, this one holds again.
            end = reached if each.upper is None else min(reached, each.upper)
            yield _("from %(lower)s to under %(upper)s: two bands") % _span(each.lower, end)
        reached = max(reached, most + 1 if each.upper is None else each.upper)
    if reached <= most:
        yield _("from %(lower)s to %(upper)s: no band") % _span(reached, most)


def _span(lower: Decimal, upper: Decimal) -> dict[str, str]:
    return {"lower": number(lower.normalize()), "upper": number(upper.normalize())}


def contradictions(bounds: Bounds, *, label: str, maximum: Decimal, is_by_points: bool) -> Iterator[str]:
    """Yield what typed words of a band say otherwise than its bounds."""
    for lower, upper, whole in _fractions(label):
        if whole != maximum:
            message = _("the words say out of %(typed)s, the set has %(maximum)s points")
            yield message % {"typed": number(whole), "maximum": number(maximum)}
            continue
        outside = [value for value in (lower, upper) if not bounds.holds(_measured(value, maximum, is_by_points))]
        if outside:
            message = _("%(points)s points do not lie in the band")
            yield message % {"points": ", ".join(number(value) for value in outside)}
    typed = POINTS if is_by_points else PERCENT
    known = {bounds.lower, maximum if is_by_points else Decimal(100), bounds.upper}
    for match in typed.finditer(label):
        value = parse_number(match[1])
        if value is not None and value not in known:
            yield _("“%(words)s” is no bound of the band") % {"words": match[0]}


def words_of(lower: Decimal, upper: Decimal | None, *, is_by_points: bool) -> str:
    """Return the name of a band by its bounds, as officials write it: "Từ 50% đến dưới 75%"."""
    unit = " điểm" if is_by_points else "%"
    whole = not is_by_points and lower == 100
    if upper is None:
        return "100%" if whole else f"Từ {number(lower.normalize())}{unit} trở lên"
    if not lower:
        return f"Dưới {number(upper.normalize())}{unit}"
    return f"Từ {number(lower.normalize())}{unit} đến dưới {number(upper.normalize())}{unit}"


def _fractions(label: str) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    for match in FRACTION.finditer(label):
        lower, upper, whole = (parse_number(match[place] or match[2]) for place in (1, 2, 3))
        if lower is not None and upper is not None and whole:
            yield lower, upper, whole


def _measured(points: Decimal, maximum: Decimal, is_by_points: bool) -> Decimal:
    return points if is_by_points else points * 100 / maximum
