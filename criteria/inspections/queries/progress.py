"""Counts of rounds and their progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from archiveportal.percent import mean, whole_percent
from criteria.inspections.models import Enrolment, Inspection, Round

STATUS = Inspection.Status


@dataclass(frozen=True)
class Progress:
    """How far the wards of a round are. `average` is of the standing scores alone, in points; `scored` says of
    how many wards; a ward without a score is nowhere counted as zero."""

    enrolled: int
    scored: int
    approved: int
    submitted: int
    returned: int
    under_way: int
    average: Decimal | None

    @property
    def not_started(self) -> int:
        return self.enrolled - self.approved - self.submitted - self.returned - self.under_way

    @property
    def coverage(self) -> Decimal | None:
        return whole_percent(self.scored, self.enrolled)


COUNTS = {
    "enrolled": Count("pk"),
    "scored": Count("standing_score"),
    "points": Sum("standing_score"),
    "approved": Count("pk", filter=Q(inspection__status=STATUS.APPROVED)),
    "submitted": Count("pk", filter=Q(inspection__status=STATUS.SUBMITTED)),
    "returned": Count("pk", filter=Q(inspection__status=STATUS.RETURNED)),
    "under_way": Count("pk", filter=Q(inspection__status=STATUS.DRAFT, inspection__version__gt=0)),
}


def progress(enrolments: QuerySet[Enrolment]) -> Progress:
    """`enrolments` as visible to the user, with standing scores."""
    return _progress(enrolments.aggregate(**COUNTS))


def progress_by_round(enrolments: QuerySet[Enrolment]) -> dict[int, Progress]:
    """The same for each round, in one query whatever their number; a round without any of the rows is missing."""
    counted = enrolments.order_by().values("round").annotate(**COUNTS)
    return {row.pop("round"): _progress({name: row[name] for name in COUNTS}) for row in counted}


def _progress(counts: dict[str, Any]) -> Progress:
    return Progress(average=mean(counts.pop("points"), counts["scored"]), **counts)


def with_progress(rounds: Iterable[Round], enrolments: QuerySet[Enrolment]) -> list[Round]:
    """The rounds, each with the `progress` of the rows that lie in it."""
    found, counts = list(rounds), progress_by_round(enrolments)
    for round in found:
        round.progress = counts.get(round.pk, Progress(0, 0, 0, 0, 0, 0, None))
    return found


def work_of(user: Any) -> QuerySet[Enrolment]:
    """The checklists that a person can fill in now: returned ones first, then those under way, then the rest."""
    found = Enrolment.objects.editable_by(user).select_related("round", "ward__district", "inspection")
    # "returned" sorts behind "draft"; a checklist that was never saved has no day of change.
    changed = F("inspection__changed_at").desc(nulls_last=True)
    return found.order_by("-inspection__status", changed, "round", "position")


def waiting_for(user: Any) -> QuerySet[Enrolment]:
    """The checklists that wait for this approver's decision, oldest first; own submissions are for another person."""
    if not user.can_approve:
        return Enrolment.objects.none()
    waiting = Enrolment.objects.visible_to(user).filter(inspection__status=STATUS.SUBMITTED)
    return (
        waiting.exclude(inspection__submitted_by=user)
        .select_related("round", "ward__district", "inspection__submitted_by")
        .order_by("inspection__submitted_at")
    )
