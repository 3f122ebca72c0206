"""Self-assessments beside what the team verified: of one ward by criterion, of a round by ward."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from archiveportal.accounts.models import User
from criteria.inspections.models import (
    Enrolment,
    Evidence,
    Inspection,
    Minutes,
    Result,
    Round,
    SelfAnswer,
    SelfAssessment,
    SelfEvidence,
)
from criteria.inspections.queries.units import self_answers
from criteria.inspections.services import score_of
from criteria.inspections.services.taking_over import is_taken
from criteria.leaves import leaves_of
from criteria.models import CriteriaSet, Criterion
from criteria.scoring import Score


@dataclass(frozen=True)
class Compared:
    """One criterion: what the ward says, what the team found (None: nothing that the person may see)."""

    criterion: Criterion
    own: SelfAnswer | None
    verified: Result | None
    #: what the unit shows; what of it the team took over
    evidence: Sequence[SelfEvidence] = ()
    taken: Collection[int] = ()

    @property
    def is_taken(self) -> bool:
        """Tell whether the team gives the very answer of the unit."""
        return self.own is not None and is_taken(self.own, self.verified)

    @property
    def is_comparable(self) -> bool:
        """Tell whether both gave an answer."""
        return bool(self.own and self.verified and self.own.outcome and self.verified.outcome)

    @property
    def differs(self) -> bool:
        """Both gave an answer, and not the same; where an answer earns more than all or none, not the same points."""
        own, verified = self.own, self.verified
        if not (own and verified and own.outcome and verified.outcome):
            return False
        return (own.outcome, own.earned) != (verified.outcome, verified.earned)


def compared(enrolment: Enrolment, user: User) -> list[Compared]:
    own = self_answers(enrolment, user)
    results = Result.objects.visible_to(user).filter(inspection__enrolment=enrolment)
    verified = {each.criterion_id: each for each in results}
    criteria = leaves_of(enrolment.round.criteria_set)
    return [Compared(each, own.get(each.pk), verified.get(each.pk)) for each in criteria]


def evidence_of(assessment: SelfAssessment | None) -> dict[int, list[SelfEvidence]]:
    """Return what a unit shows by the key of the criterion, in one query."""
    pieces: dict[int, list[SelfEvidence]] = {}
    if assessment is not None and assessment.pk:
        for piece in assessment.evidence.counting().select_related("file__withdrawal"):
            pieces.setdefault(piece.criterion_id, []).append(piece)
    return pieces


def both_sides(enrolment: Enrolment, assessment: SelfAssessment | None, user: User) -> list[Compared]:
    """Return the criteria with both answers, what the unit shows, and what of it the team took over.

    `assessment` is that of the unit, as far as the person may see it.
    """
    shown = evidence_of(assessment)
    taken = frozenset(
        Evidence.objects.visible_to(user)
        .filter(inspection__enrolment=enrolment, voided_at=None)
        .exclude(taken_from=None)
        .values_list("taken_from_id", flat=True)
    )
    return [replace(line, evidence=shown.get(line.criterion.pk, ()), taken=taken) for line in compared(enrolment, user)]


@dataclass(frozen=True)
class Match:
    """How often the team found what the unit said: `same` of `both` answers. For office and unit alone."""

    same: int
    both: int

    @property
    def percent(self) -> Decimal | None:
        return Decimal(self.same * 100) / self.both if self.both else None


def match_of(lines: Iterable[Compared]) -> Match:
    """Count over the criteria to which both gave an answer."""
    comparable = [line for line in lines if line.is_comparable]
    return Match(sum(not line.differs for line in comparable), len(comparable))


@dataclass(frozen=True)
class WardSelf:
    """A ward of the round: its self-assessment (None: none that the person may see) beside the verified score.

    `differing` is None while there is nothing to compare.
    """

    enrolment: Enrolment
    assessment: SelfAssessment | None
    own: Score | None
    verified: Score | None
    differing: int | None

    @property
    def is_handed_in(self) -> bool:
        return bool(self.assessment and self.assessment.handed_in_at)

    @property
    def is_owed(self) -> bool:
        """Tell whether the ward still hands in: not once its minutes are signed, nor left out of the plan."""
        is_awaited = self.enrolment.inspection.status == Inspection.Status.DRAFT and not self.enrolment.is_left_out
        return is_awaited and not self.is_handed_in


def of_round(inspection_round: Round, user: User) -> list[WardSelf]:
    """Return every ward of the round that the person sees, in the order of the table. A constant
    number of queries."""
    enrolments = (
        inspection_round.enrolments.visible_to(user).select_related("ward__district", "inspection").order_by("position")
    )
    assessments = {
        each.enrolment_id: each
        for each in SelfAssessment.objects.visible_to(user)
        .filter(enrolment__round=inspection_round)
        .select_related("handed_in_by")
    }
    own = _given(
        SelfAnswer.objects.filter(assessment__in=[each.pk for each in assessments.values()]), "assessment__enrolment"
    )
    results = Result.objects.visible_to(user).filter(inspection__enrolment__round=inspection_round)
    verified = _given(results, "inspection__enrolment")
    criteria_set = inspection_round.criteria_set
    asked = (list(criteria_set.criteria.all()), criteria_set)
    return [
        _ward(each, assessments.get(each.pk), own.get(each.pk, {}), verified=verified.get(each.pk, {}), asked=asked)
        for each in enrolments
    ]


class GivenAnswer(NamedTuple):
    """What an answer says, as far as a score depends on it."""

    outcome: str
    earned: Decimal | None
    option_id: int | None


def _given(answers: QuerySet, path: str) -> dict[int, dict[int, GivenAnswer]]:
    """Return {key of the enrolment: {key of the criterion: answer}} of those that are not open."""
    by_enrolment: dict[int, dict[int, GivenAnswer]] = {}
    rows = answers.exclude(outcome="").values_list(path, "criterion", "outcome", "earned", "option_id")
    for enrolment, criterion, *answer in rows:
        by_enrolment.setdefault(enrolment, {})[criterion] = GivenAnswer(*answer)
    return by_enrolment


def _ward(
    enrolment: Enrolment,
    assessment: SelfAssessment | None,
    own: dict[int, GivenAnswer],
    *,
    verified: dict[int, GivenAnswer],
    asked: tuple[list[Criterion], CriteriaSet],
) -> WardSelf:
    both = own.keys() & verified.keys()
    return WardSelf(
        enrolment=enrolment,
        assessment=assessment,
        own=score_of(own, *asked) if assessment else None,
        verified=score_of(verified, *asked) if verified else None,
        differing=sum(own[key] != verified[key] for key in both) if both else None,
    )


def to_confirm(user: User) -> QuerySet[SelfAssessment]:
    """Return what this leader's unit handed in and nobody confirmed yet, in open rounds."""
    if not user.confirms_self_assessment:
        return SelfAssessment.objects.none()
    waiting = SelfAssessment.objects.visible_to(user).filter(
        handed_in_at__isnull=False, confirmed_at=None, enrolment__round__status=Round.Status.OPEN
    )
    return waiting.select_related("enrolment__ward__district", "enrolment__round", "handed_in_by").order_by(
        "handed_in_at"
    )


