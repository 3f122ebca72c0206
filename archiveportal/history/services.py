"""Writing history: the services call these in the same transaction as the change itself."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from archiveportal.history.models import Action, Event, Via


def event(
    *,
    about: models.Model,
    by: Any,
    via: str,
    action: str = Action.CHANGED,
    changes: dict | None = None,
    reason: str = "",
    name: str = "",
) -> Event:
    """An event not yet saved. `by` is a user, or None for the portal itself; `name` is that of a part of `about`."""
    return Event(
        actor_id=getattr(by, "pk", None),
        actor_name=str(by) if by else "",
        via=via,
        action=action,
        object_type=about._meta.label_lower,
        object_id=about.pk,
        object_name=(name or str(about))[:300],
        changes={name: [_plain(before), _plain(after)] for name, (before, after) in (changes or {}).items()},
        reason=reason,
    )


def record(*, about: models.Model, by: Any, via: str = Via.PAGE, **facts: Any) -> None:
    """Saves one event; see `event`."""
    event(about=about, by=by, via=via, **facts).save(force_insert=True)


class Stale(ValidationError):
    """The row changed after the form was opened; the message names what stands there now."""


def digest(row: models.Model, names: Iterable[str]) -> str:
    """What a form showed of a row, in short: a row that changed since has another digest."""
    return digest_of_values([_plain(getattr(row, row._meta.get_field(name).attname)) for name in names])


def digest_of_values(values: list[Any]) -> str:
    return hashlib.blake2s(repr(values).encode(), digest_size=8).hexdigest()


def refuse_stale(*, stored: models.Model, typed: models.Model, names: Iterable[str], made_on: str) -> None:
    """Raises `Stale` unless the form was made on the row as it is stored."""
    if digest(stored, names) == made_on:
        return
    now = [
        f"{stored._meta.get_field(name).verbose_name}: {_shown(stored, name)}"
        for name in names
        if getattr(stored, name) != getattr(typed, name)
    ]
    message = _(
        "Not saved: a colleague changed this after you opened the page. It is now: %(values)s. What you typed stands "
        "below; save once more to keep it."
    )
    raise Stale(message % {"values": "; ".join(now) or _("the same as you typed")})


def _shown(row: models.Model, name: str) -> str:
    value = getattr(row, name)
    label = getattr(row, f"get_{name}_display", None)
    return str(label() if label else "—" if value in (None, "") else value)


def record_all(events: Iterable[Event]) -> None:
    Event.objects.bulk_create(events)


def differences(before: models.Model, after: models.Model, names: Iterable[str]) -> dict[str, tuple]:
    """{field: (before, after)} of the named fields that differ."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
