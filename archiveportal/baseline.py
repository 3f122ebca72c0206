"""Adding what a report has, once, and never touching what people entered since."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models

from archiveportal.history.models import Action, FromReport, Via
from archiveportal.history.services import event, record_all


@dataclass(frozen=True)
class ReportSource:
    """Where in a signed report a row is from. `quotation` has at most 25 words of its text."""

    report: str
    section: str
    quotation: str


#: the columns of a data file that say where in a report a row is from
SOURCE_COLUMNS = ("section", "quotation")
#: the section of rows that no report has: later acts, sentences of the portal's own
OUTSIDE = "Ngoài báo cáo"


def sources_in(path: Path, key: str, *, report: str) -> dict[str, ReportSource]:
    """Return the sources of the rows of a data file by their key."""
    return {row[key]: ReportSource(report, row["section"], row["quotation"]) for row in rows(path)}


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Return the rows of a data file (UTF-8, comma separated, headings in the first line)."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def rows_without_source(path: Path, *, without: Sequence[str] = SOURCE_COLUMNS) -> Iterator[dict[str, str]]:
    """Return the rows of a data file without the columns that say where in the report they are from."""
    for row in rows(path):
        yield {name: value for name, value in row.items() if name not in without}


def add_missing(
    model: type[models.Model], wanted: Iterable[dict[str, Any]], *, key: str, **within: Any
) -> tuple[dict[str, models.Model], set[str]]:
    """Return all rows of a kind by their key, and the keys of those that were missing and are made
    now.

    `wanted` are the values of the rows; `key` is the field that identifies them among the rows that
    match `within`, which new rows get too. One read, one write and one event per new row, whatever
    their number.
    """
    known = {str(_reported(row, key)): row for row in model.objects.filter(**within)}
    made = [model(**values, **within) for values in wanted if str(values[key]) not in known]
    for row in made:
        if hasattr(row, "set_keys"):
            row.set_keys()
    model.objects.bulk_create(made)
    record_all(event(about=row, by=None, via=Via.COMMAND, action=Action.CREATED) for row in made)
    new = {str(getattr(row, key)): row for row in made}
    return known | new, set(new)


def _reported(row: models.Model, key: str) -> Any:
    """Return the key that the report gave: a row whose code people corrected is not missing."""
    return row.reported(key) if isinstance(row, FromReport) else getattr(row, key)


def add_once(model: type[models.Model], values: dict[str, Any], **key: Any) -> tuple[models.Model, bool]:
    """Return the one row with this key, and whether it was made now."""
    row = model.objects.filter(**key).first()
    if row:
        return row, False
    made = model.objects.create(**key, **values)
    record_all([event(about=made, by=None, via=Via.COMMAND, action=Action.CREATED)])
    return made, True
