"""Work that waits for a person: checklists to fill in, decisions, answers that were kept."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment, Inspection, Team
from criteria.inspections.querysets import takes_answers
from criteria.models import Criterion

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

STATUS = Inspection.Status
RETURNED, TODAY, COMING, ANY_DAY = range(4)


def work_of(user: User) -> QuerySet[Enrolment]:
    """Return the work of inspectors in the order in which to do it; who is in a team of a round has
    that team's wards there. `turn` says why it has its place in the order.

    Returned ones first; then what is planned today, was planned before or is due; then the coming days; then wards
    without a day, those under way first. Each with `asked`, the number of criteria that count, with `is_assigned` where
    a team of this person has the ward, and with `is_own` where it has, or the person wrote or submitted the checklist.
    """
    if not user.can_inspect:
        return Enrolment.objects.none()
    today = timezone.localdate()
    mine = Team.objects.filter(members__person=user)
    own = Q(team__in=mine) | ~Q(round__in=mine.values("round"))
    waiting = Q(inspection__status__in=[STATUS.DRAFT, STATUS.SIGNED, STATUS.RETURNED])
    deadline = Coalesce("extended_until", "round__deadline")
    due = Case(When(round__status="open", then=deadline), default=F("reopened_until"))
    rows = Enrolment.objects.visible_to(user).filter(takes_answers(), waiting, own).alias(due=due)
    turn = Case(
        When(inspection__status=STATUS.RETURNED, then=Value(RETURNED)),
        When(Q(planned_on__lte=today) | Q(due__lte=today), then=Value(TODAY)),
        When(planned_on__isnull=False, then=Value(COMING)),
        default=Value(ANY_DAY),
        output_field=IntegerField(),
    )
    return (
        rows.annotate(turn=turn, asked=_asked(), is_assigned=Exists(mine.filter(pk=OuterRef("team"))))
        .annotate(is_own=Q(is_assigned=True) | Q(inspection__changed_by=user) | Q(inspection__submitted_by=user))
        .select_related("round", "ward__district", "team", "inspection__returned_by")
        .order_by(
            "turn",
            F("planned_on").asc(nulls_last=True),
            F("due").asc(nulls_last=True),
            # A checklist that was never saved has no day of change.
            F("inspection__changed_at").desc(nulls_last=True),
            "round",
            "position",
        )
    )


def _asked() -> Coalesce:
    """Count the criteria of the set that score."""
    counted = Criterion.objects.filter(criteria_set=OuterRef("round__criteria_set"), is_counted=True)
    total = counted.order_by().values("criteria_set").annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(total), 0, output_field=IntegerField())


@dataclass
class Turn:
    """A part of the work list: its turn, and for the coming days the day."""

    turn: int
    day: datetime.date | None
    enrolments: list[Enrolment] = field(default_factory=list)


class Asked(TypedDict):
    """What `work_of` adds to its rows."""

    turn: int
    asked: int
    is_assigned: bool
    is_own: bool


def turns(work: Iterable[WithAnnotations[Enrolment, Asked]]) -> list[Turn]:
    """Return the work list by turn, the coming days day by day. Each row learns how many criteria
    are `answered`."""
    grouped: list[Turn] = []
    for enrolment in work:
        enrolment.answered = max(enrolment.asked - enrolment.inspection.open_criteria, 0)
        day = enrolment.planned_on if enrolment.turn == COMING else None
        if not grouped or (grouped[-1].turn, grouped[-1].day) != (enrolment.turn, day):
            grouped.append(Turn(enrolment.turn, day))
        grouped[-1].enrolments.append(enrolment)
    return grouped


def waiting_for(user: User) -> QuerySet[Enrolment]:
    """Return the checklists that wait for this approver's decision, oldest first; own submissions
    are for another person."""
    if not user.can_approve:
        return Enrolment.objects.none()
    waiting = Enrolment.objects.visible_to(user).filter(inspection__status=STATUS.SUBMITTED)
    return (
        waiting.exclude(inspection__submitted_by=user)
        .select_related("round", "ward__district", "inspection__submitted_by")
        .order_by("inspection__submitted_at")
    )


def with_kept_answers(user: User) -> QuerySet[Enrolment]:
    """Checklists with answers that were received and not applied, for their author and for every approver; `kept`
    says how many wait for a decision."""
    if not user.can_inspect:
        return Enrolment.objects.none()
    undecided = Q(inspection__kept_answers__decision="")
    if not user.can_approve:
        undecided &= Q(inspection__kept_answers__sent_by=user)
    # Few checklists have any: counted over all of them, this took most of the first page's time.
    rows = Enrolment.objects.visible_to(user).filter(undecided).annotate(kept=Count("inspection__kept_answers"))
    return rows.select_related("round", "ward__district", "inspection").order_by("round", "position")
