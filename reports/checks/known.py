"""The numbers that the passages of a report may say, by what they count: its figures and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, chain, product

from archiveportal.percent import Number
from archiveportal.vietnamese import parse_number
from criteria.inspections.models import Round
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
    POINTS,
    UNITS,
    Known,
)
from reports.checks.statements import BandFacts, Facts, WardScore
from reports.frozen.figures import RoundResults
from reports.ledger.derivations import PRINTED_ONLY
from reports.models import Figure
from reports.results.bands import BandCount, BandCounts
from reports.results.criteria import CriterionCount
from reports.results.standings import StandingRow
from reports.results.table import Summary
from training.breakdown import split, year_of
from training.models import Course, Scheme
from training.queries import SummaryLine
from wards.models import District

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class RoundRecords:
    """What the records say of a round, read once for all checks of its passages."""

    inspection_round: Round
    results: RoundResults
    #: in printed order
    rows: Sequence[StandingRow]
    #: districts in force when the round began, also those without a unit in it
    in_force: Sequence[District]

    @property
    def table(self) -> Summary:
        return self.results.table

    @property
    def bands(self) -> BandCounts:
        return self.results.bands

    @property
    def totals(self) -> Sequence[CriterionCount]:
        return self.table.totals

    @property
    def maximum(self) -> Decimal:
        """Return the points that a unit can reach."""
        return sum((criterion.points for criterion in self.table.columns if criterion.is_in_maximum), Decimal(0))

    @cached_property
    def by_district(self) -> dict[int | None, list[StandingRow]]:
        rows_by_district: dict[int | None, list[StandingRow]] = {}
        for row in self.rows:
            rows_by_district.setdefault(row.ward.district_id, []).append(row)
        return rows_by_district

    @cached_property
    def scores(self) -> list[tuple[Decimal, Decimal | None]]:
        """Return score and maximum of each unit that has a result."""
        scores = [(row.standing_score, row.standing_maximum) for row in self.rows]
        return [(score, maximum) for score, maximum in scores if score is not None]


def of_round(records: RoundRecords) -> Known:
    """Return the figures of the round, their sums, and the shares that follow from them."""
    units = _counts_of_units(records)
    districts = _counts_of_districts(records)
    of_criteria = [(count.met, count.applicable) for count in records.totals]
    of_units = _shares([*of_criteria, *product(units, _wholes(records.bands))])
    of_districts = _shares(product(districts, [len(records.in_force)]))
    limits = _limits(records.bands)
    percents = _numbers(limits, [HUNDRED], _shares(set(records.scores)), of_units, of_districts)
    facts = [count.fact_sum for count in records.totals]
    return {
        UNITS: _numbers(units),
        DISTRICTS: _numbers(districts),
        **_scores_and_criteria(records),
        PEOPLE: _numbers(facts, _only_printed(records.inspection_round)),
        PERCENT: percents,
        OF_TARGET: percents,
        OF_UNITS: _numbers(of_units),
        MONEY: _numbers([records.inspection_round.funding]),
    }


def _wholes(bands: BandCounts) -> list[int]:
    """Return the numbers of units that a share may be of: all, and those with a score."""
    return [bands.enrolled, bands.scored]


def _counts_of_units(records: RoundRecords) -> list[int]:
    """Count units by band, by answer and by district; bands also summed up from either end."""
    bands = records.bands
    by_band = [band.count for band in bands.bands]
    approved = sum(row.is_approved for row in records.rows)
    by_outcome = chain.from_iterable(count.by_outcome for count in records.totals)
    return [
        *_wholes(bands),
        len(bands.unscored),
        approved,
        bands.enrolled - approved,
        *by_band,
        *accumulate(by_band),
        *accumulate(reversed(by_band)),
        *(wards for _outcome, wards in by_outcome),
        *map(len, records.by_district.values()),
        sum(district.ward_count or 0 for district in records.in_force),
    ]


def _counts_of_districts(records: RoundRecords) -> list[int]:
    """Count districts with a unit in the round, all, those without one, those with several."""
    taking_part = len(records.by_district.keys() - {None})
    in_force = len(records.in_force)
    several = sum(len(rows) > 1 for rows in records.by_district.values())
    return [taking_part, in_force, in_force - taking_part, several]


def _scores_and_criteria(records: RoundRecords) -> dict[str, Collection[Decimal]]:
    """Return scores (of the set, of all units, on average, at the ends of a band) under what they count."""
    counted = sum(count.criterion.is_in_maximum for count in records.totals)
    points = sum((score for score, _maximum in records.scores), Decimal(0))
    averages = [_average(rows) for rows in (records.rows, *records.by_district.values())]
    ends = chain.from_iterable(band.bounds or () for band in records.bands.bands)
    scores: list[Iterable[Number | None]] = [[points], averages, ends, chain.from_iterable(records.scores)]
    if not records.table.measure.is_points:
        return {CRITERIA: _numbers([counted], *scores)}
    worth = [count.criterion.points for count in records.totals if count.criterion.is_counted]
    met = (row.met for row in records.table.standings())
    return {CRITERIA: _numbers([counted], met), POINTS: _numbers([records.maximum], worth, *scores)}


def _limits(bands: BandCounts) -> list[Decimal]:
    """Return the percentages at which bands begin and end."""
    limits = [(count.band.lower_percent, count.band.upper_percent) for count in bands.bands]
    return [limit for limit in chain.from_iterable(limits) if limit]


def of_scheme(scheme: Scheme, lines: Sequence[SummaryLine], *, courses: Sequence[Course], in_force: int) -> Known:
    """Return the rows one by one, their lines, the sums of a line by year, and their shares.

    `in_force` is the number of districts at the end of the scheme.
    """
    by_year = chain.from_iterable(split(line.courses, year_of).values() for line in lines)
    targets = [(line.attainment.actual, line.attainment.target) for line in lines]
    staff = [(count.qualified, count.total) for count in scheme.workforce_counts.all()]
    rest = [(total - qualified, total) for qualified, total in staff]
    classes = [sum(course.classes or 0 for course in line.courses) for line in lines]
    fees = [(course.organiser_share, course.participant_share) for course in courses]
    fundings = [funding.amount for funding in scheme.fundings.all()]
    of_target = _shares(targets)
    of_staff = _shares([*staff, *rest])
    percents = _numbers([HUNDRED], of_target, of_staff, chain.from_iterable(fees))
    return {
        DISTRICTS: _numbers([in_force], (len(course.organiser_districts.all()) for course in courses)),
        PEOPLE: _numbers(
            chain.from_iterable([*targets, *staff, *rest]),
            (course.participants for course in courses),
            (count.people for count in by_year),
        ),
        COURSES: _numbers((course.classes for course in courses), classes, [sum(classes)]),
        OF_TARGET: _numbers(of_target),
        PERCENT: percents,
        OF_UNITS: percents,
        MONEY: _numbers(fundings, [sum(fundings)]),
    }


def facts_of_round(records: RoundRecords) -> Facts:
    """Return which unit has which score, for the statements of the passages.

    The issued report has words of its own for its bands.
    """
    is_issued, bands = records.inspection_round.is_baseline, records.bands.bands
    units = {row.pk: WardScore(name_of(row), row.standing_score, row.standing_maximum) for row in records.rows}
    return Facts(
        units=list(units.values()),
        districts=names_of(records.in_force),
        bands=[
            BandFacts(_words_of(band, has_printed_words=is_issued), [units[row.pk] for row in band.enrolments])
            for band in bands
        ],
        maximum=bands[0].maximum if bands else Decimal(0),
        noun=records.table.measure.noun,
    )


def _words_of(count: BandCount, *, has_printed_words: bool) -> list[str]:
    return [count.band.label, *([count.band.printed_label] if has_printed_words else [])]


def name_of(row: StandingRow) -> Name:
    ward, district = row.ward, row.ward.district
    # The stored key has the place of the kind before that of the name.
    return Name(ward.kind_label, ward.name, district.title if district else "", stored_key=ward.sort_key[1:])


def names_of(districts: Iterable[District]) -> list[Name]:
    return [Name(each.get_kind_display(), each.name, stored_key=each.sort_key[1:]) for each in districts]


def _average(rows: Sequence[StandingRow]) -> Decimal | None:
    scores = [row.standing_score for row in rows if row.standing_score is not None]
    return sum(scores, Decimal(0)) / len(scores) if scores else None


def _numbers(*groups: Iterable[Number | None]) -> set[Decimal]:
    return {Decimal(number) for number in chain.from_iterable(groups) if number is not None}


def _shares(pairs: Iterable[tuple[Number | None, Number | None]]) -> list[Decimal]:
    """Return percentages in full length: a passage may round them its own way."""
    return [Decimal(part) * 100 / Decimal(whole) for part, whole in pairs if part is not None and whole]


def _only_printed(inspection_round: Round) -> list[Decimal]:
    """Return numbers that the report printed and no record has ("trên 90 người"), by the ledger."""
    if not inspection_round.is_baseline:
        return []
    printed = Figure.objects.filter(code__in=PRINTED_ONLY).values_list("printed", flat=True)
    numbers = [parse_number(text.split()[-1]) for text in printed]
    return [value for value in numbers if value is not None]
