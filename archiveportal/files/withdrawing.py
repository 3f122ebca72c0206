"""Withdrawing a file from view, and destroying its bytes by a decision of two people.

The trace stays: name, size, SHA-256, who uploaded, withdrew, decided and destroyed it, and when.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.accounts.stand_ins import refuse_own_hand, who_can
from archiveportal.days import refuse_far_days
from archiveportal.files.models import Destruction, StoredFile, Withdrawal
from archiveportal.files.places import forget, place_of
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused


@transaction.atomic
def withdraw_file(*, file: StoredFile, reason: str, by: User, via: str = Via.PAGE) -> Withdrawal:
    """Withdraw a file from view, by somebody who neither uploaded it nor put it there.

    Withdrawn twice, the first reason stays.
    """
    _refuse_unless_deciding(by)
    file = _held(file)
    if file.withdrawn:
        return file.withdrawn
    refuse_own_hand(own_hand_in_withdrawal(file, by), step="withdraw file", key=file.pk, by=by)
    if not reason.strip():
        raise Refused({"reason": _("Say why the file is withdrawn.")})
    place = place_of(file)
    if place and place.refusal:
        raise Refused(place.refusal)
    made = Withdrawal(file=file, reason=reason.strip(), uploaded_by_id=file.stored_by_id, withdrawn_by=by)
    made.save(force_insert=True)
    changes = {"withdrawn_file": (None, in_words(file))}
    _record(file, by=by, via=via, action=Action.VOIDED, changes=changes, reason=made.reason)
    log_event("file withdrawn", file=file.pk, sha256=file.sha256)
    return made


@transaction.atomic
def record_destruction(
    *, file: StoredFile, number: str, decided_on: datetime.date, by: User, via: str = Via.PAGE
) -> Destruction:
    """Record the decision to destroy the bytes of a withdrawn file; a second person carries it out."""
    _refuse_unless_deciding(by)
    withdrawal = _withdrawal_of(_held(file))
    number = number.strip()
    present = withdrawal.destruction
    if present and (present.number, present.decided_on, present.recorded_by_id) == (number, decided_on, by.pk):
        return present
    if present:
        raise Refused(_("A decision on this file is recorded already: %(number)s.") % {"number": present.number})
    if not number:
        raise Refused({"number": _("Give the number of the decision.")})
    refuse_far_days(decided_on)
    if decided_on > timezone.localdate():
        raise Refused({"decided_on": _("This day is still to come.")})
    made = Destruction(
        withdrawal=withdrawal,
        number=number,
        decided_on=decided_on,
        uploaded_by_id=withdrawal.uploaded_by_id,
        recorded_by=by,
    )
    made.save(force_insert=True)
    _record(withdrawal.file, by=by, via=via, changes={"destruction": (None, decision_in_words(made))})
    log_event("destruction decided", file=withdrawal.file_id, sha256=withdrawal.file.sha256)
    return made


@transaction.atomic
def drop_destruction(*, destruction: Destruction, by: User, via: str = Via.PAGE) -> Destruction:
    """Drop a decision that was recorded wrongly, before it is carried out. Dropped twice, it stays as dropped first."""
    _refuse_unless_deciding(by)
    stored = _held_destruction(destruction)
    if stored.dropped_at:
        return stored
    if stored.carried_out_at:
        raise Refused(_("The file is destroyed already."))
    stored.dropped_by, stored.dropped_at = by, timezone.now()
    stored.save(update_fields=["dropped_by", "dropped_at"])
    _record(stored.withdrawal.file, by=by, via=via, changes={"destruction": (decision_in_words(stored), None)})
    return stored


def carry_out(*, destruction: Destruction, by: User, via: str = Via.PAGE) -> Destruction:
    """Destroy the bytes of a file, by a second person who neither uploaded it nor recorded the decision.

    The row first: bytes that a fault leaves behind are removed by `manage.py sweep_files`.
    """
    stored = _carry_out(destruction, by=by, via=via)
    remove_bytes(stored.withdrawal.file)
    return stored


@transaction.atomic
def _carry_out(destruction: Destruction, *, by: User, via: str) -> Destruction:
    _refuse_unless_deciding(by)
    stored = _held_destruction(destruction)
    if stored.dropped_at:
        raise Refused(_("This decision was dropped."))
    if stored.carried_out_at:
        return stored
    refuse_own_hand(own_hand_in_destruction(stored, by), step="destroy file", key=stored.withdrawal.file.pk, by=by)
    stored.carried_out_by, stored.carried_out_at = by, timezone.now()
    stored.save(update_fields=["carried_out_by", "carried_out_at"])
    file = stored.withdrawal.file
    forget(file, by=by, via=via)
    changes = {"destroyed_file": (in_words(file), None)}
    reason = decision_in_words(stored)
    _record(file, by=by, via=via, action=Action.DELETED, changes=changes, reason=reason)
    log_event("file destroyed", file=file.pk, sha256=file.sha256, decision=stored.number)
    return stored


def remove_bytes(file: StoredFile) -> None:
    """Remove the original and the shown copy of a destroyed file. The row keeps their names."""
    for field in (file.original, file.shown):
        if field:
            field.storage.delete(str(field.name))


def own_hand_in_withdrawal(file: StoredFile, person: User) -> str:
    """Say why a person does not withdraw a file and who can; blank if nothing prevents it."""
    hands = _hands_in(file)
    if person.pk not in hands:
        return ""
    message = _("You uploaded this file, or showed it as evidence, yourself; another person has to withdraw it.")
    return f"{message} {who_can(without=hands)}"


def own_hand_in_destruction(destruction: Destruction, person: User) -> str:
    """Say why a person does not carry out a destruction and who can; blank if nothing prevents it."""
    hands = {destruction.recorded_by_id, *_hands_in(destruction.withdrawal.file)}
    if person.pk not in hands:
        return ""
    message = _(
        "You recorded the decision, uploaded the file or showed it as evidence; another person has to destroy it."
    )
    return f"{message} {who_can(without=hands)}"


def _hands_in(file: StoredFile) -> set[int]:
    """Return the keys of who uploaded a file and who put it where it belongs."""
    place = place_of(file)
    return {file.stored_by_id, *(place.put_by if place else ())}


def in_words(file: StoredFile) -> str:
    return f"{file.name} (SHA-256 {file.sha256})"


def decision_in_words(destruction: Destruction) -> str:
    return f"{destruction.number}, {destruction.decided_on:%d/%m/%Y}"


def _refuse_unless_deciding(by: User) -> None:
    if not by.may_decide:
        raise Refused(_("Your role does not withdraw files."))


def _held(file: StoredFile) -> StoredFile:
    """Return the file as it is now, held until the transaction ends."""
    StoredFile.objects.select_for_update().get(pk=file.pk)
    # Read after the lock: whoever waited sees what was recorded meanwhile.
    return StoredFile.objects.select_related("withdrawal").get(pk=file.pk)


def _withdrawal_of(file: StoredFile) -> Withdrawal:
    if file.withdrawn is None:
        raise Refused(_("Withdraw the file first."))
    return file.withdrawn


def _held_destruction(destruction: Destruction) -> Destruction:
    _held(destruction.withdrawal.file)
    return Destruction.objects.select_related("withdrawal__file").get(pk=destruction.pk)


def _record(file: StoredFile, *, by: User, via: str, **facts: Any) -> None:
    """Write one event, in the history of the row that the file belongs to."""
    place = place_of(file)
    record(about=place.about if place else file, name=place.part if place else "", by=by, via=via, **facts)
