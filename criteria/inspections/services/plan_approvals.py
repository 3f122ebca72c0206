"""The approval of the plan of a specialised round: recorded with its scan, corrected, voided."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.files.models import StoredFile
from archiveportal.files.services import CheckedUpload, check_file, files_or_nothing, keep_file
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, record, refuse_stale
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.vietnamese import document_number
from criteria.inspections.models import PlanApproval, Round
from criteria.inspections.services.order_of_days import refuse_approval_after
from criteria.inspections.services.rounds import locked_round

APPROVAL_FIELDS = ("number", "issued_on", "signer_title", "signer_name")
#: what a form was made on: the file too
APPROVAL_STATE = (*APPROVAL_FIELDS, "file")


def save_approval(
    *,
    approval: PlanApproval,
    upload: UploadedFile | None = None,
    made_on: str | None = None,
    by: User,
    via: str = Via.PAGE,
) -> PlanApproval:
    """Record the approval of a plan, or correct it; a new file takes the place of the former one, which is kept.

    The same form sent twice records one.
    """
    return _save(approval, _checked(upload), made_on=made_on, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _save(
    approval: PlanApproval, file: CheckedUpload | None, *, made_on: str | None, by: User, via: str
) -> PlanApproval:
    inspection_round = locked_round(approval.round, by)
    stored = PlanApproval.objects.standing().select_related("file").filter(round=inspection_round).first()
    if approval.pk is None and stored is not None:
        if not differences(stored, approval, APPROVAL_FIELDS) and _digest(file) in ("", _kept_digest(stored)):
            return stored
        raise Refused(_("The approval of this plan is recorded already. Correct that record instead."), code="once")
    if approval.pk is not None and (stored is None or stored.pk != approval.pk):
        raise Refused(_("This approval was voided already."), code="voided")
    _refuse_wrong_values(approval, inspection_round)
    if stored is None:
        return _create(approval, file, by=by, via=via)
    approval.file = stored.file
    if made_on is not None:
        refuse_stale(stored=stored, typed=approval, names=APPROVAL_STATE, made_on=made_on)
    if file and file.sha256 != _kept_digest(stored):
        approval.file = keep_file(upload=file, by=by)
    if changes := differences(stored, approval, APPROVAL_STATE):
        approval.save(update_fields=[*changes])
        record(about=approval, by=by, via=via, changes=changes)
    return approval


def _create(approval: PlanApproval, file: CheckedUpload | None, *, by: User, via: str) -> PlanApproval:
    approval.recorded_by = by
    approval.file = keep_file(upload=file, by=by) if file else None
    approval.save(force_insert=True)
    changes = {name: (None, getattr(approval, name)) for name in APPROVAL_STATE if getattr(approval, name)}
    record(about=approval, by=by, via=via, action=Action.CREATED, changes=changes)
    log_event("approval of a plan recorded", user=by.pk, round=approval.round.code, approval=approval.pk)
    return approval


@transaction.atomic
def void_approval(*, approval: PlanApproval, reason: str, by: User, via: str = Via.PAGE) -> PlanApproval:
    """Void an approval that was recorded by mistake or that a new one replaces; it stays on record."""
    locked_round(approval.round, by)
    row, reason = PlanApproval.objects.get(pk=approval.pk), reason.strip()
    if row.voided_at:
        return row
    if not reason:
        raise Refused({"reason": _("Say why the approval is voided.")})
    row.voided_at, row.void_reason = timezone.now(), reason
    row.save(update_fields=["voided_at", "void_reason"])
    record(about=row, by=by, via=via, action=Action.VOIDED, reason=reason)
    log_event("approval of a plan voided", user=by.pk, approval=row.pk)
    return row


def _refuse_wrong_values(approval: PlanApproval, inspection_round: Round) -> None:
    if not inspection_round.is_specialised:
        raise Refused(_("Only the plan of a specialised inspection is approved above the office."), code="kind")
    faults = {}
    if not document_number(approval.number):
        faults["number"] = _("Write number and symbol of the document, for example 512/QĐ-UBND.")
    for name in ("signer_title", "signer_name"):
        if not getattr(approval, name).strip():
            faults[name] = _("This cannot be left empty.")
    if faults:
        raise ValidationError(faults)
    refuse_far_days(approval.issued_on)
    if approval.issued_on > timezone.localdate():
        raise ValidationError({"issued_on": _("This day is still to come. An approval has the day of its signature.")})
    refuse_approval_after(inspection_round, approval.issued_on)


def _checked(upload: UploadedFile | None) -> CheckedUpload | None:
    if not upload:
        return None
    try:
        return check_file(upload=upload, kinds=[StoredFile.Kind.PDF])
    except ValidationError as refusal:
        raise ValidationError({"upload": refusal.messages}) from refusal


def _digest(file: CheckedUpload | None) -> str:
    return file.sha256 if file else ""


def _kept_digest(stored: PlanApproval) -> str:
    return stored.file.sha256 if stored.file else ""
