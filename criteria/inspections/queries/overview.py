"""How far the units of a round are: counts by area for the screen of the approver, and the units behind each."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from archiveportal.accounts.models import Role, User
from archiveportal.counting import Counted
from criteria.inspections.models import Inspection, Round
from criteria.inspections.queries.areas import Area, Division
from criteria.inspections.querysets import EnrolmentQuerySet

STATUS = Inspection.Status


class Step(StrEnum):
    """What a unit of the round has reached, or still owes. A unit may be at several at once.

    Every unit has handed in, has not handed in, or owes nothing.
    """

    ENROLLED = "enrolled"
    ACTIVATED = "activated"
    WORKING = "working"
    HANDED_IN = "handed_in"
    MISSING = "missing"
    LATE = "late"
    OWES_NOTHING = "owes_nothing"
    INSPECTED = "inspected"
    SUBMITTED = "submitted"
    APPROVED = "approved"


def due_of(inspection_round: Round) -> datetime.date | None:
    """Return until when units hand in: their self-assessment where the round asks for one, else the checklist."""
    if inspection_round.asks_self_assessment:
        return inspection_round.self_assessment_due
    return inspection_round.deadline


def conditions(inspection_round: Round, today: datetime.date) -> dict[Step, Q]:
    """Return the condition of each step on enrolments with accounts (see `with_accounts`).

    What is handed in, and may be late, is the self-assessment where the round asks for one, else
    the checklist. A unit whose minutes are signed has no self-assessment to hand in any more; one
    that is left out of the plan owes nothing, and one with an extension is not late yet.
    """
    nobody, decided = Q(pk__in=[]), Q(inspection__status__in=[STATUS.SUBMITTED, STATUS.APPROVED])
    has_time = Q(extended_until__gte=today)
    begun = Q(inspection__status=STATUS.DRAFT, inspection__version__gt=0)
    inspected = begun | Q(inspection__status__in=[STATUS.SIGNED, STATUS.RETURNED])
    if inspection_round.asks_self_assessment:
        has_time |= Q(self_extended_until__gte=today)
        not_yet = Q(self_assessment__handed_in_at__isnull=True)
        handed_in, working = ~not_yet, not_yet & Q(self_assessment__version__gt=0)
        missing = not_yet & Q(inspection__status=STATUS.DRAFT)
    else:
        handed_in, working, missing = decided, inspected, ~decided
    owed = missing & Q(is_left_out=False)
    due = due_of(inspection_round)
    return {
        Step.ENROLLED: Q(),
        Step.ACTIVATED: Q(is_activated=True),
        Step.WORKING: working,
        Step.HANDED_IN: handed_in,
        Step.MISSING: owed,
        Step.LATE: owed & ~has_time if due and due < today else nobody,
        Step.OWES_NOTHING: ~handed_in & ~owed,
        Step.INSPECTED: inspected,
        Step.SUBMITTED: Q(inspection__status=STATUS.SUBMITTED),
        Step.APPROVED: Q(inspection__status=STATUS.APPROVED),
    }


def with_accounts(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Add `is_activated`: somebody of the unit has signed in with an account that is in use."""
    return enrolments.annotate(is_activated=Exists(_officers().filter(last_login__isnull=False)))


def with_contacts(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Add name, telephone and mailbox of the officer of the unit, whoever signed in last."""
    officers = _officers().order_by("-last_login", "sort_key", "pk")
    return enrolments.annotate(
        officer=Subquery(officers.values("full_name")[:1]),
        telephone=Subquery(officers.values("telephone")[:1]),
        mailbox=Subquery(officers.values("email")[:1]),
    )


def _officers() -> QuerySet[User]:
    return User.objects.filter(role=Role.WARD, is_active=True, ward=OuterRef("ward"))


# Not frozen: that would take twice as long for each area.
@dataclass(slots=True)
class AreaSteps:
    """How many units of an area are at each step; `area` None for units that lie in none."""

    area: Area | None
    #: in the order of `Step`
    numbers: tuple[int, ...]

    @property
    def counts(self) -> dict[Step, int]:
        return dict(zip(Step, self.numbers, strict=True))


def steps_by_area(
    enrolments: EnrolmentQuerySet, inspection_round: Round, division: Division, *, today: datetime.date
) -> list[AreaSteps]:
    """Count the units at each step by area, in the order of lists. One query."""
    counted = {
        step.value: Counted("pk", filter=condition) if condition else Counted("pk")
        for step, condition in conditions(inspection_round, today).items()
    }
    rows = division.with_areas(with_accounts(enrolments)).order_by().values("area").annotate(**counted)
    by_area = {row[0]: row[1:] for row in rows.values_list("area", *(step.value for step in Step))}
    found = [AreaSteps(area, by_area[area.pk]) for area in division.areas if area.pk in by_area]
    return [*found, AreaSteps(None, by_area[None])] if None in by_area else found


def total_of(rows: list[AreaSteps]) -> dict[Step, int]:
    """Return how many units of the round are at each step."""
    sums = map(sum, zip(*(row.numbers for row in rows), strict=True))
    return dict.fromkeys(Step, 0) | dict(zip(Step, sums, strict=False))


def at_step(
    enrolments: EnrolmentQuerySet, inspection_round: Round, step: Step, *, today: datetime.date
) -> EnrolmentQuerySet:
    """Return the units behind a number, in the order of the round, with accounts and contacts."""
    rows = with_contacts(with_accounts(enrolments)).filter(conditions(inspection_round, today)[step])
    return rows.select_related("ward__district", "inspection", "self_assessment", "team").order_by("position")
