"""Counts of wards by band of scores."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Round
from criteria.models import Band, Criterion
from criteria.scoring import band_of, whole_score_bounds
from reports.results.rows import visible_enrolments


@dataclass
class BandCount:
    """The wards within a band. `bounds` are its lowest and highest whole score, (12, 22) of 23."""

    band: Band
    bounds: tuple[int, int] | None
    maximum: int
    enrolments: list[Enrolment] = field(default_factory=list)
    #: how many wards have a published score in the band
    published: int = 0

    @property
    def count(self) -> int:
        return len(self.enrolments)


@dataclass(frozen=True)
class BandCounts:
    bands: list[BandCount]
    #: wards whose checklist is not approved and for which no report printed a score
    unscored: list[Enrolment]

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
    counted, bands = _counted(inspection_round), list(inspection_round.criteria_set.bands.all())
    maximum = _maximum(counted)
    # Whole scores say something only where each criterion has one point and all of them apply everywhere.
    is_plain = all(c.points == 1 for c in counted) and not inspection_round.criteria_set.allows_not_applicable
    counts = {
        band.pk: BandCount(band, whole_score_bounds(band, maximum) if is_plain else None, maximum) for band in bands
    }
    unscored: list[Enrolment] = []
    for enrolment in visible_enrolments(user, inspection_round).select_related("ward__district", "inspection"):
        score = enrolment.standing_score
        band = band_of(score, enrolment.standing_maximum, bands) if score is not None else None
        (counts[band.pk].enrolments if band else unscored).append(enrolment)
        if enrolment.published_score is not None:
            # No set with a gap between its bands comes into force.
            reported = cast(Band, band_of(enrolment.published_score, enrolment.published_maximum, bands))
            counts[reported.pk].published += 1
    return BandCounts(list(counts.values()), unscored)
