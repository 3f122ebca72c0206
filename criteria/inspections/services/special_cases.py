"""What holds for one unit of a round alone: its own deadline, and that others inspect it this year."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment
from criteria.inspections.services.rounds import locked_round, refuse_closed


def _held(enrolment: Enrolment, by: User) -> Enrolment:
    """Return the unit of the round as it is now, held until the transaction ends."""
    inspection_round = locked_round(enrolment.round, by)
    refuse_closed(inspection_round)
    rows = Enrolment.objects.select_related("ward__district", "team", "inspection").select_for_update(of=("self",))
    row = rows.get(pk=enrolment.pk)
    row.round = inspection_round
    return row


def _write(enrolment: Enrolment, values: dict[str, Any], *, by: User, via: str, reason: str) -> Enrolment:
    changes = {
        name: (getattr(enrolment, name), value) for name, value in values.items() if getattr(enrolment, name) != value
    }
    if not changes:
        return enrolment
    for name, (_before, after) in changes.items():
        setattr(enrolment, name, after)
    enrolment.save(update_fields=list(changes))
    record(about=enrolment, by=by, via=via, changes=changes, reason=reason)
    return enrolment


@transaction.atomic
def extend_deadline(
    *, enrolment: Enrolment, until: datetime.date | None, ground: str, by: User, via: str = Via.PAGE
) -> Enrolment:
    """Give one unit a later deadline on a ground; None takes it back. The same again changes nothing.

    Its self-assessment has time until then as well. A unit that only reports has no other deadline.
    """
    enrolment, ground = _held(enrolment, by), ground.strip()
    if until is None:
        return _write(enrolment, {"extended_until": None, "extension_ground": ""}, by=by, via=via, reason="")
    refuse_far_days(until)
    inspection_round = enrolment.round
    deadline = inspection_round.self_assessment_due if enrolment.only_reports else inspection_round.deadline
    if deadline is None:
        raise Refused(_("The round has no deadline that could be extended."))
    if until <= deadline:
        raise ValidationError({"extended_until": _("This day is not later than the deadline of the round.")})
    if not ground:
        raise ValidationError({"extension_ground": _("Say on what ground the deadline is extended.")})
    values = {"extended_until": until, "extension_ground": ground}
    is_new = (enrolment.extended_until, enrolment.extension_ground) != (until, ground)
    enrolment = _write(enrolment, values, by=by, via=via, reason=ground)
    if is_new:
        log_event("deadline extended", user=by.pk, enrolment=enrolment.pk)
    return enrolment


@transaction.atomic
def note_overlap(
    *, enrolment: Enrolment, overlap: str, source: str, left_out_reason: str = "", by: User, via: str = Via.PAGE
) -> Enrolment:
    """Say who else inspects the unit this year, by which source; a reason leaves it out of the plan.

    A unit for which a team recorded something stays in the plan. A blank `overlap` takes it back,
    and no reason goes with it.
    """
    enrolment, source, reason = _held(enrolment, by), source.strip(), left_out_reason.strip()
    if overlap and not source:
        raise ValidationError({"overlap_source": _("Say who inspects this unit, by which document or plan.")})
    if reason and not overlap:
        raise ValidationError({"overlap": _("Say who else inspects this unit, or delete the reason.")})
    if reason and (enrolment.inspection.is_started or enrolment.published_score is not None):
        raise Refused(_("Something is recorded for this ward; it stays in the plan."), code="used")
    values: dict[str, Any] = {
        "overlap": overlap,
        "overlap_source": source if overlap else "",
        "is_left_out": bool(reason),
        "left_out_reason": reason,
    }
    if reason:
        # Nobody visits it: its place in the calendar is free for another unit.
        values |= {"planned_on": None}
    return _write(enrolment, values, by=by, via=via, reason=reason)
