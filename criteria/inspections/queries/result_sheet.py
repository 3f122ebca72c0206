"""The result of one unit, as its sheet shows it: page, print and Word take every figure from here."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from archiveportal.accounts.models import User
from archiveportal.percent import percent_of
from archiveportal.scope import Viewer
from criteria.given import given_in_words, shown
from criteria.inspections.models import (
    Enrolment,
    Finding,
    Inspection,
    Result,
    Round,
    SelfAnswer,
    SelfAssessment,
    TeamMember,
)
from criteria.inspections.queries.bars import bars_with_conditions, reasons_of_bars
from criteria.inspections.queries.units import LastTime, last_times
from criteria.inspections.services.distant import is_distant_unit, marked_criteria
from criteria.leaves import SubHeading, answered_of, in_sections, is_in_points, leaves_of
from criteria.models import Band, Bar, Criterion
from criteria.outcomes import Outcome, outcome_of
from criteria.scoring import BONUS, DEDUCTION, ZERO, Rules, band_of, points_of, rules_of
from wards.models import Ward

#: a quartile is told where at least so many units of the same kind have a result
FEWEST_FOR_QUARTILE = 8
APPROVED = Inspection.Status.APPROVED


@dataclass
class SheetLine:
    """One criterion: what was found, what it brought, and what was found the last time."""

    criterion: Criterion
    answer: Any
    points: Decimal
    last: LastTime | None = None
    is_distant: bool = False
    headings: Sequence[SubHeading] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.answer.outcome if self.answer else "")

    @property
    def note(self) -> str:
        return self.answer.note if self.answer else ""

    @property
    def given(self) -> str:
        return given_in_words(self.criterion, self.answer) if self.criterion.is_derived and self.answer else ""

    @property
    def lost(self) -> Decimal:
        """Return the points that putting it right would bring."""
        if not (self.criterion.is_counted and self.outcome.is_failure):
            return ZERO
        full = ZERO if self.criterion.sign == DEDUCTION else self.criterion.points
        return full - self.points


@dataclass(frozen=True)
class SheetSection:
    title: str
    lines: list[SheetLine]
    points: Decimal
    maximum: Decimal

    @property
    def is_scored(self) -> bool:
        """Whether any of its criteria counts: facts alone have no result."""
        return any(line.criterion.is_counted for line in self.lines)


@dataclass(frozen=True)
class ToMend:
    """What has to be put right: the criterion with the points that it costs, and its recommendation."""

    line: SheetLine
    finding: Finding | None

    @property
    def due_on(self) -> datetime.date | None:
        return self.finding.due_on if self.finding else None


@dataclass(frozen=True)
class Quartile:
    """The quarter in which the unit lies among those of its kind with a result in the round; 1 is the best."""

    number: int
    units: int
    kind: str


@dataclass(frozen=True)
class ResultSheet:
    """The result of a unit at the time of its inspection."""

    enrolment: Enrolment
    #: what was accepted of a unit that only reports, and no team verified
    is_reported: bool
    is_in_points: bool
    score: Decimal
    maximum: Decimal
    percent: Decimal | None
    band: Band | None
    bar_reasons: list[str]
    sections: list[SheetSection]
    findings: list[Finding]
    to_mend: list[ToMend]
    last: LastResult | None
    quartile: Quartile | None
    #: head of the team, whom the unit asks
    head: TeamMember | None

    @property
    def is_distant(self) -> bool:
        return is_distant_unit(self.enrolment)

    @property
    def day(self) -> datetime.date | None:
        """Return the day that the result is of."""
        if not self.is_reported:
            return self.enrolment.inspection.inspected_on
        read_at = self.enrolment.self_assessment.read_at
        return timezone.localdate(read_at) if read_at else None

    @property
    def mended(self) -> int:
        """Return how many recommendations are put right."""
        return sum(each.status == Finding.Status.CLOSED for each in self.findings)


@dataclass(frozen=True)
class LastResult:
    """The last approved result before this one."""

    round_name: str
    inspected_on: datetime.date | None
    score: Decimal
    maximum: Decimal


def has_sheet(enrolment: Enrolment, user: User) -> bool:
    """Tell whether the unit has a result that the person reads: an approved checklist, or an accepted report."""
    if enrolment.inspection.status == APPROVED:
        return True
    return SelfAssessment.objects.accepted_for(user).filter(enrolment=enrolment).exists()


def with_sheet(user: Viewer, inspection_round: Round) -> list[Enrolment]:
    """Return the units of a round with a result that the person reads, in printed order."""
    accepted = SelfAssessment.objects.accepted_for(user).order_by()
    has_result = Q(inspection__status=APPROVED) | Q(pk__in=accepted.values("enrolment"))
    rows = Enrolment.objects.visible_to(user).filter(has_result, round=inspection_round)
    rows = rows.select_related("ward__district", "inspection", "self_assessment", "team").order_by("position")
    units = list(rows)
    for enrolment in units:
        enrolment.round = inspection_round
        enrolment.inspection.enrolment = enrolment
    return units


def sheet_of(enrolment: Enrolment, user: User | None) -> ResultSheet:
    """Return the result of a unit that has one. A constant number of queries.

    With a `user`, findings and former units as that person may see them.
    """
    return next(iter(sheets_of([enrolment], user)))


def sheets_of(enrolments: Sequence[Enrolment], user: User | None) -> Iterator[ResultSheet]:
    """Yield the results of units of one round, which share the row of the round. A constant number of queries."""
    if enrolments:
        reading = _Reading(enrolments, user)
        yield from map(reading.sheet_of, enrolments)


class _Reading:
    """What the results of some units of one round are told from, read for all of them at once."""

    def __init__(self, enrolments: Sequence[Enrolment], user: User | None) -> None:
        self.round = enrolments[0].round
        self.criteria_set = self.round.criteria_set
        self.criteria = leaves_of(self.criteria_set)
        self.answered = answered_of(self.criteria)
        self.rules = rules_of(self.criteria_set)
        self.bands = list(self.criteria_set.bands.all())
        self.last = last_times(enrolments, user)
        verified = [each.inspection.pk for each in enrolments if not _is_reported(each)]
        self.answers = _answers(verified, [each.pk for each in enrolments if _is_reported(each)])
        self.marked = marked_criteria(verified)
        self.findings = _findings(verified)
        self.heads = _heads({each.team_id for each in enrolments if each.team_id})

    @cached_property
    def bars(self) -> list[Bar]:
        return bars_with_conditions(self.criteria_set)

    @cached_property
    def results(self) -> dict[str, list[tuple[Decimal, Decimal]]]:
        return _results_by_kind(self.round)

    def sheet_of(self, enrolment: Enrolment) -> ResultSheet:
        is_reported = _is_reported(enrolment)
        answers, last = self.answers.get(enrolment.pk, {}), self.last.get(enrolment.pk, {})
        lines = self._lines(enrolment, answers, last)
        findings = self.findings.get(enrolment.inspection.pk, [])
        kept: Any = enrolment.self_assessment if is_reported else enrolment.inspection
        return ResultSheet(
            enrolment=enrolment,
            is_reported=is_reported,
            is_in_points=is_in_points(self.criteria, self.criteria_set),
            score=kept.score,
            maximum=kept.maximum,
            percent=percent_of(kept.score, kept.maximum, self.round.rounding),
            band=band_of(kept.score, kept.maximum, self.bands, bar=kept.highest_band_id),
            bar_reasons=[] if is_reported else self._reasons(enrolment.inspection, answers),
            sections=_sections(lines, self.criteria, self.rules),
            findings=findings,
            to_mend=_to_mend(lines, findings),
            last=_last_result(last),
            quartile=None if is_reported else _quartile(enrolment, self.results),
            head=self.heads.get(enrolment.team_id) if enrolment.team_id else None,
        )

    def _lines(self, enrolment: Enrolment, answers: Mapping[int, Any], last: Mapping[int, LastTime]) -> list[SheetLine]:
        marked = self.marked.get(enrolment.inspection.pk, frozenset())
        is_distant = is_distant_unit(enrolment) and not _is_reported(enrolment)
        return [
            SheetLine(
                criterion=each,
                answer=answers.get(each.pk),
                points=_points(each, answers.get(each.pk), self.rules),
                last=last.get(each.pk),
                is_distant=is_distant or each.pk in marked,
            )
            for each in self.answered
        ]

    def _reasons(self, inspection: Inspection, answers: Mapping[int, Any]) -> list[str]:
        return reasons_of_bars(inspection, answers, bands=self.bands, bars=self.bars)


def _is_reported(enrolment: Enrolment) -> bool:
    return enrolment.inspection.status != APPROVED


def _answers(inspections: Collection[int], reporting: Collection[int]) -> dict[int, dict[int, Any]]:
    """Return the answers by the keys of units and of criteria: of checklists, and of units that only report."""
    asked: list[tuple[Any, str, Collection[int]]] = [
        (Result.objects.filter(inspection__in=inspections), "inspection__enrolment", inspections),
        (SelfAnswer.objects.filter(assessment__enrolment__in=reporting), "assessment__enrolment", reporting),
    ]
    found: dict[int, dict[int, Any]] = {}
    for rows, unit, keys in asked:
        for row in rows.select_related("option").annotate(unit=F(unit)) if keys else ():
            found.setdefault(row.unit, {})[row.criterion_id] = row
    return found


def _points(criterion: Criterion, answer: Any, rules: Rules) -> Decimal:
    if answer is None or not criterion.is_counted:
        return ZERO
    return points_of(criterion, outcome_of(answer.outcome), answer.earned, rules=rules)


def _sections(lines: list[SheetLine], criteria: list[Criterion], rules: Rules) -> list[SheetSection]:
    return [
        SheetSection(
            title,
            some,
            points=sum((line.points for line in some), ZERO),
            maximum=sum((_maximum(line, rules) for line in some), ZERO),
        )
        for title, some in in_sections(lines, criteria)
    ]


def _maximum(line: SheetLine, rules: Rules) -> Decimal:
    counts = line.criterion.is_counted and not line.criterion.sign
    return line.criterion.points if counts and (line.outcome.applies or rules.is_full_without) else ZERO


def _findings(inspections: Collection[int]) -> dict[int, list[Finding]]:
    """Return what was published to units, by checklist, the nearest day first."""
    rows = Finding.objects.filter(inspection__in=inspections, published_at__isnull=False)
    rows = rows.exclude(status=Finding.Status.WITHDRAWN).select_related("criterion")
    found: dict[int, list[Finding]] = {}
    for row in rows.order_by(F("due_on").asc(nulls_last=True), "criterion__position"):
        found.setdefault(row.inspection_id, []).append(row)
    return found


def _to_mend(lines: list[SheetLine], findings: list[Finding]) -> list[ToMend]:
    """Return what is not met, the dearest first, then the nearest day; a bonus only with a recommendation."""
    by_criterion = {finding.criterion_id: finding for finding in findings}
    found = [ToMend(line, by_criterion.get(line.criterion.pk)) for line in lines if line.outcome.is_failure]
    found = [each for each in found if each.finding or each.line.criterion.sign != BONUS]
    found = [each for each in found if each.finding is None or each.finding.status != Finding.Status.CLOSED]
    far = datetime.date.max
    return sorted(found, key=lambda each: (-each.line.lost, each.due_on or far, each.line.criterion.position))


def _last_result(last: Mapping[int, LastTime]) -> LastResult | None:
    """Return the result behind what was found the last time, which is of one checklist."""
    first = next(iter(last.values()), None)
    if first is None or first.inspection is None:
        return None
    earlier = first.inspection
    return LastResult(first.round_name, first.inspected_on, earlier.score, earlier.maximum)


def quartile_of(enrolment: Enrolment) -> Quartile | None:
    """Return the quarter of the unit among approved ones of its kind in the round; None where they are too few.

    Equal results lie in the same quarter, the better one. No unit but this one can be told from it.
    """
    return _quartile(enrolment, _results_by_kind(enrolment.round))


def _results_by_kind(inspection_round: Round) -> dict[str, list[tuple[Decimal, Decimal]]]:
    """Return score and maximum of the approved checklists of a round, by the kind of the unit."""
    rows = Enrolment.objects.filter(round=inspection_round, inspection__status=APPROVED, inspection__maximum__gt=0)
    found: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for kind, score, maximum in rows.order_by().values_list("ward__kind", "inspection__score", "inspection__maximum"):
        found.setdefault(kind, []).append((score, maximum))
    return found


def _quartile(enrolment: Enrolment, by_kind: Mapping[str, list[tuple[Decimal, Decimal]]]) -> Quartile | None:
    results = by_kind.get(enrolment.ward.kind, [])
    if len(results) < FEWEST_FOR_QUARTILE:
        return None
    own = enrolment.inspection
    better = sum(score * own.maximum > own.score * maximum for score, maximum in results)
    return Quartile(4 * better // len(results) + 1, len(results), str(Ward.Kind(enrolment.ward.kind).label))


def _heads(teams: Collection[int]) -> dict[int, TeamMember]:
    """Return who heads each team, by its key."""
    if not teams:
        return {}
    rows = TeamMember.objects.filter(team__in=teams, part=TeamMember.Part.HEAD).order_by("-order", "-pk")
    return {row.team_id: row for row in rows}


def in_score(score: Decimal, maximum: Decimal) -> str:
    """Return "78,5/100"."""
    return f"{shown(score)}/{shown(maximum)}"
