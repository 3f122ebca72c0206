"""The passages of a report as the checks read them."""

from __future__ import annotations

from django.utils.text import format_lazy

from reports.checks.found import Found
from reports.checks.numbers import Words
from reports.checks.records import passages_are_written
from reports.documents.passages import places_of
from reports.models import Subject
from reports.subjects import report_of


def passages_of(subject: Subject, texts: dict[str, str]) -> list[Words]:
    """Return the newest texts of the report, given by key, in the order of their places."""
    page = report_of(subject).passages_address
    titles = {place.key: place.title for place in places_of(subject)}
    order = {key: place for place, key in enumerate(titles)}
    keys = sorted(texts, key=lambda key: order.get(key, len(order)))
    return [Words(format_lazy("“{}”", titles.get(key, key)), texts[key], f"{page}#{key}") for key in keys]


def unwritten_passages(subject: Subject, texts: dict[str, str]) -> list[Found]:
    return passages_are_written(places_of(subject), texts, report_of(subject).passages_address)
