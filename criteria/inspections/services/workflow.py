"""The way of a checklist: submitted by the head of the team, returned or approved by another person, opened again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection, TeamMember
from criteria.inspections.services.findings import publish_findings
from criteria.inspections.services.gate import locked, refuse_unless_inspecting, refuse_unseen
from criteria.inspections.services.hands import refuse_own_hand
from criteria.inspections.services.readiness import what_is_missing
from criteria.inspections.services.signed_by_both import refuse_without_both
from criteria.inspections.services.telling import checklist_moved


@transaction.atomic
def submit_inspection(*, inspection: Inspection, seen: int | None = None, by: User, via: str = Via.PAGE) -> Inspection:
    """Minutes signed, or returned -> waiting for approval, by the head of the team where there is one.

    Refused (code "missing") while something is missing; `what_is_missing` names it. `seen` is the version that the
    page showed (None: there was no page): nobody submits or decides on answers that changed meanwhile.
    """
    inspection = locked(inspection)
    if _is_done(inspection, Inspection.Status.SUBMITTED, inspection.submitted_by_id, by=by):
        return inspection
    refuse_unseen(inspection, seen)
    refuse_unless_inspecting(inspection, by)
    _refuse_unless_submittable(inspection)
    _refuse_unless_head(inspection, by)
    if missing := what_is_missing(inspection):
        count = len({each.criterion.pk for each in missing if each.criterion})
        if not count and not any(each.is_conflict for each in missing):
            raise Refused(_("Not submitted yet: the day of the inspection is missing."), code="missing")
        if not count:
            raise Refused(_("Not submitted yet: two different days were given. Choose one."), code="missing")
        raise Refused(
            ngettext(
                "Not submitted yet: something is missing at %(count)d criterion.",
                "Not submitted yet: something is missing at %(count)d criteria.",
                count,
            )
            % {"count": count},
            code="missing",
        )
    if not inspection.maximum:
        raise Refused(_("Not submitted yet: no criterion applies. At least one has to be assessed."))
    if inspection.signed_at is None:
        raise Refused(_("Record the signed minutes first, then submit the checklist."), code="unsigned")
    refuse_without_both(inspection)
    inspection.submitted_by, inspection.submitted_at = by, timezone.now()
    return _step(inspection, Action.SUBMITTED, Inspection.Status.SUBMITTED, by=by, via=via, stamp="submitted")


def _refuse_unless_submittable(inspection: Inspection) -> None:
    if inspection.status == Inspection.Status.SUBMITTED:
        raise Refused(_("This checklist is waiting for approval already."))
    if inspection.status == Inspection.Status.APPROVED:
        raise Refused(_("This checklist is approved and does not change any more."))


def head_of(inspection: Inspection) -> TeamMember | None:
    """Return the head of the team that inspects the ward, if the round has given it one with an
    account."""
    return TeamMember.objects.filter(
        team=inspection.enrolment.team_id, part=TeamMember.Part.HEAD, person__isnull=False
    ).first()


def _refuse_unless_head(inspection: Inspection, by: User) -> None:
    head = head_of(inspection)
    if head and head.person_id != by.pk:
        message = _("The head of the team submits the checklist: %(head)s.")
        raise Refused(message % {"head": head.full_name}, code="head")


@transaction.atomic
def return_inspection(
    *, inspection: Inspection, seen: int | None = None, by: User, reason: str, via: str = Via.PAGE
) -> Inspection:
    """Waiting -> returned for additions, with the reason that the inspector reads."""
    inspection = locked(inspection)
    reason = reason.strip()
    if inspection.return_reason == reason and _is_done(
        inspection, Inspection.Status.RETURNED, inspection.returned_by_id, by=by
    ):
        return inspection
    _refuse_unless_waiting(inspection, by)
    refuse_unseen(inspection, seen)
    if not inspection.enrolment.takes_answers:
        raise Refused(_("This round is closed; nobody could correct the checklist. Open the round again first."))
    if not reason:
        raise Refused(_("Say what has to be added or corrected."))
    inspection.returned_by, inspection.returned_at, inspection.return_reason = by, timezone.now(), reason
    return _step(
        inspection, Action.RETURNED, Inspection.Status.RETURNED, by=by, via=via, stamp="returned", reason=reason
    )


@transaction.atomic
def approve_inspection(*, inspection: Inspection, seen: int | None = None, by: User, via: str = Via.PAGE) -> Inspection:
    """Waiting -> approved, by somebody who had no hand in the checklist (see `hands`)."""
    inspection = locked(inspection)
    if _is_done(inspection, Inspection.Status.APPROVED, inspection.approved_by_id, by=by):
        return inspection
    _refuse_unless_waiting(inspection, by)
    refuse_unseen(inspection, seen)
    refuse_own_hand(inspection, by)
    inspection.approved_by, inspection.approved_at = by, timezone.now()
    publish_findings(inspection, via=via)
    return _step(inspection, Action.APPROVED, Inspection.Status.APPROVED, by=by, via=via, stamp="approved")


@transaction.atomic
def reopen_inspection(
    *, inspection: Inspection, seen: int | None = None, by: User, reason: str, via: str = Via.PAGE
) -> Inspection:
    """Approved -> returned, by an approver who gives the reason. The signed minutes stay: answers
    change by a supplement. The score of the checklist does not count until it is approved again."""
    inspection = locked(inspection)
    reason = reason.strip()
    if not by.can_approve:
        raise Refused(_("Your role does not open approved checklists."))
    if inspection.return_reason == reason and _is_done(
        inspection, Inspection.Status.RETURNED, inspection.returned_by_id, by=by
    ):
        return inspection
    refuse_unseen(inspection, seen)
    if inspection.status != Inspection.Status.APPROVED:
        raise Refused(_("This checklist is not approved."))
    if not inspection.enrolment.takes_answers:
        raise Refused(_("This round is closed; nobody could correct the checklist. Open the round again first."))
    if not reason:
        raise Refused(_("Say why the approved checklist is opened again."))
    inspection.returned_by, inspection.returned_at, inspection.return_reason = by, timezone.now(), reason
    inspection.approved_by = inspection.approved_at = None
    inspection.save(update_fields=["approved_by", "approved_at"])
    return _step(
        inspection, Action.REOPENED, Inspection.Status.RETURNED, by=by, via=via, stamp="returned", reason=reason
    )


def _is_done(inspection: Inspection, status: str, done_by: int | None, *, by: User) -> bool:
    """Tell whether the same person took this step already: a button pressed twice is one step."""
    return inspection.status == status and done_by == by.pk


def _step(
    inspection: Inspection, action: Action, status: str, *, by: User, via: str, stamp: str, reason: str = ""
) -> Inspection:
    before, inspection.status = inspection.status, status
    # A page that was opened before this step decides on nothing any more.
    inspection.version += 1
    names = ["status", "version", f"{stamp}_by", f"{stamp}_at"] + ["return_reason"] * (stamp == "returned")
    inspection.save(update_fields=names)
    record(about=inspection, by=by, via=via, action=action, changes={"status": (before, status)}, reason=reason)
    checklist_moved(inspection, by=by)
    log_event(f"inspection {action}", user=by.pk, inspection=inspection.pk)
    return inspection


def _refuse_unless_waiting(inspection: Inspection, by: User) -> None:
    if not by.may_decide:
        raise Refused(_("Your role does not approve checklists."))
    if inspection.status != Inspection.Status.SUBMITTED:
        raise Refused(_("This checklist is not waiting for approval."))
    if inspection.submitted_by_id == by.pk:
        raise Refused(_("You submitted this checklist yourself; another person has to decide on it."))
