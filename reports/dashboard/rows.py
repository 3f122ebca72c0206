"""What a dashboard is made of: wards with their scores, places side by side, rows of the heat table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db.models import DecimalField, Q, QuerySet

from archiveportal.counting import Counted, as_stored
from archiveportal.scope import Viewer
from criteria.inspections.models import Inspection, Round
from criteria.inspections.queries.areas import Division
from criteria.outcomes import OPEN
from reports.results.criteria import approved_answers
from reports.results.table import Row

APPROVED = Inspection.Status.APPROVED


#: score, maximum, and the key of the highest band that the answers allow
Result = tuple[Decimal | None, Decimal | None, int | None]
POINTS = DecimalField(max_digits=8, decimal_places=2)


class _Points(dict[Any, Decimal | None]):
    """Points by the number that the database has: many wards have the same."""

    def __missing__(self, stored: Any) -> Decimal | None:
        self[stored] = POINTS.to_python(stored)
        return self[stored]


class Standings:
    """The standing results of wards, kept as the database gave them: 10,000 wards have some hundred results."""

    def __init__(self, rows: list[tuple]) -> None:
        #: area, score, maximum, bar, status of the checklist
        self._rows = rows
        self._points = _Points()

    @classmethod
    def of(cls, rows: QuerySet) -> Standings:
        """Read wards with standing scores and areas (see `Division.with_areas`). One query."""
        numbers = map(as_stored, ("standing_score", "standing_maximum", "standing_bar"))
        return cls(list(rows.values_list("area", *numbers, "inspection__status")))

    def __len__(self) -> int:
        return len(self._rows)

    @cached_property
    def areas(self) -> set[int | None]:
        """Return the keys of the areas; None where wards lie in none."""
        return set(map(itemgetter(0), self._rows))

    def within(self, area: int) -> Standings:
        return Standings([row for row in self._rows if row[0] == area])

    @cached_property
    def approved(self) -> int:
        return Counter(map(itemgetter(4), self._rows))[APPROVED]

    @cached_property
    def results(self) -> Counter[tuple[Decimal, Decimal, int | None]]:
        """Count the wards that have a score by their result."""
        found: Counter[tuple[Decimal, Decimal, int | None]] = Counter()
        for stored, wards in Counter(map(itemgetter(1, 2, 3), self._rows)).items():
            score, maximum, bar = self._points[stored[0]], self._points[stored[1]], stored[2]
            if score is not None and maximum is not None:
                found[score, maximum, bar] += wards
        return found

    def by_area(self, areas: Collection[int | None]) -> dict[int | None, list[Result]]:
        """Return the result of each ward of these areas."""
        found: dict[int | None, list[Result]] = {area: [] for area in areas}
        points = self._points
        for area, score, maximum, bar, _status in self._rows:
            if area in found:
                found[area].append((points[score], points[maximum], bar))
        return found


class Answers(dict[str, int]):
    """How often each answer, by its code, is given to a criterion in the approved checklists of a district."""

    def __missing__(self, answer: str) -> int:
        return 0


# Not frozen: that would take twice as long for each.
@dataclass(slots=True)
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
    rank, before = 0, None
    for number, (share, place) in enumerate(known, start=1):
        rank = rank if share == before else number
        before, place.rank = share, rank
    return [*(place for _share, place in known), *(place for place in places if place.share is None)]


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
    for district, criterion, outcome, count in grouped.annotate(count=Counted("pk")):
        found[district, criterion][outcome] = count
    return dict(found)
