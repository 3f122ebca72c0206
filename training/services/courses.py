"""Every write to courses and targets: entered, corrected with history, voided with a reason, never deleted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Event, Via
from archiveportal.history.services import record
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from training.entered_values import (
    FIELDS,
    OWN_FIELDS,
    to_history_value,
    to_history_values,
    values_as_reported,
    values_of,
)
from training.models import Category, Course, Scheme
from training.services.gate import refuse_unless_entering
from training.summary_rules import enters_by_rule, is_after_stop


@dataclass(frozen=True)
class Clash:
    """A field in which the row now differs from what was sent on an older version of it.

    `was_typed` is false where the person left the field as it was and a colleague changed it since.
    """

    name: str
    theirs: Any
    mine: Any
    was_typed: bool


@dataclass
class SavedCourse:
    """The result of a save. With `is_stale` nothing was written; `clashes` are the differences."""

    course: Course
    is_stale: bool = False
    clashes: list[Clash] = field(default_factory=list)
    #: of a new course: the same form had been sent before
    is_repeat: bool = False


@transaction.atomic
def create_course(
    *, scheme: Scheme, values: Mapping[str, Any], by: User | None, submission_id: uuid.UUID, via: str = Via.PAGE
) -> SavedCourse:
    """A new row with `values` (every name of FIELDS). A `submission_id` seen before gives the first row again."""
    refuse_unless_entering(by)
    earlier = Course.objects.filter(submission_id=submission_id).first()
    if earlier:
        return SavedCourse(earlier, is_repeat=True)
    values = by_rule(values)
    course = Course(submission_id=submission_id, changed_by=by, **{name: values[name] for name in OWN_FIELDS})
    _refuse_bad_values(course, scheme)
    try:
        with transaction.atomic():
            course.save(force_insert=True)
    except IntegrityError:
        # The other press of the same button came first, at the same moment.
        earlier = Course.objects.filter(submission_id=submission_id).first()
        if not earlier:
            raise
        return SavedCourse(earlier, is_repeat=True)
    course.organiser_districts.set(values["organiser_districts"])
    entered = to_history_values({name: values[name] for name in FIELDS})
    changes = {name: (None, value) for name, value in entered.items() if value not in (None, "", False)}
    record(about=course, by=by, via=via, action=Action.CREATED, changes=changes)
    return SavedCourse(course)


@transaction.atomic
def edit_course(
    *, course: Course, values: Mapping[str, Any], base_version: int, by: User, via: str = Via.PAGE
) -> SavedCourse:
    """Correct a row that is not voided. Values made on an older version are not saved but compared.

    The first correction of a row from a report keeps the report's values in `as_reported`, so that the ledger's
    column "theo báo cáo" stays. Raises `Refused` for a role that may not and for a voided row.
    """
    refuse_unless_entering(by)
    course = _locked(course)
    _refuse_voided(course)
    before, values = values_of(course), by_rule(values)
    changed = {name: (before[name], values[name]) for name in FIELDS if before[name] != values[name]}
    if not changed:
        return SavedCourse(course)
    if base_version != course.version:
        return SavedCourse(course, is_stale=True, clashes=_clashes(course, values, base_version))
    if course.is_baseline and course.as_reported is None:
        course.as_reported = values_as_reported(course)
    for name in OWN_FIELDS:
        setattr(course, name, values[name])
    _refuse_bad_values(course, before["category"].scheme)
    course.version += 1
    course.changed_by = by
    own = [name for name in changed if name in OWN_FIELDS]
    course.save(update_fields=[*own, "as_reported", "version", "changed_by", "changed_at"])
    if "organiser_districts" in changed:
        course.organiser_districts.set(values["organiser_districts"])
    pairs = {name: (to_history_value(old), to_history_value(new)) for name, (old, new) in changed.items()}
    record(about=course, by=by, via=via, changes=pairs)
    return SavedCourse(course)


@transaction.atomic
def void_course(*, course: Course, reason: str, base_version: int, by: User, via: str = Via.PAGE) -> SavedCourse:
    """Takes a row out of every total and keeps it in sight. Not saved when the row changed meanwhile."""
    refuse_unless_entering(by)
    course = _locked(course)
    _refuse_voided(course)
    if not reason.strip():
        raise Refused(_("Say why the row is voided."))
    if base_version != course.version:
        return SavedCourse(course, is_stale=True)
    course.voided_by, course.voided_at, course.void_reason = by, timezone.now(), reason.strip()
    course.version += 1
    course.save(update_fields=["voided_by", "voided_at", "void_reason", "version"])
    record(about=course, by=by, via=via, action=Action.VOIDED, reason=course.void_reason)
    log_event("course voided", user=by.pk, course=course.pk)
    return SavedCourse(course)


def by_rule(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with what the rule of the category says, where the course follows it.

    A category without a rule leaves it to the course.
    """
    follows = bool(values.get("follows_rule") and values["category"].summary_rule)
    if not follows:
        return {**values, "follows_rule": False}
    facts = Course(**{name: values[name] for name in ("category", "unit", "organiser", "held_from", "held_to")})
    return {**values, "follows_rule": True, "enters_summary": enters_by_rule(facts)}


