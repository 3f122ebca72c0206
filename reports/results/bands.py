"""Counts of wards by band of scores."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import cast

from django.db.models import Count, Q, prefetch_related_objects

from archiveportal.scope import Viewer
from criteria.inspections.models import Round
from criteria.measures import CRITERIA, Measure, measure_of
from criteria.models import Band, Criterion
from criteria.scoring import band_of, whole_score_bounds
from reports.results.rows import visible_enrolments
from reports.results.standings import StandingRow, standings


@dataclass
class BandCount:
    """The wards within a band. `bounds` are its lowest and highest whole score, (12, 22) of 23."""

    band: Band
    bounds: tuple[int, int] | None
    maximum: Decimal
    measure: Measure = CRITERIA
    enrolments: list[StandingRow] = field(default_factory=list)
    #: how many wards have a published score in the band
    published: int = 0
    count: int = 0


@dataclass(frozen=True)
class BandCounts:
    bands: list[BandCount]
    #: wards whose checklist is not approved and for which no report printed a score
    unscored: list[StandingRow]
    without_score: int

    @cached_property
    def rows(self) -> list[StandingRow]:
        """Return all wards in printed order."""
        scored = chain.from_iterable(band.enrolments for band in self.bands)
        return sorted([*scored, *self.unscored], key=attrgetter("position"))

    @property
    def measure(self) -> Measure:
        """Return what the scores of the round count."""
        return self.bands[0].measure if self.bands else CRITERIA

    @property
    def has_published(self) -> bool:
        return any(band.published for band in self.bands)

    @property
    def enrolled(self) -> int:
        return self.scored + self.without_score

    @property
    def scored(self) -> int:
        return sum(band.count for band in self.bands)


#: score, maximum and the key of the highest band allowed
BandFinder = Callable[..., Band | None]


def _counted(inspection_round: Round) -> list[Criterion]:
    return [criterion for criterion in inspection_round.criteria_set.criteria.all() if criterion.is_in_maximum]


def _maximum(counted: list[Criterion]) -> Decimal:
    return sum((criterion.points for criterion in counted), Decimal(0))


def empty_counts(inspection_round: Round) -> list[BandCount]:
    """Return each band with its bounds, before any ward is counted."""
    # Read once for all that is asked of the round afterwards.
    prefetch_related_objects([inspection_round], "criteria_set__criteria", "criteria_set__bands")
    counted, bands = _counted(inspection_round), list(inspection_round.criteria_set.bands.all())
    maximum, measure = _maximum(counted), measure_of(counted, inspection_round.criteria_set)
    # Whole scores say something only where each criterion has one point and all of them apply everywhere.
    is_plain = not measure.is_points and not inspection_round.criteria_set.allows_not_applicable
    counts = []
    for band in bands:
        bounds = whole_score_bounds(band, int(maximum)) if is_plain else None
        counts.append(BandCount(band, bounds, maximum, measure))
    return counts


def _band_finder(bands: list[Band]) -> BandFinder:
    """Return a function from score, maximum and bar to their band; None without a score.

    It works out each band once: there are few scores and many wards.
    """
    bands_by_score: dict[tuple, Band | None] = {}

    def band_at(score: Decimal | None, maximum: Decimal | None, bar: int | None = None) -> Band | None:
        if score is None:
            return None
        if (score, maximum, bar) not in bands_by_score:
            bands_by_score[score, maximum, bar] = band_of(score, maximum, bands, bar=bar)
        return bands_by_score[score, maximum, bar]

    return band_at


def band_counts(user: Viewer, inspection_round: Round) -> BandCounts:
    """Return the wards by band (5355/BC-SNV, II.2.a: 1, 9 and 16), in printed order."""
    counts = {count.band.pk: count for count in empty_counts(inspection_round)}
    band_at = _band_finder([count.band for count in counts.values()])
    unscored: list[StandingRow] = []
    for row in standings(user, inspection_round):
        band = band_at(row.standing_score, row.standing_maximum, row.standing_bar)
        (counts[band.pk].enrolments if band else unscored).append(row)
        if row.published_score is not None:
            # No set with a gap between its bands comes into force.
            reported = cast(Band, band_at(row.published_score, row.published_maximum))
            counts[reported.pk].published += 1
    for count in counts.values():
        count.count = len(count.enrolments)
    return BandCounts(list(counts.values()), unscored, len(unscored))


def band_totals(user: Viewer, inspection_round: Round, *, named: int = 0) -> BandCounts:
    """Count the wards by band in the database, for pages; the wards themselves only of bands of at
    most `named` wards.

    Reading 10,600 wards took four times as long as the page around them.
    """
    counts = {count.band.pk: count for count in empty_counts(inspection_round)}
    band_at = _band_finder([count.band for count in counts.values()])
    results = ("standing_score", "standing_maximum", "standing_bar", "published_score", "published_maximum")
    enrolments = visible_enrolments(user, inspection_round).order_by()
    without_score = 0
    in_band: dict[int | None, set[tuple]] = {}
    for score, maximum, bar, *reported, wards in enrolments.values_list(*results).annotate(wards=Count("pk")):
        band, printed = band_at(score, maximum, bar), band_at(*reported)
        in_band.setdefault(band.pk if band else None, set()).add((score, maximum, bar))
        if band:
            counts[band.pk].count += wards
        else:
            without_score += wards
        if printed:
            counts[printed.pk].published += wards
    totals = {key: count.count for key, count in counts.items()} | {None: without_score}
    short = [key for key, wards in totals.items() if 0 < wards <= named]
    unscored: list[StandingRow] = []
    if short:
        scores = set(chain.from_iterable(in_band[key] for key in short))
        for row in standings(user, inspection_round, _with_scores(scores)):
            band = band_at(row.standing_score, row.standing_maximum, row.standing_bar)
            (counts[band.pk].enrolments if band else unscored).append(row)
    return BandCounts(list(counts.values()), unscored, without_score)


def _with_scores(scores: Collection[tuple[Decimal | None, Decimal | None, int | None]]) -> Q:
    """Return the condition on wards that have one of these scores of their maximum, under their bar."""
    chosen = Q()
    for score, maximum, bar in scores:
        held = Q(standing_bar=bar) if bar else Q(standing_bar__isnull=True)
        this = Q(standing_score=score, standing_maximum=maximum) & held
        chosen |= Q(standing_score__isnull=True) if score is None else this
    return chosen
