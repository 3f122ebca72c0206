"""Write events. Services call these functions in the same transaction as the change itself."""

import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from archiveportal.history.models import Action, Event, Via
from archiveportal.model_fields import own_field
from archiveportal.statements import Statement, in_batches, insertion
from archiveportal.vietnamese import number


class Actor(Protocol):
    """A person who writes: known by key and name, since accounts lie above the history."""

    @property
    def pk(self) -> int: ...


def event(
    *,
    about: models.Model,
    by: Actor | None,
    via: str,
    action: str = Action.CHANGED,
    changes: dict | None = None,
    reason: str = "",
    name: str = "",
) -> Event:
    """Return an event, not yet saved.

    `by` is a user, or None for the portal itself. `changes` is {field: (before, after)}. `name` is
    that of a part of `about`, for instance the criterion of an answer.
    """
    stored_changes = {
        field: [_to_json_value(before), _to_json_value(after)] for field, (before, after) in (changes or {}).items()
    }
    return Event(
        actor_id=getattr(by, "pk", None),
        actor_name=str(by) if by else "",
        via=via,
        action=action,
        object_type=about._meta.label_lower,
        object_id=about.pk,
        object_name=(name or str(about))[:300],
        changes=stored_changes,
        reason=reason,
    )


def record(*, about: models.Model, by: Actor | None, via: str = Via.PAGE, **facts: Any) -> None:
    """Save one event; see `event` for the arguments."""
    event(about=about, by=by, via=via, **facts).save(force_insert=True)


class Stale(ValidationError):
    """Say that the row changed after the form was opened; the message names the present values."""


def digest(row: models.Model, names: Iterable[str]) -> str:
    """Return a digest of the named fields, to see later whether the row has changed since."""
    attributes = [own_field(row, name).attname for name in names]
    return digest_of_values([_to_json_value(getattr(row, attribute)) for attribute in attributes])


def digest_of_values(values: list[Any]) -> str:
    """Return a digest of values that differs when one of them does."""
    return hashlib.blake2s(repr(values).encode(), digest_size=8).hexdigest()


def refuse_stale(*, stored: models.Model, typed: models.Model, names: Iterable[str], made_on: str) -> None:
    """Raise `Stale` unless `made_on` is the digest of the row as it is stored."""
    if digest(stored, names) == made_on:
        return
    present_values = [
        f"{own_field(stored, name).verbose_name}: {_shown(stored, name)}"
        for name in names
        if getattr(stored, name) != getattr(typed, name)
    ]
    message = _(
        "Not saved: a colleague changed this after you opened the page. It is now: %(values)s. What you typed stands "
        "below; save once more to keep it."
    )
    raise Stale(message % {"values": "; ".join(present_values) or _("the same as you typed")})


def refuse_changed(stored: str, *, made_on: str) -> None:
    """Raise `Stale` unless `made_on` is the digest of what is stored; of rows there is no single value to name."""
    if stored != made_on:
        raise Stale(
            _(
                "Not saved: a colleague changed this after you opened the page. What you typed stands below; save once "
                "more to keep it."
            )
        )


def _shown(row: models.Model, name: str) -> str:
    """Return the present value of a field for the message of `Stale`."""
    choice_label = getattr(row, f"get_{name}_display", None)
    if choice_label:
        return str(choice_label())
    value = getattr(row, name)
    if isinstance(value, Decimal):
        return number(value)
    return "—" if value in (None, "") else str(value)


def record_all(events: Iterable[Event]) -> None:
    """Save several events in one statement."""
    Event.objects.bulk_create(events)


def recording(events: Iterable[Event]) -> Iterator[Statement]:
    """Yield the statements that save events, to be run together with others."""
    for some in in_batches(list(events)):
        yield insertion(some)


def differences(before: models.Model, after: models.Model, names: Iterable[str]) -> dict[str, tuple]:
    """Return {field: (before, after)} of the named fields that differ."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _to_json_value(value: Any) -> Any:
    """Return null, truth values and whole numbers as they are, all else as text."""
    return value if value is None or isinstance(value, bool | int) else str(value)
