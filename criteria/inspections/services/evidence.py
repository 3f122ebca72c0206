"""Evidence: added once however often it is sent, taken back with a reason, never deleted."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.files.services import ANY_KIND, CheckedUpload, check_file, files_or_nothing, keep_file
from archiveportal.history.models import Action, Via
from archiveportal.history.services import event, refuse_stale
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number as in_words
from criteria.inspections.models import Evidence, Inspection
from criteria.inspections.services.gate import locked, refuse_unless_editable, refuse_unless_inspecting
from criteria.models import Criterion

MOST_OF_CRITERION, MOST_OF_CHECKLIST = 12, 200
STATUS = Inspection.Status
#: what is said of evidence after it was added
CAPTION = ["caption"]


def refuse_unless_adding(inspection: Inspection, by: User) -> None:
    """Evidence can still be added once the minutes are signed: it changes no answer. Not while others decide."""
    refuse_unless_inspecting(inspection, by)
    if inspection.status == STATUS.SUBMITTED:
        raise Refused(_("This checklist is waiting for approval. It takes evidence again once it is returned."))
    if inspection.status == STATUS.APPROVED:
        raise Refused(_("This checklist is approved and takes no more evidence."))


def add_evidence(
    *,
    inspection: Inspection,
    criterion: Criterion,
    upload_id: uuid.UUID,
    upload: UploadedFile | None = None,
    by: User,
    via: str = Via.PAGE,
    **described: Any,
) -> Evidence:
    """A photograph, a PDF, or a document by its number. The same upload again gets the same row.

    A device whose receipt was lost asks with the number of the upload alone, without the file: it gets the row if
    the file has arrived.

    `described` has `number`, `issued_on`, `issuer` and `caption` as far as they were typed. Raises `Refused`, and
    the `ValidationError` of `check_file` for a file that cannot be taken.
    """
    checked = check_file(upload=upload, kinds=ANY_KIND) if upload else None
    return _add(inspection, criterion, upload_id, checked=checked, described=described, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _add(
    inspection: Inspection,
    criterion: Criterion,
    upload_id: uuid.UUID,
    *,
    checked: CheckedUpload | None,
    described: dict[str, Any],
    by: User,
    via: str,
) -> Evidence:
    inspection = locked(inspection)
    earlier = Evidence.objects.filter(upload_id=upload_id).select_related("file__withdrawal").first()
    if earlier:
        is_asking = not checked and not described.get("number")
        is_of_place = _is_of_place(earlier, inspection, criterion, by=by)
        if is_of_place and (is_asking or _has_same_file(earlier, checked)):
            return _described_later(earlier, inspection, described.get("caption", ""), by=by, via=via)
        raise Refused(_("This upload was received for another place already. Choose the file again."))
    refuse_unless_adding(inspection, by)
    if criterion.criteria_set_id != inspection.enrolment.round.criteria_set_id:
        raise Refused(_("This criterion does not belong to the criteria set of the round."))
    if not checked and not described.get("number"):
        raise ValidationError({"file": _("Attach a file, or give the number of the document.")})
    refuse_far_days(described.get("issued_on"))
    _refuse_too_many(inspection, criterion)
    evidence = Evidence(inspection=inspection, criterion=criterion, upload_id=upload_id, added_by=by, **described)
    evidence.file = keep_file(upload=checked, by=by) if checked else None
    evidence.save(force_insert=True)
    _record(evidence, Action.CREATED, {"evidence": (None, str(evidence))}, by=by, via=via)
    return evidence


def _is_of_place(earlier: Evidence, inspection: Inspection, criterion: Criterion, *, by: User) -> bool:
    place = (earlier.inspection_id, earlier.criterion_id, earlier.added_by_id)
    return place == (inspection.pk, criterion.pk, by.pk) and not earlier.voided_at


def _has_same_file(earlier: Evidence, checked: CheckedUpload | None) -> bool:
    sha256 = hashlib.sha256(checked.content).hexdigest() if checked else None
    return sha256 == (earlier.file.sha256 if earlier.file else None)


def _described_later(earlier: Evidence, inspection: Inspection, caption: str, *, by: User, via: str) -> Evidence:
    """The receipt of the first arrival was lost, and what it shows was typed while the device tried again."""
    if not caption or earlier.caption or inspection.status in (STATUS.SUBMITTED, STATUS.APPROVED):
        return earlier
    earlier.caption = caption
    earlier.save(update_fields=CAPTION)
    _record(earlier, Action.CHANGED, {"caption": ("", caption)}, by=by, via=via)
    return earlier


def _refuse_too_many(inspection: Inspection, criterion: Criterion) -> None:
    here = Count("pk", filter=Q(criterion=criterion))
    counts = inspection.evidence.counting().aggregate(all=Count("pk"), here=here)
    if counts["here"] >= MOST_OF_CRITERION:
        message = _("A criterion takes %(limit)s pieces of evidence at most. Take one back before you add another.")
        raise Refused(message % {"limit": in_words(MOST_OF_CRITERION)})
    if counts["all"] >= MOST_OF_CHECKLIST:
        message = _("A checklist takes %(limit)s pieces of evidence at most. Take one back before you add another.")
        raise Refused(message % {"limit": in_words(MOST_OF_CHECKLIST)})


@transaction.atomic
def void_evidence(*, evidence: Evidence, reason: str, by: User, via: str = Via.PAGE) -> Evidence:
    """Takes evidence back, with the reason. Row, file and history stay."""
    inspection = locked(evidence.inspection)
    evidence = Evidence.objects.select_related("criterion", "file__withdrawal").get(pk=evidence.pk)
    if evidence.voided_at:
        if evidence.voided_by_id == by.pk:
            return evidence
        raise Refused(_("A colleague has taken this evidence back already."))
    _refuse_withdrawn(evidence)
    refuse_unless_editable(inspection, by)
    if not reason.strip():
        raise Refused(_("Say why this evidence is taken back."))
    evidence.voided_by, evidence.voided_at, evidence.void_reason = by, timezone.now(), reason.strip()
    evidence.save(update_fields=["voided_by", "voided_at", "void_reason"])
    _record(evidence, Action.VOIDED, {"evidence": (str(evidence), None)}, by=by, via=via, reason=evidence.void_reason)
    return evidence


@transaction.atomic
def describe_evidence(*, evidence: Evidence, caption: str, made_on: str, by: User, via: str = Via.PAGE) -> Evidence:
    """Save what the evidence shows, while evidence can be added; a photograph is taken without it.

    `made_on` is the digest of the caption that the form showed; raises `Stale` for another.
    """
    inspection = locked(evidence.inspection)
    evidence = Evidence.objects.select_related("criterion", "file__withdrawal").get(pk=evidence.pk)
    before = Evidence(caption=evidence.caption)
    if evidence.caption == caption:
        return evidence
    refuse_unless_adding(inspection, by)
    if evidence.voided_at:
        raise Refused(_("A colleague has taken this evidence back already."))
    _refuse_withdrawn(evidence)
    evidence.caption = caption
    refuse_stale(stored=before, typed=evidence, names=CAPTION, made_on=made_on)
    evidence.save(update_fields=CAPTION)
    _record(evidence, Action.CHANGED, {"caption": (before.caption, caption)}, by=by, via=via)
    return evidence


def _refuse_withdrawn(evidence: Evidence) -> None:
    if evidence.file and evidence.file.withdrawn:
        raise Refused(_("The file of this evidence was withdrawn from the records."))


def _record(evidence: Evidence, action: str, changes: dict, *, by: User, via: str, reason: str = "") -> None:
    """One timeline per checklist: the event is about the inspection and names the criterion."""
    entry = event(about=evidence.inspection, by=by, via=via, action=action, changes=changes, reason=reason)
    entry.object_name = str(evidence.criterion)[:300]
    entry.save(force_insert=True)
