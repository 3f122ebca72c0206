"""What the checklist page offers as the next step on the way to approval."""

from __future__ import annotations

from typing import Any

from criteria.inspections.forms import ReturnForm
from criteria.inspections.models import Enrolment, Inspection, Scan
from criteria.inspections.services.workflow import head_of

STATUS = Inspection.Status


def next_step(user: Any, enrolment: Enrolment, *, decision: ReturnForm | None = None) -> dict[str, Any]:
    """Context of inspections/parts/next_step.html. `decision` is a refused form to show again."""
    inspection = enrolment.inspection
    is_inside = user.sees_unapproved_results
    may_decide = user.can_approve and inspection.status == STATUS.SUBMITTED
    is_signed = inspection.signed_at is not None and inspection.status in (STATUS.SIGNED, STATUS.RETURNED)
    head = head_of(inspection) if is_inside else None
    works_on_it = user.can_inspect and enrolment.takes_answers
    return {
        "decision": decision or ReturnForm(),
        "may_decide": may_decide and inspection.submitted_by_id != user.pk,
        "is_own_submission": may_decide and inspection.submitted_by_id == user.pk,
        "versions": versions_of(inspection) if is_inside or inspection.status == STATUS.APPROVED else [],
        "head": head,
        "is_signed": is_signed,
        "may_submit": is_signed and works_on_it and (head is None or head.person_id == user.pk),
        "may_supplement": is_signed and works_on_it,
        "may_reopen": user.can_approve and inspection.status == STATUS.APPROVED and enrolment.takes_answers,
        "is_written": works_on_it and not inspection.is_locked,
    }


def versions_of(inspection: Inspection) -> list[Any]:
    """The minutes and their supplements, each with the scans that stand (`papers`) and the number replaced."""
    found = list(inspection.minutes.select_related("signed_by", "opened_by").order_by("sequence"))
    scans = Scan.objects.filter(minutes__inspection=inspection).select_related("file__stored_by")
    by_minutes: dict[int, list[Scan]] = {}
    for scan in scans:
        by_minutes.setdefault(scan.minutes_id, []).append(scan)
    for minutes in found:
        minutes.inspection = inspection
        every = by_minutes.get(minutes.pk, [])
        minutes.papers = [scan for scan in every if scan.replaced_at is None]
        minutes.replaced = [scan for scan in every if scan.replaced_at is not None]
    return found
