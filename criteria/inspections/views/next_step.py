"""The next step on the way to approval that the checklist page offers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Event
from criteria.inspections.forms.checklist import ReturnForm
from criteria.inspections.models import Enrolment, Inspection, Scan, TeamMember
from criteria.inspections.queries.deciding import next_waiting, noteworthy
from criteria.inspections.services.hands import Hand, deciders_on, hands_in, own_hand, who_can
from criteria.inspections.services.readiness import Missing, what_is_missing
from criteria.inspections.services.workflow import head_of

STATUS = Inspection.Status


def next_step(user: User, enrolment: Enrolment, *, decision: ReturnForm | None = None) -> dict[str, Any]:
    """Context of inspections/parts/next_step.html. `decision` is a refused form to show again."""
    inspection = enrolment.inspection
    is_inside = user.sees_unapproved_results
    is_approved = inspection.status == STATUS.APPROVED
    head = head_of(inspection) if is_inside else None
    versions = versions_of(inspection) if is_inside or is_approved else []
    if is_inside:
        _say_where_it_stands(inspection, versions)
    return {
        "decision": decision or ReturnForm(),
        "head": head,
        "versions": versions,
        "since_return": _since_return(inspection, versions) if is_inside else None,
        "may_reopen": user.can_approve and is_approved and enrolment.takes_answers,
        "is_written": _works_on(user, enrolment) and not inspection.is_locked,
        **_of_decision(user, enrolment),
        **_of_submission(user, enrolment, head),
    }


def _works_on(user: User, enrolment: Enrolment) -> bool:
    return user.can_inspect and enrolment.takes_answers


def _of_decision(user: User, enrolment: Enrolment) -> dict[str, Any]:
    """Say whether the person may return or approve: nobody decides on an own submission, nor
    approves where an own hand was in it. And what to look at first."""
    inspection = enrolment.inspection
    is_waiting = user.sees_unapproved_results and inspection.status == STATUS.SUBMITTED
    if not (is_waiting and user.can_inspect and user.may_decide):
        return {"may_decide": False, "noteworthy": None, "next_waiting": None}
    hands = hands_in(inspection)
    own = hands.of(user)
    return {
        "may_decide": Hand.SUBMITTED not in own,
        "own_hand": own_hand(own) if own else "",
        "who_can": who_can(deciders_on(hands)) if own else "",
        "noteworthy": noteworthy(enrolment),
        "next_waiting": next_waiting(user, enrolment),
    }


def _of_submission(user: User, enrolment: Enrolment, head: TeamMember | None) -> dict[str, Any]:
    """Say whether a signed checklist may be submitted or supplemented, and what it lacks."""
    inspection = enrolment.inspection
    is_signed = inspection.signed_at is not None and inspection.status in (STATUS.SIGNED, STATUS.RETURNED)
    may_supplement = is_signed and _works_on(user, enrolment)
    missing = what_is_missing(inspection) if may_supplement else []
    may_submit = may_supplement and (head is None or head.person_id == user.pk)
    deciders = deciders_on(hands_in(inspection), without=user) if may_submit else []
    return {
        "is_signed": is_signed,
        "may_supplement": may_supplement,
        "may_submit": may_submit,
        "will_decide": who_can(deciders) if may_submit else "",
        "needs_stand_in": may_submit and not deciders,
        "is_incomplete": bool(missing),
        "needs_supplement": any(not each.is_evidence for each in missing),
    }


def by_reason(missing: Iterable[Missing]) -> dict[str, list[Any]]:
    """Return the criteria under what is missing at them."""
    grouped: dict[str, list[Any]] = {}
    for each in missing:
        grouped.setdefault(each.why, []).append(each.criterion)
    return grouped


def _say_where_it_stands(inspection: Inspection, versions: list[Any]) -> None:
    """Set what `Inspection.state` needs and the status alone does not say."""
    inspection.open_supplement = next((each for each in versions if each.is_supplement and not each.signed_at), None)
    if inspection.status == STATUS.RETURNED:
        steps = Event.objects.about(inspection).filter(action__in=[Action.RETURNED, Action.REOPENED])
        last = steps.order_by("-occurred_at", "-pk").values_list("action", flat=True).first()
        inspection.is_reopened = last == Action.REOPENED


def _since_return(inspection: Inspection, versions: list[Any]) -> dict[str, Any] | None:
    """Return supplements and evidence since the checklist was returned, for the second decision."""
    if inspection.status != STATUS.SUBMITTED or inspection.returned_at is None:
        return None
    evidence = inspection.evidence.counting().filter(added_at__gt=inspection.returned_at)
    return {
        "supplements": [each for each in versions if each.is_supplement and each.opened_at > inspection.returned_at],
        "evidence": evidence.select_related("criterion").order_by("criterion__position", "pk"),
    }


def versions_of(inspection: Inspection) -> list[Any]:
    """The minutes and their supplements, each with its present scans (`papers`) and the number
    replaced."""
    versions = list(inspection.minutes.select_related("signed_by", "opened_by").order_by("sequence"))
    if not versions:
        return []
    scans = Scan.objects.filter(minutes__inspection=inspection).select_related(
        "file__stored_by", "file__withdrawal__withdrawn_by"
    )
    by_minutes: dict[int, list[Scan]] = {}
    for scan in scans:
        by_minutes.setdefault(scan.minutes_id, []).append(scan)
    for minutes in versions:
        minutes.inspection = inspection
        every = by_minutes.get(minutes.pk, [])
        minutes.papers = [scan for scan in every if scan.replaced_at is None]
        minutes.replaced = [scan for scan in every if scan.replaced_at is not None]
    return versions
