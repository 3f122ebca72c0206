"""A round from its opening to its closing, and the wards for which a closed round is opened again."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Event, Via
from archiveportal.history.services import differences, event, record, record_all, refuse_stale
from archiveportal.logs import log_event
from archiveportal.model_fields import own_field
from archiveportal.refusal import Refused
from criteria.building.readiness import refuse_unready
from criteria.inspections.models import Decision, Enrolment, Inspection, PlanApproval, Round
from criteria.inspections.querysets import EnrolmentQuerySet, is_visited
from criteria.inspections.services.following import refuse_changed_follows, refuse_unfit_follows
from criteria.inspections.services.notices import settle_round
from criteria.models import CriteriaSet
from wards.models import Ward

ROUND_FIELDS = (
    "name",
    "short_name",
    "kind",
    "criteria_set",
    "starts_on",
    "ends_on",
    "deadline",
    "legal_basis",
    "asks_self_assessment",
    "self_assessment_due",
    "grouping",
    "follows",
)
#: of a new round; a rehearsal never becomes an inspection that counts
CHOSEN_ONCE = ("status", "is_trial")
DAYS = ("starts_on", "ends_on", "deadline", "self_assessment_due")
#: words of the portal's addresses that have the same place as the codes of rounds
RESERVED_CODES = frozenset({"mo", "moi", "tao", "tim", "tai", "in"})
DRAFT_SET = gettext_lazy("This criteria set is a draft: only a trial round opens with it. Propose the set first.")
#: a message names so many units at most
NAMED = 5


def locked_round(inspection_round: Round, by: User) -> Round:
    """The round as it is now, held until the transaction ends; only for approvers."""
    if not by.can_approve:
        raise Refused(_("Your role does not manage inspection rounds."))
    return Round.objects.select_related("criteria_set").select_for_update(of=("self",)).get(pk=inspection_round.pk)


def _refuse_draft(inspection_round: Round) -> None:
    """Refuse what can be done with rounds alone that were opened once."""
    if inspection_round.is_draft:
        raise Refused(_("This round is a draft. Open it, or delete it."), code="draft")


def refuse_closed(inspection_round: Round) -> None:
    """Refuse what can be done with drafts and open rounds alone."""
    if inspection_round.is_closed:
        raise Refused(_("This round is closed. Open it again first."), code="closed")


@transaction.atomic
def open_round(*, inspection_round: Round, by: User, via: str = Via.PAGE) -> Round:
    """Make a round without wards, as a draft or open, as its status says.

    The same form sent twice makes one round.
    """
    if not by.can_approve:
        raise Refused(_("Your role does not manage inspection rounds."))
    if inspection_round.code in RESERVED_CODES:
        raise ValidationError({"code": _("This code is needed for an address of the portal. Choose another one.")})
    # The few sets are held, whichever was chosen, so that rounds are opened one after the other.
    list(CriteriaSet.objects.select_for_update().order_by("pk"))
    same = Round.objects.filter(code=inspection_round.code).first()
    if same and not differences(same, inspection_round, (*ROUND_FIELDS, "is_trial")) and not same.enrolments.exists():
        return same
    if same:
        raise ValidationError({"code": _("Another round has this code. Choose another one.")})
    _refuse_unusable(inspection_round)
    refuse_unfit_follows(inspection_round)
    refuse_far_days(*(getattr(inspection_round, name) for name in DAYS))
    inspection_round.save(force_insert=True)
    changes = {
        name: (None, getattr(inspection_round, name))
        for name in (*ROUND_FIELDS, *CHOSEN_ONCE)
        if getattr(inspection_round, name) not in (None, "")
    }
    record(about=inspection_round, by=by, via=via, action=Action.CREATED, changes=changes)
    log_event("round made", user=by.pk, round=inspection_round.code, status=inspection_round.status)
    return inspection_round


@transaction.atomic
def update_round(*, inspection_round: Round, made_on: str | None = None, by: User, via: str = Via.PAGE) -> list[str]:
    """Saves what differs from the stored row, and gives the names of those fields. The code stays."""
    before = locked_round(inspection_round, by)
    refuse_closed(before)
    if made_on is not None:
        refuse_stale(stored=before, typed=inspection_round, names=ROUND_FIELDS, made_on=made_on)
    changes = differences(before, inspection_round, ROUND_FIELDS)
    if not changes:
        return []
    refuse_far_days(*(getattr(inspection_round, name) for name in DAYS if name in changes))
    if "criteria_set" in changes:
        _refuse_other_set(before)
        _refuse_unusable(inspection_round)
    if "follows" in changes:
        refuse_changed_follows(before)
    if changes.keys() & {"follows", "starts_on", "criteria_set"}:
        refuse_unfit_follows(inspection_round)
    if "starts_on" in changes:
        _refuse_units_not_in_force(inspection_round)
    if "kind" in changes:
        _refuse_kind_with_papers(inspection_round)
    inspection_round.as_reported = with_reported_values(before, ROUND_FIELDS)
    inspection_round.save(update_fields=[*changes, "as_reported"])
    record(about=inspection_round, by=by, via=via, changes=changes)
    return [*changes]


def _refuse_kind_with_papers(inspection_round: Round) -> None:
    if Decision.objects.standing().filter(round=inspection_round.pk).exists():
        raise ValidationError({"kind": _("Decisions on inspections of this round stand. Void them first.")})
    if PlanApproval.objects.standing().filter(round=inspection_round.pk).exists():
        raise ValidationError({"kind": _("The approval of the plan of this round stands. Void it first.")})


def with_reported_values(stored: Round, names: Iterable[str]) -> dict[str, Any] | None:
    """Return what `as_reported` holds once these fields are corrected.

    A round of a report keeps what it had at the first correction; later ones change nothing of it.
    """
    if not stored.is_baseline:
        return stored.as_reported
    attributes = [own_field(stored, name).attname for name in names]
    reported = {name: _plain(getattr(stored, name)) for name in attributes}
    return reported | (stored.as_reported or {})


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)


def _refuse_other_set(inspection_round: Round) -> None:
    """Checklists are laid out by the set when wards are enrolled, and a score counts against its maximum."""
    if inspection_round.enrolments.exists():
        raise ValidationError(
            {
                "criteria_set": _(
                    "Wards are enrolled with this criteria set, so that it stays. Take the wards out first, or open "
                    "another round for the other set."
                )
            }
        )


def _refuse_unusable(inspection_round: Round) -> None:
    """A set freezes at its first use: it has to be complete before. A draft set is for drafts and trials."""
    try:
        refuse_unready(inspection_round.criteria_set)
    except Refused as refusal:
        raise Refused({"criteria_set": refusal.messages}, code="unready") from refusal
    if not inspection_round.is_draft and has_draft_set(inspection_round):
        raise Refused({"criteria_set": DRAFT_SET}, code="draft_set")


def has_draft_set(inspection_round: Round) -> bool:
    """Tell whether a round that counts is prepared with a set that is still a draft."""
    return inspection_round.criteria_set.status == CriteriaSet.Status.DRAFT and not inspection_round.is_trial


def _refuse_units_not_in_force(inspection_round: Round) -> None:
    standing = Ward.objects.in_force_on(inspection_round.starts_on).values("pk")
    outside = [
        row.ward for row in inspection_round.enrolments.exclude(ward__in=standing).select_related("ward__district")
    ]
    if outside:
        message = _("On this day not in force, but enrolled: %(units)s. Choose another first day or take them out.")
        raise ValidationError({"starts_on": message % {"units": first_ward_names(outside)}})


def first_ward_names(wards: list[Ward]) -> str:
    """Return the first few wards by name, then how many more there are."""
    names, more = ", ".join(ward.full_title for ward in wards[:NAMED]), len(wards) - NAMED
    if more <= 0:
        return names
    return names + ngettext(" and %(count)d more", " and %(count)d more", more) % {"count": more}


def unfinished(inspection_round: Round) -> EnrolmentQuerySet:
    """Return the wards that a team inspects and whose checklist is not approved, in the order of the
    round."""
    rows = inspection_round.enrolments.filter(is_visited()).exclude(inspection__status=Inspection.Status.APPROVED)
    return rows.select_related("ward__district", "inspection").order_by("position")


def fingerprint_of(enrolments: EnrolmentQuerySet) -> str:
    """Digest what a page showed of these wards: who closes a round has seen the open checklists."""
    shown = list(enrolments.values_list("pk", "inspection__status"))
    return hashlib.blake2s(repr(shown).encode(), digest_size=8).hexdigest()


@transaction.atomic
def close_round(*, inspection_round: Round, seen: str | None = None, by: User, via: str = Via.PAGE) -> Round:
    """Open -> closed. `seen` is the fingerprint of the unfinished checklists that the page showed."""
    inspection_round = locked_round(inspection_round, by)
    _refuse_draft(inspection_round)
    if not inspection_round.is_open:
        raise Refused(_("This round is closed already."), code="closed")
    if seen is not None and seen != fingerprint_of(unfinished(inspection_round)):
        raise Refused(_("Checklists changed after you opened this page. Look at the list again, then close the round."))
    before, inspection_round.status = inspection_round.status, Round.Status.CLOSED
    inspection_round.closed_by, inspection_round.closed_at = by, timezone.now()
    inspection_round.save(update_fields=["status", "closed_by", "closed_at"])
    record(
        about=inspection_round,
        by=by,
        via=via,
        action=Action.CLOSED,
        changes={"status": (before, inspection_round.status)},
    )
    settle_round(inspection_round)
    log_event("round closed", user=by.pk, round=inspection_round.code)
    return inspection_round


@transaction.atomic
def reopen_round(*, inspection_round: Round, reason: str, by: User, via: str = Via.PAGE) -> Round:
    """Closed -> open for all wards. What was open for single wards ends: the deadline of the round counts again."""
    inspection_round = locked_round(inspection_round, by)
    _refuse_draft(inspection_round)
    if inspection_round.is_open:
        raise Refused(_("This round is open already."), code="open")
    if not reason.strip():
        raise Refused(_("Say why the round is opened again."))
    before, inspection_round.status = inspection_round.status, Round.Status.OPEN
    inspection_round.closed_by = inspection_round.closed_at = None
    inspection_round.save(update_fields=["status", "closed_by", "closed_at"])
    changes = {"status": (before, inspection_round.status)}
    record(about=inspection_round, by=by, via=via, action=Action.REOPENED, changes=changes, reason=reason.strip())
    single = list(
        inspection_round.enrolments.filter(reopened_until__isnull=False).select_related("ward__district", "round")
    )
    record_all(_ended(enrolment, by, via) for enrolment in single)
    Enrolment.objects.filter(pk__in=[row.pk for row in single]).update(reopened_until=None, reopening_reason="")
    log_event("round opened again", user=by.pk, round=inspection_round.code)
    return inspection_round


def _ended(enrolment: Enrolment, by: User, via: str) -> Event:
    changes = {"reopened_until": (enrolment.reopened_until, None)}
    return event(about=enrolment, by=by, via=via, action=Action.CLOSED, changes=changes)


def _locked_enrolment(enrolment: Enrolment, by: User) -> Enrolment:
    inspection_round = locked_round(enrolment.round, by)
    row = Enrolment.objects.select_related("ward__district").select_for_update(of=("self",)).get(pk=enrolment.pk)
    row.round = inspection_round
    return row


@transaction.atomic
def reopen_ward(*, enrolment: Enrolment, until: datetime.date, reason: str, by: User, via: str = Via.PAGE) -> Enrolment:
    """Opens a closed round for one ward, up to and with a day. The same again changes nothing."""
    enrolment = _locked_enrolment(enrolment, by)
    _refuse_draft(enrolment.round)
    if enrolment.round.is_open:
        raise Refused(_("This round is open, also for this ward."), code="open")
    refuse_far_days(until)
    if until < timezone.localdate():
        raise ValidationError({"until": _("This day has passed. Choose today or a later day.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the round is opened again for this ward.")})
    before = {"reopened_until": enrolment.reopened_until, "reopening_reason": enrolment.reopening_reason}
    after = {"reopened_until": until, "reopening_reason": reason.strip()}
    if before == after:
        return enrolment
    enrolment.reopened_until, enrolment.reopening_reason = until, reason.strip()
    enrolment.save(update_fields=list(after))
    changes = {name: (before[name], value) for name, value in after.items() if before[name] != value}
    record(about=enrolment, by=by, via=via, action=Action.REOPENED, changes=changes, reason=reason.strip())
    log_event("round opened again for a ward", user=by.pk, enrolment=enrolment.pk)
    return enrolment


@transaction.atomic
def end_ward_reopening(*, enrolment: Enrolment, by: User, via: str = Via.PAGE) -> Enrolment:
    """The round is closed again for the ward; ending it twice is ending it once."""
    enrolment = _locked_enrolment(enrolment, by)
    if enrolment.reopened_until is None:
        return enrolment
    _ended(enrolment, by, via).save(force_insert=True)
    enrolment.reopened_until, enrolment.reopening_reason = None, ""
    enrolment.save(update_fields=["reopened_until", "reopening_reason"])
    return enrolment
