"""One answer as a device sends it: on-line as it is given, or later when the network is back.

Nothing that was typed is lost: what cannot be applied is kept (`KeptAnswer`) until somebody decides on it.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action
from archiveportal.history.services import record
from archiveportal.model_fields import own_field
from archiveportal.refusal import Refused
from criteria.inspections.models import Inspection, KeptAnswer, Result, Submission
from criteria.inspections.services.answers import DateChange, write_answers
from criteria.inspections.services.gate import locked, refuse_unless_editable, refuse_unseen
from criteria.inspections.services.kept_limits import refuse_beyond_limits
from criteria.inspections.services.reading import ReadAnswers, answers_to, held_checklist
from criteria.inspections.services.typed import DAY, SHOWN_ON, read_answer, read_day, reading_day_field
from criteria.inspections.services.values import BLANK, FIELDS, Change, as_given, settle, values_of
from criteria.models import Criterion


@dataclass(frozen=True)
class Sent:
    """An answer on its way. `code` is that of the criterion, or `DAY`.

    `typed` has its parts as they were typed, by name. `base_version` is the version of the answer that it was made
    on. `made_at` is by the portal's clock.
    """

    code: str
    criteria_set: int
    base_version: int
    submission_id: uuid.UUID
    made_at: datetime.datetime
    typed: Mapping[str, str]

    def read(self, criterion: Criterion | None) -> dict[str, Any]:
        """Return the values of the answer, or of the day for None; raises `Refused` and `Incomplete`."""
        return read_answer(criterion, self.typed) if criterion else read_day(self.typed)

    @property
    def shown_on(self) -> datetime.date | None:
        """The day that the page showed; None also for one that cannot be read.

        Whatever its year: the rows may hold a slip from before the year was checked, and a page
        that shows it is how it is put right.
        """
        try:
            return reading_day_field().to_python(self.typed.get(SHOWN_ON))
        except ValidationError:
            return None

    @property
    def fingerprint(self) -> str:
        """What was typed as one text: the same save sent again has the same."""
        if self.code == DAY:
            return repr([self.typed.get(name) for name in (DAY, SHOWN_ON)])
        always, further = FIELDS[:4], FIELDS[4:]
        # A save that an earlier release received has its first four parts alone.
        given = [self.typed[name] for name in further if self.typed.get(name)]
        return repr([*(self.typed.get(name) for name in always), *given])


@dataclass
class Received:
    """The result of a save. `state`: "saved", "conflict" (kept beside the colleague's answer,
    `theirs`), or "kept" (the checklist took no answer, or another set; `message` says why).
    `version` is that of the answer then, `values` are those that were sent."""

    state: str
    inspection: Inspection
    version: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    theirs: Result | None = None
    kept: KeptAnswer | None = None
    message: str = ""
    received_at: datetime.datetime = field(default_factory=timezone.now)
    #: what it answers; None for the day
    criterion: Criterion | None = None


@transaction.atomic
def save_answer(*, pk: int, sent: Sent, by: User, via: str) -> Received:
    """Saves one answer of the checklist of enrolment `pk`, once, however often it is sent.

    Raises `Inspection.DoesNotExist` for a checklist that the person does not see, `Refused` for a role that fills
    in no checklists and for values that cannot be read, `Incomplete` for parts left out.
    """
    if not by.can_inspect:
        raise Refused(_("Your role does not fill in checklists."))
    inspection = held_checklist(by, pk)
    answers = answers_to(inspection, sent.code, sent.submission_id)
    received = _save(inspection, answers, sent, by=by, via=via)
    received.criterion = answers.criterion
    return received


def _save(inspection: Inspection, answers: ReadAnswers, sent: Sent, *, by: User, via: str) -> Received:
    """Save the answer, keep it, or return what it was answered before."""
    if answers.earlier and answers.earlier.get("content") == _content(inspection, sent):
        return _again(inspection, answers.earlier, by)
    if answers.earlier:
        # Something else under the same number, by a fault of the device: the versions of the answers decide.
        sent = replace(sent, submission_id=uuid.uuid4())
    if sent.code != DAY and sent.criteria_set != inspection.enrolment.round.criteria_set_id:
        return _keep_foreign(inspection, sent, by, via=via)
    criterion, result = answers.criterion, answers.result
    if criterion is None and sent.code != DAY:
        raise Refused(_("This criterion does not belong to the criteria set of the round."))
    values = sent.read(criterion)
    try:
        refuse_unless_editable(inspection, by)
    except Refused:
        reason, message = KeptAnswer.Reason.LOCKED, _why_kept(inspection)
        return _keep(
            inspection,
            criterion,
            sent,
            values=values,
            by=by,
            via=via,
            reason=reason,
            message=message,
            theirs=_standing_answer(result),
        )
    if criterion is None:
        return _save_day(inspection, answers, sent, values=values, by=by, via=via)
    change = settle(inspection, Change(criterion, sent.base_version, values))
    before, values = values_of(result), as_given(criterion, change.values)
    if before != change.values and (result.version if result else 0) != sent.base_version:
        reason, theirs = KeptAnswer.Reason.CONFLICT, _standing_answer(result)
        return _keep(inspection, criterion, sent, values=values, by=by, via=via, reason=reason, theirs=theirs)
    if before == change.values:
        return _remember(Received("saved", inspection, result.version if result else 0, values), sent, by)
    received = Received("saved", inspection, sent.base_version + 1, values)
    changed, receipt = [(change, result, before)], _receipt(received, sent, by)
    write_answers(
        inspection,
        answers.lines,
        answers.results,
        changed=changed,
        by=by,
        via=via,
        receipt=receipt,
        bars=answers.bars,
    )
    return received


def _standing_answer(result: Result | None) -> Result | None:
    """Return the whole row with its author, to be shown beside what is kept."""
    return Result.objects.select_related("changed_by").get(pk=result.pk) if result else None


def _why_kept(inspection: Inspection) -> str:
    """The page that sent it may still be a form: it says what became of the answer and of the checklist."""
    if inspection.status == Inspection.Status.APPROVED:
        return _("The checklist is approved; this answer is kept, not in the checklist. Load the checklist again.")
    if inspection.status == Inspection.Status.SUBMITTED:
        return _("The checklist waits for approval; this answer is kept, not in the checklist. Load it again.")
    if inspection.is_locked:
        return _("The minutes are signed; this answer is kept, not in the checklist. Load the checklist again.")
    return _("The round is closed; this answer is kept, not in the checklist. Load the checklist again.")


def _save_day(
    inspection: Inspection, answers: ReadAnswers, sent: Sent, *, values: dict[str, Any], by: User, via: str
) -> Received:
    change = DateChange(sent.shown_on, values[DAY])
    if inspection.inspected_on not in (change.shown, change.typed):
        return _keep(inspection, None, sent, values=values, by=by, via=via, reason=KeptAnswer.Reason.CONFLICT)
    received = Received("saved", inspection, values=values)
    receipt = _receipt(received, sent, by)
    write_answers(
        inspection,
        answers.lines,
        answers.results,
        date_change=change,
        by=by,
        via=via,
        receipt=receipt,
        bars=answers.bars,
    )
    return received


def _keep_foreign(inspection: Inspection, sent: Sent, by: User, *, via: str) -> Received:
    """An answer to a version of the set that the round does not use (any more)."""
    criterion = Criterion.objects.filter(criteria_set=sent.criteria_set, code=sent.code).first()
    if criterion is None:
        raise Refused(_("This criterion does not belong to the criteria set of the round."))
    message = _("This round uses another version of the criteria set now. Your answer is kept and not applied.")
    return _keep(
        inspection,
        criterion,
        sent,
        values=sent.read(criterion),
        by=by,
        via=via,
        reason=KeptAnswer.Reason.REPLACED,
        message=message,
    )


def _keep(
    inspection: Inspection,
    criterion: Criterion | None,
    sent: Sent,
    *,
    values: dict[str, Any],
    by: User,
    via: str,
    reason: str,
    message: str = "",
    theirs: Result | None = None,
) -> Received:
    """Keeps the answer; a person's later one to the same criterion takes the place of the one still undecided."""
    pending = inspection.kept_answers.filter(criterion=criterion, sent_by=by, reason=reason, decision="").first()
    kept = pending or KeptAnswer(inspection=inspection, criterion=criterion, sent_by=by, reason=reason)
    before, typed = kept.values if pending else {}, _as_text(values)
    if reason != KeptAnswer.Reason.CONFLICT:
        refuse_beyond_limits(inspection, typed, pending=pending, by=by)
    # One that was typed earlier and arrives later is in the history only.
    if not pending or pending.made_at <= sent.made_at:
        kept.criteria_set_id, kept.base_version, kept.values = sent.criteria_set, sent.base_version, typed
        kept.submission_id, kept.via, kept.made_at = sent.submission_id, via, sent.made_at
        kept.save()
    pairs = {name: (before.get(name), value) for name, value in typed.items() if before.get(name) != value}
    record(about=kept, by=by, via=via, action=Action.KEPT, changes=pairs, reason=str(kept.get_reason_display()))
    state = "conflict" if reason == KeptAnswer.Reason.CONFLICT else "kept"
    version = theirs.version if theirs else 0
    return _remember(Received(state, inspection, version, values, theirs, kept, message), sent, by)


