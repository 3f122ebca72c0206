"""The result of one unit, as its sheet shows it: page, print and Word take every figure from here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from archiveportal.accounts.models import User
from archiveportal.percent import percent_of
from criteria.given import given_in_words, shown
from criteria.inspections.models import (
    Enrolment,
    Finding,
    Inspection,
    Result,
    SelfAnswer,
    SelfAssessment,
    TeamMember,
)
from criteria.inspections.queries.bars import reasons_of_bars
from criteria.inspections.queries.units import LastTime, last_time
from criteria.inspections.services.distant import distant_criteria, is_distant_unit
from criteria.leaves import SubHeading, answered_of, in_sections, is_in_points, leaves_of
from criteria.models import Band, Criterion
from criteria.outcomes import Outcome, outcome_of
from criteria.scoring import DEDUCTION, ZERO, Rules, band_of, points_of, rules_of
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
    """Tell whether the unit has a result that the person reads: an approved checklist, or an accepted report.

    The answers of a report are the unit's own: its sheet is for those who read the self-assessment.
    """
    if enrolment.inspection.status == APPROVED:
        return True
    accepted = SelfAssessment.objects.visible_to(user).filter(enrolment=enrolment, reading="accepted")
    return enrolment.only_reports and accepted.exists()


def sheet_of(enrolment: Enrolment, user: User | None) -> ResultSheet:
    """Return the result of a unit that has one. A constant number of queries.

    With a `user`, findings and former units as that person may see them.
    """
    criteria_set = enrolment.round.criteria_set
    criteria = leaves_of(criteria_set)
    is_reported = enrolment.inspection.status != APPROVED
    answers = _answers(enrolment, is_reported=is_reported)
    rules = rules_of(criteria_set)
    last = last_time(enrolment, user)
    distant = frozenset() if is_reported else distant_criteria(enrolment.inspection)
    lines = [
        SheetLine(
            criterion=each,
            answer=answers.get(each.pk),
            points=_points(each, answers.get(each.pk), rules),
            last=last.get(each.pk),
            is_distant=each.pk in distant,
        )
        for each in answered_of(criteria)
    ]
    findings = [] if is_reported else _findings(enrolment)
    kept: Any = enrolment.inspection
    if is_reported:
        kept = enrolment.self_assessment
    bar = kept.highest_band_id
    reasons = [] if is_reported else reasons_of_bars(enrolment.inspection, answers)
    return ResultSheet(
        enrolment=enrolment,
        is_reported=is_reported,
        is_in_points=is_in_points(criteria, criteria_set),
        score=kept.score,
        maximum=kept.maximum,
        percent=percent_of(kept.score, kept.maximum, enrolment.round.rounding),
        band=band_of(kept.score, kept.maximum, list(criteria_set.bands.all()), bar=bar),
        bar_reasons=reasons,
        sections=_sections(lines, criteria, rules),
        findings=findings,
        to_mend=_to_mend(lines, findings),
        last=_last_result(last),
        quartile=None if is_reported else quartile_of(enrolment),
        head=_head_of(enrolment),
    )


def _answers(enrolment: Enrolment, *, is_reported: bool) -> dict[int, Any]:
    if is_reported:
        rows: Iterable[Any] = SelfAnswer.objects.filter(assessment__enrolment=enrolment).select_related("option")
    else:
        rows = Result.objects.filter(inspection=enrolment.inspection).select_related("option")
    return {row.criterion_id: row for row in rows}


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


def _findings(enrolment: Enrolment) -> list[Finding]:
    rows = enrolment.inspection.findings.filter(published_at__isnull=False).exclude(status=Finding.Status.WITHDRAWN)
    return list(rows.select_related("criterion").order_by(F("due_on").asc(nulls_last=True), "criterion__position"))


def _to_mend(lines: list[SheetLine], findings: list[Finding]) -> list[ToMend]:
    """Return what is not met, the dearest first, then the nearest day."""
    by_criterion = {finding.criterion_id: finding for finding in findings}
    found = [ToMend(line, by_criterion.get(line.criterion.pk)) for line in lines if line.outcome.is_failure]
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
    rows = Enrolment.objects.filter(
        Q(inspection__status=APPROVED),
        round=enrolment.round_id,
        ward__kind=enrolment.ward.kind,
        inspection__maximum__gt=0,
    )
    results = list(rows.order_by().values_list("inspection__score", "inspection__maximum"))
    if len(results) < FEWEST_FOR_QUARTILE:
        return None
    own = enrolment.inspection
    better = sum(score * own.maximum > own.score * maximum for score, maximum in results)
    return Quartile(4 * better // len(results) + 1, len(results), str(Ward.Kind(enrolment.ward.kind).label))


def _head_of(enrolment: Enrolment) -> TeamMember | None:
    if enrolment.team_id is None:
        return None
    return TeamMember.objects.filter(team=enrolment.team_id, part=TeamMember.Part.HEAD).first()


def in_score(score: Decimal, maximum: Decimal) -> str:
    """Return "78,5/100"."""
    return f"{shown(score)}/{shown(maximum)}"
