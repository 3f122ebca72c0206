"""The records behind the two reports, read once and seen in two ways: as reported, and as they are
now."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import models

from archiveportal.history.models import FromReport
from criteria.inspections.baseline import ROUND_CODE
from criteria.inspections.models import Enrolment, Round
from criteria.models import Band, Criterion
from criteria.scoring import band_of
from training.baseline import SCHEME_CODE
from training.models import Category, Course, Funding, Scheme, WorkforceCount
from training.queries import SummaryLine, lines_of
from wards.models import District, Ward

#: day of the conference that opened phase 1 (5355/BC-SNV, I.1.b)
CONFERENCE_ON = datetime.date(2018, 11, 14)


class BaselineMissing(Exception):
    """The data of the two reports are not in the database."""


@dataclass(frozen=True)
class Records:
    """All rows behind the ledger, for one of its two columns.

    With `as_reported` these are the rows of the reports with the values that they gave, whatever was corrected
    or voided since; otherwise every row that is not voided.
    """

    as_reported: bool
    all_districts: dict[int, District]
    all_enrolments: list[Enrolment]
    criteria: list[Criterion]
    bands: list[Band]
    categories: list[Category]
    all_courses: list[Course]
    workforce_counts: list[WorkforceCount]
    fundings: list[Funding]

    def get(self, row: FromReport, name: str) -> Any:
        return row.reported(name) if self.as_reported else getattr(row, name)

    def _own(self, rows: Iterable[FromReport]) -> list[Any]:
        """Return the rows of this column."""
        return [row for row in rows if row.is_baseline or not self.as_reported]

    @cached_property
    def districts(self) -> list[District]:
        """Return the districts in force on the day of the conference, in their order."""
        return [row for row in self._own(self.all_districts.values()) if self._in_force(row)]

    def _in_force(self, district: District) -> bool:
        first, last = self.get(district, "valid_from"), self.get(district, "valid_to")
        return (first is None or first <= CONFERENCE_ON) and (last is None or last >= CONFERENCE_ON)

    @property
    def round(self) -> Round:
        return self.all_enrolments[0].round

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        return self._own(self.all_enrolments)

    def enrolment_at(self, position: int) -> Enrolment | None:
        """Return the ward of a line of the printed table; lines of the table are rows of the report
        in both columns."""
        enrolments = (row for row in self.all_enrolments if row.is_baseline and row.position == position)
        return next(enrolments, None)

    @cached_property
    def wards_by_district(self) -> Counter[int | None]:
        """Count the enrolled wards by district."""
        return Counter(self.get(row.ward, "district_id") for row in self.enrolments)

    def district(self, code: str) -> District | None:
        return next((row for row in self.districts if self.get(row, "code") == code), None)

    def score(self, enrolment: Enrolment) -> tuple[Decimal | None, Decimal | None]:
        """Return points and maximum: as published, or as they are now."""
        if self.as_reported:
            return enrolment.reported("published_score"), enrolment.reported("published_maximum")
        return enrolment.standing_score, enrolment.standing_maximum

    @cached_property
    def maximum(self) -> Decimal:
        """Return the points that can be had: 23 in phase 1."""
        return sum((criterion.points for criterion in self.criteria if criterion.is_counted), Decimal(0))

    @cached_property
    def by_band(self) -> list[list[Enrolment]]:
        """Return the wards with a score, by band from the highest band down."""
        by_band: dict[int, list[Enrolment]] = {band.pk: [] for band in self.bands}
        for enrolment in self.enrolments:
            points, maximum = self.score(enrolment)
            band = band_of(points, maximum, self.bands) if points is not None else None
            if band:
                by_band[band.pk].append(enrolment)
        return list(by_band.values())

    def ward_name(self, ward: Ward) -> str:
        """ "phường Tân Quý", as the column has it."""
        if not self.as_reported or not ward.as_reported:
            return ward.in_sentence
        return Ward(name=ward.reported("name"), kind=ward.reported("kind")).in_sentence

    def criterion(self, code: str) -> Criterion | None:
        return next((criterion for criterion in self.criteria if criterion.code == code), None)

    @property
    def scheme(self) -> Scheme:
        return self.categories[0].scheme

    def course(self, key: str) -> Course | None:
        """A row of the report; None once it was voided, in the column of today."""
        courses = (row for row in self.all_courses if row.report_key == key and row.is_baseline)
        course = next(courses, None)
        return None if course and course.is_voided and not self.as_reported else course

    @cached_property
    def lines(self) -> dict[str, SummaryLine]:
        """Return the lines of the scheme's summary by the code of their category."""
        lines = lines_of(self.categories, self.all_courses, as_reported=self.as_reported)
        return {line.category.code: line for line in lines}

    @property
    def workforce(self) -> WorkforceCount | None:
        """Return the count of the report; now, the latest one."""
        return next(iter(self._own(self.workforce_counts)), None)

    @property
    def city_funding(self) -> Funding | None:
        return next((row for row in self._own(self.fundings) if row.source == Funding.Source.CITY), None)


def load_records() -> tuple[Records, Records]:
    """Read the records as reported and as they are now, in eight queries. Raise BaselineMissing."""
    enrolments = _all(Enrolment.objects.with_standing().select_related("round", "ward").filter(round__code=ROUND_CODE))
    criteria_set = enrolments[0].round.criteria_set_id
    bands = Band.objects.filter(criteria_set=criteria_set).order_by("-lower_percent")
    now = Records(
        as_reported=False,
        all_districts={district.pk: district for district in District.objects.all()},
        all_enrolments=enrolments,
        criteria=_all(Criterion.objects.filter(criteria_set=criteria_set)),
        bands=_all(bands),
        categories=_all(Category.objects.filter(scheme__code=SCHEME_CODE).select_related("scheme", "quota")),
        all_courses=list(Course.objects.filter(category__scheme__code=SCHEME_CODE).order_by("pk")),
        workforce_counts=list(WorkforceCount.objects.filter(scheme__code=SCHEME_CODE).order_by("-counted_on")),
        fundings=list(Funding.objects.filter(scheme__code=SCHEME_CODE)),
    )
    return replace(now, as_reported=True), now


def _all(rows: models.QuerySet) -> list[Any]:
    """Rows without which there is nothing to compute from."""
    listed = list(rows)
    if not listed:
        raise BaselineMissing
    return listed