def _content(inspection: Inspection, sent: Sent) -> str:
    asked = f"{inspection.pk}:{sent.code}:{sent.base_version}:{sent.shown_on or ''}:{sent.fingerprint}"
    return hashlib.blake2s(asked.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _as_text(values: dict[str, Any]) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in values.items()}


def from_text(values: dict[str, str | None]) -> dict[str, Any]:
    """Return the values of a kept answer, as those of a result; or the day."""
    if DAY in values:
        day = values[DAY]
        return {DAY: datetime.date.fromisoformat(day) if day else None}
    answer = {name: values.get(name, blank) for name, blank in BLANK.items()}
    read = {name: own_field(Result, name).to_python(answer[name]) for name in ("number", "of_number", "day")}
    return answer | read | {"option": int(answer["option"]) if answer["option"] else None}


def _remember(received: Received, sent: Sent, by: User) -> Received:
    _receipt(received, sent, by).save(force_insert=True)
    return received


def _receipt(received: Received, sent: Sent, by: User) -> Submission:
    """Return what the same save sent again is answered by; not yet saved."""
    answer: dict[str, Any] = {
        "content": _content(received.inspection, sent),
        "state": received.state,
        "version": received.version,
        "by": by.pk,
    }
    answer |= {"kept": received.kept and received.kept.pk, "message": received.message}
    answer |= {"values": _as_text(received.values), "at": received.received_at.isoformat()}
    return Submission(
        submission_id=sent.submission_id,
        inspection_id=received.inspection.pk,
        sent_by_id=by.pk,
        content=answer["content"],
        answer=answer,
    )


