"""Evidence of a self-assessment: added once however often it is sent, replaced by a further version, taken back."""

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
from archiveportal.history.services import event
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number as in_words
from criteria.inspections.models import Enrolment, SelfAssessment, SelfEvidence
from criteria.inspections.services.evidence import MOST_OF_CHECKLIST, MOST_OF_CRITERION
from criteria.inspections.services.self_confirming import end_confirmation
from criteria.inspections.services.self_gate import locked_assessment, refuse_strangers, why_not_shown
from criteria.models import Criterion


def show_evidence(
    *,
    enrolment: Enrolment,
    criterion: Criterion,
    upload_id: uuid.UUID,
    upload: UploadedFile | None = None,
    replaces: SelfEvidence | None = None,
    by: User,
    via: str = Via.PAGE,
    confirmed: str | None = None,
    **described: Any,
) -> SelfEvidence:
    """Add a photograph, a file, or a document by its number. The same upload again gets the same row.

    `replaces` is the piece whose place it takes; that one stays as a version. Once the self-assessment
    is confirmed, its leader has to confirm it anew. `confirmed` is the confirmation that a form showed
    which then waited on a device (`confirmation_of`). `described` has `number`, `issued_on`, `issuer` and
    `caption` as far as they were typed. Raises `Refused`, and the `ValidationError` of `check_file` for
    a file that cannot be taken.
    """
    checked = check_file(upload=upload, kinds=ANY_KIND) if upload else None
    piece = SelfEvidence(criterion=criterion, upload_id=upload_id, replaces=replaces, added_by=by, **described)
    return _show(enrolment, piece, checked=checked, via=via, confirmed=confirmed)


def confirmation_of(assessment: SelfAssessment) -> str:
    """Name the confirmation that holds; blank where there is none."""
    return assessment.confirmed_at.isoformat() if assessment.confirmed_at else ""


@files_or_nothing()
@transaction.atomic
def _show(
    enrolment: Enrolment, piece: SelfEvidence, *, checked: CheckedUpload | None, via: str, confirmed: str | None
) -> SelfEvidence:
    by = piece.added_by
    assessment = _assessment_to_show(enrolment, by)
    earlier = SelfEvidence.objects.filter(upload_id=piece.upload_id).select_related("file__withdrawal").first()
    if earlier:
        if earlier.assessment_id == assessment.pk and _is_same(earlier, piece, checked):
            return earlier
        raise Refused(_("This upload was received for another place already. Choose the file again."))
    if why := why_not_shown(assessment) or _why_not_by_itself(assessment, via, confirmed):
        raise Refused(why)
    if piece.criterion.criteria_set_id != assessment.enrolment.round.criteria_set_id:
        raise Refused(_("This criterion does not belong to the criteria set of the round."))
    if not checked and not piece.number:
        raise ValidationError({"file": _("Attach a file, or give the number of the document.")})
    refuse_far_days(piece.issued_on)
    if piece.replaces:
        _take_place_of(piece.replaces, piece, assessment)
    else:
        _refuse_too_many(assessment, piece.criterion)
    piece.assessment = assessment
    piece.file = keep_file(upload=checked, by=by) if checked else None
    piece.save(force_insert=True)
    before = str(piece.replaces) if piece.replaces else None
    changes = {"evidence": (before, str(piece)), **end_confirmation(assessment, by=by)}
    _record(piece, Action.CREATED, changes, by=by, via=via)
    return piece


def _assessment_to_show(enrolment: Enrolment, by: User) -> SelfAssessment:
    """Return the self-assessment, held; it begins with its first piece of evidence."""
    if not by.answers_for_units:
        raise Refused(_("A self-assessment is made by the ward or its district."))
    rows = Enrolment.objects.visible_to(by).select_related("round", "inspection").filter(pk=enrolment.pk)
    fresh = rows.select_for_update(of=("self",)).first()
    if fresh is None:
        raise Refused(_("A self-assessment is made by the ward or its district."))
    assessment = SelfAssessment.objects.filter(enrolment=fresh).first()
    if assessment is None:
        if why := why_not_shown(SelfAssessment(enrolment=fresh)):
            raise Refused(why)
        assessment = SelfAssessment.objects.create(enrolment=fresh)
    return locked_assessment(assessment)


