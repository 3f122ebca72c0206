"""The areas of a round side by side: its districts, or the groups of its way of grouping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from archiveportal.percent import mean
from archiveportal.scope import Viewer
from criteria.inspections.models import Round
from criteria.inspections.queries.areas import Area, Division, division
from criteria.models import Band
from criteria.scoring import band_of
from reports.results.apart import sums_apart
from reports.results.criteria import COUNTED, CriterionCount, approved_answers, criterion_count
from reports.results.rows import visible_enrolments
from reports.results.standings import StandingRow
from reports.results.table import Scores, Summary


# Not frozen: that would take twice as long for each.
@dataclass(slots=True)
class DistrictScore:
    """An area in a round. `ward_count` is how many wards it has in all, None where that is not recorded."""

    #: a district or a group; None for the units in none
    district: Area | None
    enrolled: int
    scored: int
    average: Decimal | None
    #: number of wards by the key of their band
    by_band: Counter[int]
    #: sum of the standing scores
    points: Decimal = Decimal(0)

    @property
    def ward_count(self) -> int | None:
        return self.district.ward_count if self.district else None


def district_scores(
    user: Viewer, inspection_round: Round, *, rows: Iterable[StandingRow] | None = None
) -> list[DistrictScore]:
    """Return the areas in their order; wards in none (since 01/7/2025 in no district) are last, together.

    `rows` are the wards that the person sees, for callers that have read them already.
    """
    divided = division(user, inspection_round)
    if rows is None:
        taking_part = areas_taking_part(user, inspection_round, divided)
        return scores_of(user, inspection_round, divided, areas=taking_part)
    scores = [(divided.key_of(row.ward), row.standing_score, row.standing_maximum, row.standing_bar) for row in rows]
    keys = {key for key, *_score in scores}
    return _district_scores(inspection_round, scores, [*divided.areas, *([None] if None in keys else [])])


def areas_taking_part(user: Viewer, inspection_round: Round, divided: Division) -> list[Area | None]:
    """Return the areas with wards in the round, in their order; None last for wards in none."""
    enrolled = visible_enrolments(user, inspection_round).order_by()
    has_others = divided.within(enrolled, None).exists()
    return [*divided.areas, *([None] if has_others else [])]


def scores_of(
    user: Viewer, inspection_round: Round, divided: Division, *, areas: Collection[Area | None]
) -> list[DistrictScore]:
    """Return the scores of these areas, in their order; None are the wards in none."""
    enrolled = divided.with_areas(visible_enrolments(user, inspection_round).order_by())
    chosen = Q(area__in=[area.pk for area in areas if area])
    if None in areas:
        chosen |= Q(area=None)
    scores = enrolled.filter(chosen).values_list("area", "standing_score", "standing_maximum", "standing_bar")
    return _district_scores(inspection_round, scores, areas)


def _district_scores(
    inspection_round: Round, scores: Iterable[tuple], districts: Iterable[Area | None]
) -> list[DistrictScore]:
    bands = BandOfScore(list(inspection_round.criteria_set.bands.all()))
    by_district: dict[int | None, list[tuple]] = {}
    for district_id, *score in scores:
        by_district.setdefault(district_id, []).append(tuple(score))
    return [
        district_score(district, by_district.get(district.pk if district else None, []), bands)
        for district in districts
    ]


class BandOfScore(dict[tuple, Band | None]):
    """The band by score, maximum and bar: many wards of a round have the same."""

    def __init__(self, bands: list[Band]) -> None:
        super().__init__()
        self.bands = bands

    def __missing__(self, result: tuple) -> Band | None:
        score, maximum, bar = result
        self[result] = band_of(score, maximum, self.bands, bar=bar)
        return self[result]


def district_score(district: Area | None, scores: list[tuple], bands: BandOfScore) -> DistrictScore:
    known = [score for score in scores if score[0] is not None]
    total = sum((score[0] for score in known), Decimal(0))
    found = (bands[score] for score in known)
    return DistrictScore(
        district=district,
        enrolled=len(scores),
        scored=len(known),
        average=mean(total, len(known)),
        points=total,
        by_band=Counter(band.id for band in found if band),
    )


@dataclass(frozen=True)
class DistrictTotals:
    """The totals rows of the summary table for one area."""

    district: Area | None
    scores: Scores
    counts: list[CriterionCount]
    #: in the columns of deductions and bonuses
    apart: list[Decimal | None]


def totals_by_district(table: Summary) -> list[DistrictTotals]:
    """Return the totals of the table area by area, in their order. Three queries."""
    chosen = table.enrolments if table.is_filtered else None
    divided = table.divided
    scores = {
        row.pop("area"): Scores(**row)
        for row in divided.with_areas(table.enrolments.order_by())
        .values("area")
        .annotate(
            enrolled=Count("pk"),
            scored=Count("standing_score"),
            points=Sum("standing_score"),
            **sums_apart(table.apart),
        )
    }
    answers: dict[int | None, dict[int, dict[str, Any]]] = {}
    approved: Any = divided.with_areas(approved_answers(table.user, table.round, chosen), "inspection__enrolment__ward")
    for row in approved.values("area", "criterion", "outcome").annotate(**COUNTED):
        answers.setdefault(row["area"], {}).setdefault(row["criterion"], {})[row["outcome"]] = row
    areas = [area for area in divided.areas if area.pk in scores]
    totals = []
    for key, district in [*((found.pk, found) for found in areas), *([(None, None)] if None in scores else [])]:
        rows, score = answers.get(key, {}), scores[key]
        counts = [criterion_count(criterion, score.enrolled, rows.get(criterion.pk, {})) for criterion in table.columns]
        totals.append(DistrictTotals(district, score, counts, table.apart_totals_of(counts, score)))
    return totals
