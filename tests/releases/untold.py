"""Compare rows before and after the migrations of an upgrade: whatever changed has an event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection, models

from archiveportal.history import registry
from archiveportal.history.triggers import SILENT, traced_models
from tests.history.watching import TOLD_BY

#: {table: {key: {column: value}}}
Rows = dict[str, dict[int, dict[str, Any]]]
#: follows from another column
FOLLOWS = SILENT | {"version", "as_reported"}
#: {table: new columns that a migration fills from others of the row}
FILLED = {"criteria_criterion": {"kind"}}


def rows_of_today() -> Rows:
    """Return all rows of the traced tables that exist, as both databases write them."""
    found: Rows = {}
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in sorted({model._meta.db_table for model in traced_models()} & present):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, map(_plain, row), strict=True)) for row in cursor.fetchall()]
            found[table] = {row["id"]: row for row in rows}
    return found


def untold(before: Rows, last_event: int) -> list[str]:
    """Return a line for each row that differs without an event, or with several that say the same."""
    events = apps.get_model("history", "Event").objects.filter(pk__gt=last_event)
    about = Counter(events.values_list("object_type", "object_id"))
    types = {label for label, _key in about}
    faults, now = [], rows_of_today()
    seen: Counter[tuple[str, int]] = Counter()
    for model in traced_models():
        for row, changed in _changes(model, before, now):
            label, column = _story(model)
            story = (label, row[column])
            seen[story] += 1
            is_told = about[story] or types & set(TOLD_BY.get(label, ()))
            if not is_told:
                faults.append(f"{model._meta.label_lower} {row['id']}: {sorted(changed)} without an event")
    return faults + [
        f"{story}: {about[story]} events, {count} rows" for story, count in seen.items() if about[story] > count
    ]


def _story(model: type[models.Model]) -> tuple[str, str]:
    """Return the label of the model that a row's events are about, and the column with its key."""
    source = model._meta.auto_created
    if source:
        own = next(field for field in model._meta.local_fields if field.related_model is source)
        return source._meta.label_lower, own.column
    return registry.TOLD_IN.get(model._meta.label_lower, (model._meta.label_lower, "id"))


def _changes(model: type[models.Model], before: Rows, now: Rows) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """Yield each row that was added, changed or taken away, with the names of its columns that differ."""
    table = model._meta.db_table
    old, new = before.get(table, {}), now[table]
    defaults = {field.column: _default(field) for field in model._meta.local_concrete_fields}
    for key in old.keys() | new.keys():
        if key not in new or key not in old:
            yield (new.get(key) or old[key]), {"whole row"}
            continue
        # A column that is new had the value that the migration gives to all rows.
        changed = {name for name, value in new[key].items() if value != old[key].get(name, defaults.get(name))}
        filled = FILLED.get(table, set()) - old[key].keys()
        if changed - FOLLOWS - filled:
            yield new[key], changed - FOLLOWS - filled


def _default(field: models.Field) -> Any:
    default = field.get_default()
    if isinstance(field, models.DecimalField) and default is not None:
        # SQLite stores a whole number of its own, PostgreSQL the places of the column.
        zero = Decimal(default).quantize(Decimal(1).scaleb(-field.decimal_places))
        return int(default) if connection.vendor == "sqlite" else str(zero)
    return _plain(field.get_db_prep_save(default, connection))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int):
        return None if value is None else int(value)
    return str(value)
