"""What was typed into the form of the minutes, with the changes of a colleague or with more lines."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from criteria.inspections.forms.minutes_lines import BLANK_ROWS, DOCUMENTS, MOST_ROWS, SIDES, USUAL_PART, Part
from criteria.inspections.models import Minutes, ReceivedDocument
from criteria.inspections.services.minutes_merge import (
    HOURS,
    PEOPLE,
    RECEIVED,
    HandedOver,
    Merged,
    Person,
    made_on,
    stored_values,
)


def merged_data(data: Any, merged: Merged, minutes: Minutes) -> Any:
    """Return the typed data with the fields that only the colleague changed, on the present
    minutes."""
    data, values = data.copy(), merged.values
    data["version"], data["made_on"] = str(minutes.version), " ".join(made_on(stored_values(minutes)).values())
    for name in (each.name for each in merged.taken):
        if name == PEOPLE:
            _type_people(data, values[PEOPLE])
        elif name == RECEIVED:
            _type_received(data, values[RECEIVED])
        elif name in HOURS:
            moment, part = values[name] and timezone.localtime(values[name]), name.removesuffix("_at")
            data[f"{part}_hour"] = f"{moment:%H:%M}" if moment else ""
            data[f"{part}_on"] = f"{moment:%d/%m/%Y}" if moment else ""
        else:
            data[name] = str(values[name])
    return data


def _type_people(data: Any, people: Sequence[Person]) -> None:
    for side in SIDES:
        of_side = [person for person in people if person.side == side]
        for key in [key for key in data if key.startswith(f"{side}-")]:
            del data[key]
        data |= {f"{side}-TOTAL_FORMS": str(len(of_side) + 1), f"{side}-INITIAL_FORMS": "0"}
        for row, person in enumerate(of_side):
            for name in ("full_name", "position", "part"):
                data[f"{side}-{row}-{name}"] = str(getattr(person, name))
        data[f"{side}-{len(of_side)}-part"] = str(USUAL_PART.get(side, Part.OTHER.value))


def _type_received(data: Any, documents: Sequence[HandedOver]) -> None:
    for key in [key for key in data if key.startswith(f"{DOCUMENTS}-")]:
        del data[key]
    data |= {f"{DOCUMENTS}-TOTAL_FORMS": str(len(documents) + 1), f"{DOCUMENTS}-INITIAL_FORMS": "0"}
    for row, document in enumerate(documents):
        for name, value in vars(document).items():
            shown = f"{value:%d/%m/%Y}" if isinstance(value, datetime.date) else str(value or "")
            data[f"{DOCUMENTS}-{row}-{name}"] = shown
    data[f"{DOCUMENTS}-{len(documents)}-form"] = ReceivedDocument.Form.COPY.value


def with_more_rows(data: Any) -> Any:
    """Return the typed data with two more lines for people of each side, and for documents."""
    data = data.copy()
    for prefix in (*SIDES, DOCUMENTS):
        count = data.get(f"{prefix}-TOTAL_FORMS", "")
        if count.isdecimal() and len(count) < 4:
            data[f"{prefix}-TOTAL_FORMS"] = str(min(int(count) + BLANK_ROWS, MOST_ROWS))
    return data
