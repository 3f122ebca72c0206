"""Saving answers: a whole page, or one answer as it is given."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Via
from archiveportal.history.services import event, recording
from archiveportal.statements import Statement, in_batches, insertion, run_together, update
from criteria.inspections.models import Inspection, Result, Submission
from criteria.inspections.models.checklists import Answer
from criteria.inspections.services.gate import locked, refuse_unless_editable
from criteria.inspections.services.scores import SCORE_FIELDS, update_score
from criteria.inspections.services.values import (
    COLUMNS,
    Change,
    give_values,
    settle,
    told_changes,
    values_of,
)
from criteria.models import Bar
from criteria.scoring import ScoredCriterion


@dataclass(frozen=True)
class DateChange:
    """The day of the inspection, as the form showed it and as it was typed."""

    shown: datetime.date | None
    typed: datetime.date | None

    @property
    def is_made(self) -> bool:
        return self.typed != self.shown


@dataclass
class SavedAnswers:
    """The result of a save. With conflicts, a page submission has applied nothing.

    `conflicts` maps the key of a criterion to the colleague's result that the change did not know of; the
    day of the inspection conflicts when `date_conflict` is set.
    """

    applied: list[int] = field(default_factory=list)
    conflicts: dict[int, Answer | None] = field(default_factory=dict)
    date_conflict: bool = False
    #: of the checklist, before this save and after it
    version_before: int = 0
    version: int = 0

    @property
    def is_refused(self) -> bool:
        return bool(self.conflicts) or self.date_conflict


@transaction.atomic
def save_results(
    *,
    inspection: Inspection,
    changes: Iterable[Change],
    by: User,
    via: str = Via.PAGE,
    submission_id: uuid.UUID,
    date_change: DateChange | None = None,
    reason: str = "",
) -> SavedAnswers:
    """Applies the changes whose base version is still the present one.

    A page submission is all or nothing; answers from off-line apply where they do not conflict. The same
    content under a `submission_id` seen before returns the first answer and changes nothing. Raises `Refused`
    when the person, the state of the checklist or a value does not allow it.
    """
    inspection, changes = locked(inspection), list(changes)
    content = _content(changes, date_change)
    earlier = Submission.objects.filter(submission_id=submission_id).first()
    if earlier and (earlier.inspection_id, earlier.sent_by_id, earlier.content) == (inspection.pk, by.pk, content):
        return SavedAnswers(earlier.answer["applied"], version_before=inspection.version, version=inspection.version)
    if earlier:
        # Something else was typed into an old page (the browser's Back): the versions of the answers decide.
        submission_id = uuid.uuid4()
    refuse_unless_editable(inspection, by)
    results = {result.criterion_id: result for result in inspection.results.select_related("changed_by")}
    saved, changed = SavedAnswers(version_before=inspection.version), []
    for change in [settle(inspection, each) for each in changes]:
        result = results.get(change.criterion.pk)
        before = values_of(result)
        if before == change.values:
            continue
        if (result.version if result else 0) != change.base_version:
            saved.conflicts[change.criterion.pk] = result
            continue
        changed.append((change, result, before))
    if date_change and date_change.is_made:
        saved.date_conflict = inspection.inspected_on not in (date_change.shown, date_change.typed)
    else:
        date_change = None
    if saved.is_refused and via == Via.PAGE:
        return saved
    criteria = inspection.enrolment.round.criteria_set.criteria.all()
    write_answers(
        inspection,
        criteria,
        results,
        changed=changed,
        date_change=date_change,
        saved=saved,
        by=by,
        via=via,
        reason=reason,
    )
    saved.version = inspection.version
    answer = {"applied": saved.applied}
    Submission.objects.create(
        submission_id=submission_id, inspection=inspection, sent_by=by, content=content, answer=answer
    )
    return saved


def _content(changes: Sequence[Change], date_change: DateChange | None) -> str:
    """Short digest of what a submission asks for."""
    asked = [(change.criterion.pk, change.base_version, *map(str, change.values.values())) for change in changes]
    text = repr((sorted(asked), date_change and str(date_change.typed)))
    return hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def write_answers(
    inspection: Inspection,
    criteria: Iterable[ScoredCriterion],
    results: dict[int, Result],
    *,
    changed: Sequence[tuple[Change, Result | None, dict[str, Any]]] = (),
    date_change: DateChange | None = None,
    saved: SavedAnswers | None = None,
    by: User,
    via: str,
    reason: str = "",
    receipt: Submission | None = None,
    bars: Iterable[Bar] | None = None,
) -> None:
    """Stores the changed answers, the score that follows from them, their history and a receipt.

    `changed` has (settled change, result or None, values before); `results` the answers of all `criteria` of the set
    by key; `bars` those of the set, read where None.
    """
    if date_change:
        refuse_far_days(date_change.typed)
    saved = saved or SavedAnswers()
    now, events = timezone.now(), []
    for change, result, before in changed:
        pairs, name = told_changes(result, change, before), str(change.criterion)
        # One timeline per checklist: the event is about the inspection and names the criterion.
        events.append(event(about=inspection, by=by, via=via, changes=pairs, reason=reason, name=name))
        if result is None:
            result = Result(inspection=inspection, criterion=change.criterion, version=0)
            results[change.criterion.pk] = result
        give_values(result, change)
        result.version += 1
        result.changed_by_id, result.changed_at = by.pk, now
        saved.applied.append(change.criterion.pk)
    if date_change and not saved.date_conflict and date_change.typed != inspection.inspected_on:
        pairs = {"inspected_on": (inspection.inspected_on, date_change.typed)}
        events.append(event(about=inspection, by=by, via=via, changes=pairs, reason=reason))
        inspection.inspected_on = date_change.typed
    statements = [insertion([receipt])] if receipt else []
    if events:
        update_score(inspection, results, criteria, bars=bars)
        inspection.version += 1
        inspection.changed_by_id, inspection.changed_at = by.pk, now
        rows = [results[key] for key in saved.applied]
        statements += [*_storing(rows), update(inspection, SAVED), *recording(events)]
    run_together(statements)


def _storing(rows: Sequence[Result]) -> Iterator[Statement]:
    """Yield what adds answers, or puts them in the place of the earlier ones."""
    renewed = (*COLUMNS, "version", "changed_by", "changed_at")
    for some in in_batches(rows):
        yield insertion(some, unique=("inspection", "criterion"), renewed=renewed)


#: what a save changes of the checklist itself
SAVED = (*SCORE_FIELDS, "inspected_on", "version", "changed_by", "changed_at")
