"""Answers that were received and not applied: who may see them, and the present answer beside
each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from archiveportal.accounts.models import User
from criteria.inspections.models import Inspection, KeptAnswer, Result
from criteria.inspections.services.sending import DAY, from_text, standing_version
from criteria.inspections.services.values import BLANK, values_of

REASON = KeptAnswer.Reason


@dataclass(frozen=True)
class Beside:
    """A kept answer and the present one of the checklist (`theirs`), as a box shows them."""

    row: KeptAnswer
    inspection: Inspection
    theirs: Result | None
    is_own: bool
    can_take: bool
    can_drop: bool
    #: why it was kept, right after it was sent
    message: str = ""

    @property
    def values(self) -> dict[str, Any]:
        return from_text(self.row.values)

    @property
    def is_day(self) -> bool:
        return DAY in self.row.values

    @property
    def seen(self) -> int:
        return standing_version(self.row, self.inspection, self.theirs)

    @property
    def is_conflict(self) -> bool:
        return self.row.reason == REASON.CONFLICT

    @property
    def stands_against_nothing(self) -> bool:
        """The checklist has no answer (any more)."""
        if self.is_day:
            return self.inspection.inspected_on is None
        return values_of(self.theirs) == BLANK

    @property
    def is_of_one_person(self) -> bool:
        """Tell whether the same person gave both: on two devices, or in two windows."""
        return self.theirs is not None and self.theirs.changed_by_id == self.row.sent_by_id

    @property
    def stands_at_criterion(self) -> bool:
        """Tell whether it is shown at its criterion, to be decided on there; others are above the
        checklist."""
        return (self.is_conflict or self.can_take) and not self.is_day


def kept_for(user: User) -> QuerySet[KeptAnswer]:
    """Differing answers concern everybody who fills in the checklist; others their author and those who approve."""
    answers = KeptAnswer.objects.visible_to(user)
    if not user.can_inspect:
        return answers.none()
    return answers if user.can_approve else answers.filter(Q(reason=REASON.CONFLICT) | Q(sent_by=user))


def beside(kept: KeptAnswer, theirs: Result | None, *, inspection: Inspection, user: User, message: str = "") -> Beside:
    """`inspection` comes with its enrolment and round."""
    enrolment, is_own = inspection.enrolment, kept.sent_by_id == user.pk
    is_open = enrolment.takes_answers and not inspection.is_locked
    return Beside(
        row=kept,
        inspection=inspection,
        theirs=theirs,
        is_own=is_own,
        can_take=is_open and kept.criteria_set_id == enrolment.round.criteria_set_id,
        can_drop=is_own or user.can_approve or (kept.reason == REASON.CONFLICT and is_open),
        message=message,
    )


def undecided(inspection: Inspection, results: Mapping[int, Result], user: User) -> list[Beside]:
    """Return the answers of this checklist that wait for a decision, for those whom they
    concern."""
    answers = kept_for(user).filter(inspection=inspection, decision="").select_related("criterion", "sent_by")
    pairs = [(kept, results.get(kept.criterion_id) if kept.criterion_id else None) for kept in answers]
    return [beside(kept, theirs, inspection=inspection, user=user) for kept, theirs in pairs]
