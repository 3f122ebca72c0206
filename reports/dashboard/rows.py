"""What a dashboard is made of: wards with their scores, places side by side, rows of the heat table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from criteria.inspections.models import Inspection
from reports.results.table import Row

APPROVED = Inspection.Status.APPROVED


class Standing(NamedTuple):
    """A ward of the round with its standing score."""

    district_id: int | None
    score: Decimal | None
    maximum: Decimal | None
    status: str

    @property
    def is_approved(self) -> bool:
        return self.status == APPROVED

    @property
    def result(self) -> tuple[Decimal, Decimal] | None:
        """Return the score with its maximum; None while there is none."""
        return None if self.score is None or self.maximum is None else (self.score, self.maximum)


#: how often each answer, by its code, is given to a criterion in the approved checklists of a district
Answers = Counter[str]


@dataclass(frozen=True)
class Place:
    """A district or a ward among others; `rank` only while ranking is on, the same for equal values."""

    title: str
    value: Decimal | None
    maximum: Decimal | None
    enrolled: int
    scored: int
    is_published: bool = False
    district_id: int | None = None
    enrolment_id: int | None = None
    ward_count: int | None = None
    rank: int | None = None

    @property
    def share(self) -> Decimal | None:
        return self.value / self.maximum if self.value is not None and self.maximum else None


@dataclass(frozen=True)
class HeatOfWard:
    """A ward across the criteria of the set, in their order."""

    title: str
    place: Place
    row: Row


@dataclass(frozen=True)
class HeatOfDistrict:
    """A district across the criteria: `answers` of its wards, in the order of the criteria."""

    title: str
    place: Place
    district_id: int | None
    answers: list[Answers]


def ranked(places: Iterable[Place]) -> list[Place]:
    """The highest share first, equal ones with the same number; a place without a score is last and
    has none."""
    places = list(places)
    known = [(share, place) for place in places if (share := place.share) is not None]
    known.sort(key=lambda pair: -pair[0])
    rank, before, in_order = 0, None, []
    for number, (share, place) in enumerate(known, start=1):
        rank = rank if share == before else number
        before = share
        in_order.append(replace(place, rank=rank))
    return [*in_order, *(place for place in places if place.share is None)]