def _why_not_by_itself(assessment: SelfAssessment, via: str, confirmed: str | None) -> str:
    """Say why what waited on a device is not added: it would end a confirmation that nobody was asked about."""
    holds = confirmation_of(assessment)
    if via == Via.PAGE or holds in ("", confirmed):
        return ""
    if confirmed is not None:
        return _(
            "The leader confirmed this self-assessment before this evidence arrived. If it should count, save it "
            "again; the leader then confirms again."
        )
    return _(
        "The leader confirmed this self-assessment before this file arrived. If it should count, save it as a file "
        "and add it from the self-assessment; the leader then confirms again."
    )


def _is_same(earlier: SelfEvidence, piece: SelfEvidence, checked: CheckedUpload | None) -> bool:
    if (earlier.criterion_id, earlier.added_by_id) != (piece.criterion_id, piece.added_by_id):
        return False
    is_asking = not checked and not piece.number
    sha256 = hashlib.sha256(checked.content).hexdigest() if checked else None
    return is_asking or sha256 == (earlier.file.sha256 if earlier.file else None)


def _take_place_of(former: SelfEvidence, piece: SelfEvidence, assessment: SelfAssessment) -> None:
    replaced = SelfEvidence.objects.select_related("file__withdrawal").get(pk=former.pk)
    if (replaced.assessment_id, replaced.criterion_id) != (assessment.pk, piece.criterion_id):
        raise Refused(_("This evidence belongs to another criterion. Open it again from the self-assessment."))
    _refuse_gone(replaced)
    replaced.replaced_at = timezone.now()
    replaced.save(update_fields=["replaced_at"])


def _refuse_gone(piece: SelfEvidence) -> None:
    if piece.voided_at:
        raise Refused(_("A colleague has taken this evidence back already."))
    if piece.replaced_at:
        raise Refused(_("A colleague has replaced this evidence already. Open the newer version."))


def _refuse_too_many(assessment: SelfAssessment, criterion: Criterion) -> None:
    here = Count("pk", filter=Q(criterion=criterion))
    counts = assessment.evidence.counting().aggregate(all=Count("pk"), here=here)
    if counts["here"] >= MOST_OF_CRITERION:
        message = _("A criterion takes %(limit)s pieces of evidence at most. Take one back before you add another.")
        raise Refused(message % {"limit": in_words(MOST_OF_CRITERION)})
    if counts["all"] >= MOST_OF_CHECKLIST:
        message = _("A checklist takes %(limit)s pieces of evidence at most. Take one back before you add another.")
        raise Refused(message % {"limit": in_words(MOST_OF_CHECKLIST)})


@transaction.atomic
def take_back_evidence(*, evidence: SelfEvidence, reason: str, by: User, via: str = Via.PAGE) -> SelfEvidence:
    """Take evidence back, with the reason. Row, file and history stay."""
    assessment = locked_assessment(evidence.assessment)
    refuse_strangers(assessment, by)
    piece = SelfEvidence.objects.select_related("criterion", "file").get(pk=evidence.pk)
    if piece.voided_at and piece.voided_by_id == by.pk:
        return piece
    _refuse_gone(piece)
    if why := why_not_shown(assessment):
        raise Refused(why)
    if not reason.strip():
        raise Refused({"reason": _("Say why this evidence is taken back.")})
    piece.voided_by, piece.voided_at, piece.void_reason = by, timezone.now(), reason.strip()
    piece.save(update_fields=["voided_by", "voided_at", "void_reason"])
    piece.assessment = assessment
    changes = {"evidence": (str(piece), None), **end_confirmation(assessment, by=by)}
    _record(piece, Action.VOIDED, changes, by=by, via=via, reason=piece.void_reason)
    return piece


def _record(piece: SelfEvidence, action: str, changes: dict, *, by: User, via: str, reason: str = "") -> None:
    """One story per self-assessment: the event is about it and names the criterion."""
    entry = event(about=piece.assessment, by=by, via=via, action=action, changes=changes, reason=reason)
    entry.object_name = str(piece.criterion)[:300]
    entry.save(force_insert=True)
