"""Which wards of a round a scope holds, and which of them count."""

from __future__ import annotations

from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.inspections.querysets import EnrolmentQuerySet

APPROVED = Inspection.Status.APPROVED


def visible_enrolments(user: Viewer, inspection_round: Round) -> EnrolmentQuerySet:
    """Return the rows of a round that a person sees, with standing scores, in printed order."""
    return Enrolment.objects.visible_to(user).filter(round=inspection_round).with_standing().order_by("position")


def approved_count(user: Viewer, inspection_round: Round) -> int:
    """So many wards have an approved checklist: what is counted by criterion is counted over them."""
    return visible_enrolments(user, inspection_round).filter(inspection__status=APPROVED).count()
