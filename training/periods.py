"""Which local bodies there were within the years of a scheme: districts until they ended, communes since."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from training.models import Course, Funding, Scheme
from wards.models import District


@dataclass(frozen=True)
class LocalBodies:
    """Whether districts stood in some year of a scheme, and whether communes alone did at its end."""

    has_districts: bool
    has_communes: bool

    def offers(self, code: str) -> bool:
        """Tell whether a choice can be meant; only those of districts and communes can not."""
        offered = {"district": self.has_districts, "commune": self.has_communes}
        return offered.get(code, True)

    def organisers(self) -> list[str]:
        return [organiser for organiser in Course.Organiser.values if self.offers(organiser)]

    def sources(self) -> list[str]:
        return [source for source in Funding.Source.values if self.offers(source)]


def local_bodies(scheme: Scheme) -> LocalBodies:
    """Return them for the years of a scheme, in two queries at most."""
    first, last = datetime.date(scheme.starts_year, 1, 1), datetime.date(scheme.ends_year, 12, 31)
    within = District.objects.overlapping(first, last)
    has_districts = within.exists()
    standing_at_end = has_districts and within.in_force_on(last).exists()
    return LocalBodies(has_districts, not standing_at_end)
