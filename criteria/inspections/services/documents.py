"""The documents of a round: listed, corrected, taken back. None is deleted."""

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
from criteria.inspections.models import RoundDocument
from criteria.inspections.services.rounds import locked_round

DOCUMENT_FIELDS = ("kind", "number", "issued_on", "title")
#: what a form was made on: the file too
DOCUMENT_STATE = (*DOCUMENT_FIELDS, "file")
KINDS = (StoredFile.Kind.PDF, StoredFile.Kind.WORD, StoredFile.Kind.EXCEL)


def add_document(
    *, document: RoundDocument, upload: UploadedFile | None = None, by: User, via: str = Via.PAGE
) -> RoundDocument:
    """Lists a document, also of a closed round: the conclusions come last. The same form sent twice adds one."""
    return _add(document, _checked(upload), by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _add(document: RoundDocument, file: CheckedUpload | None, *, by: User, via: str) -> RoundDocument:
    inspection_round = locked_round(document.round, by)
    refuse_far_days(document.issued_on)
    same = _same(document)
    if same:
        if _digest(file) == (same.file.sha256 if same.file else "") and same.title == document.title:
            return same
        raise ValidationError({"number": _("This document is listed already. Correct that entry instead.")})
    document.round = inspection_round
    document.file = keep_file(upload=file, by=by) if file else None
    document.save(force_insert=True)
    changes = {name: (None, getattr(document, name)) for name in DOCUMENT_STATE if getattr(document, name)}
    record(about=document, by=by, via=via, action=Action.CREATED, changes=changes)
    log_event("round document added", user=by.pk, round=inspection_round.code, document=document.pk)
    return document


def correct_document(
    *,
    document: RoundDocument,
    upload: UploadedFile | None = None,
    made_on: str | None = None,
    by: User,
    via: str = Via.PAGE,
) -> list[str]:
    """Saves what differs; a new file takes the place of the former one, which is kept."""
    return _correct(document, _checked(upload), made_on=made_on, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _correct(
    document: RoundDocument, file: CheckedUpload | None, *, made_on: str | None, by: User, via: str
) -> list[str]:
    locked_round(document.round, by)
    before = RoundDocument.objects.select_related("file").get(pk=document.pk)
    _refuse_voided(before)
    document.file = before.file
    if made_on is not None:
        refuse_stale(stored=before, typed=document, names=DOCUMENT_STATE, made_on=made_on)
    if _same(document, apart_from=before):
        raise ValidationError({"number": _("This document is listed already. Correct that entry instead.")})
    if file and file.sha256 != (before.file.sha256 if before.file else ""):
        document.file = keep_file(upload=file, by=by)
    changes = differences(before, document, DOCUMENT_STATE)
    if "issued_on" in changes:
        refuse_far_days(document.issued_on)
    if changes:
        document.save(update_fields=[*changes])
        record(about=document, by=by, via=via, changes=changes)
    return [*changes]


@transaction.atomic
def void_document(*, document: RoundDocument, reason: str, by: User, via: str = Via.PAGE) -> RoundDocument:
    locked_round(document.round, by)
    document = RoundDocument.objects.get(pk=document.pk)
    _refuse_voided(document)
    if not reason.strip():
        raise Refused(_("Say why the document is taken back."))
    document.voided_at = timezone.now()
    document.save(update_fields=["voided_at"])
    record(about=document, by=by, via=via, action=Action.VOIDED, reason=reason.strip())
    return document


def _refuse_voided(document: RoundDocument) -> None:
    if document.voided_at:
        raise Refused(_("This document was taken back already."))


def _same(document: RoundDocument, apart_from: RoundDocument | None = None) -> RoundDocument | None:
    documents = RoundDocument.objects.select_related("file").filter(round=document.round_id, voided_at__isnull=True)
    documents = documents.filter(kind=document.kind, number=document.number, issued_on=document.issued_on)
    return (documents.exclude(pk=apart_from.pk) if apart_from else documents).first()


def _checked(upload: UploadedFile | None) -> CheckedUpload | None:
    if not upload:
        return None
    try:
        return check_file(upload=upload, kinds=KINDS)
    except ValidationError as refusal:
        raise ValidationError({"upload": refusal.messages}) from refusal


def _digest(file: CheckedUpload | None) -> str:
    return file.sha256 if file else ""
