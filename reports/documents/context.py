"""Every field of a report, each from the query function that feeds the pages; nothing is counted a second way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from itertools import chain, groupby

from archiveportal.office.kinds import PaperKind
from archiveportal.office.models import Office
from archiveportal.percent import format_percent, percent_of
from archiveportal.scope import Viewer
from archiveportal.vietnamese import at_least, count_in_text, number
from criteria.inspections.models import Round
from criteria.scoring import BONUS, DEDUCTION, ZERO
from reports.documents.kept import kept_errors_of
from reports.documents.notes import Notes, notes_on
from reports.documents.passages import WrittenPassages, printed_of, written_of
from reports.frozen.issue import Issue, new_draft
from reports.models import KeptError, ReportKind
from reports.results.bands import BandCount, BandCounts, band_counts
from reports.results.bars import bar_reasons
from reports.results.criteria import CriterionCount
from reports.results.districts import DistrictScore, district_scores
from reports.results.holdings import Holdings, holdings
from reports.results.reported import Reported, reported
from reports.results.standings import StandingRow
from reports.results.table import Summary, summary
from reports.subjects import Report, RoundReport, SchemeReport
from training.breakdown import Count, split, year_of, years_of
from training.models import Course, Funding, Scheme, WorkforceCount
from training.periods import LocalBodies, local_bodies
from training.queries import SummaryLine, YearLine, summary_lines, year_lines
from wards.models import District, Ward
from wards.titles import DistrictNames

#: a sentence names so many units at most; the appendix has them all
NAMED = 60
#: what stands apart from the criteria of a set
WORDS_OF_SIGNS = {DEDUCTION: "nội dung trừ điểm", BONUS: "nội dung thưởng điểm"}
SEE_APPENDIX = "(danh sách tại Phụ lục kèm theo)"


@dataclass
class RoundContext:
    """A round for a person who may read its report."""

    user: Viewer
    round: Round
    issue: Issue = field(default_factory=new_draft)
    has_notes: bool = True
    #: the words of the issued report, without corrections and without notes on them
    is_as_printed: bool = False
    #: units by their own reports are told of; no closing of an edition before did
    tells_of_reported: bool = True

    @property
    def report(self) -> Report:
        return RoundReport(self.round)

    @cached_property
    def notes(self) -> Notes:
        has_notes = self.has_notes and not self.is_as_printed
        return notes_on(self.round) if has_notes else Notes()

    @property
    def office(self) -> Office:
        """Return the office that issues the report."""
        return self.issue.signing.office

    @cached_property
    def kept_errors(self) -> dict[str, KeptError]:
        """Return the decisions to keep the words of an error, by its digest."""
        return kept_errors_of(self.round)

    @cached_property
    def written(self) -> WrittenPassages:
        return printed_of(self.round) if self.is_as_printed else written_of(self.round)

    @cached_property
    def table(self) -> Summary:
        return summary(self.user, self.round).keeping_rows()

    @cached_property
    def bands(self) -> BandCounts:
        return band_counts(self.user, self.round)

    @cached_property
    def bar_reasons(self) -> dict[int, str]:
        """Return why units are in a lower band than their score gives, by the key of the enrolment."""
        return bar_reasons(self.user, self.round)

    @cached_property
    def enrolments(self) -> list[StandingRow]:
        """Return the wards in printed order."""
        return self.bands.rows

    @cached_property
    def districts_in_force(self) -> int:
        return District.objects.visible_to(self.user).in_force_on(self.round.starts_on).count()

    @cached_property
    def by_district(self) -> list[tuple[DistrictNames, list[StandingRow]]]:
        """Return the districts that have a ward in the round, in the order of the printed table."""
        by_district: dict[int, tuple[DistrictNames, list[StandingRow]]] = {}
        for row in self.enrolments:
            district = row.ward.district
            if district is not None:
                by_district.setdefault(district.pk, (district, []))[1].append(row)
        return list(by_district.values())

    @cached_property
    def without_ward(self) -> list[District]:
        """Districts in force when the round began that have no ward in it; none where no ward has a district."""
        if not self.by_district:
            return []
        taking_part = [district.pk for district, _rows in self.by_district]
        in_force = District.objects.visible_to(self.user).in_force_on(self.round.starts_on)
        return list(in_force.exclude(pk__in=taking_part))

    @cached_property
    def district_scores(self) -> list[DistrictScore]:
        return district_scores(self.user, self.round)

    @cached_property
    def reported(self) -> Reported:
        """Return the units by their own accepted reports, which stand apart from verified results."""
        own = reported(self.user, self.round, is_listed=True)
        if not self.tells_of_reported:
            own.enrolments = own.enrolments.none()
        elif own:
            own.divided = self.table.divided
        return own

    @cached_property
    def holdings(self) -> Holdings:
        """Return what the units hold and need; without columns where the set has no indicator."""
        return holdings(self.user, self.round)

    @cached_property
    def criteria(self) -> list[CriterionCount]:
        return [count for count in self.table.totals if count.criterion.has_outcome]

    @cached_property
    def approved(self) -> int:
        """Wards whose checklist is approved: the criteria are counted over them."""
        return sum(row.is_approved for row in self.enrolments)

    @property
    def coverage(self) -> str:
        """ "14/26 đơn vị": so many of the wards in the round."""
        return f"{count_in_text(self.approved)}/{count_in_text(len(self.enrolments))} đơn vị"

    @property
    def tells_of_criteria(self) -> bool:
        """A few wards say nothing about all of them: criteria are written about from half of them
        on."""
        return bool(self.approved) and self.approved * 2 >= len(self.enrolments)

    @cached_property
    def counted(self) -> int:
        """Criteria of the maximum: deductions and bonuses stand apart."""
        return sum(criterion.is_in_maximum for criterion in self.table.columns)

    @cached_property
    def extent_of_set(self) -> str:
        """Return how much the set asks: "23 tiêu chí", "23 tiêu chí, 24 điểm"."""
        criteria = f"{number(self.counted)} tiêu chí"
        if not self.table.measure.is_points:
            return criteria
        points = sum((each.points for each in self.table.columns if each.is_in_maximum), ZERO)
        signs = Counter(each.sign for each in self.table.columns if each.is_counted)
        apart = [f"{number(signs[sign])} {words}" for sign, words in WORDS_OF_SIGNS.items() if signs[sign]]
        further = f"; ngoài ra có {', '.join(apart)}" if apart else ""
        return f"{criteria}, {number(points)} điểm{further}"

    @cached_property
    def units(self) -> str:
        """ "phường, xã, thị trấn": the kinds of the wards in the round, in the order of the law."""
        kinds = {row.ward.kind for row in self.enrolments}
        return ", ".join(kind.label.lower() for kind in Ward.Kind if kind in kinds) or "phường, xã"

    def reached(self, band: BandCount) -> str:
        """Return the lowest and the highest score that a ward of the band has.

        "từ 12/23 đến 20/23 tiêu chí, từ 52% đến 87%"; blank where no ward has a score.
        """
        scores = sorted(
            {result for row in band.enrolments if (result := _result_of(row))},
            key=lambda score: score[0] / score[1],
        )
        if not scores:
            return ""
        ends = [scores[0], scores[-1]] if len(scores) > 1 else scores
        points = " đến ".join(f"{number(score)}/{number(maximum)}" for score, maximum in ends)
        rule = self.round.rounding
        percents = " đến ".join(format_percent(percent_of(*score, rule)) for score in ends)
        start = "từ " if len(ends) > 1 else ""
        return f"{start}{points} {self.table.measure.noun}, {start}{percents}"


def _result_of(row: StandingRow) -> tuple[Decimal, Decimal] | None:
    """Return score and maximum of a ward; None without a score, or out of nothing."""
    score, maximum = row.standing_score, row.standing_maximum
    return (score, maximum) if score is not None and maximum else None


def names_by_district(rows: Iterable[StandingRow]) -> str:
    """ "phường Tân Định, Quận 1; Phường 4, Phường 14, Quận 6": wards under their districts, in printed order."""
    parts = []
    for _key, group in groupby(rows, key=lambda row: row.ward.district_id):
        wards = [row.ward for row in group]
        names, district = ", ".join(ward.in_sentence for ward in wards), wards[0].district
        parts.append(f"{names}, {district.in_sentence}" if district else names)
    return "; ".join(parts)


@dataclass
class SchemeContext:
    """A training scheme for a person who may read its report."""

    user: Viewer
    scheme: Scheme
    issue: Issue = field(default_factory=partial(new_draft, PaperKind.SCHEME_REPORT))
    has_notes: bool = True
    #: the words of the issued report, without corrections and without notes on them
    is_as_printed: bool = False

    @property
    def report(self) -> Report:
        return SchemeReport(self.scheme)

    @cached_property
    def notes(self) -> Notes:
        has_notes = self.has_notes and not self.is_as_printed
        return notes_on(self.scheme) if has_notes else Notes()

    @property
    def office(self) -> Office:
        """Return the office that issues the report."""
        return self.issue.signing.office

    @cached_property
    def kept_errors(self) -> dict[str, KeptError]:
        """Return the decisions to keep the words of an error, by its digest."""
        return kept_errors_of(self.scheme)

    @cached_property
    def written(self) -> WrittenPassages:
        return printed_of(self.scheme) if self.is_as_printed else written_of(self.scheme)

    @cached_property
    def lines(self) -> list[SummaryLine]:
        return summary_lines(self.scheme)

    @cached_property
    def told_lines(self) -> list[SummaryLine]:
        """Leave out lines with neither a result nor a target: "0" would pass for a result."""
        return [line for line in self.lines if line.is_recorded]

    @cached_property
    def courses(self) -> list[Course]:
        """Return the courses that are not voided, in the order of their categories."""
        courses = Course.objects.visible_to(self.user).standing().filter(category__scheme=self.scheme)
        courses = courses.select_related("category").prefetch_related("organiser_districts")
        return list(courses.order_by("category__position", "pk"))

    @cached_property
    def years(self) -> list[int | None]:
        courses = chain.from_iterable(line.courses for line in self.lines)
        return years_of(self.scheme, list(courses))

    def in_years(self, line: SummaryLine) -> dict[int | None, Count]:
        return split(line.courses, year_of)

    @cached_property
    def workforce(self) -> WorkforceCount | None:
        return self.scheme.workforce_counts.order_by("-counted_on").first()

    @cached_property
    def fundings(self) -> list[Funding]:
        order = list(Funding.Source)
        return sorted(self.scheme.fundings.all(), key=lambda funding: order.index(Funding.Source(funding.source)))

    @cached_property
    def local_bodies(self) -> LocalBodies:
        return local_bodies(self.scheme)

    @property
    def communes_or_districts(self) -> str:
        """Name the People's Committees that a paper on the scheme goes to, as its last year has them."""
        return "phường, xã, đặc khu" if self.local_bodies.has_communes else "quận, huyện"

    @cached_property
    def year_lines(self) -> list[YearLine]:
        return year_lines(self.scheme, self.told_lines, this_year=self.last_year)

    @cached_property
    def last_year(self) -> int:
        """Return the year up to which the report tells: that of its day, else of the last course.

        It does not follow the calendar, so that a closing reads the same in the next year.
        """
        scheme = self.scheme
        if scheme.cut_off_on:
            return min(scheme.cut_off_on.year, scheme.ends_year)
        known = [year for year in self.years if year and any(year in self.in_years(line) for line in self.lines)]
        return max(scheme.starts_year, min(max(known, default=scheme.starts_year), scheme.ends_year))

    @property
    def is_final(self) -> bool:
        return self.last_year == self.scheme.ends_year

    @property
    def length(self) -> int:
        """ "sau 7 năm": calendar years from the first of the scheme to the last one told of."""
        return self.last_year - self.scheme.starts_year + 1


#: what a report of each kind is written from
CONTEXTS: dict[ReportKind, Callable[..., RoundContext | SchemeContext]] = {
    ReportKind.ROUND: RoundContext,
    ReportKind.SCHEME: SchemeContext,
}


def people(count: int, *, is_lower_bound: bool = False) -> str:
    """In a sentence: "08", "1.341", "hơn 400"."""
    return at_least(count_in_text(count), is_lower_bound=is_lower_bound)
