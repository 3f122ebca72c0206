"""Decisions on specialised inspections: written, issued, voided, and announced at each unit."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, record, refuse_stale
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.inspections.models import Decision, DecisionUnit, Enrolment, Minutes, Round, TeamMember
from criteria.inspections.services.decision_rules import (
    head_of,
    refuse_elsewhere,
    refuse_other_decision,
    refuse_unready_units,
    refuse_wrong_values,
)
from criteria.inspections.services.order_of_days import refuse_decision_before
from criteria.inspections.services.rounds import locked_round, refuse_closed

#: frozen once the decision is issued, with the units that it names
WORDS = ("team", "title", "ground", "grounds", "contents", "period_from", "period_to", "days_allowed")
#: what can be corrected later, too
AFTERWARDS = ("clock_starts", "signer_title", "signer_name")
DECISION_FIELDS = (*WORDS, *AFTERWARDS)
UNITS = "units"


def locked_decision(decision: Decision, by: User) -> Decision:
    """Return the decision as it is now, held with its round until the transaction ends; for approvers."""
    inspection_round = locked_round(decision.round, by)
    row = _held(decision)
    row.round = inspection_round
    if row.is_voided:
        raise Refused(_("This decision was voided already."), code="voided")
    return row


def _held(decision: Decision) -> Decision:
    rows = Decision.objects.select_related("team", "round").select_for_update(of=("self",))
    return rows.get(pk=decision.pk)


@transaction.atomic
def save_decision(
    *,
    decision: Decision,
    enrolments: Collection[Enrolment],
    made_on: str | None = None,
    by: User,
    via: str = Via.PAGE,
) -> Decision:
    """Make a draft of a decision or change it, with the units that it names.

    Of an issued one only the setting of its days and the signer change. The same form sent twice makes one.
    """
    inspection_round = locked_round(decision.round, by)
    refuse_closed(inspection_round)
    _refuse_guidance(inspection_round)
    refuse_wrong_values(decision, enrolments)
    refuse_unready_units(decision, enrolments)
    if decision.pk is None and (same := _same(decision, enrolments, by)):
        return same
    refuse_other_decision(decision, enrolments)
    if decision.pk is None:
        return _create(decision, enrolments, by=by, via=via)
    stored = locked_decision(decision, by)
    if made_on is not None:
        refuse_stale(stored=stored, typed=decision, names=DECISION_FIELDS, made_on=made_on)
    changes = differences(stored, decision, DECISION_FIELDS)
    units = list(stored.units.select_related("enrolment__ward__district"))
    named = {row.enrolment_id for row in units}
    is_same_units = named == {row.pk for row in enrolments}
    if stored.is_issued and (changes.keys() & set(WORDS) or not is_same_units):
        raise Refused(
            _("An issued decision does not change. Void it with a reason, and make another one."), code="issued"
        )
    if changes:
        decision.save(update_fields=list(changes))
    if not is_same_units:
        changes[UNITS] = (_names(row.enrolment for row in units), _names(enrolments))
        stored.units.all().delete()
        _write_units(stored, enrolments)
    if changes:
        record(about=decision, by=by, via=via, changes=changes)
    return decision


def _same(decision: Decision, enrolments: Collection[Enrolment], by: User) -> Decision | None:
    """Return the draft that the same form made already."""
    same = Decision.objects.standing().filter(
        round=decision.round_id, team=decision.team_id, title=decision.title, grounds=decision.grounds, made_by=by
    )
    wanted = {row.pk for row in enrolments}
    for row in same:
        if not row.is_issued and set(row.units.values_list("enrolment", flat=True)) == wanted:
            return row
    return None


def _create(decision: Decision, enrolments: Collection[Enrolment], *, by: User, via: str) -> Decision:
    decision.made_by = by
    decision.save(force_insert=True)
    _write_units(decision, enrolments)
    changes: dict[str, Any] = {
        name: (None, getattr(decision, name)) for name in DECISION_FIELDS if getattr(decision, name) not in (None, "")
    }
    changes[UNITS] = (None, _names(enrolments))
    record(about=decision, by=by, via=via, action=Action.CREATED, changes=changes)
    log_event("decision made", user=by.pk, decision=decision.pk)
    return decision


def _write_units(decision: Decision, enrolments: Iterable[Enrolment]) -> None:
    DecisionUnit.objects.bulk_create(DecisionUnit(decision=decision, enrolment=row) for row in enrolments)


def _names(enrolments: Iterable[Enrolment]) -> str:
    return "; ".join(row.ward.full_title for row in enrolments)


def _refuse_guidance(inspection_round: Round) -> None:
    if not inspection_round.is_specialised:
        raise Refused(
            _("This round is inspection and guidance. Only a specialised inspection goes by a decision."), code="kind"
        )


@transaction.atomic
def issue_decision(
    *, decision: Decision, number: str, issued_on: datetime.date, by: User, via: str = Via.PAGE
) -> Decision:
    """Record number and day of the signed decision, or correct them. The same again changes nothing.

    Its day does not come after the day on which it was announced first.
    """
    row, number = locked_decision(decision, by), number.strip()
    if (row.number, row.issued_on) == (number, issued_on):
        return row
    _refuse_wrong_issue(row, number, issued_on)
    changes = {"number": (row.number, number), "issued_on": (row.issued_on, issued_on)}
    row.number, row.issued_on = number, issued_on
    row.validate_constraints()
    row.save(update_fields=["number", "issued_on"])
    record(about=row, by=by, via=via, changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]})
    log_event("decision issued", user=by.pk, decision=row.pk)
    return row


def _refuse_wrong_issue(row: Decision, number: str, issued_on: datetime.date) -> None:
    if not number:
        raise ValidationError({"number": _("Write the number of the decision.")})
    refuse_far_days(issued_on)
    if issued_on > timezone.localdate():
        raise ValidationError({"issued_on": _("This day is still to come. A decision has the day of its signature.")})
    refuse_decision_before(row, issued_on)
    first = row.units.filter(announced_on__isnull=False).order_by("announced_on").first()
    if first and first.announced_on and issued_on > first.announced_on:
        message = _("The decision was announced on %(day)s at %(unit)s; it cannot be issued after that.")
        facts = {"day": f"{first.announced_on:%d/%m/%Y}", "unit": first.enrolment.ward.full_title}
        raise ValidationError({"issued_on": message % facts})
    if not TeamMember.objects.filter(team=row.team_id, part=TeamMember.Part.HEAD).exists():
        raise Refused(_("The team has no head. Name the head before the decision is issued."), code="head")


@transaction.atomic
def void_decision(*, decision: Decision, reason: str, by: User, via: str = Via.PAGE) -> Decision:
    """Void a decision with a reason. One that was announced is not voided: the inspection is stopped."""
    row, reason = _held(decision), reason.strip()
    if row.is_voided:
        return row
    row = locked_decision(decision, by)
    if not reason:
        raise ValidationError({"reason": _("Say why the decision is voided.")})
    if row.units.filter(announced_on__isnull=False).exists():
        raise Refused(_("The decision was announced. Record that the inspection is stopped instead."), code="announced")
    row.voided_at, row.void_reason = timezone.now(), reason
    row.save(update_fields=["voided_at", "void_reason"])
    record(about=row, by=by, via=via, action=Action.VOIDED, reason=reason)
    log_event("decision voided", user=by.pk, decision=row.pk)
    return row


@transaction.atomic
def announce_decision(
    *,
    unit: DecisionUnit,
    announced_on: datetime.date,
    is_confirmed: bool = False,
    by: User,
    via: str = Via.PAGE,
) -> DecisionUnit:
    """Record the day on which the head of the team announced the decision at a unit, or correct it.

    A day entered later is marked and not refused. `is_confirmed` says that the head was there although another
    visit of that day has the same head. The same again changes nothing.
    """
    decision = _held(unit.decision)
    row = decision.units.select_related("enrolment__ward__district").get(pk=unit.pk)
    if row.announced_on == announced_on:
        return row
    _refuse_others(decision, by)
    if not decision.is_issued or decision.is_voided:
        raise Refused(_("The decision has no number and day yet, so that it cannot be announced."), code="draft")
    _refuse_wrong_announcement(decision, announced_on)
    _refuse_after_minutes(row, announced_on)
    if not is_confirmed:
        refuse_elsewhere(decision, [announced_on], field="announced_on")
    before = row.announced_on
    row.announced_on, row.announced_by, row.recorded_at = announced_on, by, timezone.now()
    row.save(update_fields=["announced_on", "announced_by", "recorded_at"])
    record(about=decision, by=by, via=via, changes={"announced_on": (before, announced_on)}, name=str(row))
    log_event("decision announced", user=by.pk, decision=decision.pk, unit=row.pk)
    return row


def _refuse_others(decision: Decision, by: User) -> None:
    """Let the head of the team record the day; for a head without an account an approver does."""
    head = head_of(decision.team)
    person = head.person if head else None
    may = by.pk == person.pk if person else by.can_approve
    if may and by.can_inspect:
        return
    if person:
        message = _("Only the head of the team, %(name)s, records on which day the decision was announced.")
        raise Refused(message % {"name": person.full_name}, code="head")
    raise Refused(_("Your role does not record announcements."), code="head")


def _refuse_wrong_announcement(decision: Decision, day: datetime.date) -> None:
    refuse_far_days(day)
    if day > timezone.localdate():
        raise ValidationError(
            {"announced_on": _("This day is still to come. Enter it when the decision was announced.")}
        )
    if decision.issued_on and day < decision.issued_on:
        message = _("The decision has the day %(day)s; it cannot be announced before.")
        raise ValidationError({"announced_on": message % {"day": f"{decision.issued_on:%d/%m/%Y}"}})


def _refuse_after_minutes(unit: DecisionUnit, day: datetime.date) -> None:
    """Refuse a day after the minutes of the unit: an inspection begins with the announcement (art. 15.1)."""
    signed = Minutes.objects.filter(inspection__enrolment=unit.enrolment, signed_on__lt=day)
    first = signed.filter(signed_at__isnull=False).order_by("sequence").values_list("signed_on", flat=True).first()
    if first:
        message = _("The minutes at this unit were signed on %(day)s; the decision was announced before.")
        raise ValidationError({"announced_on": message % {"day": f"{first:%d/%m/%Y}"}})


def units_without_decision(inspection_round: Round) -> list[Enrolment]:
    """Return the visited units of a round that no standing decision names."""
    named = DecisionUnit.objects.filter(decision__round=inspection_round, decision__voided_at__isnull=True)
    rows = inspection_round.enrolments.exclude(pk__in=named.values("enrolment")).exclude(is_left_out=True)
    return list(rows.exclude(way=Enrolment.Way.REPORT).select_related("ward__district", "team").order_by("position"))
