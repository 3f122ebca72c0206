"""Results that units reported themselves and the sub-department accepted: beside verified ones, never among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, F

from archiveportal.own_words import in_vietnamese
from archiveportal.percent import mean, percent_of
from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Round, SelfAssessment
from criteria.inspections.queries.areas import NOTHING, Area, Division
from criteria.inspections.querysets import EnrolmentQuerySet
from criteria.models import Band
from reports.results.districts import BandOfScore
from reports.results.rows import Unverified, known_unverified
from wards.models import Ward

#: mark of a row
MARK = "đơn vị tự báo cáo"
#: below the block: what it is not part of
APART = "Kết quả đơn vị tự báo cáo để riêng, không tính vào số đơn vị, số cộng, tỷ lệ và bình quân đã kiểm tra."


def heading() -> str:
    """Return the heading of the block on paper and in tables, whatever the language of the screen."""
    return in_vietnamese("Tự kiểm tra, báo cáo (%(division_word)s đã chấp nhận)")


@dataclass(frozen=True, slots=True)
class ReportedUnit:
    """A unit that stands by its own accepted report; the score is that of the moment it was accepted."""

    pk: int
    position: int
    ward_id: int
    ward: str
    area_id: int | None
    area: str
    score: Decimal
    maximum: Decimal
    percent: Decimal | None
    band: Band | None


@dataclass
class ReportedSum:
    """Several units by their own reports: of a round, or of one of its areas."""

    area: Area | None = None
    units: int = 0
    points: Decimal = Decimal(0)
    by_band: Counter[int] = field(default_factory=Counter)

    @property
    def average(self) -> Decimal | None:
        return mean(self.points, self.units)

    @property
    def scored(self) -> int:
        """Return how many units the average is of: each has a score."""
        return self.units

    def add(self, units: int, score: Decimal, band: Band | None) -> None:
        self.units += units
        self.points += score * units
        if band is not None:
            self.by_band[band.pk] += units


@dataclass
class Reported:
    """The units of a round that stand by their own reports, as one person sees them, in one query."""

    round: Round
    #: in scope, with the standing of their reports
    enrolments: EnrolmentQuerySet
    #: what the sums are divided into
    divided: Division = NOTHING
    #: whether the units are listed; else they are counted in the database
    is_listed: bool = False
    #: the only band asked for
    band: Band | None = None

    def __bool__(self) -> bool:
        return bool(self._heads) if self.is_listed else self.total.units > 0

    @cached_property
    def bands(self) -> list[Band]:
        return list(self.round.criteria_set.bands.all())

    @cached_property
    def _bands(self) -> BandOfScore:
        return BandOfScore(self.bands)

    @cached_property
    def _heads(self) -> list[tuple[Any, ...]]:
        """Return the units in the order of the round, those of the band that is asked for."""
        heads = self.enrolments.order_by("position").values_list(*HEAD, *STANDING)
        return [head for head in heads if self._is_chosen(head[len(HEAD) :])]

    def _is_chosen(self, score: tuple) -> bool:
        return self.band is None or self._bands[score] == self.band

    @cached_property
    def _counted(self) -> list[tuple[int | None, tuple, int]]:
        """Return area, score with maximum and bar, and how many units have it."""
        if self.is_listed:
            found = Counter((self._area_of(head), head[len(HEAD) :]) for head in self._heads)
            return [(*key, units) for key, units in found.items()]
        rows = self.divided.with_areas(self.enrolments.order_by())
        counted = rows.values_list("area", *STANDING).annotate(units=Count("pk"))
        return [(area, tuple(score), units) for area, *score, units in counted if self._is_chosen(tuple(score))]

    def _area_of(self, head: tuple[Any, ...]) -> int | None:
        return self.divided.key_at(head[HEAD.index("ward")], head[HEAD.index("ward__district")])

    @cached_property
    def sums(self) -> list[ReportedSum]:
        """Return the sums by area, in their order, those of units in none last; of areas with such units alone."""
        sums: dict[int | None, ReportedSum] = {}
        for area, score, units in self._counted:
            key = area if area in self.divided.by_key else None
            of_area = sums.setdefault(key, ReportedSum(self.divided.by_key.get(key or 0)))
            of_area.add(units, score[0], self._bands[score])
        keys = [*(area.pk for area in self.divided.areas), None]
        return [sums[key] for key in keys if key in sums]

    @cached_property
    def total(self) -> ReportedSum:
        total = ReportedSum()
        for _area, score, units in self._counted:
            total.add(units, score[0], self._bands[score])
        return total

    @property
    def by_band(self) -> list[tuple[Band, int]]:
        return self.counts_of(self.total)

    def counts_of(self, of_area: ReportedSum) -> list[tuple[Band, int]]:
        return [(band, of_area.by_band[band.pk]) for band in self.bands]

    def rows(self, part: slice = slice(None)) -> Iterator[ReportedUnit]:
        """Yield the units in the order of the round; only those of `part`."""
        titles = {area.pk: area.title for area in self.divided.areas}
        for head in self._heads[part]:
            pk, position, ward, kind, name, _district, score, maximum, bar = head
            key = self._area_of(head)
            area = key if key in titles else None
            yield ReportedUnit(
                pk, position, ward, f"{Ward.KINDS[kind]} {name}", area, titles.get(key or 0, ""), score, maximum,
                percent_of(score, maximum, self.round.rounding), self._bands[score, maximum, bar],
            )  # fmt: skip


HEAD = ["pk", "position", "ward", "ward__kind", "ward__name", "ward__district"]
STANDING = ["reported_score", "reported_maximum", "reported_bar"]


def reported_enrolments(user: Viewer, inspection_round: Round) -> EnrolmentQuerySet:
    """Return the units whose own report was accepted, with the score of that moment."""
    accepted = SelfAssessment.objects.accepted_for(user).filter(enrolment__round=inspection_round)
    rows = Enrolment.objects.visible_to(user).filter(round=inspection_round, self_assessment__in=accepted)
    return rows.annotate(
        reported_score=F("self_assessment__score"),
        reported_maximum=F("self_assessment__maximum"),
        reported_bar=F("self_assessment__highest_band"),
    ).order_by("position")


def reported(
    user: Viewer,
    inspection_round: Round,
    *,
    counts: Unverified | None = None,
    divided: Division = NOTHING,
    is_listed: bool = False,
) -> Reported:
    """Return the units of a round that stand by their own reports; no query where it is known that there are none."""
    counts = counts or known_unverified(inspection_round)
    rows = reported_enrolments(user, inspection_round)
    is_empty = counts is not None and not counts.accepted
    return Reported(inspection_round, rows.none() if is_empty else rows, divided, is_listed)
