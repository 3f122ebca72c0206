"""Every write to a checklist: its answers, and its way from draft to approval."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archiveportal.history.models import Action, Via
from archiveportal.history.services import event, record, record_all
from archiveportal.logs import log_event
from criteria.inspections.models import Enrolment, Inspection, Result, Round, Submission
from criteria.models import CriteriaSet, Criterion
from criteria.scoring import score

FIELDS = ("outcome", "number", "text", "note")
BLANK = {"outcome": "", "number": None, "text": "", "note": ""}


class Refused(ValidationError):
    """The whole request is refused; the message says why and what to do."""


@dataclass(frozen=True)
class Change:
    """New values of one answer, made on version `base_version` of it (0: no answer was there)."""

    criterion: Criterion
    base_version: int
    values: dict[str, Any]


@dataclass(frozen=True)
class DateChange:
    """The day of the inspection, as the form showed it and as it was typed."""

    shown: datetime.date | None
    typed: datetime.date | None

    @property
    def is_made(self) -> bool:
        return self.typed != self.shown


@dataclass
class Saved:
    """What became of a save. With conflicts, a page submission has applied nothing.

    `conflicts` maps the key of a criterion to the colleague's result that the change did not know of; the
    day of the inspection conflicts when `date_conflict` is set.
    """

    applied: list[int] = field(default_factory=list)
    conflicts: dict[int, Result] = field(default_factory=dict)
    date_conflict: bool = False
    #: of the checklist, before this save and after it
    version_before: int = 0
    version: int = 0

    @property
    def is_refused(self) -> bool:
        return bool(self.conflicts) or self.date_conflict


@transaction.atomic
def enrol_wards(
    *, round: Round, wards: Sequence, by: Any, via: str, published: Mapping[int, dict[str, Any]] | None = None
) -> list[Enrolment]:
    """Enrols wards behind those already in the round, each with an empty checklist. Freezes the criteria set.

    `published` has what a signed report printed for a ward, by the key of the ward.
    """
    published = published or {}
    CriteriaSet.objects.filter(pk=round.criteria_set_id, frozen_at__isnull=True).update(frozen_at=timezone.now())
    last = round.enrolments.order_by("-position").values_list("position", flat=True).first() or 0
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(**{"round": round, "ward": ward, "position": position} | published.get(ward.pk, {}))
        for position, ward in enumerate(wards, start=last + 1)
    )
    empty = score({}, round.criteria_set.criteria.all())
    Inspection.objects.bulk_create(
        Inspection(enrolment=enrolment, maximum=empty.maximum, open_criteria=empty.open) for enrolment in enrolments
    )
    record_all(event(about=enrolment, by=by, via=via, action=Action.CREATED) for enrolment in enrolments)
    return enrolments


@transaction.atomic
def save_results(
    *,
    inspection: Inspection,
    changes: Iterable[Change],
    by: Any,
    via: str = Via.PAGE,
    submission_id: uuid.UUID,
    date_change: DateChange | None = None,
) -> Saved:
    """Applies the changes whose base version is still the present one.

    A page submission is all or nothing; answers from off-line apply where they do not conflict. The same
    content under a `submission_id` seen before returns the first answer and changes nothing. Raises `Refused`
    when the person, the state of the checklist or a value does not allow it.
    """
    inspection, changes = _locked(inspection), list(changes)
    content = _content(changes, date_change)
    earlier = Submission.objects.filter(submission_id=submission_id).first()
    if earlier and (earlier.inspection_id, earlier.sent_by_id, earlier.content) == (inspection.pk, by.pk, content):
        return Saved(earlier.answer["applied"], version_before=inspection.version, version=inspection.version)
    if earlier:
        # Something else was typed into an old page (the browser's Back): the versions of the answers decide.
        submission_id = uuid.uuid4()
    _refuse_unless_editable(inspection, by)
    results = {result.criterion_id: result for result in inspection.results.select_related("changed_by")}
    saved, changed = Saved(version_before=inspection.version), []
    for change in changes:
        _refuse_bad_values(inspection, change)
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
    _write(inspection, results, changed, date_change, saved, by=by, via=via)
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


def _write(inspection, results, changed, date_change, saved, *, by, via) -> None:
    """Stores the changed answers, the score that follows from them, and their history."""
    now, events = timezone.now(), []
    for change, result, _before in changed:
        if result is None:
            result = Result(inspection=inspection, criterion=change.criterion, version=0)
            results[change.criterion.pk] = result
        for name, value in change.values.items():
            setattr(result, name, value)
        result.version += 1
        result.changed_by, result.changed_at = by, now
        saved.applied.append(change.criterion.pk)
    rows = [results[key] for key in saved.applied]
    if rows:
        Result.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["inspection", "criterion"],
            update_fields=[*FIELDS, "version", "changed_by", "changed_at"],
        )
        # One timeline per checklist: the event is about the inspection and names the criterion.
        for change, _result, before in changed:
            pairs = {name: (before[name], value) for name, value in change.values.items() if before[name] != value}
            entry = event(about=inspection, by=by, via=via, changes=pairs)
            entry.object_name = str(change.criterion)[:300]
            events.append(entry)
    if date_change and not saved.date_conflict and date_change.typed != inspection.inspected_on:
        pairs = {"inspected_on": (inspection.inspected_on, date_change.typed)}
        events.append(event(about=inspection, by=by, via=via, changes=pairs))
        inspection.inspected_on = date_change.typed
    if not events:
        return
    update_score(inspection, results)
    inspection.version += 1
    inspection.changed_by, inspection.changed_at = by, now
    inspection.save(update_fields=[*SCORE_FIELDS, "inspected_on", "version", "changed_by", "changed_at"])
    record_all(events)


SCORE_FIELDS = ["score", "maximum", "met_criteria", "open_criteria"]


def update_score(inspection: Inspection, results: dict[int, Result]) -> None:
    """Sets the four score fields (not saved) from the answers."""
    criteria = inspection.enrolment.round.criteria_set.criteria.all()
    total = score({key: result.outcome for key, result in results.items()}, criteria)
    inspection.score, inspection.maximum = total.points, total.maximum
    inspection.met_criteria, inspection.open_criteria = total.met, total.open


@transaction.atomic
def submit_inspection(*, inspection: Inspection, seen: int | None = None, by: Any, via: str = Via.PAGE) -> Inspection:
    """Draft or returned -> waiting for approval. Refused while a criterion is open.

    `seen` is the version that the page showed (None: there was no page): nobody submits or decides on answers
    that changed meanwhile.
    """
    inspection = _locked(inspection)
    _refuse_unseen(inspection, seen)
    _refuse_unless_editable(inspection, by)
    if inspection.open_criteria:
        raise Refused(
            _("Not submitted yet: %(numbers)s not assessed. Choose a number to go to its criterion.")
            % {
                "numbers": ngettext("%(count)d criterion is", "%(count)d criteria are", inspection.open_criteria)
                % {"count": inspection.open_criteria}
            },
            code="open",
        )
    if not inspection.maximum:
        raise Refused(_("Not submitted yet: no criterion applies. At least one has to be assessed."))
    inspection.submitted_by, inspection.submitted_at = by, timezone.now()
    return _step(inspection, Action.SUBMITTED, Inspection.Status.SUBMITTED, by=by, via=via, stamp="submitted")


@transaction.atomic
def return_inspection(
    *, inspection: Inspection, seen: int | None = None, by: Any, reason: str, via: str = Via.PAGE
) -> Inspection:
    """Waiting -> returned for additions, with the reason that the inspector reads."""
    inspection = _locked(inspection)
    _refuse_unless_waiting(inspection, by)
    _refuse_unseen(inspection, seen)
    if not inspection.enrolment.round.is_open:
        raise Refused(_("This round is closed; nobody could correct the checklist. Open the round again first."))
    if not reason.strip():
        raise Refused(_("Say what has to be added or corrected."))
    inspection.returned_by, inspection.returned_at, inspection.return_reason = by, timezone.now(), reason.strip()
    return _step(
        inspection, Action.RETURNED, Inspection.Status.RETURNED, by=by, via=via, stamp="returned", reason=reason.strip()
    )


@transaction.atomic
def approve_inspection(*, inspection: Inspection, seen: int | None = None, by: Any, via: str = Via.PAGE) -> Inspection:
    """Waiting -> approved, by another person than the one who submitted."""
    inspection = _locked(inspection)
    _refuse_unless_waiting(inspection, by)
    _refuse_unseen(inspection, seen)
    inspection.approved_by, inspection.approved_at = by, timezone.now()
    return _step(inspection, Action.APPROVED, Inspection.Status.APPROVED, by=by, via=via, stamp="approved")


def _step(inspection, action, status, *, by, via, stamp, reason="") -> Inspection:
    before, inspection.status = inspection.status, status
    names = ["status", f"{stamp}_by", f"{stamp}_at"] + ["return_reason"] * (stamp == "returned")
    inspection.save(update_fields=names)
    record(about=inspection, by=by, via=via, action=action, changes={"status": (before, status)}, reason=reason)
    log_event(f"inspection {action}", user=by.pk, inspection=inspection.pk)
    return inspection


def _locked(inspection: Inspection) -> Inspection:
    """The row as it is now, held until the transaction ends (on SQLite the transaction itself holds it).

    The criteria that the caller has read already are kept: a set in use does not change.
    """
    criteria_set = inspection.enrolment.round.criteria_set
    fresh = (
        Inspection.objects.select_related("enrolment__round", "enrolment__ward__district")
        .select_for_update(of=("self",))
        .get(pk=inspection.pk)
    )
    fresh.enrolment.round.criteria_set = criteria_set
    return fresh


def _refuse_unless_editable(inspection: Inspection, by: Any) -> None:
    if not by.can_inspect:
        raise Refused(_("Your role does not fill in checklists."))
    if not inspection.enrolment.round.is_open:
        raise Refused(_("This round is closed. Ask the leader of the sub-department to open it again."))
    if inspection.status == Inspection.Status.SUBMITTED:
        raise Refused(_("This checklist is waiting for approval. It can be changed once it is returned."))
    if inspection.status == Inspection.Status.APPROVED:
        raise Refused(_("This checklist is approved and does not change any more."))


def _refuse_unseen(inspection: Inspection, seen: int | None) -> None:
    if seen is not None and inspection.version != seen:
        raise Refused(_("A colleague changed this checklist after you opened it. Look at it again, then decide."))


def _refuse_unless_waiting(inspection: Inspection, by: Any) -> None:
    if not by.can_approve:
        raise Refused(_("Your role does not approve checklists."))
    if inspection.status != Inspection.Status.SUBMITTED:
        raise Refused(_("This checklist is not waiting for approval."))
    if inspection.submitted_by_id == by.pk:
        raise Refused(_("You submitted this checklist yourself; another person has to decide on it."))


def _refuse_bad_values(inspection: Inspection, change: Change) -> None:
    """What the form checks too, for the ways in that have no form."""
    criterion, values = change.criterion, change.values
    criteria_set = inspection.enrolment.round.criteria_set
    if criterion.criteria_set_id != criteria_set.pk:
        raise Refused(_("This criterion does not belong to the criteria set of the round."))
    allowed = {"", Result.Outcome.MET, Result.Outcome.NOT_MET}
    if criteria_set.allows_not_applicable:
        allowed.add(Result.Outcome.NOT_APPLICABLE)
    if values["outcome"] not in (allowed if criterion.has_outcome else {""}):
        raise Refused(_("Choose one of the answers offered."))
    if values["outcome"] == Result.Outcome.NOT_APPLICABLE and not values["note"].strip():
        raise Refused(_("Say in the note why the criterion does not apply."))
    takes_number = criterion.fact_kind in (Criterion.FactKind.INTEGER, Criterion.FactKind.DECIMAL)
    if values["number"] is not None and not takes_number:
        raise Refused(_("This criterion takes no number."))
    if values["text"] and criterion.fact_kind != Criterion.FactKind.TEXT:
        raise Refused(_("This criterion takes no text beside its note."))


def values_of(result: Result | None) -> dict[str, Any]:
    """The four values of an answer, alike whether they come from the database or from a form."""
    if result is None:
        return dict(BLANK)
    values = {name: getattr(result, name) for name in FIELDS}
    if values["number"] is not None:
        values["number"] = Decimal(values["number"])
    return values
