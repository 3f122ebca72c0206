"""What a dashboard is made of: wards with their scores, places side by side, rows of the heat table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q

from archiveportal.scope import Viewer
from criteria.inspections.models import Inspection, Round
from criteria.inspections.queries.areas import Division
from criteria.outcomes import OPEN
from reports.results.criteria import approved_answers
from reports.results.table import Row

APPROVED = Inspection.Status.APPROVED


class Standing(NamedTuple):
    """A ward of the round with its standing score."""

    district_id: int | None
    score: Decimal | None
    maximum: Decimal | None
    status: str
    #: key of the highest band that the answers allow
    bar: int | None = None

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


def place_of_ward(row: Row) -> Place:
    return Place(
        title=row.ward,
        value=row.score,
        maximum=row.maximum,
        enrolled=1,
        scored=int(row.score is not None),
        is_published=row.is_published,
        district_id=row.area_id,
        enrolment_id=row.pk,
    )


def without_answers(row: Row) -> Row:
    row.cells = ["" for _ in row.cells]
    return row


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


def answers_by_district(
    user: Viewer, inspection_round: Round, divided: Division, *, keys: Sequence[int | None] | None = None
) -> dict[tuple[int | None, int], Answers]:
    """By area and criterion, over approved checklists, in one query; `keys` narrows them to areas."""
    answers = approved_answers(user, inspection_round, None).exclude(outcome=OPEN)
    rows: Any = divided.with_areas(answers, "inspection__enrolment__ward")
    if keys is not None:
        chosen = Q(area__in=[key for key in keys if key])
        if None in keys:
            chosen |= Q(area=None)
        rows = rows.filter(chosen)
    grouped = rows.values_list("area", "criterion", "outcome")
    found: defaultdict[tuple[int | None, int], Answers] = defaultdict(Answers)
    for district, criterion, outcome, count in grouped.annotate(count=Count("pk")):
        found[district, criterion][outcome] = count
    return dict(found)
