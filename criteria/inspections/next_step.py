"""What the checklist page offers as the next step on the way to approval."""

from __future__ import annotations

from typing import Any

from criteria.inspections.forms import ReturnForm
from criteria.inspections.models import Enrolment, Inspection


def next_step(user: Any, enrolment: Enrolment, *, decision: ReturnForm | None = None) -> dict[str, Any]:
    """Context of inspections/parts/next_step.html. `decision` is a refused form to show again."""
    inspection = enrolment.inspection
    may_decide = user.can_approve and inspection.status == Inspection.Status.SUBMITTED
    return {
        "decision": decision or ReturnForm(),
        "may_decide": may_decide and inspection.submitted_by_id != user.pk,
        "is_own_submission": may_decide and inspection.submitted_by_id == user.pk,
        "minutes": inspection.minutes.order_by("sequence") if user.sees_unapproved_results else [],
    }