#: so many reports the first page names
SHOWN = 6


@dataclass(frozen=True)
class WaitingReports:
    reports: list[SelfAssessment]
    more: int


def to_read(user: User) -> WaitingReports:
    """Return the confirmed reports of units that nobody visits which wait to be accepted or handed back, the oldest
    first."""
    if not user.can_inspect:
        return WaitingReports([], 0)
    waiting = SelfAssessment.objects.visible_to(user).filter(
        confirmed_at__isnull=False,
        enrolment__way=Enrolment.Way.REPORT,
        enrolment__is_left_out=False,
        enrolment__round__status=Round.Status.OPEN,
    )
    waiting = waiting.exclude(reading=SelfAssessment.Reading.ACCEPTED)
    rows = waiting.select_related("enrolment__ward__district", "enrolment__round").order_by("confirmed_at", "pk")
    listed = list(rows[: SHOWN + 1])
    more = waiting.count() - SHOWN if len(listed) > SHOWN else 0
    return WaitingReports(listed[:SHOWN], more)


def to_assess(user: User) -> QuerySet[Enrolment]:
    """Return the wards that this person's unit still has to assess, the nearest day first, with
    those that are late; none whose minutes were signed, as the team has answered then, and none that
    is left out of the plan."""
    if not user.answers_for_units:
        return Enrolment.objects.none()
    waiting = Enrolment.objects.visible_to(user).filter(
        round__status=Round.Status.OPEN, round__asks_self_assessment=True, is_left_out=False
    )
    waiting = waiting.filter(inspection__status=Inspection.Status.DRAFT)
    waiting = waiting.exclude(
        Exists(Minutes.objects.filter(inspection__enrolment=OuterRef("pk"), signed_at__isnull=False))
    )
    return (
        waiting.filter(Q(self_assessment__isnull=True) | Q(self_assessment__handed_in_at__isnull=True))
        .select_related("ward__district", "round", "self_assessment")
        .order_by("round__self_assessment_due", "round", "position")
    )
