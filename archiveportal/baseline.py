"""Adding what a report has, once, and never touching what people entered since."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import models

from archiveportal.history.models import Action, Via
from archiveportal.history.services import record


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a data file (UTF-8, comma separated, headings in the first line)."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def add_once(model: type[models.Model], values: dict[str, Any], **key: Any) -> tuple[models.Model, bool]:
    """The row with this key; made with these values, and with an event of its own, if it is missing."""
    found = model.objects.filter(**key).first()
    if found:
        return found, False
    made = model(**key, **values)
    made.save()
    record(about=made, by=None, via=Via.COMMAND, action=Action.CREATED)
    return made, True