def _again(inspection: Inspection, answer: dict[str, Any], by: User) -> Received:
    """Return the answer that the first arrival of the same save got."""
    if answer["by"] != by.pk:
        raise Refused(_("This answer was sent by another person. Sign in as that person to see it."))
    kept = KeptAnswer.objects.filter(pk=answer["kept"]).select_related("criterion").first() if answer["kept"] else None
    theirs = None
    if kept and answer["state"] != "saved":
        theirs = inspection.results.filter(criterion=kept.criterion_id).select_related("changed_by").first()
    values, at = from_text(answer["values"]), datetime.datetime.fromisoformat(answer["at"])
    return Received(answer["state"], inspection, answer["version"], values, theirs, kept, answer["message"], at)


@transaction.atomic
def settle_kept(*, kept: KeptAnswer, take: bool, seen: int | None, by: User, via: str) -> KeptAnswer:
    """Decides on a kept answer: taken into the checklist, or dropped. Its row and its history stay.

    `seen` is the version of the answer that was shown beside it, of the day its ordinal (0: none):
    nobody takes an answer in the place of one unseen.
    """
    inspection = locked(kept.inspection)
    kept = KeptAnswer.objects.select_related("criterion", "sent_by").get(pk=kept.pk)
    if kept.decision:
        raise Refused(_("Somebody has decided on this answer already."))
    if not by.can_inspect:
        raise Refused(_("Your role does not fill in checklists."))
    if take:
        _take(inspection, kept, seen, by=by, via=via)
    elif not (by.can_approve or by.pk == kept.sent_by_id):
        if kept.reason != KeptAnswer.Reason.CONFLICT:
            raise Refused(_("Only the author or an approver drops an answer that was kept."))
        refuse_unless_editable(inspection, by)
    kept.decision = KeptAnswer.Decision.TAKEN if take else KeptAnswer.Decision.DROPPED
    kept.decided_by, kept.decided_at = by, timezone.now()
    kept.save(update_fields=["decision", "decided_by", "decided_at"])
    record(about=kept, by=by, via=via, action=Action.ACCEPTED if take else Action.DROPPED)
    return kept


def standing_version(kept: KeptAnswer, inspection: Inspection, result: Result | None) -> int:
    """Return the version of the value beside a kept answer: that of the answer, or the day's
    ordinal."""
    if kept.criterion_id is None:
        return inspection.inspected_on.toordinal() if inspection.inspected_on else 0
    return result.version if result else 0


def _take(inspection: Inspection, kept: KeptAnswer, seen: int | None, *, by: User, via: str) -> None:
    refuse_unless_editable(inspection, by)
    if kept.criteria_set_id != inspection.enrolment.round.criteria_set_id:
        raise Refused(_("This answer belongs to another criteria set; type it in by hand where it fits."))
    answers = answers_to(inspection, kept.criterion.code if kept.criterion else DAY)
    reason = _("answer of %(who)s, received %(when)s") % {
        "who": kept.sent_by,
        "when": timezone.localtime(kept.received_at).strftime("%d/%m/%Y %H:%M"),
    }
    if seen != standing_version(kept, inspection, answers.result):
        refuse_unseen(inspection, -1)
    if kept.criterion is None:
        day = DateChange(inspection.inspected_on, from_text(kept.values)[DAY])
        write_answers(inspection, answers.lines, answers.results, date_change=day, by=by, via=via, reason=reason)
        return
    result, values = answers.result, from_text(kept.values)
    change = settle(inspection, Change(kept.criterion, result.version if result else 0, values))
    if values_of(result) != change.values:
        changed = [(change, result, values_of(result))]
        write_answers(inspection, answers.lines, answers.results, changed=changed, by=by, via=via, reason=reason)
