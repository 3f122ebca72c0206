"""From a figure to the page with its records, where the person's role may go there."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from criteria.inspections.baseline import ROUND_CODE
from reports.ledger.values import Source
from training.baseline import SCHEME_CODE


def records_address(source: Source | None, user: Any) -> str:
    """The address of the page with the records, or "" where there is none for this person."""
    if source is None:
        return ""
    if source.page in _OF_ROUND:
        return _OF_ROUND[source.page](source.key) if user.sees_results else ""
    if source.page in _OF_TRAINING:
        return _OF_TRAINING[source.page](source.key) if user.sees_training else ""
    return _OF_UNITS[source.page](source.key)


def _courses_of(category: str) -> str:
    """The rows that enter the category's summary line."""
    return f"{reverse('training:courses', args=[SCHEME_CODE])}?{urlencode({'category': category, 'summary': 1})}"


_OF_ROUND = {
    "round": lambda key: reverse("inspections:round", args=[ROUND_CODE]),
    "summary": lambda key: reverse("reports:summary", args=[ROUND_CODE]),
    "bands": lambda key: reverse("reports:bands", args=[ROUND_CODE]),
    "criterion": lambda key: reverse("reports:criterion", args=[ROUND_CODE, key]),
}
_OF_TRAINING = {
    "course": lambda key: reverse("training:course", args=[key]),
    "category": _courses_of,
    "attainment": lambda key: reverse("training:attainment", args=[SCHEME_CODE]),
}
_OF_UNITS = {
    "units": lambda key: reverse("wards:list"),
    "ward": lambda key: reverse("wards:detail", args=[key]),
    "district": lambda key: reverse("wards:district", args=[key]),
}


def discrepancy_address(code: str) -> str:
    return f"{reverse('reports:discrepancies')}#{code}"
