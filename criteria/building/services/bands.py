"""Writing the bands of a set that is being built, and the bars that hold a unit below a band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, digest_of_values, event, record, record_all, refuse_changed
from archiveportal.refusal import Refused
from criteria.building.bounds import words_of
from criteria.building.services.arranging import locked_set
from criteria.models import Band, Bar, BarCondition, CriteriaSet, Criterion, Option

BAND_FIELDS = ("label", "lower_percent", "upper_percent", "lower_points", "upper_points")
#: bands and bars of a set at most
MOST_BANDS, MOST_BARS = 12, 40
#: bands step aside by so much while they are written anew
ASIDE = 100


@dataclass(frozen=True)
class TypedBand:
    """One band as typed; `key` is that of a stored one."""

    key: int | None
    label: str
    lower: Decimal
    upper: Decimal | None


def bands_digest(criteria_set: CriteriaSet) -> str:
    """Digest the stored bands, and by what they are counted."""
    rows = criteria_set.bands.order_by("position").values_list("pk", *BAND_FIELDS)
    return digest_of_values([str(criteria_set.bands_by), *map(str, rows)])


@transaction.atomic
def edit_bands(
    *,
    criteria_set: CriteriaSet,
    bands_by: str,
    bands: Sequence[TypedBand],
    made_on: str,
    by: User,
    via: str = Via.PAGE,
) -> None:
    """Put these bands in place of the stored ones, the highest first.

    Gaps and overlaps are said before the set is put in force, not here: bands are typed one by one.
    """
    criteria_set = locked_set(criteria_set, by)
    refuse_changed(bands_digest(criteria_set), made_on=made_on)
    if len(bands) > MOST_BANDS:
        raise Refused(_("A set has %(count)d bands at most.") % {"count": MOST_BANDS})
    stored = {band.pk: band for band in criteria_set.bands.all()}
    kept = {typed.key for typed in bands}
    events = [_remove(band, criteria_set, by, via=via) for key, band in stored.items() if key not in kept]
    if criteria_set.bands_by != bands_by:
        events.append(
            event(about=criteria_set, by=by, via=via, changes={"bands_by": (criteria_set.bands_by, bands_by)})
        )
        criteria_set.bands_by = bands_by
        criteria_set.save(update_fields=["bands_by"])
    for place, key in enumerate(stored.keys() & kept, start=1):
        Band.objects.filter(pk=key).update(position=ASIDE + place)
    for position, typed in enumerate(sorted(bands, key=lambda band: band.lower, reverse=True), start=1):
        band = stored.get(typed.key or 0) or Band(criteria_set=criteria_set)
        told = _write(band, typed, position=position, is_by_points=bands_by == CriteriaSet.BandsBy.POINTS)
        events += [event(about=band, by=by, via=via, **told)] if told else []
    record_all(events)


def _remove(band: Band, criteria_set: CriteriaSet, by: User, *, via: str) -> Any:
    try:
        told = event(about=criteria_set, by=by, via=via, name=band.label, changes={"label": (band.label, None)})
        band.delete()
    except ProtectedError as kept:
        message = _("A bar names the band “%(band)s”. Change the bar first.")
        raise Refused(message % {"band": band.label}) from kept
    return told


def _write(band: Band, typed: TypedBand, *, position: int, is_by_points: bool) -> dict[str, Any]:
    """Write a band; return what an event says of it, {} where nothing differs."""
    before = Band.objects.filter(pk=band.pk).first()
    band.label, band.position = _label(before, typed, is_by_points=is_by_points), position
    band.lower_percent = Decimal(0) if is_by_points else typed.lower
    band.upper_percent = None if is_by_points else typed.upper
    band.lower_points = typed.lower if is_by_points else None
    band.upper_points = typed.upper if is_by_points else None
    band.save()
    if before is None:
        stated = {name: (None, getattr(band, name)) for name in BAND_FIELDS if getattr(band, name) not in (None, "")}
        return {"action": Action.CREATED, "changes": stated}
    changes = differences(before, band, BAND_FIELDS)
    return {"changes": changes} if changes else {}


def _label(before: Band | None, typed: TypedBand, *, is_by_points: bool) -> str:
    """Return the typed name; one left empty, or as the bounds before made it, follows from the bounds."""
    made = words_of(typed.lower, typed.upper, is_by_points=is_by_points)
    if before is None or before.label != typed.label:
        return typed.label or made
    was_by_points = before.lower_points is not None
    lower = before.lower_points if was_by_points else before.lower_percent
    upper = before.upper_points if was_by_points else before.upper_percent
    is_made = before.label == words_of(lower or Decimal(0), upper, is_by_points=was_by_points)
    return made if is_made else typed.label


@dataclass(frozen=True)
class TypedCondition:
    """One condition of a bar: an answer to a criterion, or an option of a choice."""

    criterion: Criterion
    outcome: str = ""
    option: Option | None = None

    @property
    def words(self) -> str:
        answer = self.option.text if self.option else self.outcome
        return f"{self.criterion.code}: {answer}"


def conditions_of(bar: Bar) -> list[TypedCondition]:
    rows = BarCondition.objects.filter(bar=bar).select_related("criterion", "option").order_by("pk")
    return [TypedCondition(row.criterion, row.outcome, row.option) for row in rows]


def bar_digest(bar: Bar) -> str:
    return digest_of_values([bar.highest_band_id, *(typed.words for typed in conditions_of(bar))])


@transaction.atomic
def add_bar(*, bar: Bar, conditions: Sequence[TypedCondition], by: User, via: str = Via.PAGE) -> Bar:
    """Add a bar; all its conditions together hold a unit at its band or below."""
    criteria_set = locked_set(bar.criteria_set, by)
    _refuse_bad_bar(criteria_set, bar, conditions)
    others = list(criteria_set.bars.all())
    if len(others) >= MOST_BARS:
        raise Refused(_("A set has %(count)d bars at most.") % {"count": MOST_BARS})
    bar.position = max((other.position for other in others), default=0) + 1
    bar.save(force_insert=True)
    _write_conditions(bar, conditions)
    changes = {"highest_band": (None, bar.highest_band), "conditions": (None, _words(conditions))}
    record(about=bar, by=by, via=via, action=Action.CREATED, changes=changes)
    return bar


@transaction.atomic
def edit_bar(*, bar: Bar, conditions: Sequence[TypedCondition], made_on: str, by: User, via: str = Via.PAGE) -> None:
    """Save the band and the conditions where they differ."""
    criteria_set = locked_set(bar.criteria_set, by)
    before = Bar.objects.select_related("highest_band").get(pk=bar.pk)
    refuse_changed(bar_digest(before), made_on=made_on)
    _refuse_bad_bar(criteria_set, bar, conditions)
    changes: dict[str, Any] = {}
    if before.highest_band_id != bar.highest_band_id:
        changes["highest_band"] = (before.highest_band, bar.highest_band)
    stored = conditions_of(before)
    if _words(stored) != _words(conditions):
        changes["conditions"] = (_words(stored), _words(conditions))
        BarCondition.objects.filter(bar=bar).delete()
        _write_conditions(bar, conditions)
    if changes:
        bar.save(update_fields=["highest_band"])
        record(about=bar, by=by, via=via, changes=changes)


@transaction.atomic
def remove_bar(*, bar: Bar, by: User, via: str = Via.PAGE) -> None:
    criteria_set = locked_set(bar.criteria_set, by)
    words = _words(conditions_of(bar))
    BarCondition.objects.filter(bar=bar).delete()
    record(about=criteria_set, by=by, via=via, name=str(bar), changes={"conditions": (words, None)})
    bar.delete()


def _words(conditions: Sequence[TypedCondition]) -> str:
    return "; ".join(sorted(typed.words for typed in conditions))


def _write_conditions(bar: Bar, conditions: Sequence[TypedCondition]) -> None:
    BarCondition.objects.bulk_create(
        BarCondition(
            criteria_set=bar.criteria_set,
            bar=bar,
            criterion=typed.criterion,
            outcome=typed.outcome,
            option=typed.option,
        )
        for typed in conditions
    )


def _refuse_bad_bar(criteria_set: CriteriaSet, bar: Bar, conditions: Sequence[TypedCondition]) -> None:
    if bar.highest_band.criteria_set_id != criteria_set.pk:
        raise Refused({"highest_band": _("Choose a band of this set.")})
    if not conditions:
        raise Refused(_("A bar needs at least one condition."))
    keys = [typed.criterion.pk for typed in conditions]
    if len(set(keys)) < len(keys):
        raise Refused(_("Each criterion stands in one condition of a bar."))
