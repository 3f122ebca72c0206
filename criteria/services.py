"""Writing criteria sets: a set in force or in use does not change; a new version of it does until then."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.accounts.stand_ins import refuse_own_hand, who_can
from archiveportal.history.models import Action, Event, Via
from archiveportal.history.services import event, record, record_all
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.building.readiness import refuse_unready
from criteria.models import (
    FROZEN,
    Band,
    Bar,
    BarCondition,
    Citation,
    CriteriaSet,
    Criterion,
    Crossing,
    Option,
    RatioStep,
    Section,
    SetBasis,
    SetKind,
)
from criteria.scoring import gaps, top_of

SET_FIELDS = ("name", "legal_basis", "note", "allows_not_applicable")
CRITERION_FIELDS = (
    *("name", "heading", "guidance", "legal_basis", "points", "is_counted", "has_outcome", "number"),
    *("needs_evidence", "needs_explanation"),
)
BAND_FIELDS = ("label", "lower_percent", "upper_percent")
#: of a set, what its copy has too; a note speaks of the version that it is written for
COPIED_SET_FIELDS = (
    *("name", "legal_basis", "allows_not_applicable"),
    *("allows_not_shown", "allows_excused", "not_applicable_counts", "announced_total", "bands_by"),
    *("deduction_cap", "bonus_cap"),
)
#: each after those that its rows name
COPIED_PARTS: tuple[Any, ...] = (
    *(Section, Criterion, Option, RatioStep, Citation, Band, Bar, BarCondition, SetKind, SetBasis),
)
#: what a criterion asks and how it scores; with another one it is no longer the same question
ASKED_FIELDS = ("name", "kind", "sign", "points", "options", "steps", "threshold", "threshold_rule", "deadline")
#: relation of a copied criterion before and after one of these is changed
REWORDED = (Crossing.Relation.SAME.value, Crossing.Relation.REWORDED.value)
#: changes that give nobody a hand in a version: sentences belong to all versions alike, states are decided on
UNDECIDING = frozenset({"stock_notes", "recommendation", "status"})


def digest(criteria_set: CriteriaSet) -> str:
    """Digest the rows that a form is based on; a set that a colleague changed since has another
    one."""
    rows: list[tuple[Model, tuple[str, ...]]] = [(criteria_set, SET_FIELDS)]
    rows += [(criterion, CRITERION_FIELDS) for criterion in criteria_set.criteria.all()]
    rows += [(band, BAND_FIELDS) for band in criteria_set.bands.all()]
    lines = ["\n".join(f"{row.pk}:{name}={getattr(row, name)}" for name in names) for row, names in rows]
    return hashlib.blake2s("\n".join(lines).encode(), digest_size=8).hexdigest()


@transaction.atomic
def copy_set(*, criteria_set: CriteriaSet, by: User, via: str = Via.PAGE) -> CriteriaSet:
    """The next version of a set, proposed and free to be changed; the one there is, if it is not in use yet.

    Raises `ValidationError` for other roles.
    """
    _refuse_unless_approver(by)
    versions = CriteriaSet.objects.filter(code=criteria_set.code)
    # Locked first and read afterwards: whoever waited here sees the version that was made meanwhile.
    list(versions.select_for_update().values_list("pk"))
    draft = versions.filter(status__in=CriteriaSet.UNPUBLISHED, frozen_at__isnull=True).first()
    if draft:
        return draft
    last = max(versions.values_list("version", flat=True))
    copy = CriteriaSet(code=criteria_set.code, version=last + 1, replaces=criteria_set)
    for name in COPIED_SET_FIELDS:
        setattr(copy, name, getattr(criteria_set, name))
    copy.save()
    copies = copy_parts(criteria_set, copy)
    write_crosswalk(copy, copies[Criterion])
    citations = copy.citations.select_related("criterion", "act")
    record_all(event(about=row, by=by, via=via, action=Action.CREATED) for row in citations)
    record(about=copy, by=by, via=via, action=Action.CREATED)
    return copy


def copy_parts(source: CriteriaSet, copy: CriteriaSet) -> dict[type[Model], dict[int, int]]:
    """Copy the parts of a set into another one; return {model: {key of a row: key of its copy}}."""
    copies: dict[type[Model], dict[int, int]] = {}
    for model in COPIED_PARTS:
        rows = list(model.objects.filter(criteria_set=source).order_by("pk"))
        made = model.objects.bulk_create([_copy_of(row, copy, copies) for row in rows])
        copies[model] = {row.pk: new.pk for row, new in zip(rows, made, strict=True)}
        # A row may lie under one that is copied after it.
        nested = [(row, new) for row, new in zip(rows, made, strict=True) if getattr(row, "parent_id", None)]
        for row, new in nested:
            new.parent_id = copies[model][row.parent_id]
        if nested:
            model.objects.bulk_update([new for _row, new in nested], ["parent"])
    return copies


def _copy_of(row: Model, copy: CriteriaSet, copies: Mapping[type[Model], Mapping[int, int]]) -> Any:
    """Return an unsaved copy of a part, which names the copies of the parts that it names, apart from its parent."""
    values: dict[str, Any] = {}
    for own in row._meta.concrete_fields:
        if own.name in ("id", "criteria_set", "parent"):
            continue
        value = getattr(row, own.attname)
        of_copies = copies.get(own.related_model) if own.related_model else None
        values[own.attname] = of_copies[value] if of_copies and value else value
    return type(row)(criteria_set=copy, **values)


def write_crosswalk(copy: CriteriaSet, criteria: Mapping[int, int]) -> None:
    """Say of each criterion of a copy that it is the same as the one that it was copied from."""
    Crossing.objects.bulk_create(
        Crossing(
            criteria_set=copy,
            old_criterion_id=old,
            new_criterion_id=new,
            relation=Crossing.Relation.SAME,
        )
        for old, new in criteria.items()
    )


@transaction.atomic
def edit_set(
    *,
    criteria_set: CriteriaSet,
    values: Mapping[str, Any],
    criteria: Mapping[int, Mapping[str, Any]],
    bands: Mapping[int, Mapping[str, Any]],
    made_on: str,
    by: User,
    via: str = Via.PAGE,
) -> None:
    """Changes a set that is not in use. Which criteria count is data: those that do are numbered anew, in order.

    `criteria` and `bands` map keys to values; `made_on` is the digest that the form was made on. Raises
    `ValidationError` for a set in use, for a stale form, and where bands leave a score out or double one.
    """
    _refuse_unless_approver(by)
    criteria_set = CriteriaSet.objects.select_for_update().get(pk=criteria_set.pk)
    if not any(new["is_counted"] for new in criteria.values()):
        raise ValidationError(_("At least one criterion has to count."))
    if criteria_set.frozen_at:
        raise ValidationError(FROZEN)
    if digest(criteria_set) != made_on:
        raise ValidationError(_("Not saved: a colleague changed this set after you opened the page."))
    _refuse_gaps(criteria_set, bands)
    shown = {criterion.pk: _values(criterion, CRITERION_FIELDS) for criterion in criteria_set.criteria.all()}
    # All numbers are freed first: two criteria never hold the same one, not even for a moment.
    criteria_set.criteria.update(number=None, is_counted=False)
    numbers = iter(range(1, len(criteria) + 1))
    events = [_change(criteria_set, _values(criteria_set, SET_FIELDS), values, by=by, via=via)]
    for criterion in criteria_set.criteria.all():
        before, new = shown[criterion.pk], dict(criteria[criterion.pk])
        new["has_outcome"] = new["is_counted"] or before["has_outcome"]
        new["number"] = next(numbers) if new["is_counted"] else None
        if new["has_outcome"] and criterion.kind == Criterion.Kind.FACT:
            new["kind"], before["kind"] = Criterion.Kind.MET, criterion.kind
        told = _change(criterion, before, new, by=by, via=via)
        if told and told.changes.keys() & ASKED_FIELDS and mark_reworded(criterion):
            told.changes |= {"relation": list(REWORDED)}
        events.append(told)
    for band in criteria_set.bands.all():
        events.append(_change(band, _values(band, BAND_FIELDS), bands[band.pk], by=by, via=via))
    record_all(filter(None, events))


@transaction.atomic
def put_in_force(*, criteria_set: CriteriaSet, by: User, via: str = Via.PAGE) -> None:
    """Proposed -> in force, once nothing prevents it; the version in force until now is replaced.

    By somebody who had no hand in this version: neither made it nor changed it. From then on it does
    not change, used or not.
    """
    _refuse_unless_deciding(by)
    versions = CriteriaSet.objects.select_for_update().filter(code=criteria_set.code)
    same = list(versions.order_by("version"))
    # As stored now, not as the caller read it: a colleague may have taken it back meanwhile.
    stored = next(row for row in same if row.pk == criteria_set.pk)
    _refuse_unproposed(stored)
    refuse_unready(stored)
    refuse_own_hand(own_hand_in(stored, by), step="put criteria set in force", key=stored.pk, by=by)
    # One version is in force at any moment: the one before goes first.
    for row in same:
        if row.pk != stored.pk and row.status == CriteriaSet.Status.IN_FORCE:
            _write_published(row, CriteriaSet.Status.REPLACED, by=by, via=via)
    _write_published(stored, CriteriaSet.Status.IN_FORCE, by=by, via=via)
    log_event("criteria set in force", user=by.pk, criteria_set=stored.pk)


def _refuse_unproposed(criteria_set: CriteriaSet) -> None:
    if criteria_set.status == CriteriaSet.Status.DRAFT:
        raise Refused(_("This set is a draft. Propose it first."))
    if criteria_set.status == CriteriaSet.Status.REPLACED:
        raise Refused(_("A later version replaced this one. Make a new version of it to put it in force again."))


def _write_published(row: CriteriaSet, status: str, *, by: User, via: str) -> None:
    """Write the state of a version and freeze it: what was decided on is what people read later."""
    before, row.status = row.status, status
    row.frozen_at = row.frozen_at or timezone.now()
    row.save(update_fields=["status", "frozen_at"])
    if before != status:
        record(about=row, by=by, via=via, changes={"status": (before, status)})


def mark_reworded(criterion: Criterion) -> bool:
    """Say in the crosswalk that a criterion is no longer the same as the one it was copied from; return if it was."""
    same, reworded = REWORDED
    return bool(Crossing.objects.filter(new_criterion=criterion, relation=same).update(relation=reworded))


def is_plain(criteria_set: CriteriaSet) -> bool:
    """Tell whether a set is as that of phase 1, so that one form edits all of it: no sections, met or facts alone."""
    kinds = {criterion.kind for criterion in criteria_set.criteria.all()}
    plain = {Criterion.Kind.MET.value, Criterion.Kind.FACT.value}
    is_by_percent = criteria_set.bands_by == CriteriaSet.BandsBy.PERCENT
    return bool(kinds) and kinds <= plain and is_by_percent and not criteria_set.sections.all()


def _values(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _change(row: Model, before: Mapping[str, Any], values: Mapping[str, Any], *, by: User, via: str) -> Event | None:
    """Writes the values; the event of those that differ from before, or None."""
    for name in before:
        setattr(row, name, values[name])
    row.save(update_fields=list(before))
    changes = {name: (value, values[name]) for name, value in before.items() if value != values[name]}
    return event(about=row, by=by, via=via, changes=changes) if changes else None


def _refuse_unless_approver(by: User) -> None:
    if not by.can_approve:
        raise ValidationError(_("Your role does not change criteria sets."))


def _refuse_unless_deciding(by: User) -> None:
    if not by.may_decide:
        raise ValidationError(_("Your role does not change criteria sets."))


def authors_of(criteria_set: CriteriaSet) -> set[int]:
    """Return the keys of those who made or changed this version; ready sentences decide nothing."""
    parts = [criteria_set]
    for model in COPIED_PARTS:
        parts += model.objects.filter(criteria_set=criteria_set)
    events = Event.objects.about(*parts).exclude(actor_id=None)
    changes = events.values_list("actor_id", "changes")
    return {person for person, changed in changes if not changed or not UNDECIDING.issuperset(changed)}


def own_hand_in(criteria_set: CriteriaSet, person: User) -> str:
    """Say why a person does not put a version in force and who can; blank if nothing prevents it."""
    authors = authors_of(criteria_set)
    if person.pk not in authors:
        return ""
    own = _("You wrote in this version yourself; another person has to put it in force.")
    return f"{own} {who_can(without=authors)}"


def _refuse_gaps(criteria_set: CriteriaSet, bands: Mapping[int, Mapping[str, Any]]) -> None:
    """Every score from 0 to 100 %, or to the maximum, must belong to exactly one band."""
    rows = list(criteria_set.bands.all())
    for band in rows:
        for name, value in bands.get(band.pk, {}).items():
            setattr(band, name, value)
    faults = gaps(rows, top_of(rows, criteria_set.criteria.all()))
    if faults:
        raise ValidationError(
            _("The bands leave out or double these scores (in percent): %(faults)s.") % {"faults": ", ".join(faults)},
            code="bands",
        )
