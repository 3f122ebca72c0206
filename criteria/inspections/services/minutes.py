"""Minutes of a visit: written, signed, scanned, supplemented."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.files.models import StoredFile
from archiveportal.files.services import CheckedUpload, check_file, files_or_nothing, keep_file
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.own_words import in_own_words
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection, Minutes, Participant, ReceivedDocument, Scan
from criteria.inspections.services.clock_notices import settle_clocks
from criteria.inspections.services.gate import locked, refuse_unless_editable, refuse_unless_inspecting
from criteria.inspections.services.minutes_content import content_of, day_in_minutes, digest_of
from criteria.inspections.services.minutes_merge import (
    DETAILS,
    FIELDS,
    PEOPLE,
    RECEIVED,
    HandedOver,
    MinutesClash,
    Person,
    format_local_time,
    has_wrong_hours,
    lines_of,
    merge,
    people_of,
    stored_values,
)
from criteria.inspections.services.minutes_witness import (
    refuse_refusal_without_witness,
    refuse_wrong_witnesses,
)
from criteria.inspections.services.readiness import what_is_missing
from criteria.inspections.services.signed_by_both import refuse_unfit_papers

#: without letters and digits that are mistaken for each other on paper
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
STATUS = Inspection.Status


def new_code() -> str:
    """Eight characters: 39 bits, so that nobody meets another's record by chance."""
    return "".join(secrets.choice(LETTERS) for _place in range(CODE_LENGTH))


def unsigned_minutes(inspection: Inspection) -> Minutes | None:
    """Return the minutes, or the supplement, being written."""
    minutes = inspection.minutes.filter(signed_at__isnull=True).first()
    if minutes:
        minutes.inspection = inspection
    return minutes


@transaction.atomic
def save_minutes(
    *,
    inspection: Inspection,
    values: Mapping[str, Any],
    people: Sequence[Person],
    received: Sequence[HandedOver] | None = None,
    seen: int,
    made_on: Mapping[str, str] | None = None,
    by: User,
    via: str = Via.PAGE,
) -> Minutes:
    """Saves what people type into the minutes (`DETAILS`) and who was present; the record itself is not touched.

    Details that `values` lacks, and documents that are None, stay: a form of before has no such fields.

    `seen` is the version that the form showed, 0 for minutes not yet begun; `made_on` the digests of the values that
    it showed. When a colleague saved meanwhile, each keeps what only one of them changed (`taken` of the minutes names
    the colleague's); raises `MinutesClash` where both changed the same. The same content twice is one save.
    """
    inspection = locked(inspection)
    refuse_unless_editable(inspection, by)
    minutes = unsigned_minutes(inspection)
    if minutes is None:
        minutes = Minutes(inspection=inspection, code=new_code(), opened_by=by, version=0)
    before = stored_values(minutes)
    typed = before | {name: values[name] for name in DETAILS if name in values} | {PEOPLE: list(people)}
    if received is not None:
        typed[RECEIVED] = list(received)
    refuse_far_days(typed["started_at"], typed["ended_at"])
    _refuse_wrong_hours(typed)
    refuse_wrong_witnesses(inspection, people, typed["refusal_reason"])
    minutes.taken = []
    if minutes.pk and before == typed:
        return minutes
    if minutes.version != seen:
        merged = merge(base=made_on or {}, typed=typed, stored=before)
        if merged.clashes:
            raise MinutesClash(merged)
        typed, minutes.taken = merged.values, merged.taken
    changes = {name: pair for name in FIELDS if (pair := _pair(before[name], typed[name]))}
    if minutes.pk and not changes:
        return minutes
    for name in DETAILS:
        setattr(minutes, name, typed[name])
    minutes.version += 1
    minutes.save()
    _write_people(minutes, typed[PEOPLE])
    _write_received(minutes, typed[RECEIVED])
    record(about=inspection, by=by, via=via, changes=changes)
    return minutes


def _refuse_wrong_hours(values: Mapping[str, Any]) -> None:
    if has_wrong_hours(values):
        raise Refused(_("The end must not come before the beginning."), code="hours")


def _pair(before: Any, after: Any) -> tuple[Any, Any] | None:
    """Return both values as the history has them, if they differ."""
    if before == after:
        return None
    as_stored = lines_of if isinstance(after, list) else format_local_time
    return as_stored(before), as_stored(after)


