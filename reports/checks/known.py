"""The numbers that the passages of a report may say, by what they count: its figures and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any

from archiveportal.vietnamese import parse_number
from criteria.inspections.models import Enrolment, Round
from reports.checks.names import Name
from reports.checks.numbers import (
    COURSES,
    CRITERIA,
    DISTRICTS,
    MONEY,
    OF_TARGET,
    OF_UNITS,
    PEOPLE,
    PERCENT,
    UNITS,
    Known,
)
from reports.checks.statements import BandFacts, Facts, Standing
from reports.ledger.derivations import PRINTED_ONLY
from reports.models import Figure
from reports.results.bands import BandCounts
from reports.results.criteria import CriterionCount
from training.breakdown import split, year_of
from training.models import Course, Scheme
from training.queries import SummaryLine
from wards.models import District

HUNDRED = Decimal(100)


def of_round(
    inspection_round: Round,
    bands: BandCounts,
    rows: Sequence[Enrolment],
    totals: Sequence[CriterionCount],
    in_force: Sequence[District],
) -> Known:
    by_district: dict[int | None, list[Enrolment]] = {}
    for row in rows:
        by_district.setdefault(row.ward.district_id, []).append(row)
    approved = sum(row.inspection.status == "approved" for row in rows)
    by_band = [band.count for band in bands.bands]
    outcomes = [n for count in totals for _outcome, n in count.by_outcome]
    units = [
        bands.enrolled, bands.scored, len(bands.unscored), approved, bands.enrolled - approved, *by_band,
        *accumulate(by_band), *accumulate(reversed(by_band)), *outcomes, *map(len, by_district.values()),
        sum(district.ward_count or 0 for district in in_force),
    ]  # fmt: skip
    taking_part = len(by_district.keys() - {None})
    several = sum(len(found) > 1 for found in by_district.values())
    districts = [taking_part, len(in_force), len(in_force) - taking_part, several]
    scores = [(row.standing_score, row.standing_maximum) for row in rows if row.standing_score is not None]
    ends = [bound for band in bands.bands for bound in band.bounds or ()]
    counted = sum(count.criterion.is_counted for count in totals)
    points = sum((score for score, _maximum in scores), Decimal(0))
    averages = [_average(found) for found in (rows, *by_district.values())]
    of_units = [
        *((count.met, count.applicable) for count in totals),
        *((part, whole) for part in units for whole in (bands.enrolled, bands.scored)),
    ]
    shares = [*scores, *of_units, *((part, len(in_force)) for part in districts)]
    limits = [limit for band in bands.bands for limit in (band.band.lower_percent, band.band.upper_percent) if limit]
    percents = _numbers(limits, [HUNDRED], _shares(shares))
    return {
        UNITS: _numbers(units),
        DISTRICTS: _numbers(districts),
        CRITERIA: _numbers([counted, points], averages, ends, (score for pair in scores for score in pair)),
        PEOPLE: _numbers((count.fact_sum for count in totals), _only_printed(inspection_round)),
        PERCENT: percents,
        OF_TARGET: percents,
        OF_UNITS: _numbers(_shares(of_units)),
        MONEY: _numbers([inspection_round.funding]),
    }


def of_scheme(scheme: Scheme, lines: Sequence[SummaryLine], courses: Sequence[Course], in_force: int) -> Known:
    """The rows one by one, their lines, and the sums of a line by year."""
    years = [count.people for line in lines for count in split(line.courses, year_of).values()]
    targets = [(line.attainment.actual, line.attainment.target) for line in lines]
    staff = [(count.qualified, count.total) for count in scheme.workforce_counts.all()]
    classes = [sum(course.classes or 0 for course in line.courses) for line in lines]
    fees = [share for course in courses for share in (course.organiser_share, course.participant_share)]
    fundings = [funding.amount for funding in scheme.fundings.all()]
    of_target = _shares(targets)
    rest = [(total - qualified, total) for qualified, total in staff]
    percents = _numbers([HUNDRED], of_target, _shares([*staff, *rest]), fees)
    return {
        DISTRICTS: _numbers([in_force], (len(course.organiser_districts.all()) for course in courses)),
        PEOPLE: _numbers(
            (number for pair in [*targets, *staff, *rest] for number in pair),
            (course.participants for course in courses),
            years,
        ),
        COURSES: _numbers((course.classes for course in courses), classes, [sum(classes)]),
        OF_TARGET: _numbers(of_target),
        PERCENT: percents,
        OF_UNITS: percents,
        MONEY: _numbers(fundings, [sum(fundings)]),
    }


def facts_of_round(
    inspection_round: Round, bands: BandCounts, rows: Sequence[Enrolment], in_force: Sequence[District]
) -> Facts:
    """Who has which score, for the statements of the passages. The issued report has words of its own for its bands."""
    return Facts(
        units=[_standing(row) for row in rows],
        districts=names_of(in_force),
        bands=[
            BandFacts(
                [band.band.label, *[band.band.printed_label] * inspection_round.is_baseline],
                [_standing(row) for row in band.enrolments],
            )
            for band in bands.bands
        ],
        maximum=bands.bands[0].maximum if bands.bands else 0,
    )


def _standing(row: Enrolment) -> Standing:
    return Standing(name_of(row), row.standing_score, row.standing_maximum)


def name_of(row: Enrolment) -> Name:
    return Name(row.ward.get_kind_display(), row.ward.name, row.ward.district.title if row.ward.district_id else "")


def names_of(districts: Iterable[District]) -> list[Name]:
    return [Name(district.get_kind_display(), district.name) for district in districts]


def _average(rows: Sequence[Enrolment]) -> Decimal | None:
    scores = [row.standing_score for row in rows if row.standing_score is not None]
    return sum(scores, Decimal(0)) / len(scores) if scores else None


def _numbers(*found: Iterable[Any]) -> set[Decimal]:
    return {Decimal(number) for numbers in found for number in numbers if number is not None}


def _shares(pairs: Iterable[tuple[Any, Any]]) -> list[Decimal]:
    """In full length: a passage may round them its own way."""
    return [Decimal(part) * 100 / Decimal(whole) for part, whole in pairs if part is not None and whole]


def _only_printed(inspection_round: Round) -> list[Decimal]:
    """What the report printed and no record has ("trên 90 người"): the ledger knows it."""
    if not inspection_round.is_baseline:
        return []
    printed = Figure.objects.filter(code__in=PRINTED_ONLY).values_list("printed", flat=True)
    return [value for text in printed if (value := parse_number(text.split()[-1])) is not None]
