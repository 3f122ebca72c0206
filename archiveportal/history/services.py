"""Writing history: the services call these in the same transaction as the change itself."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from archiveportal.history.models import Action, Event, Via


def event(
    *,
    about: models.Model,
    by: Any,
    via: str,
    action: str = Action.CHANGED,
    changes: dict | None = None,
    reason: str = "",
) -> Event:
    """An event not yet saved. `by` is a user, or None for the portal itself."""
    return Event(
        actor_id=getattr(by, "pk", None),
        actor_name=str(by) if by else "",
        via=via,
        action=action,
        object_type=about._meta.label_lower,
        object_id=about.pk,
        object_name=str(about)[:300],
        changes={name: [_plain(before), _plain(after)] for name, (before, after) in (changes or {}).items()},
        reason=reason,
    )


def record(*, about: models.Model, by: Any, via: str = Via.PAGE, **facts: Any) -> None:
    """Saves one event; see `event`."""
    event(about=about, by=by, via=via, **facts).save(force_insert=True)


def record_all(events: Iterable[Event]) -> None:
    Event.objects.bulk_create(events)


def differences(before: models.Model, after: models.Model, names: Iterable[str]) -> dict[str, tuple]:
    """{field: (before, after)} of the named fields that differ."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
