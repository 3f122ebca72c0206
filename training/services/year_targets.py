"""Writing the targets of single years: set by a decision, adjusted by a later one, none overwritten."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, digest_of_values, event, record, record_all, refuse_stale
from archiveportal.refusal import Refused
from training.models import MOST, Category, Scheme, YearTarget
from training.services.schemes import refuse_printed, refuse_unless_setting

TARGET_FIELDS = ("target", "decision", "decided_on")


@dataclass(frozen=True)
class TargetDecision:
    """The paper that sets targets: number and symbol, and its day where it is known."""

    words: str
    day: datetime.date | None = None


def targets_in_force(scheme: Scheme) -> dict[tuple[int, int], YearTarget]:
    """Return the target that holds, by category and year."""
    rows = YearTarget.objects.in_force().filter(category__scheme=scheme).select_related("category")
    return {(row.category_id, row.year): row for row in rows}


def digest_of_targets(scheme: Scheme) -> str:
    """Return a digest of the targets that a form shows."""
    return digest_of_values(sorted((key, row.target) for key, row in targets_in_force(scheme).items()))


@transaction.atomic
def decide_targets(
    *,
    scheme: Scheme,
    decision: TargetDecision,
    targets: Mapping[tuple[int, int], int | None],
    made_on: str | None = None,
    by: User | None,
    via: str = Via.PAGE,
) -> int:
    """Set the targets of `targets` ({(category, year): number or None}) by one decision, all or none.

    Those that hold already stay. Returns how many were set. Raises `Refused` for a decision without
    a number, one before the decision it adjusts, years outside the scheme, and a form that is stale.
    """
    refuse_unless_setting(by)
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    refuse_printed(scheme)
    refuse_far_days(decision.day)
    if made_on is not None and digest_of_targets(scheme) != made_on:
        raise Refused(_("Not saved: a colleague set targets after you opened the page. Please compare and save again."))
    now = targets_in_force(scheme)
    due = {key: target for key, target in targets.items() if _in_force(now.get(key)) != target}
    if not due:
        return 0
    if not decision.words:
        raise Refused({"decision": _("Enter the decision that sets these targets.")})
    categories = {category.pk: category for category in scheme.categories.all()}
    _refuse_bad_targets(scheme, categories, due)
    rows = [
        _row(categories[category], year, target, earlier=now.get((category, year)), decision=decision)
        for (category, year), target in sorted(due.items())
    ]
    YearTarget.objects.bulk_create(rows)
    record_all(event(about=row, by=by, via=via, action=Action.CREATED, changes=_stated(row)) for row in rows)
    return len(rows)


@transaction.atomic
def correct_target(*, target: YearTarget, made_on: str, by: User | None, via: str = Via.PAGE) -> None:
    """Correct what was typed of one decision; the history keeps the former words. Raises `Stale`."""
    refuse_unless_setting(by)
    before = YearTarget.objects.select_for_update().select_related("category__scheme").get(pk=target.pk)
    refuse_printed(before.category.scheme)
    refuse_stale(stored=before, typed=target, names=TARGET_FIELDS, made_on=made_on)
    refuse_far_days(target.decided_on)
    if not target.decision:
        raise Refused({"decision": _("Enter the decision that sets these targets.")})
    category = before.category
    _refuse_bad_targets(category.scheme, {category.pk: category}, {(category.pk, before.year): target.target})
    changes = differences(before, target, TARGET_FIELDS)
    if changes:
        target.save(update_fields=list(changes))
        record(about=target, by=by, via=via, changes=changes)


def _in_force(row: YearTarget | None) -> int | None:
    return row.target if row else None


def _refuse_bad_targets(scheme: Scheme, own: Mapping[int, Category], due: Mapping[tuple[int, int], int | None]) -> None:
    years = range(scheme.starts_year, scheme.ends_year + 1)
    for (category, year), target in due.items():
        if category not in own:
            raise Refused(_("Choose one of the categories of this scheme."))
        if year not in years:
            message = _("%(year)s lies outside the scheme (%(first)s to %(last)s).")
            raise Refused(message % {"year": year, "first": scheme.starts_year, "last": scheme.ends_year})
        if target is not None and not 0 <= target <= MOST:
            raise Refused(_("A count has 7 digits at most."))
        _refuse_after_stop(own[category], year, target)


def _refuse_after_stop(category: Category, year: int, target: int | None) -> None:
    if target and category.stopped_on and year > category.stopped_on.year:
        message = _("“%(category)s” was stopped on %(day)s: it gets no target for %(year)s.")
        day = f"{category.stopped_on:%d/%m/%Y}"
        raise Refused(message % {"category": category, "day": day, "year": year})


def _row(
    category: Category, year: int, target: int | None, *, earlier: YearTarget | None, decision: TargetDecision
) -> YearTarget:
    if earlier and decision.day and earlier.decided_on and decision.day < earlier.decided_on:
        message = _("The target of %(year)s was set on %(day)s: a decision that adjusts it cannot be older.")
        raise Refused({"decided_on": message % {"year": year, "day": f"{earlier.decided_on:%d/%m/%Y}"}})
    return YearTarget(
        category=category,
        year=year,
        ordinal=earlier.ordinal + 1 if earlier else 0,
        target=target,
        decision=decision.words,
        decided_on=decision.day,
    )


def _stated(row: YearTarget) -> dict[str, tuple]:
    names: Iterable[str] = ("year", *TARGET_FIELDS)
    return {name: (None, getattr(row, name)) for name in names if getattr(row, name) not in (None, "")}
