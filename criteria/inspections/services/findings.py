"""Findings: recommended by an inspector, published by the approval, answered by the unit, accepted or not."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, event, record, record_all
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.inspections.models import Finding, Inspection
from criteria.inspections.services.gate import locked, refuse_unless_editable
from criteria.inspections.services.telling import finding_moved
from criteria.models import Criterion
from criteria.outcomes import failures

STATUS = Finding.Status
#: what a person writes in a recommendation
WRITTEN = ("recommendation", "due_on")
#: no new words wait for the approval
NEXT: dict[str, Any] = {"next_recommendation": "", "next_due_on": None}


@transaction.atomic
def write_finding(
    *,
    inspection: Inspection,
    criterion: Criterion,
    recommendation: str,
    due_on: datetime.date,
    seen: int,
    by: User,
    via: str = Via.PAGE,
) -> Finding:
    """Writes the recommendation for a criterion that is not met, or changes it, while the answers can change.

    `seen` is the version that the form showed, 0 if there was none: nobody overwrites a colleague's words unseen.
    The same values sent twice are one recommendation.
    """
    inspection = locked(inspection)
    refuse_unless_editable(inspection, by)
    if criterion.criteria_set_id != inspection.enrolment.round.criteria_set_id:
        raise Refused(_("This criterion does not belong to the criteria set of the round."))
    if not inspection.results.filter(criterion=criterion, outcome__in=failures()).exists():
        raise Refused(_("A recommendation belongs to a criterion that is not met. Save the answer “not met” first."))
    finding = inspection.findings.exclude(status=STATUS.WITHDRAWN).filter(criterion=criterion).first()
    if finding:
        # The unit may be answering, and its service locks only the finding's row.
        finding = held(finding)
    typed = {"recommendation": recommendation.strip(), "due_on": due_on}
    if finding and typed == _draft(finding):
        return finding
    if (finding.version if finding else 0) != seen:
        raise Refused(_stale(finding), code="stale")
    if finding is None or finding.draft_due_on != due_on:
        refuse_unfit_deadline(due_on)
    if finding is None:
        finding = Finding.objects.create(inspection=inspection, criterion=criterion, created_by=by, **typed)
        pairs = {name: (None, value) for name, value in typed.items()}
        record(about=finding, by=by, via=via, action=Action.CREATED, changes=pairs)
        return finding
    if finding.status != STATUS.OPEN:
        raise Refused(_("The unit has answered this recommendation already; it does not change any more."))
    if finding.published_at:
        return _rewrite(finding, typed, by, via=via)
    return save_step(finding, typed, by=by, via=via)


def _draft(finding: Finding) -> dict[str, Any]:
    return {"recommendation": finding.draft_recommendation, "due_on": finding.draft_due_on}


def _rewrite(finding: Finding, typed: dict[str, Any], by: User, *, via: str) -> Finding:
    """Keep other words for what the unit has seen until the checklist is approved again. The event
    is about the checklist, since the unit reads those of the finding."""
    before = _draft(finding)
    is_as_sent = typed == {name: getattr(finding, name) for name in WRITTEN}
    finding.next_recommendation = "" if is_as_sent else typed["recommendation"]
    finding.next_due_on = None if is_as_sent else typed["due_on"]
    finding.version += 1
    finding.save(update_fields=["next_recommendation", "next_due_on", "version"])
    pairs = {name: (before[name], typed[name]) for name in WRITTEN if before[name] != typed[name]}
    record(about=finding.inspection, name=str(finding.criterion), by=by, via=via, changes=pairs)
    return finding


def _stale(finding: Finding | None) -> str:
    if finding is None:
        return _("A colleague withdrew this recommendation meanwhile. Save once more to write it again.")
    return _(
        "Not saved: a colleague changed this recommendation after you opened the page. It is now: “%(text)s”, by "
        "%(day)s. What you typed stands below; save once more to keep it."
    ) % {
        "text": finding.draft_recommendation,
        "day": f"{finding.draft_due_on:%d/%m/%Y}" if finding.draft_due_on else "—",
    }


def refuse_unfit_deadline(due_on: datetime.date) -> None:
    refuse_far_days(due_on)
    if due_on < timezone.localdate():
        raise Refused(_("The deadline lies in the past. Choose today or a later day."), code="due_on")


@transaction.atomic
def withdraw_finding(*, finding: Finding, reason: str = "", seen: int, by: User, via: str = Via.PAGE) -> Finding:
    """Takes a recommendation back while the answers can change. One that the unit has seen needs a reason."""
    inspection = locked(finding.inspection)
    refuse_unless_editable(inspection, by)
    finding = held(finding)
    if finding.status == STATUS.WITHDRAWN:
        return finding
    refuse_unseen(finding, seen)
    if finding.status == STATUS.CLOSED:
        raise Refused(_("This matter is closed."))
    if finding.published_at and not reason.strip():
        raise Refused(_("The unit has seen this recommendation. Say why it is withdrawn."), code="reason")
    return save_step(finding, {"status": STATUS.WITHDRAWN}, by=by, via=via, action=Action.VOIDED, reason=reason.strip())


def publish_findings(inspection: Inspection, *, via: str = Via.PAGE) -> None:
    """Shows the recommendations of an approved checklist, and new words for earlier ones, to its ward and district, in
    the name of who approved it."""
    # The unit may be answering an earlier one.
    unpublished = list(
        inspection.findings.filter(Q(published_at__isnull=True) | ~Q(next_recommendation=""))
        .exclude(status=STATUS.WITHDRAWN)
        .select_related("inspection__enrolment__ward", "criterion")
        .select_for_update(of=("self",))
    )
    by, now = inspection.approved_by, timezone.now()
    events = [
        event(about=each, by=by, via=via, action=Action.PUBLISHED, changes=_publish(each, now)) for each in unpublished
    ]
    Finding.objects.bulk_update(unpublished, ["published_at", "version", *WRITTEN, *NEXT])
    record_all(events)


def _publish(finding: Finding, now: datetime.datetime) -> dict[str, tuple]:
    """Publish a finding; return what changes of the words that the unit saw before."""
    finding.published_at = finding.published_at or now
    if not finding.next_recommendation:
        return {}
    draft = _draft(finding)
    pairs = {name: (getattr(finding, name), value) for name, value in draft.items() if getattr(finding, name) != value}
    finding.recommendation, finding.due_on = draft.values()
    finding.next_recommendation, finding.next_due_on = NEXT.values()
    # A page that still shows the old words answers nothing.
    finding.version += 1
    return pairs


@transaction.atomic
def move_deadline(
    *, finding: Finding, due_on: datetime.date, reason: str, seen: int, by: User, via: str = Via.PAGE
) -> Finding:
    """Gives the unit another deadline, with the reason on record."""
    finding = held(finding)
    _refuse_unless_following_up(finding, by)
    if finding.due_on == due_on:
        return finding
    refuse_unseen(finding, seen)
    if finding.status not in (STATUS.OPEN, STATUS.ANSWERED):
        raise Refused(_("This matter is closed."))
    refuse_unfit_deadline(due_on)
    if not reason.strip():
        raise Refused(_("Say why the deadline is moved."), code="reason")
    return save_step(finding, {"due_on": due_on}, by=by, via=via, reason=reason.strip())


@transaction.atomic
def close_finding(*, finding: Finding, reason: str, seen: int, by: User, via: str = Via.PAGE) -> Finding:
    """Closes a matter that was seen to be put right without an answer in the portal (on site, by letter)."""
    finding = held(finding)
    _refuse_unless_following_up(finding, by)
    if finding.status == STATUS.CLOSED and finding.closed_by_id == by.pk:
        return finding
    refuse_unseen(finding, seen)
    if finding.status == STATUS.ANSWERED:
        raise Refused(_("The unit has answered. Accept the answer, or say what is still missing."))
    if finding.status != STATUS.OPEN:
        raise Refused(_("This matter is closed."))
    if not reason.strip():
        raise Refused(_("Say how it was seen that the matter is put right."), code="reason")
    return close(finding, by=by, via=via, action=Action.CLOSED, reason=reason.strip())


def close(finding: Finding, *, by: User, via: str, action: str, reason: str) -> Finding:
    values = {"status": STATUS.CLOSED, "closed_by": by, "closed_at": timezone.now()}
    return save_step(finding, values, by=by, via=via, action=action, reason=reason)


def held(finding: Finding) -> Finding:
    """Return the row as it is now, held until the transaction ends."""
    people = Finding.objects.select_related("inspection__enrolment__ward", "inspection__enrolment__round", "criterion")
    return people.select_for_update(of=("self",)).get(pk=finding.pk)


def refuse_unseen(finding: Finding, seen: int) -> None:
    if finding.version != seen:
        raise Refused(_("This matter changed after you opened the page. Look at it again, then decide."), code="stale")


def _refuse_unless_following_up(finding: Finding, by: User) -> None:
    if not by.can_inspect:
        raise Refused(_("Your role does not follow up recommendations."))
    if finding.published_at is None:
        raise Refused(_("This recommendation is not published yet; change it at its criterion."))


def save_step(
    finding: Finding,
    values: dict[str, Any],
    *,
    by: User,
    via: str,
    action: str = Action.CHANGED,
    reason: str = "",
    files: str = "",
) -> Finding:
    """Stores the values as the next version, with their history."""
    if values.get("status") in (STATUS.CLOSED, STATUS.WITHDRAWN):
        values = values | NEXT
    elif "due_on" in values and finding.next_recommendation:
        values = values | {"next_due_on": values["due_on"]}
    before = Finding(**{name: getattr(finding, name) for name in ("status", *WRITTEN)})
    for name, value in values.items():
        setattr(finding, name, value)
    finding.version += 1
    finding.save(update_fields=[*values, "version"])
    pairs = differences(before, finding, ["status", *WRITTEN])
    if files:
        pairs["files"] = ("", files)
    record(about=finding, by=by, via=via, action=action, changes=pairs, reason=reason)
    if "status" in values:
        finding_moved(finding, is_refused=action == Action.REFUSED, by=by)
    log_event(f"finding {action}", user=by.pk, finding=finding.pk)
    return finding
