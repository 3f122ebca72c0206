"""The words that each app registers for the history of its own rows.

The history is below the apps and names none of them. An app registers its words in its module
`history_words`, which its AppConfig imports when it is ready: before `post_migrate` puts up the
triggers, and before any page reads an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Folded:
    """Count several events in a row that change some of `fields`; `count` has "%(count)d" in it."""

    fields: frozenset[str]
    count: Promise


#: {"field" or "model.field": what people call it}. A bare name holds for every row that an event
#: may be about: answers are events of their checklist, which has no such field.
FIELD_NAMES: dict[str, Promise] = {}
#: {("field" or "model.field", stored value): what people read}
VALUE_NAMES: dict[tuple[str, str], Promise] = {}
#: {(action, "app.model" or changed field): the deed in words}, where the action's own do not fit
DEEDS: dict[tuple[str, str], Promise] = {}
#: {"app.model": how events about it are counted when they are folded}
FOLDED: dict[str, Folded] = {}
#: {"app.model": SQL that names a row}, where no column does. `{row}` is replaced by the row.
ROW_NAMES: dict[str, str] = {}
#: {"app.model": ("app.model" whose events include its rows, column with the key of that one)}
TOLD_IN: dict[str, tuple[str, str]] = {}
#: {"app.model": fields that the last event about a row has to agree with}
TOLD_FIELDS: dict[str, frozenset[str]] = {}
#: "app.model" of rows that are no deed of a person
UNTRACED: set[str] = set()

#: names a row of which nothing better can be said; `{table}` is replaced by its table
BY_TABLE = "'{table} ' || {row}.id"


def register(
    *,
    field_names: Mapping[str, Promise] | None = None,
    value_names: Mapping[tuple[str, str], Promise] | None = None,
    deeds: Mapping[tuple[str, str], Promise] | None = None,
    folded: Mapping[str, Folded] | None = None,
    row_names: Mapping[str, str] | None = None,
    told_in: Mapping[str, tuple[str, str]] | None = None,
    told_fields: Mapping[str, frozenset[str]] | None = None,
    untraced: Iterable[str] = (),
) -> None:
    """Add the words of an app. Raise ValueError where another app has registered the same key."""
    pairs: list[tuple[dict[Any, Any], Mapping[Any, Any] | None]] = [
        (FIELD_NAMES, field_names),
        (VALUE_NAMES, value_names),
        (DEEDS, deeds),
        (FOLDED, folded),
        (ROW_NAMES, row_names),
        (TOLD_IN, told_in),
        (TOLD_FIELDS, told_fields),
    ]
    for registered, added in pairs:
        taken = registered.keys() & (added or {}).keys()
        if taken:
            raise ValueError(f"registered twice for the history: {sorted(taken)}")
        registered.update(added or {})
    UNTRACED.update(untraced)


def field_name(model: str, field: str) -> Promise | None:
    """Return what people call a field of `model` ("result"), or None where its own label serves."""
    return FIELD_NAMES.get(f"{model}.{field}") or FIELD_NAMES.get(field)


def value_name(model: str | None, field: str, value: Any) -> Promise | None:
    """Return what people read for a stored value of a field, by the word of its model first."""
    return VALUE_NAMES.get((f"{model}.{field}", value)) or VALUE_NAMES.get((field, value))
