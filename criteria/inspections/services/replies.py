"""The answer of a unit to a finding, and the judgement of the inspector."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.files.services import ANY_KIND, CheckedUpload, check_file, files_or_nothing, keep_file
from archiveportal.history.models import Action, Via
from archiveportal.refusal import Refused
from criteria.inspections.models import Finding, FindingReply
from criteria.inspections.services.findings import STATUS, close, held, refuse_unfit_deadline, refuse_unseen, save_step

VERDICT = FindingReply.Verdict
MOST_FILES = 10


def answer_finding(
    *,
    finding: Finding,
    text: str,
    uploads: Sequence[UploadedFile] = (),
    submission_id: uuid.UUID,
    seen: int,
    by: User,
    via: str = Via.PAGE,
) -> FindingReply:
    """Answers an open, published finding once; the same answer sent again is the same answer.

    Raises `Refused`, or the `ValidationError` of a file that cannot be taken; nothing is kept then.
    """
    if len(uploads) > MOST_FILES:
        raise Refused(_("At most %(count)d files fit one answer.") % {"count": MOST_FILES}, code="files")
    checked = [check_file(upload=upload, kinds=ANY_KIND) for upload in uploads]
    return _answer(finding, text.strip(), checked, submission_id=submission_id, seen=seen, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _answer(
    finding: Finding,
    text: str,
    checked: Sequence[CheckedUpload],
    *,
    submission_id: uuid.UUID,
    seen: int,
    by: User,
    via: str,
) -> FindingReply:
    finding = held(finding)
    earlier = FindingReply.objects.filter(submission_id=submission_id).first()
    if earlier and (earlier.finding_id, earlier.answered_by_id, earlier.text) == (finding.pk, by.pk, text):
        return earlier
    if earlier:
        # Something else was typed into an old page (the browser's Back): the state of the matter decides.
        submission_id = uuid.uuid4()
    _refuse_unless_answerable(finding, by)
    refuse_unseen(finding, seen)
    if not text:
        raise Refused(_("Say what was done."), code="text")
    stored = [keep_file(upload=each, by=by) for each in checked]
    reply = FindingReply.objects.create(finding=finding, submission_id=submission_id, text=text, answered_by=by)
    reply.files.set(stored)
    names = ", ".join(file.name for file in stored)
    save_step(finding, {"status": STATUS.ANSWERED}, by=by, via=via, action=Action.ANSWERED, reason=text, files=names)
    return reply


def _refuse_unless_answerable(finding: Finding, by: User) -> None:
    if not by.answers_for_units or not Finding.objects.visible_to(by).filter(pk=finding.pk).exists():
        raise Refused(_("Recommendations are answered by the ward or its district."))
    if finding.status == STATUS.ANSWERED:
        raise Refused(_("This matter is answered already; the inspector looks at it now."))
    if finding.status != STATUS.OPEN:
        raise Refused(_("This matter is closed; it takes no answer any more."))


@transaction.atomic
def judge_reply(
    *,
    finding: Finding,
    accept: bool,
    reason: str = "",
    due_on: datetime.date | None = None,
    seen: int,
    by: User,
    via: str = Via.PAGE,
) -> Finding:
    """Accepts the answer, which closes the matter, or says what is still missing, which opens it again.

    `due_on` is the new deadline of a matter opened again, if it gets one.
    """
    finding = held(finding)
    if not by.can_inspect:
        raise Refused(_("Your role does not follow up recommendations."))
    reply = finding.replies.order_by("-answered_at", "-pk").first()
    verdict, reason = VERDICT.ACCEPTED if accept else VERDICT.REFUSED, reason.strip()
    if reply and (reply.verdict, reply.judged_by_id, reply.verdict_reason) == (verdict, by.pk, reason):
        return finding
    refuse_unseen(finding, seen)
    if finding.status != STATUS.ANSWERED or reply is None:
        raise Refused(_("There is no answer to decide on."))
    if reply.answered_by_id == by.pk:
        raise Refused(_("You wrote this answer for the unit yourself; another person has to decide on it."))
    if not accept and not reason:
        raise Refused(_("Say what is still missing."), code="reason")
    if not accept and due_on and due_on != finding.due_on:
        refuse_unfit_deadline(due_on)
    reply.verdict, reply.verdict_reason, reply.judged_by, reply.judged_at = verdict, reason, by, timezone.now()
    reply.save(update_fields=["verdict", "verdict_reason", "judged_by", "judged_at"])
    if accept:
        return close(finding, by=by, via=via, action=Action.ACCEPTED, reason=reason)
    values = {"status": STATUS.OPEN} | ({"due_on": due_on} if due_on else {})
    return save_step(finding, values, by=by, via=via, action=Action.REFUSED, reason=reason)
