"""Compare rows with what the history says of them last.

No trigger sees what the portal's own connections write, and on SQLite anybody can pass for one of
them. But a value that was changed without an event is not the one that the last event about it
says. Apps register the fields that are compared: those that figures, rights and approvals follow
from. A value that no event mentions, for instance one that was loaded with its row, agrees.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.db import connection, models

from archiveportal.history import registry
from archiveportal.history.models import Event
from archiveportal.history.triggers import sql_name

# ruff: noqa: S608 (the statements are put together from names in the code)

#: rows that are read at once
PAGE = 2_000
#: (type, key and name of what an event is about, field): the value that it says last. Without a
#: name, an event is about the row as a whole.
Told = dict[tuple[str, int, str | None, str], Any]


def disagreements() -> Iterator[str]:
    """Yield a line for each row that has another value than its last event says.

    Call it within one moment of the database: people go on writing.
    """
    told = _told()
    for label, names in sorted(registry.TOLD_FIELDS.items()):
        yield from _of_model(apps.get_model(label), names, told)


def _told() -> Told:
    fields_by_story: dict[str, set[str]] = {}
    for label, names in registry.TOLD_FIELDS.items():
        story, _column = registry.TOLD_IN.get(label, (label, "id"))
        fields_by_story.setdefault(story, set()).update(names)
    parts = {story for label in registry.TOLD_FIELDS if (story := registry.TOLD_IN.get(label, ("",))[0])}
    told: Told = {}
    events = Event.objects.filter(object_type__in=fields_by_story).order_by("pk")
    columns = ("object_type", "object_id", "object_name", "changes")
    for story, key, name, changes in events.values_list(*columns).iterator(chunk_size=PAGE):
        for field in changes.keys() & fields_by_story[story]:
            told[story, key, None, field] = changes[field][1]
            if story in parts:
                told[story, key, name, field] = changes[field][1]
    return told


def _of_model(model: type[models.Model], names: frozenset[str], told: Told) -> Iterator[str]:
    label = model._meta.label_lower
    story, key_column = registry.TOLD_IN.get(label, (label, "id"))
    fields = [field for field in model._meta.local_concrete_fields if field.name in names]
    for row_id, key, name, *values in _rows(model, key_column, [str(field.column) for field in fields]):
        part = name[:300] if label in registry.TOLD_IN else None
        for field, value in zip(fields, values, strict=True):
            said = told.get((story, key, part, field.name), value)
            if not _is_same(said, field.to_python(value)):
                yield f"{label} {row_id} ({name}): {field.name} is {value!r}, its last event says {said!r}"


def _rows(model: type[models.Model], key_column: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """Yield key, key of the story, name and values of each row, named as the triggers name it."""
    table = model._meta.db_table
    stored = {str(field.column) for field in model._meta.local_concrete_fields}
    named = (sql_name(model, stored) or registry.BY_TABLE).replace("{table}", table).replace("{row}", "line")
    values = ", ".join(f'line."{column}"' for column in columns)
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"SELECT line.id, line.{key_column}, coalesce({named}, '{table}'), {values} FROM {table} line "
                f"WHERE line.id > %s ORDER BY line.id LIMIT {PAGE}",
                [last],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            yield from rows
            last = rows[-1][0]


def _is_same(said: Any, value: Any) -> bool:
    """Tell whether an event says the value of a row: empty is empty, 18.5 is 18.50."""
    if said in (None, "") and value in (None, ""):
        return True
    try:
        return Decimal(str(said)) == Decimal(str(value))
    except InvalidOperation:
        return str(said) == str(value)
