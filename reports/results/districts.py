"""The districts of a round side by side."""

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
from criteria.models import Band
from criteria.scoring import band_of
from reports.results.criteria import COUNTED, CriterionCount, approved_answers, criterion_count
from reports.results.rows import visible_enrolments
from reports.results.standings import StandingRow
from reports.results.table import Scores, Summary
from wards.models import District


@dataclass(frozen=True)
class DistrictScore:
    """A district in a round. `ward_count` is how many wards it has in all, None where that is not recorded."""

    district: District | None
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
    """Return the districts in natural order; wards without one (since 01/7/2025) are last,
    together.

    `rows` are the wards that the person sees, for callers that have read them already.
    """
    if rows is None:
        return scores_of(user, inspection_round, districts_taking_part(user, inspection_round))
    scores = [(row.ward.district_id, row.standing_score, row.standing_maximum) for row in rows]
    keys = {district_id for district_id, _score, _maximum in scores}
    return _district_scores(inspection_round, scores, _in_order(user, keys))


def districts_taking_part(user: Viewer, inspection_round: Round) -> list[District | None]:
    """Return the districts with wards in the round, in natural order; None last for wards without
    one."""
    enrolled = visible_enrolments(user, inspection_round).order_by()
    return _in_order(user, set(enrolled.values_list("ward__district", flat=True).distinct()))


def scores_of(user: Viewer, inspection_round: Round, districts: Collection[District | None]) -> list[DistrictScore]:
    """Return the scores of these districts, in their order; None are the wards without a district."""
    enrolled = visible_enrolments(user, inspection_round).order_by()
    chosen = Q(ward__district__in=[district.pk for district in districts if district])
    if None in districts:
        chosen |= Q(ward__district=None)
    scores = enrolled.filter(chosen).values_list("ward__district", "standing_score", "standing_maximum")
    return _district_scores(inspection_round, scores, districts)


def _in_order(user: Viewer, keys: set[int | None]) -> list[District | None]:
    districts = District.objects.visible_to(user).filter(pk__in=keys - {None}).distinct()
    return [*districts, None] if None in keys else list(districts)


def _district_scores(
    inspection_round: Round, scores: Iterable[tuple], districts: Iterable[District | None]
) -> list[DistrictScore]:
    bands = list(inspection_round.criteria_set.bands.all())
    by_district: dict[int | None, list[tuple]] = {}
    for district_id, score, maximum in scores:
        by_district.setdefault(district_id, []).append((score, maximum))
    return [
        district_score(district, by_district.get(district.pk if district else None, []), bands)
        for district in districts
    ]


def district_score(district: District | None, scores: list[tuple], bands: list[Band]) -> DistrictScore:
    known = [(points, maximum) for points, maximum in scores if points is not None]
    total = sum((points for points, _ in known), Decimal(0))
    band_by_score = {score: band_of(*score, bands) for score in set(known)}
    found = (band_by_score[score] for score in known)
    return DistrictScore(
        district=district,
        enrolled=len(scores),
        scored=len(known),
        average=mean(total, len(known)),
        points=total,
        by_band=Counter(band.pk for band in found if band),
    )


@dataclass(frozen=True)
class DistrictTotals:
    """The totals rows of the summary table for one district."""

    district: District | None
    scores: Scores
    counts: list[CriterionCount]


def totals_by_district(table: Summary) -> list[DistrictTotals]:
    """Return the totals of the table district by district, in natural order. Three queries."""
    chosen = table.enrolments if table.is_filtered else None
    scores = {
        row.pop("ward__district"): Scores(**row)
        for row in table.enrolments.order_by()
        .values("ward__district")
        .annotate(enrolled=Count("pk"), scored=Count("standing_score"), points=Sum("standing_score"))
    }
    answers: dict[int | None, dict[int, dict[str, Any]]] = {}
    place = "inspection__enrolment__ward__district"
    counted = approved_answers(table.user, table.round, chosen).values(place, "criterion", "outcome")
    for row in counted.annotate(**COUNTED):
        answers.setdefault(row[place], {}).setdefault(row["criterion"], {})[row["outcome"]] = row
    districts = list(District.objects.visible_to(table.user).filter(pk__in=[pk for pk in scores if pk]).distinct())
    return [
        DistrictTotals(
            district,
            scores[key],
            [
                criterion_count(criterion, scores[key].enrolled, answers.get(key, {}).get(criterion.pk, {}))
                for criterion in table.columns
            ],
        )
        for key, district in [*((found.pk, found) for found in districts), *([(None, None)] if None in scores else [])]
    ]
