"""What became of the criteria that were not met in a round: of one unit by criterion, of a round by unit and group.

Page and workbook take “Đã khắc phục x/y” from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from archiveportal.accounts.models import User
from archiveportal.scope import Viewer
from criteria.inspections.models import (
    Enrolment,
    Finding,
    FindingReply,
    Inspection,
    Result,
    Round,
    SelfAnswer,
    SelfAssessment,
)
from criteria.inspections.queries.areas import Division
from criteria.inspections.querysets import counted_rounds
from criteria.models import Criterion
from criteria.outcomes import failures, outcome_of
from criteria.scoring import BONUS

APPROVED = Inspection.Status.APPROVED
OF_ROUND = "inspection__enrolment__round"
WARD = "inspection__enrolment__ward"


class UnitCriterion(NamedTuple):
    """A criterion of a unit, over the versions of a set."""

    ward: int
    code: str


@dataclass
class Tally:
    """How many of the criteria that were not met are put right."""

    mended: int = 0
    unmet: int = 0

    @property
    def left(self) -> int:
        return self.unmet - self.mended

    def add(self, *, is_mended: bool) -> None:
        self.unmet += 1
        self.mended += is_mended


@dataclass
class UnitMending:
    enrolment: Enrolment
    area: int | None
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True)
class GroupMending:
    title: str
    tally: Tally


@dataclass(frozen=True)
class RoundMending:
    """The units of a round with an approved checklist, in the order of its table."""

    units: list[UnitMending]
    groups: list[GroupMending]
    tally: Tally


def mending_of_round(viewer: Viewer, inspection_round: Round, divided: Division) -> RoundMending:
    """Return what is put right of the round's unmet criteria. Four queries, however many units."""
    unmet = unmet_results(viewer, inspection_round).values_list("inspection__enrolment", WARD, "criterion__code")
    later = later_outcomes(inspection_round, Enrolment.objects.visible_to(viewer).filter(round=inspection_round))
    closed = _closed_findings(viewer, inspection_round)
    approved = Enrolment.objects.visible_to(viewer).filter(round=inspection_round, inspection__status=APPROVED)
    rows = approved.select_related("ward__district").order_by("position")
    units = {row.pk: UnitMending(row, divided.key_of(row.ward) if divided else None) for row in rows}
    groups: dict[int | None, Tally] = {}
    total = Tally()
    for enrolment, ward, code in unmet:
        unit = units[enrolment]
        key = UnitCriterion(ward, code)
        for tally in (unit.tally, groups.setdefault(unit.area, Tally()), total):
            tally.add(is_mended=_is_mended(later.get(key), is_closed=key in closed))
    return RoundMending(list(units.values()), _groups(divided, groups), total)


def _groups(divided: Division, tallies: dict[int | None, Tally]) -> list[GroupMending]:
    if not divided:
        return []
    named = [GroupMending(area.title, tallies[area.pk]) for area in divided.areas if area.pk in tallies]
    return [*named, *([GroupMending(divided.rest, tallies[None])] if None in tallies else [])]


def unmet_results(viewer: Viewer, inspection_round: Round) -> QuerySet[Result]:
    """Return the answers of approved checklists that count and failed; nobody has to earn a bonus."""
    rows = (
        Result.objects.visible_to(viewer)
        .filter(
            **{OF_ROUND: inspection_round},
            inspection__status=APPROVED,
            outcome__in=failures(),
            criterion__is_counted=True,
        )
        .exclude(criterion__sign=BONUS)
    )
    return rows.order_by("inspection__enrolment__position", "criterion__position")


def later_outcomes(inspection_round: Round, enrolments: QuerySet[Enrolment]) -> dict[UnitCriterion, str]:
    """Return what the newest approved checklist after the round found, by unit and criterion. One query.

    A rehearsal that follows up another one counts for it, and for no other round.
    """
    rows = Result.objects.filter(
        counted_rounds(f"{OF_ROUND}__") | Q(**{f"{OF_ROUND}__follows": inspection_round}),
        inspection__status=APPROVED,
        inspection__enrolment__ward__in=enrolments.order_by().values("ward"),
        criterion__criteria_set__code=inspection_round.criteria_set.code,
        **{f"{OF_ROUND}__starts_on__gt": inspection_round.starts_on},
    )
    rows = rows.exclude(outcome="").order_by(f"{OF_ROUND}__starts_on", OF_ROUND)
    found = rows.values_list(WARD, "criterion__code", "outcome")
    # The newest comes last.
    return {UnitCriterion(ward, code): outcome for ward, code, outcome in found}


def _closed_findings(viewer: Viewer, inspection_round: Round) -> set[UnitCriterion]:
    rows = Finding.objects.visible_to(viewer).filter(**{OF_ROUND: inspection_round}, status=Finding.Status.CLOSED)
    return {UnitCriterion(*pair) for pair in rows.order_by().values_list(WARD, "criterion__code")}