def _write_people(minutes: Minutes, people: Sequence[Person]) -> None:
    minutes.participants.all().delete()
    Participant.objects.bulk_create(
        Participant(
            minutes=minutes,
            side=each.side,
            part=each.part,
            full_name=each.full_name,
            position=each.position,
            order=order,
        )
        for order, each in enumerate(people)
    )


def _write_received(minutes: Minutes, documents: Sequence[HandedOver]) -> None:
    minutes.received_documents.all().delete()
    ReceivedDocument.objects.bulk_create(
        ReceivedDocument(minutes=minutes, order=order, **vars(each)) for order, each in enumerate(documents)
    )


def sign_minutes(
    *,
    inspection: Inspection,
    signed_on: datetime.date,
    uploads: Sequence[UploadedFile] = (),
    seen: str | None = None,
    by: User,
    via: str = Via.PAGE,
) -> Minutes:
    """Records that the paper is signed: from now on the answers are those of the paper.

    A checklist without its day takes it from the minutes. Open criteria do not prevent the signing (the paper then
    says so); two different answers to choose between do.
    `seen` is the digest of the content that the page showed (None: there was no page).
    """
    checked = [check_file(upload=upload) for upload in uploads]
    refuse_unfit_papers(inspection, unsigned_minutes(inspection), checked)
    return _sign(inspection, signed_on, checked, seen=seen, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _sign(
    inspection: Inspection,
    signed_on: datetime.date,
    scans: Sequence[CheckedUpload],
    *,
    seen: str | None,
    by: User,
    via: str,
) -> Minutes:
    inspection = locked(inspection)
    if earlier := _same_signing(inspection, signed_on, seen, by=by):
        return earlier
    refuse_unless_editable(inspection, by)
    if any(each.is_conflict for each in what_is_missing(inspection)):
        raise Refused(_("Two different answers were given. Choose one on the checklist first."), code="conflict")
    minutes = unsigned_minutes(inspection) or Minutes.objects.create(
        inspection=inspection, code=new_code(), opened_by=by
    )
    _refuse_wrong_day(minutes, signed_on)
    refuse_refusal_without_witness(people_of(minutes), minutes.refusal_reason)
    changes = _take_day(inspection)
    minutes.inspection = inspection
    minutes.content = content_of(minutes)
    minutes.digest = digest_of(minutes.content)
    if seen is not None and minutes.digest != seen:
        raise Refused(
            _("A colleague changed the checklist or its minutes after you opened this page. Print the minutes again."),
            code="stale",
        )
    minutes.signed_on, minutes.signed_at, minutes.signed_by = signed_on, timezone.now(), by
    minutes.save(update_fields=["content", "digest", "signed_on", "signed_at", "signed_by"])
    before, inspection.status = inspection.status, STATUS.SIGNED
    inspection.signed_at = minutes.signed_at
    inspection.save(update_fields=["status", "signed_at", "inspected_on"])
    changes |= {"status": (before, inspection.status), "signed_on": (None, f"{signed_on:%d/%m/%Y}")}
    record(about=inspection, by=by, via=via, action=Action.SIGNED, changes=changes)
    settle_clocks(inspection.enrolment)
    log_event("minutes signed", user=by.pk, inspection=inspection.pk)
    if scans:
        _replace_scans(minutes, scans, by, via=via)
    return minutes


def _take_day(inspection: Inspection) -> dict[str, Any]:
    """The day of the inspection from its minutes, where the checklist leaves it blank; what changes by that."""
    if inspection.inspected_on or not (day := day_in_minutes(inspection)):
        return {}
    inspection.inspected_on = day
    return {"inspected_on": (None, day)}


def _same_signing(inspection: Inspection, signed_on: datetime.date, seen: str | None, *, by: User) -> Minutes | None:
    """Return the minutes that the same press of the same button signed already."""
    if seen is None or inspection.status != STATUS.SIGNED:
        return None
    return inspection.minutes.filter(digest=seen, signed_on=signed_on, signed_by=by).last()


def _refuse_wrong_day(minutes: Minutes, signed_on: datetime.date) -> None:
    refuse_far_days(signed_on)
    if signed_on > timezone.localdate():
        raise Refused(_("The day of signing lies in the future. Please check it."), code="day")
    begun = minutes.started_at and timezone.localdate(minutes.started_at)
    days = [day for day in (begun, minutes.inspection.inspected_on) if day]
    if days and signed_on < min(days):
        raise Refused(
            _("The minutes cannot be signed before the visit on %(day)s. Please check the day.")
            % {"day": f"{min(days):%d/%m/%Y}"},
            code="day",
        )


def keep_scans(*, minutes: Minutes, uploads: Sequence[UploadedFile], by: User, via: str = Via.PAGE) -> None:
    """The scan of the signed paper, in the place of an earlier one, until the checklist is approved."""
    checked = [check_file(upload=upload) for upload in uploads]
    refuse_unfit_papers(minutes.inspection, minutes, checked)
    _keep_scans(minutes, checked, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _keep_scans(minutes: Minutes, scans: Sequence[CheckedUpload], *, by: User, via: str) -> None:
    inspection = locked(minutes.inspection)
    minutes = inspection.minutes.get(pk=minutes.pk)
    if not by.can_inspect:
        raise Refused(_("Your role does not fill in checklists."))
    if minutes.signed_at is None:
        raise Refused(_("Record the day of signing first."))
    refuse_unless_inspecting(inspection, by)
    if inspection.status == STATUS.APPROVED:
        raise Refused(_("This checklist is approved and does not change any more."))
    minutes.inspection = inspection
    _replace_scans(minutes, scans, by, via=via)


def _replace_scans(minutes: Minutes, scans: Sequence[CheckedUpload], by: User, *, via: str) -> None:
    standing = minutes.scans.filter(replaced_at__isnull=True)
    # A scan that was withdrawn holds nothing up: another one takes its place at once.
    present = list(standing.filter(file__withdrawal__isnull=True).select_related("file"))
    if [each.file.sha256 for each in present] == [scan.sha256 for scan in scans]:
        return
    if present and minutes.inspection.status == STATUS.SUBMITTED:
        raise Refused(_("This checklist is waiting for approval; its scan can be replaced once it is returned."))
    kept = [keep_file(upload=scan, by=by) for scan in scans]
    standing.update(replaced_at=timezone.now())
    Scan.objects.bulk_create(Scan(minutes=minutes, file=file) for file in kept)
    names = [", ".join(f"{file.name} ({file.sha256[:12]})" for file in files) for files in (_files(present), kept)]
    record(about=minutes.inspection, by=by, via=via, changes={"scan": tuple(names)})


def _files(scans: Sequence[Scan]) -> list[StoredFile]:
    return [each.file for each in scans]


@transaction.atomic
def open_supplement(*, inspection: Inspection, reason: str, by: User, via: str = Via.PAGE) -> Minutes:
    """Opens the answers again after signing; the supplement says why, and begins with the same place and people.

    A returned checklist stays returned.
    """
    inspection = locked(inspection)
    refuse_unless_inspecting(inspection, by)
    reason = reason.strip()
    present = unsigned_minutes(inspection)
    if present and present.is_supplement and (present.reason, present.opened_by_id) == (reason, by.pk):
        return present
    _refuse_unless_supplementable(inspection, present)
    if not reason:
        raise Refused(_("Say why the minutes are supplemented."))
    last = inspection.minutes.latest("sequence")
    minutes = Minutes.objects.create(
        inspection=inspection,
        sequence=last.sequence + 1,
        code=new_code(),
        reason=reason,
        opened_by=by,
        place=last.place,
        copies=last.copies,
        inspected_content=last.inspected_content,
    )
    # Whether the unit signs the supplement is another matter.
    _write_people(minutes, [each for each in people_of(last) if each.side != Participant.Side.WITNESS])
    before = inspection.status
    inspection.signed_at = None
    if inspection.status == STATUS.SIGNED:
        inspection.status = STATUS.DRAFT
    inspection.save(update_fields=["status", "signed_at"])
    changes = {"status": (before, inspection.status)} if before != inspection.status else {}
    record(about=inspection, by=by, via=via, action=Action.SUPPLEMENT, changes=changes, reason=reason)
    log_event("minutes supplemented", user=by.pk, inspection=inspection.pk)
    return minutes


def _refuse_unless_supplementable(inspection: Inspection, present: Minutes | None) -> None:
    if inspection.status == STATUS.SUBMITTED:
        raise Refused(_("This checklist is waiting for approval. It can be changed once it is returned."))
    if inspection.status == STATUS.APPROVED:
        raise Refused(
            in_own_words(_("This checklist is approved. It can be opened again by %(leader)s, with a reason."))
        )
    if present and present.is_supplement:
        raise Refused(_("A supplement is open already. Change the answers, then sign it."))
    if inspection.signed_at is None:
        raise Refused(_("The minutes are not signed yet; the answers can still be changed on the checklist."))
