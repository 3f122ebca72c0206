"""Questions to a unit, criterion by criterion: asked with a day, answered with files, asked again, settled."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.files.services import ANY_KIND, CheckedUpload, check_file, files_or_nothing, keep_file
from archiveportal.history.models import Action, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.own_words import in_own_words
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection, Question, QuestionMessage
from criteria.inspections.services.gate import locked
from criteria.inspections.services.replies import MOST_FILES
from criteria.inspections.services.telling import question_moved
from criteria.models import Criterion

STATUS = Question.Status
MOST_MESSAGES = 500


def why_not_asked(inspection: Inspection) -> str:
    """Say why nothing is asked about this checklist now, and nothing answered; blank if it can be."""
    enrolment = inspection.enrolment
    if inspection.status == Inspection.Status.APPROVED:
        return _("This checklist is approved: nothing more is asked or answered about it.")
    if enrolment.is_left_out:
        return _("This unit is left out of the plan of the round.")
    if enrolment.round.is_draft:
        return _("This round is still a draft. Open it first, then ask.")
    if not enrolment.is_open_now:
        return in_own_words(_("This round is closed. Ask %(leader)s to open it again."))
    return ""


def ask_question(
    *,
    inspection: Inspection,
    criterion: Criterion,
    text: str,
    due_on: datetime.date,
    uploads: Sequence[UploadedFile] = (),
    submission_id: uuid.UUID,
    by: User,
    via: str = Via.PAGE,
) -> Question:
    """Ask the unit about a criterion: begins the thread, or goes on with it. The same question sent twice is one."""
    checked = _checked(uploads)
    return _ask(inspection, criterion, text.strip(), due_on=due_on, checked=checked, key=submission_id, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _ask(
    inspection: Inspection,
    criterion: Criterion,
    text: str,
    *,
    due_on: datetime.date,
    checked: Sequence[CheckedUpload],
    key: uuid.UUID,
    by: User,
    via: str,
) -> Question:
    inspection = locked(inspection)
    question = Question.objects.select_for_update().filter(inspection=inspection, criterion=criterion).first()
    if _is_sent_already(question, key, text, by=by):
        assert question is not None, "the message belongs to this thread"
        return question
    if not by.can_inspect:
        raise Refused(_("Questions to units are asked by those who inspect."))
    _refuse_closed(inspection)
    if criterion.criteria_set_id != inspection.enrolment.round.criteria_set_id:
        raise Refused(_("This criterion does not belong to the criteria set of the round."))
    _refuse_unfit_day(due_on)
    if not text:
        raise Refused(_("Write what you want to know."), code="text")
    now = timezone.now()
    if question is None:
        question = Question(inspection=inspection, criterion=criterion, version=0)
        # A day comes with every question; the row needs one before the first message.
        question.due_on, question.asked_by, question.asked_at = due_on, by, now
        question.save(force_insert=True)
    question.inspection = inspection
    _refuse_too_long(question)
    before = question.due_on if question.version else None
    question.due_on, question.asked_by, question.asked_at = due_on, by, now
    question.closed_by = question.closed_at = None
    message = _write(question, text, key=key, checked=checked, by=by, due_on=due_on)
    action = Action.CHANGED if question.version else Action.CREATED
    changes = {"message": (None, text), "due_on": (before, due_on)}
    _step(question, STATUS.ASKED, action=action, changes=changes | _files(message), by=by, via=via)
    return question


def answer_question(
    *,
    question: Question,
    text: str,
    uploads: Sequence[UploadedFile] = (),
    submission_id: uuid.UUID,
    by: User,
    via: str = Via.PAGE,
) -> QuestionMessage:
    """Answer for the unit; more can be added until the team asks again or settles it. The same answer is one."""
    return _answer(question, text.strip(), _checked(uploads), key=submission_id, by=by, via=via)


@files_or_nothing()
@transaction.atomic
def _answer(
    question: Question, text: str, checked: Sequence[CheckedUpload], *, key: uuid.UUID, by: User, via: str
) -> QuestionMessage:
    question = held(question)
    if earlier := _is_sent_already(question, key, text, by=by):
        return earlier
    if not by.answers_for_units or not Question.objects.visible_to(by).filter(pk=question.pk).exists():
        raise Refused(_("Questions are answered by the ward or its district."))
    _refuse_closed(question.inspection)
    if question.status == STATUS.CLOSED:
        raise Refused(_("This question is settled; it takes no answer any more."))
    if not text:
        raise Refused(_("Write your answer."), code="text")
    _refuse_too_long(question)
    message = _write(question, text, key=key, checked=checked, by=by, is_of_unit=True)
    changes = {"message": (None, text)} | _files(message)
    _step(question, STATUS.ANSWERED, action=Action.ANSWERED, changes=changes, by=by, via=via)
    return message


@transaction.atomic
def close_question(*, question: Question, seen: int, by: User, via: str = Via.PAGE) -> Question:
    """Settle a thread: the answer is enough, or none is needed any more. `seen` is the version that the page showed."""
    question = held(question)
    if not by.can_inspect:
        raise Refused(_("Questions to units are asked by those who inspect."))
    if question.status == STATUS.CLOSED:
        return question
    _refuse_closed(question.inspection)
    if question.version != seen:
        raise Refused(_("A message came in after you opened the page. Read it, then decide."), code="stale")
    question.closed_by, question.closed_at = by, timezone.now()
    _step(question, STATUS.CLOSED, action=Action.CLOSED, changes={}, by=by, via=via)
    return question


def held(question: Question) -> Question:
    """Return the row as it is now, held until the transaction ends."""
    rows = Question.objects.select_related("inspection__enrolment__ward", "inspection__enrolment__round", "criterion")
    return rows.select_for_update(of=("self",)).get(pk=question.pk)


def _checked(uploads: Sequence[UploadedFile]) -> list[CheckedUpload]:
    if len(uploads) > MOST_FILES:
        raise Refused(_("At most %(count)d files fit one message.") % {"count": MOST_FILES}, code="files")
    return [check_file(upload=upload, kinds=ANY_KIND) for upload in uploads]


def _is_sent_already(question: Question | None, key: uuid.UUID, text: str, *, by: User) -> QuestionMessage | None:
    """Return the message that this very sending has made; refuse the number of another one."""
    earlier = QuestionMessage.objects.filter(submission_id=key).first()
    place = (question and question.pk, by.pk, text)
    if earlier is None or (earlier.question_id, earlier.written_by_id, earlier.text) == place:
        return earlier
    raise Refused(_("Another message was sent from this page already. Open the page again, then send yours."))


def _refuse_closed(inspection: Inspection) -> None:
    if why := why_not_asked(inspection):
        raise Refused(why)


def _refuse_unfit_day(due_on: datetime.date) -> None:
    refuse_far_days(due_on)
    if due_on < timezone.localdate():
        raise Refused(_("The deadline lies in the past. Choose today or a later day."), code="due_on")


def _refuse_too_long(question: Question) -> None:
    if question.messages.count() >= MOST_MESSAGES:
        raise Refused(_("This thread has %(count)d messages. Settle it.") % {"count": MOST_MESSAGES})


def _write(
    question: Question,
    text: str,
    *,
    key: uuid.UUID,
    checked: Sequence[CheckedUpload],
    by: User,
    due_on: datetime.date | None = None,
    is_of_unit: bool = False,
) -> QuestionMessage:
    message = QuestionMessage.objects.create(
        question=question,
        submission_id=key,
        text=text,
        due_on=due_on,
        is_of_unit=is_of_unit,
        written_by=by,
        written_at=timezone.now(),
    )
    if checked:
        message.files.set([keep_file(upload=each, by=by, kinds=ANY_KIND) for each in checked])
    return message


def _files(message: QuestionMessage) -> dict[str, tuple[str, str]]:
    names = ", ".join(file.name for file in message.files.all())
    return {"files": ("", names)} if names else {}


def _step(question: Question, status: str, *, action: str, changes: dict, by: User, via: str) -> None:
    """Store the next version with its history, and tell the other side."""
    pairs = changes | ({"status": (question.status, status)} if question.version else {"status": (None, status)})
    question.status, question.version = status, question.version + 1
    question.save()
    pairs = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    record(about=question, by=by, via=via, action=action, changes=pairs)
    question_moved(question, by=by)
    log_event(f"question {action}", user=by.pk, question=question.pk)
