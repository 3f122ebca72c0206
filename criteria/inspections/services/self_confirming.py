"""The leader of a unit stands by its self-assessment: by an own account, or on paper. It never scores a checklist."""

from __future__ import annotations

import datetime

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
from criteria.inspections.models import SelfAssessment, SelfPaper
from criteria.inspections.services.self_gate import (
    authors_of,
    has_begun,
    locked_assessment,
    refuse_strangers,
    why_closed,
)
from criteria.inspections.services.telling import self_assessment_moved

CONFIRMED = ["confirmed_by", "confirmed_at", "is_confirmed_on_paper"]
HANDED_IN = ["handed_in_by", "handed_in_at"]
READ = ["reading", "read_by", "read_at"]
PAPERS = (StoredFile.Kind.PDF, StoredFile.Kind.PICTURE)


@transaction.atomic
def confirm(*, assessment: SelfAssessment, seen: int, by: User, via: str = Via.PAGE) -> SelfAssessment:
    """Stand by the self-assessment as its leader. `seen` is the version that the page showed."""
    assessment = locked_assessment(assessment)
    _refuse_unless_leading(assessment, by)
    if assessment.confirmed_at and not assessment.is_confirmed_on_paper:
        return assessment
    _refuse_unless_handed_in(assessment)
    if by.pk in authors_of(assessment):
        raise Refused(
            _("You had a hand in this self-assessment. Another person confirms it, or the signed paper is attached.")
        )
    _refuse_unseen(assessment, seen)
    _end_papers(assessment)
    return _confirmed(assessment, by=by, via=via)


def confirm_on_paper(
    *,
    assessment: SelfAssessment,
    upload: UploadedFile,
    signatory: str,
    signed_on: datetime.date,
    seen: int,
    by: User,
    via: str = Via.PAGE,
) -> SelfAssessment:
    """Keep the printed self-assessment that the leader signed. The same file again changes nothing."""
    checked = check_file(upload=upload, kinds=PAPERS)
    paper = SelfPaper(assessment=assessment, signatory=signatory.strip(), signed_on=signed_on, added_by=by)
    return _confirm_on_paper(paper, checked, seen=seen, via=via)


@files_or_nothing()
@transaction.atomic
def _confirm_on_paper(paper: SelfPaper, checked: CheckedUpload, *, seen: int, via: str) -> SelfAssessment:
    by, assessment = paper.added_by, locked_assessment(paper.assessment)
    refuse_strangers(assessment, by)
    _refuse_unless_handed_in(assessment)
    if not paper.signatory:
        raise Refused({"signatory": _("Say who signed the self-assessment.")})
    refuse_far_days(paper.signed_on)
    if paper.signed_on > timezone.localdate():
        raise Refused({"signed_on": _("The day of signing is still to come.")})
    valid = assessment.papers.filter(ended_at=None).select_related("file").first()
    if valid and valid.file.sha256 == checked.sha256:
        return assessment
    _refuse_unseen(assessment, seen)
    _end_papers(assessment)
    paper.assessment, paper.file = assessment, keep_file(upload=checked, by=by)
    paper.save(force_insert=True)
    return _confirmed(assessment, by=by, via=via, signatory=paper.signatory)


def _confirmed(assessment: SelfAssessment, *, by: User, via: str, signatory: str = "") -> SelfAssessment:
    was_on_paper, assessment.is_confirmed_on_paper = assessment.is_confirmed_on_paper, bool(signatory)
    assessment.confirmed_by, assessment.confirmed_at = by, timezone.now()
    assessment.save(update_fields=CONFIRMED)
    changes: dict[str, tuple] = {"signatory": (None, signatory)} if signatory else {}
    if was_on_paper != assessment.is_confirmed_on_paper:
        changes["is_confirmed_on_paper"] = (was_on_paper, assessment.is_confirmed_on_paper)
    record(about=assessment, by=by, via=via, action=Action.SIGNED, changes=changes)
    self_assessment_moved(assessment, by=by)
    log_event("self-assessment confirmed", user=by.pk, enrolment=assessment.enrolment_id)
    return assessment


