"""A round in draft: what is missing before it can be opened, and the step that opens it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services.following import take_over_met
from criteria.inspections.services.rounds import DRAFT_SET, first_ward_names, has_draft_set, locked_round
from criteria.inspections.services.telling import round_opened, visits_planned
from wards.models import Ward


def what_prevents_opening(inspection_round: Round) -> list[str]:
    """Return what a draft lacks so that it cannot be opened, in words."""
    enrolled = inspection_round.enrolments
    if not enrolled.exists():
        return [_("No unit is enrolled.")]
    lacking = [str(DRAFT_SET)] if has_draft_set(inspection_round) else []
    standing = Ward.objects.in_force_on(inspection_round.starts_on).values("pk")
    gone = [row.ward for row in enrolled.exclude(ward__in=standing).select_related("ward__district")]
    if gone:
        message = _("On the first day of the round not in force: %(units)s. Take them out.")
        lacking.append(message % {"units": first_ward_names(gone)})
    if enrolled.filter(way=Enrolment.Way.REPORT).exists() and not inspection_round.asks_self_assessment:
        lacking.append(_("Units that only report are enrolled, but the round does not ask for self-assessments."))
    return lacking


@transaction.atomic
def start_round(*, inspection_round: Round, by: User, via: str = Via.PAGE) -> Round:
    """Draft -> open: from now on its units, teams and everybody else see it. Opening it twice is opening it once."""
    inspection_round = locked_round(inspection_round, by)
    if inspection_round.is_open:
        return inspection_round
    if inspection_round.is_closed:
        raise Refused(_("This round is closed. Open it again first."), code="closed")
    if lacking := what_prevents_opening(inspection_round):
        raise Refused(_("Not opened yet. %(what)s") % {"what": " ".join(lacking)}, code="missing")
    before, inspection_round.status = inspection_round.status, Round.Status.OPEN
    inspection_round.save(update_fields=["status"])
    record(about=inspection_round, by=by, via=via, changes={"status": (before, inspection_round.status)})
    enrolments = list(inspection_round.enrolments.select_related("ward", "round"))
    take_over_met(inspection_round, enrolments, via=via)
    round_opened(inspection_round, enrolments, by=by)
    visits_planned([row for row in enrolments if row.planned_on], by=by)
    log_event("round opened", user=by.pk, round=inspection_round.code)
    return inspection_round
