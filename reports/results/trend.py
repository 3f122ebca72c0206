"""The rounds one after the other: how much of what could be reached was reached."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from archiveportal.percent import percent_of
from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment
from criteria.inspections.queries.areas import NOTHING, Division
from criteria.inspections.querysets import is_visited


@dataclass(frozen=True)
class Trend:
    """A round in the course of the years: the points reached by the wards with a score, of those they could reach."""

    code: str
    name: str
    starts_on: datetime.date
    rounding: str
    enrolled: int
    scored: int
    points: Decimal | None
    maximum: Decimal | None
    #: name and version of its criteria set
    set_name: str = ""
    set_version: int = 1

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.points, self.maximum, self.rounding)


def trend(user: Viewer, divided: Division = NOTHING, area_id: int | None = None) -> list[Trend]:
    """All rounds in scope from the earliest on, in one query; `area_id` narrows them to an area of `divided`."""
    rows = Enrolment.objects.visible_to(user).counted().filter(is_visited()).with_standing()
    if area_id:
        rows = divided.within(rows, area_id)
    counted = rows.order_by("round__starts_on", "round_id").values_list(
        "round__code",
        "round__name",
        "round__starts_on",
        "round__rounding",
        "round__criteria_set__name",
        "round__criteria_set__version",
    )
    added = counted.annotate(
        enrolled=Count("pk"),
        scored=Count("standing_score"),
        points=Sum("standing_score"),
        maximum=Sum("standing_maximum"),
    )
    found = []
    for code, name, starts_on, rounding, set_name, set_version, enrolled, scored, points, maximum in added:
        row = Trend(code, name, starts_on, rounding, enrolled, scored, points, maximum, set_name, set_version)
        found.append(row)
    return found