def _is_mended(later: str | None, *, is_closed: bool) -> bool:
    """Tell whether it is put right: as the newest checklist says, else as its recommendation was closed."""
    return is_closed if later is None else not outcome_of(later).is_failure


@dataclass(frozen=True)
class MendingLine:
    """One criterion that was not met: then, what the unit reported, what the reviewer said, and now.

    `own` is what the newest self-assessment of the unit says, where the person may read it.
    """

    criterion: Criterion
    then: Result
    finding: Finding | None
    replies: list[FindingReply]
    now: Result | None
    own: SelfAnswer | None = None

    @property
    def is_mended_by_own_word(self) -> bool:
        """Tell whether the unit says of itself that it is put right."""
        return self.own is not None and not outcome_of(self.own.outcome).is_failure

    @property
    def is_mended(self) -> bool:
        is_closed = self.finding is not None and self.finding.status == Finding.Status.CLOSED
        return _is_mended(self.now.outcome if self.now else None, is_closed=is_closed)


def earlier_of(enrolment: Enrolment) -> Enrolment:
    """Return the unit in the round that is followed up, if it has a result there, else the unit itself."""
    if enrolment.round.follows_id is None:
        return enrolment
    rows = Enrolment.objects.filter(
        round=enrolment.round.follows_id, ward=enrolment.ward_id, inspection__status=APPROVED
    )
    return rows.select_related("round__criteria_set", "ward__district", "inspection").first() or enrolment


def followed_result(enrolment: Enrolment, user: User) -> Enrolment | None:
    """Return the unit with its approved checklist in the round that is followed up; None where it has none."""
    if enrolment.round.follows_id is None:
        return None
    rows = Enrolment.objects.visible_to(user).filter(
        round=enrolment.round.follows_id, ward=enrolment.ward_id, inspection__status=APPROVED
    )
    return rows.select_related("round", "inspection").first()


def mending_of_unit(user: User, enrolment: Enrolment) -> list[MendingLine]:
    """Return the unmet criteria of an approved checklist with what became of each. A constant number of queries."""
    inspection_round = enrolment.round
    unmet = unmet_results(user, inspection_round).filter(inspection=enrolment.inspection)
    results = list(unmet.select_related("criterion", "option"))
    findings = _findings(user, enrolment)
    codes = {result.criterion.code for result in results}
    later, own = _later_results(enrolment, codes), _later_self_answers(user, enrolment, codes)
    lines = []
    for result in results:
        finding = findings.get(result.criterion_id)
        replies = list(finding.replies.all()) if finding else []
        code = result.criterion.code
        lines.append(MendingLine(result.criterion, result, finding, replies, later.get(code), own.get(code)))
    return lines


def _findings(user: User, enrolment: Enrolment) -> dict[int, Finding]:
    rows = Finding.objects.visible_to(user).filter(inspection=enrolment.inspection)
    rows = rows.exclude(status=Finding.Status.WITHDRAWN)
    people = ["replies__answered_by", "replies__judged_by", "replies__files__withdrawal"]
    return {finding.criterion_id: finding for finding in rows.prefetch_related(*people)}


def _later_results(enrolment: Enrolment, codes: Iterable[str]) -> dict[str, Result]:
    inspection_round = enrolment.round
    rows: QuerySet[Any] = Result.objects.filter(
        counted_rounds(f"{OF_ROUND}__") | Q(**{f"{OF_ROUND}__follows": inspection_round}),
        inspection__status=APPROVED,
        inspection__enrolment__ward=enrolment.ward_id,
        criterion__criteria_set__code=inspection_round.criteria_set.code,
        criterion__code__in=codes,
        **{f"{OF_ROUND}__starts_on__gt": inspection_round.starts_on},
    )
    rows = rows.exclude(outcome="").select_related("criterion", "option", "inspection__enrolment__round")
    return {row.criterion.code: row for row in rows.order_by(f"{OF_ROUND}__starts_on", OF_ROUND)}


def _later_self_answers(user: User, enrolment: Enrolment, codes: Iterable[str]) -> dict[str, SelfAnswer]:
    """Return what the newest self-assessment that was handed in after the round says, by criterion. One query."""
    inspection_round, of_round = enrolment.round, "assessment__enrolment__round"
    handed_in = SelfAssessment.objects.visible_to(user).filter(handed_in_at__isnull=False)
    rows: QuerySet[Any] = SelfAnswer.objects.filter(
        counted_rounds(f"{of_round}__") | Q(**{f"{of_round}__follows": inspection_round}),
        assessment__in=handed_in.filter(enrolment__ward=enrolment.ward_id),
        criterion__criteria_set__code=inspection_round.criteria_set.code,
        criterion__code__in=codes,
        **{f"{of_round}__starts_on__gt": inspection_round.starts_on},
    )
    rows = rows.exclude(outcome="").select_related("criterion", "option", "assessment__enrolment__round")
    return {row.criterion.code: row for row in rows.order_by(f"{of_round}__starts_on", of_round)}
