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
#: (key of what an event is about, name of the part of it, field): the value that it says last
Told = dict[tuple[int, str, str], Any]
#: a row with its key, the key of what its events are about, its name, and its values
Row = tuple[Any, ...]


def disagreements() -> Iterator[str]:
    """Yield a line for each row that has another value than its last event says.

    Call it within one moment of the database: people go on writing.
    """
    for label, names in sorted(registry.TOLD_FIELDS.items()):
        model = apps.get_model(label)
        fields = [field for field in model._meta.local_concrete_fields if field.name in names]
        for page in _pages(model, fields):
            yield from _of_page(model, fields, page)


def _of_page(model: type[models.Model], fields: list[models.Field], page: list[Row]) -> Iterator[str]:
    label = model._meta.label_lower
    is_part = label in registry.TOLD_IN
    told = _told(_story(label)[0], {row[1] for row in page}, is_part=is_part)
    for row_id, key, name, *values in page:
        part = name[:300] if is_part else ""
        for field, value in zip(fields, values, strict=True):
            said = told.get((key, part, field.name), value)
            if not _is_same(said, field.to_python(value)):
                yield f"{label} {row_id} ({name}): {field.name} is {value!r}, its last event says {said!r}"


def _story(label: str) -> tuple[str, str]:
    """Return what the events of a row are about, and the column with its key."""
    return registry.TOLD_IN.get(label, (label, "id"))


def _told(story: str, keys: set[int], *, is_part: bool) -> Told:
    """Return the values that are said last; of parts by their names, which their events have."""
    told: Told = {}
    events = Event.objects.filter(object_type=story, object_id__in=keys).order_by("pk")
    for key, name, changes in events.values_list("object_id", "object_name", "changes").iterator(chunk_size=PAGE):
        for field, (_before, after) in changes.items():
            told[key, name if is_part else "", field] = after
    return told


def _pages(model: type[models.Model], fields: list[models.Field]) -> Iterator[list[Row]]:
    """Yield the rows, a page at a time, named as the triggers name them."""
    table = model._meta.db_table
    stored = {str(field.column) for field in model._meta.local_concrete_fields}
    named = (sql_name(model, stored) or registry.BY_TABLE).replace("{table}", table).replace("{row}", "line")
    values = ", ".join(f'line."{field.column}"' for field in fields)
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"SELECT line.id, line.{_story(model._meta.label_lower)[1]}, coalesce({named}, '{table}'), {values} "
                f"FROM {table} line WHERE line.id > %s ORDER BY line.id LIMIT {PAGE}",
                [last],
            )
            page = cursor.fetchall()
            if not page:
                return
            yield page
            last = page[-1][0]


def _is_same(said: Any, value: Any) -> bool:
    """Tell whether an event says the value of a row: empty is empty, 18.5 is 18.50."""
    if said in (None, "") and value in (None, ""):
        return True
    try:
        return Decimal(str(said)) == Decimal(str(value))
    except InvalidOperation:
        return str(said) == str(value)
