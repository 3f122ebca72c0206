"""The content of a dashboard, each part a function of (who asks, round, district).

Standing scores are read once and counted several ways (distribution, bands, districts, coverage) by
the rules of `criteria.scoring` and `reports.results.districts`; criteria come from
`reports.results.criteria`, training from `training.queries`. Nothing here counts what another page
counts by a rule of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from django.urls import reverse

from archiveportal.percent import mean
from archiveportal.scope import Viewer
from criteria.inspections.models import Round
from criteria.inspections.queries.areas import NOTHING, Area, Division, Kind, division
from criteria.inspections.querysets import EnrolmentQuerySet
from criteria.leaves import answered_of
from criteria.measures import Measure, measure_of_set
from criteria.models import Band, Criterion
from criteria.scoring import BONUS
from reports.dashboard.rows import (
    APPROVED,
    Answers,
    HeatOfDistrict,
    HeatOfWard,
    Place,
    Standings,
    answers_by_district,
    place_of_ward,
    ranked,
    without_answers,
)
from reports.results.criteria import CriterionCount, answer_counts
from reports.results.districts import BandOfScore, DistrictScore, district_score
from reports.results.reported import Reported, reported
from reports.results.rows import visible_enrolments
from reports.results.table import Row, Summary
from reports.results.trend import Trend, trend
from training.models import Scheme
from training.queries import SummaryLine, summary_lines
from wards.models import District, Ward
from wards.titles import DistrictOfList

#: so many wards or districts can be read one by one; beyond that the heat table shows districts
READABLE = 30
#: of many districts one page shows so many: each has a number, a shade and a link for every criterion
DISTRICTS_PER_PAGE = 20


@dataclass
class Dashboard:
    """One round for one person, as a whole or narrowed to a district. Everything is read when it is first asked for."""

    user: Viewer
    round: Round
    district_id: int | None = None
    is_ranked: bool = False
    page: int = 1

    @cached_property
    def enrolments(self) -> EnrolmentQuerySet:
        enrolments = visible_enrolments(self.user, self.round)
        return self.divided.within(enrolments, self.district_id) if self.district_id else enrolments

    @cached_property
    def divided(self) -> Division:
        """As `division`; without a way of grouping it takes the districts that are read here in any case."""
        if self.round.grouping_id:
            return division(self.user, self.round)
        keys = self.standings.areas
        present: list[Area] = [district for district in self._all_districts if district.pk in keys]
        return Division(Kind.DISTRICTS, present) if present else NOTHING

    @cached_property
    def _all_districts(self) -> list[DistrictOfList]:
        return District.objects.visible_to(self.user).as_list(self.round.starts_on)

    @cached_property
    def units_page(self) -> str:
        """Return the page that names the wards behind the numbers."""
        return reverse("reports:units", args=[self.round.code])

    @cached_property
    def standings(self) -> Standings:
        """All wards in scope, whatever district is chosen: the districts are compared with each other."""
        divided = self.divided if self.round.grouping_id else Division(Kind.DISTRICTS)
        return Standings.of(divided.with_areas(visible_enrolments(self.user, self.round).order_by()))

    @cached_property
    def chosen(self) -> Standings:
        return self.standings.within(self.district_id) if self.district_id else self.standings

    @cached_property
    def districts(self) -> dict[int, Area]:
        """Return the areas of the wards; of districts also those in force when the round began
        without a ward in it."""
        if self.divided.grouping:
            return self.divided.by_key
        taking_part = self.standings.areas
        return {
            district.pk: district for district in self._all_districts if district.pk in taking_part or district.stands
        }

    @property
    def district(self) -> Area | None:
        return self.districts.get(self.district_id) if self.district_id else None

    @property
    def parameter(self) -> str:
        """Return the parameter of the page that names the area."""
        return "nhom" if self.divided.grouping else "quan"

    @cached_property
    def taking_part(self) -> list[Area]:
        return [district for district in self.districts.values() if district.pk in self.standings.areas]

    @cached_property
    def all_columns(self) -> list[Criterion]:
        """Return the columns of the summary table, facts too."""
        return answered_of(self.round.criteria_set.criteria.all())

    @cached_property
    def columns(self) -> list[Criterion]:
        return [criterion for criterion in self.all_columns if criterion.has_outcome]

    @property
    def reported(self) -> Reported:
        """Return the wards by their own accepted reports, which no picture counts."""
        own = reported(self.user, self.round)
        if self.district_id:
            own.enrolments = self.divided.within(own.enrolments, self.district_id)
        return own

    @cached_property
    def bands(self) -> list[Band]:
        return list(self.round.criteria_set.bands.all())

    @cached_property
    def measure(self) -> Measure:
        """Return what the scores of the round count."""
        return measure_of_set(self.round.criteria_set)

    @cached_property
    def maximum(self) -> Decimal:
        counted = [criterion for criterion in self.round.criteria_set.criteria.all() if criterion.is_in_maximum]
        return sum((criterion.points for criterion in counted), Decimal(0))

    # What is counted from the standing scores

    @property
    def enrolled(self) -> int:
        return len(self.chosen)

    @cached_property
    def scored(self) -> int:
        """Count the wards that have a score."""
        return self.chosen.results.total()

    @property
    def approved(self) -> int:
        return self.chosen.approved

    @cached_property
    def average(self) -> Decimal | None:
        points = (score * wards for (score, _maximum, _bar), wards in self.chosen.results.items())
        return mean(sum(points, Decimal(0)), self.scored)

    @cached_property
    def distribution(self) -> dict[tuple[Decimal, Decimal], int]:
        """Count the wards by score, lowest first; a score knows its maximum."""
        found: Counter[tuple[Decimal, Decimal]] = Counter()
        for (score, maximum, _bar), wards in self.chosen.results.items():
            found[score, maximum] += wards
        return dict(sorted(found.items()))

    @cached_property
    def _band_of_score(self) -> BandOfScore:
        return BandOfScore(self.bands)

    @cached_property
    def by_band(self) -> Counter[int]:
        counter: Counter[int] = Counter()
        for result, wards in self.chosen.results.items():
            band = self._band_of_score[result]
            if band is not None:
                counter[band.pk] += wards
        return counter

    @cached_property
    def unit_count(self) -> int | None:
        """The wards there are, as the list of units has them; None where that is not recorded."""
        districts = [self.district] if self.district else list(self.districts.values())
        if districts and not self.divided.grouping:
            counts = [district.ward_count for district in districts if district.ward_count]
            return sum(counts) if len(counts) == len(districts) else None
        wards = Ward.objects.visible_to(self.user).in_force_on(self.round.starts_on)
        wards = self.divided.within(wards, self.district_id, "") if self.district_id else wards
        return wards.count() or None

    @cached_property
    def _compared(self) -> list[Area | None]:
        """Return the districts side by side; None last for wards without one."""
        return [*self.taking_part, None] if None in self.standings.areas else list(self.taking_part)

    @cached_property
    def district_scores(self) -> list[DistrictScore]:
        """As on the page of the districts; without those that take no part."""
        return self._district_scores(self._compared)

    def _district_scores(self, districts: Iterable[Area | None]) -> list[DistrictScore]:
        by_key = {district.pk if district else None: district for district in districts}
        scores, bands = self.standings.by_area(by_key), self._band_of_score
        return [district_score(district, scores[key], bands) for key, district in by_key.items()]

    @property
    def shows_wards(self) -> bool:
        """Whether places are wards: in a district, and where there are no districts."""
        return bool(self.district_id) or not self.taking_part

    @cached_property
    def places(self) -> list[Place]:
        """Districts side by side, or the wards of one: in their own order, unless ranking was switched on."""
        places = self._ward_places if self.shows_wards else list(map(self._place_of_district, self.district_scores))
        return ranked(places) if self.is_ranked else places

    @property
    def shown_places(self) -> list[Place]:
        if self.shows_wards or self.is_ranked:
            return self.places[self._page]
        return self._district_places

    @cached_property
    def _ward_places(self) -> list[Place]:
        if self.pages == 1:
            return [place_of_ward(row) for row in self.ward_rows]
        rows = self.enrolments.select_related("ward", "inspection")
        return [
            Place(
                row.ward.title, row.standing_score, row.standing_maximum, 1, int(row.standing_score is not None),
                is_published=row.inspection.status != APPROVED, enrolment_id=row.pk,
            )
            for row in rows
        ]  # fmt: skip

    @cached_property
    def _district_places(self) -> list[Place]:
        """Return the districts of the page that shows, in their own order."""
        of_all = self.pages == 1
        scores = self.district_scores if of_all else self._district_scores(self._compared[self._page])
        return list(map(self._place_of_district, scores))

    def _place_of_district(self, score: DistrictScore) -> Place:
        return Place(
            title=score.district.title if score.district else "",
            value=score.average,
            maximum=self.maximum,
            enrolled=score.enrolled,
            scored=score.scored,
            district_id=score.district.pk if score.district else None,
            ward_count=score.ward_count,
        )

    # Criteria

    @cached_property
    def answers(self) -> dict[tuple[int | None, int], Answers]:
        """Return the answers by district and criterion, of the districts that show; where these are
        all, the largest table is read once for all pictures."""
        if self.pages == 1:
            return answers_by_district(self.user, self.round, self.divided)
        return answers_by_district(
            self.user, self.round, self.divided, keys=[place.district_id for place in self._district_places]
        )

    @cached_property
    def criteria(self) -> list[CriterionCount]:
        """As on the page of the criteria, without the facts."""
        if self.pages == 1:
            return self._criteria_of_wards if self.heat_is_of_wards else self._criteria_of_districts
        chosen = self.enrolments if self.district_id else None
        counts = answer_counts(self.user, self.round, chosen)
        return [CriterionCount(column, self.enrolled, counts[column.pk]) for column in self.columns]

    @property
    def _criteria_of_wards(self) -> list[CriterionCount]:
        of_criteria: defaultdict[int, Answers] = defaultdict(Answers)
        for row in filter(attrgetter("is_approved"), self.ward_rows):
            for criterion, answer in zip(self.all_columns, row.cells, strict=True):
                if criterion.has_outcome and answer:
                    of_criteria[criterion.pk][answer] += 1
        return [CriterionCount(column, self.enrolled, of_criteria[column.pk]) for column in self.columns]

    @property
    def _criteria_of_districts(self) -> list[CriterionCount]:
        of_criteria: defaultdict[int, Answers] = defaultdict(Answers)
        for (_district, criterion), answers in self.answers.items():
            found = of_criteria[criterion]
            for answer, wards in answers.items():
                found[answer] += wards
        return [CriterionCount(column, self.enrolled, of_criteria[column.pk]) for column in self.columns]

    @cached_property
    def least_met(self) -> list[CriterionCount]:
        """Return the criteria that somebody does not meet, the least met first. Nobody has to earn a bonus."""
        missed = [count for count in self.criteria if count.not_met and count.criterion.sign != BONUS]
        return sorted(missed, key=lambda count: (count.percent, count.criterion.position))

    @property
    def pages(self) -> int:
        if self.shows_wards:
            return max(-(-self.enrolled // READABLE), 1)
        districts = len(self._compared)
        return 1 if districts <= READABLE else -(-districts // DISTRICTS_PER_PAGE)

    @cached_property
    def _page(self) -> slice:
        page, size = min(max(self.page, 1), self.pages), READABLE
        if self.pages > 1 and not self.shows_wards:
            size = DISTRICTS_PER_PAGE
        return slice((page - 1) * size, page * size)

    @cached_property
    def ward_rows(self) -> list[Row]:
        """Return the wards of the page that shows, in the order of the round's table."""
        table = Summary(self.user, self.round, self.enrolments, is_filtered=bool(self.district_id))
        table.divided = self.divided
        return list(table.rows(self._page))

    @property
    def heat_is_of_wards(self) -> bool:
        return self.shows_wards or self.enrolled <= READABLE

    @cached_property
    def heat(self) -> Sequence[HeatOfWard | HeatOfDistrict]:
        """Ward by ward where that can be read, else district by district."""
        if self.heat_is_of_wards:
            # A draft is shown on its checklist; here are approved answers, the same for everyone.
            rows = [row if row.is_approved else without_answers(row) for row in self.ward_rows]
            return [HeatOfWard(self._title(row), place_of_ward(row), row) for row in rows]
        places = {place.district_id: place for place in self._district_places}
        keys = [column.pk for column in self.columns]
        return [
            HeatOfDistrict(
                place.title,
                place,
                district_id=key,
                answers=[self.answers.get((key, pk)) or Answers() for pk in keys],
            )
            for key, place in places.items()
        ]

    def _title(self, row: Row) -> str:
        """Name the ward, with its district if there are several: "Phường 3" alone is ambiguous."""
        if not row.area or self.district_id or not self.divided.has_districts:
            return row.ward
        is_numbered = row.area.rpartition(" ")[2].isdigit()
        return f"{row.ward}, {row.area if is_numbered else row.area[0].lower() + row.area[1:]}"

    # Over the years, and training

    @cached_property
    def trend(self) -> list[Trend]:
        return trend(self.user, self.divided, self.district_id)

    @cached_property
    def scheme(self) -> Scheme | None:
        return Scheme.objects.visible_to(self.user).first() if self.user.scope.sees_training else None

    @cached_property
    def training(self) -> list[SummaryLine]:
        return summary_lines(self.scheme) if self.scheme else []


def coverage(dashboard: Dashboard) -> list[tuple[str, int, int]]:
    """Return how far the round reaches: (what, wards, of how many)."""
    steps = [
        ("scored", dashboard.scored, dashboard.enrolled),
        ("approved", dashboard.approved, dashboard.enrolled),
    ]
    if dashboard.unit_count:
        steps.insert(0, ("enrolled", dashboard.enrolled, dashboard.unit_count))
    return steps