def _clashes(course: Course, values: Mapping[str, Any], base_version: int) -> list[Clash]:
    """Return where the row differs from what was sent, and whether the person typed that or left
    it."""
    now, base = values_of(course), _values_at(course, base_version)
    return [
        Clash(name, now[name], values[name], was_typed=name not in base or base[name] != to_history_value(values[name]))
        for name in FIELDS
        if now[name] != values[name]
    ]


def _values_at(course: Course, version: int) -> dict[str, Any]:
    """Return the row as it was at an earlier version, read back from its history; empty if there
    was no such version."""
    if not 0 < version < course.version:
        return {}
    values = to_history_values(values_of(course))
    later = Event.objects.about(course).filter(action=Action.CHANGED)[: course.version - version]
    for earlier in later:
        values |= {name: before for name, (before, _after) in earlier.changes.items()}
    return values


def _locked(course: Course) -> Course:
    """Return the row as it is now, held until the transaction ends (on SQLite the transaction
    itself holds it)."""
    return Course.objects.select_for_update().get(pk=course.pk)


def _refuse_voided(course: Course) -> None:
    if course.is_voided:
        raise Refused(
            _("%(who)s voided this row on %(day)s (%(reason)s). A voided row does not change any more.")
            % {
                "who": course.voided_by,
                "day": f"{timezone.localtime(course.voided_at):%d/%m/%Y}",
                "reason": course.void_reason,
            }
        )


def _refuse_bad_values(course: Course, scheme: Scheme) -> None:
    """Refuse what the form refuses too, for ways in without a form. Raise ValidationError."""
    refuse_far_days(course.held_from, course.held_to)
    if course.category.scheme_id != scheme.pk:
        raise Refused(_("Choose one of the categories of this scheme."))
    if course.enters_summary and course.unit != course.category.unit:
        raise Refused(mixed_units(course.category))
    if course.enters_summary and is_after_stop(course):
        raise Refused({"held_from": stopped(course.category)})
    course.full_clean(
        exclude=[f.name for f in Course._meta.fields if f.name not in OWN_FIELDS],
        validate_unique=False,
    )


def mixed_units(category: Category) -> str:
    """Persons and attendances are not added up in one line (discrepancy E07)."""
    return _(
        "The line “%(category)s” is counted in %(unit)s. A row that enters it must be counted in the same unit."
    ) % {"category": category, "unit": category.get_unit_display()}


def stopped(category: Category) -> str:
    """Say that a course that began later does not enter the line of a stopped category."""
    return _("“%(category)s” was stopped on %(day)s (%(reason)s): a later course does not enter its line.") % {
        "category": category,
        "day": f"{category.stopped_on:%d/%m/%Y}",
        "reason": category.stop_reason,
    }
