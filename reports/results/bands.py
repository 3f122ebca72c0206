"""Counts of wards by band of scores."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import cast

from django.db.models import prefetch_related_objects

from archiveportal.scope import Viewer
from criteria.inspections.models import Round
from criteria.models import Band, Criterion
from criteria.scoring import band_of, whole_score_bounds
from reports.results.standings import StandingRow, standings


@dataclass
class BandCount:
    """The wards within a band. `bounds` are its lowest and highest whole score, (12, 22) of 23."""

    band: Band
    bounds: tuple[int, int] | None
    maximum: int
    enrolments: list[StandingRow] = field(default_factory=list)
    #: how many wards have a published score in the band
    published: int = 0

    @property
    def count(self) -> int:
        return len(self.enrolments)


@dataclass(frozen=True)
class BandCounts:
    bands: list[BandCount]
    #: wards whose checklist is not approved and for which no report printed a score
    unscored: list[StandingRow]

    @cached_property
    def rows(self) -> list[StandingRow]:
        """Return all wards in printed order."""
        scored = chain.from_iterable(band.enrolments for band in self.bands)
        return sorted([*scored, *self.unscored], key=attrgetter("position"))

    @property
    def enrolled(self) -> int:
        return self.scored + len(self.unscored)

    @property
    def scored(self) -> int:
        return sum(band.count for band in self.bands)


def _counted(inspection_round: Round) -> list[Criterion]:
    return [criterion for criterion in inspection_round.criteria_set.criteria.all() if criterion.is_counted]


def _maximum(counted: list[Criterion]) -> int:
    return int(sum(criterion.points for criterion in counted))


def band_counts(user: Viewer, inspection_round: Round) -> BandCounts:
    """Return the wards by band (5355/BC-SNV, II.2.a: 1, 9 and 16), in printed order."""
    # Read once for all that is asked of the round afterwards.
    prefetch_related_objects([inspection_round], "criteria_set__criteria", "criteria_set__bands")
    counted, bands = _counted(inspection_round), list(inspection_round.criteria_set.bands.all())
    maximum = _maximum(counted)
    # Whole scores say something only where each criterion has one point and all of them apply everywhere.
    is_plain = all(c.points == 1 for c in counted) and not inspection_round.criteria_set.allows_not_applicable
    counts = {
        band.pk: BandCount(band, whole_score_bounds(band, maximum) if is_plain else None, maximum) for band in bands
    }
    unscored: list[StandingRow] = []
    bands_by_score: dict[tuple, Band | None] = {}

    def band_at(score: Decimal, maximum: Decimal | None) -> Band | None:
        """Work out the band of a score once: there are few scores and many wards."""
        if (score, maximum) not in bands_by_score:
            bands_by_score[score, maximum] = band_of(score, maximum, bands)
        return bands_by_score[score, maximum]

    for row in standings(user, inspection_round):
        score = row.standing_score
        band = band_at(score, row.standing_maximum) if score is not None else None
        (counts[band.pk].enrolments if band else unscored).append(row)
        if row.published_score is not None:
            # No set with a gap between its bands comes into force.
            reported = cast(Band, band_at(row.published_score, row.published_maximum))
            counts[reported.pk].published += 1
    return BandCounts(list(counts.values()), unscored)