def _refuse_unless_leading(assessment: SelfAssessment, by: User) -> None:
    is_own = SelfAssessment.objects.visible_to(by).filter(pk=assessment.pk).exists()
    if not by.confirms_self_assessment or not is_own:
        raise Refused(_("The leader of the unit confirms its self-assessment."))


def _refuse_unless_handed_in(assessment: SelfAssessment) -> None:
    if assessment.handed_in_at is None:
        raise Refused(_("The self-assessment is not handed in yet. It is confirmed after that."))
    if assessment.is_accepted:
        raise Refused(
            in_own_words(_("This self-assessment was accepted by %(division_word)s; it does not change any more."))
        )
    if not assessment.enrolment.is_open_now:
        raise Refused(_("This round is closed."))


def _refuse_unseen(assessment: SelfAssessment, seen: int) -> None:
    if assessment.version != seen:
        raise Refused(_("A colleague changed the self-assessment after you opened it. Look at it again, then decide."))


def _end_papers(assessment: SelfAssessment) -> None:
    assessment.papers.filter(ended_at=None).update(ended_at=timezone.now())


def end_confirmation(assessment: SelfAssessment, *, by: User) -> dict[str, tuple]:
    """Let the leader confirm anew what is there now. A signed paper stays on record.

    Return what the event of the caller, who holds the row, has to tell of it.
    """
    told = {"is_confirmed_on_paper": (True, False)} if assessment.is_confirmed_on_paper else {}
    assessment.version += 1
    was_confirmed = assessment.confirmed_at is not None
    _end_papers(assessment)
    assessment.confirmed_by = assessment.confirmed_at = None
    assessment.is_confirmed_on_paper = False
    assessment.save(update_fields=["version", *CONFIRMED])
    if was_confirmed:
        self_assessment_moved(assessment, by=by)
        log_event("confirmation of self-assessment ended", user=by.pk, enrolment=assessment.enrolment_id)
    return told


def back_to_draft(assessment: SelfAssessment) -> dict[str, tuple]:
    """Handed in -> draft, saved; what was confirmed and read of it does not hold any more.

    Return what the event of the caller has to tell of it.
    """
    blank: dict[str, object] = {"reading": "", "is_confirmed_on_paper": False}
    told = {name: (getattr(assessment, name), value) for name, value in blank.items() if getattr(assessment, name)}
    assessment.handed_in_by = assessment.handed_in_at = None
    assessment.reading, assessment.read_by, assessment.read_at = "", None, None
    assessment.confirmed_by = assessment.confirmed_at = None
    assessment.is_confirmed_on_paper = False
    _end_papers(assessment)
    assessment.save(update_fields=[*HANDED_IN, *READ, *CONFIRMED])
    return told


@transaction.atomic
def withdraw(*, assessment: SelfAssessment, reason: str = "", by: User, via: str = Via.PAGE) -> SelfAssessment:
    """Handed in -> draft, by the unit itself, until the team begins or the sub-department has read it.

    A leader who does not stand by it says the reason, which the officer reads.
    """
    assessment = locked_assessment(assessment)
    is_own = SelfAssessment.objects.visible_to(by).filter(pk=assessment.pk).exists()
    if not by.speaks_for_units or not is_own:
        raise Refused(_("A self-assessment is made by the ward or its district."))
    if assessment.handed_in_at is None:
        return assessment
    if has_begun(assessment.enrolment.inspection):
        raise Refused(_("The team has begun to inspect this unit; the self-assessment is not withdrawn any more."))
    if assessment.is_accepted:
        raise Refused(
            in_own_words(_("This self-assessment was accepted by %(division_word)s; it does not change any more."))
        )
    if why := why_closed(assessment.enrolment):
        raise Refused(_("%(why)s It could not be handed in again.") % {"why": why})
    if by.confirms_self_assessment and not reason.strip():
        raise Refused({"reason": _("Say what has to be added or corrected.")})
    told = back_to_draft(assessment)
    if reason.strip():
        assessment.return_reason = reason.strip()
        assessment.save(update_fields=["return_reason"])
    record(about=assessment, by=by, via=via, action=Action.DROPPED, changes=told, reason=reason.strip())
    self_assessment_moved(assessment, by=by)
    log_event("self-assessment withdrawn", user=by.pk, enrolment=assessment.enrolment_id)
    return assessment
