"""Results that units reported themselves and the sub-department accepted: beside verified ones, never among them."""

from __future__ import annotations

from archiveportal.scope import Viewer
from criteria.inspections.models import Round, SelfAssessment
from criteria.models import Band
from criteria.scoring import band_of
from reports.results.rows import Unverified


def reported_bands(user: Viewer, inspection_round: Round, counts: Unverified) -> list[tuple[Band, int]]:
    """Return the bands with how many accepted reports are in each; none where `counts` of the round has none."""
    if not counts.accepted:
        return []
    accepted = SelfAssessment.objects.reported_to(user).filter(enrolment__round=inspection_round, reading="accepted")
    bands = list(inspection_round.criteria_set.bands.all())
    found = dict.fromkeys((band.pk for band in bands), 0)
    for score, maximum, bar in accepted.values_list("score", "maximum", "highest_band"):
        band = band_of(score, maximum, bands, bar=bar)
        if band is not None:
            found[band.pk] += 1
    return [(band, found[band.pk]) for band in bands]


def reported_sentence(user: Viewer, inspection_round: Round, counts: Unverified) -> str:
    """Say in Vietnamese how units stand by their own accepted reports; blank where nothing was accepted."""
    found = [f"{band.label}: {count}" for band, count in reported_bands(user, inspection_round, counts) if count]
    if not found:
        return ""
    return f"Theo báo cáo của đơn vị, Chi cục đã chấp nhận, chưa kiểm tra: {'; '.join(found)}."
