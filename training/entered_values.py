"""What people enter of courses and targets: the values for form, comparison and history, and how
they read on the screen."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.history.models import Event, Via
from archiveportal.model_fields import own_field
from archiveportal.templatetags.portal import day, number
from training.models import Category, CountingUnit, Course, Quota
from wards.models import District

#: what people enter and correct; nothing else of a course can be written from outside
FIELDS = (
    "category",
    "name",
    "partner",
    "provinces",
    "place",
    "audience",
    "subjects",
    "held_from",
    "held_to",
    "classes",
    "participants",
    "is_lower_bound",
    "unit",
    "organiser",
    "organiser_districts",
    "enters_summary",
    "follows_rule",
    "fund_source",
    "organiser_share",
    "participant_share",
    "registered",
    "attended",
    "certified",
    "note",
)
OWN_FIELDS = tuple(name for name in FIELDS if name != "organiser_districts")


def values_of(course: Course) -> dict[str, Any]:
    """Return every field of FIELDS; the organising districts as a list in their order."""
    values = {name: getattr(course, name) for name in OWN_FIELDS}
    return values | {"organiser_districts": list(course.organiser_districts.all())}


def to_history_value(value: Any) -> Any:
    """Return a value as history stores it: text, whole number, yes or no, or null."""
    if isinstance(value, list):
        return "; ".join(district.title for district in value)
    return value if value is None or isinstance(value, bool | int) else str(value)


def to_history_values(values: dict[str, Any]) -> dict[str, Any]:
    return {name: to_history_value(value) for name, value in values.items()}


def values_as_reported(course: Course) -> dict[str, Any]:
    """Return the value of `as_reported` at the first correction: the report's, rows by their
    ids."""
    values = values_of(course)
    related = ("category", "organiser_districts")
    own = {name: to_history_value(value) for name, value in values.items() if name not in related}
    districts = [district.pk for district in values["organiser_districts"]]
    return own | {"category_id": course.category_id, "organiser_districts": districts}


def course_field_label(name: str) -> str:
    """Return the name of a field as the screen has it, with a capital."""
    text = str(own_field(Course, name).verbose_name)
    return text[:1].upper() + text[1:]


def format_course_value(name: str, value: Any) -> str:
    """Return a value, as it is or as history stores it, as people read it on the screen."""
    value = to_history_value(value)
    if value in (None, ""):
        return "—"
    field = own_field(Course, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if name.startswith("held_"):
        return day(datetime.date.fromisoformat(value))
    if name.endswith("_share"):
        return f"{number(Decimal(value).normalize())}%"
    return number(value) if isinstance(value, int) else value


def describe_course_changes(event: Event) -> list[dict[str, str]]:
    """Return the changes of a course in words, for its timeline."""
    if event.via == Via.SQL:
        return event.readable_changes
    return [_change(name, *pair) for name, pair in event.changes.items() if name in FIELDS]


def _change(name: str, before: Any, after: Any) -> dict[str, str]:
    return {
        "field": course_field_label(name),
        "before": format_course_value(name, before),
        "after": format_course_value(name, after),
    }


def corrections(course: Course) -> list[dict[str, str]]:
    """Return the fields in which the row differs from the report, with both values."""
    if not course.as_reported:
        return []
    reported = dict(course.as_reported)
    category = Category.objects.filter(pk=reported.pop("category_id", None)).first()
    districts = District.objects.filter(pk__in=reported.pop("organiser_districts", []))
    reported |= {"category": to_history_value(category), "organiser_districts": to_history_value(list(districts))}
    now = to_history_values(values_of(course))
    return [
        _change(name, reported[name], now[name]) for name in FIELDS if name in reported and reported[name] != now[name]
    ]


def format_quota(quota: Quota | None) -> str:
    """ "86 người", or a dash."""
    return f"{number(quota.target)} {quota.get_unit_display().lower()}" if quota and quota.target is not None else "—"


def describe_quota_changes(event: Event) -> list[dict[str, str]]:
    """Return the changes of a target in words, for its timeline."""
    return event.readable_changes if event.via == Via.SQL else [_quota_change(*each) for each in event.changes.items()]


def _quota_change(name: str, pair: list) -> dict[str, str]:
    if name == "unit":
        label, (before, after) = _("Counted in"), [str(CountingUnit(value).label) if value else "—" for value in pair]
    else:
        label, (before, after) = _("Target"), [number(value) for value in pair]
    return {"field": label, "before": before, "after": after}
