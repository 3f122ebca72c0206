"""Correct the reports' data in an installation that has it already. Migrations call this.

`load_baseline` adds what is missing and leaves rows that are there alone, so a value that the
portal had read wrongly is corrected here: where it is still as it was loaded, and with one event
per row. What people changed stays as it is. Migrations import the names of this module.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Correction:
    """A row of the reports' data with the values that were wrong.

    `values` are {field: (as it was loaded, as it is now)}. Fields of one group in `together` are
    corrected only if nobody changed any of them.
    """

    values: Mapping[str, tuple[Any, Any]]
    reason: str
    together: Sequence[Sequence[str]] = field(default_factory=tuple)
    #: of the row in its event, where neither `name` nor `code` says it
    row_name: str = ""


def correct(apps: Any, row: Any, correction: Correction) -> dict[str, tuple[Any, Any]]:
    """Correct a row and return the values that were changed.

    `row` is of a historical model. In a row that people corrected, the values that it keeps of the
    report (`as_reported`) are corrected too, so that its page shows what the report has beside what
    people entered.
    """
    untouched = {name: pair for name, pair in correction.values.items() if _is_untouched(row, name, correction)}
    changed = {name: pair for name, pair in untouched.items() if pair[0] != pair[1]}
    kept = dict(getattr(row, "as_reported", None) or {})
    reported = {
        name: to_json_value(after)
        for name, (before, after) in correction.values.items()
        if name in kept and kept[name] == to_json_value(before) and before != after
    }
    if not changed and not reported:
        return {}
    for name, (_before, after) in changed.items():
        setattr(row, name, after)
    if kept:
        # A row that people corrected before knows what the report has of the new values too.
        row.as_reported = kept | {name: to_json_value(row_value) for name, (_, row_value) in changed.items()} | reported
    row.save(update_fields=[*changed, *(["as_reported"] if kept else [])])
    told = changed or {name: (kept[name], value) for name, value in reported.items()}
    _record(apps, row, changes=told, correction=correction)
    return changed


def _is_untouched(row: models.Model, name: str, correction: Correction) -> bool:
    group = next((group for group in correction.together if name in group), [name])
    return all(getattr(row, each) == correction.values[each][0] for each in group if each in correction.values)


def _record(apps: Any, row: models.Model, *, changes: Mapping[str, tuple[Any, Any]], correction: Correction) -> None:
    label = f"{row._meta.app_label}.{row._meta.model_name}"
    apps.get_model("history", "Event").objects.create(
        actor_name="",
        via="command",
        action="changed",
        object_type=label,
        object_id=row.pk,
        object_name=(correction.row_name or _name(row))[:300],
        changes={name: [to_json_value(before), to_json_value(after)] for name, (before, after) in changes.items()},
        reason=correction.reason,
    )


def _name(row: models.Model) -> str:
    """Return the name of a row in its event: historical models have no `__str__` of their own."""
    return str(next((value for name in ("name", "code") if (value := getattr(row, name, ""))), row.pk))


def to_json_value(value: Any) -> Any:
    """Return null, truth values and whole numbers as they are, all else as text."""
    return value if value is None or isinstance(value, bool | int) else str(value)


def read_corrections(path: Path, key: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Read {key: {field: (before, after)}} from a file with a line per value."""
    by_column: dict[str, dict[str, tuple[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            by_column.setdefault(line[key], {})[line["field"]] = (line["before"], line["after"])
    return by_column


def rows_by(queryset: Iterable[models.Model], key: str) -> dict[str, models.Model]:
    return {str(getattr(row, key)): row for row in queryset}
