"""From a figure to the page with its records, where the person's role may go there."""

from __future__ import annotations

from django.urls import reverse

from archiveportal.accounts.models import User
from criteria.inspections.baseline import ROUND_CODE
from reports.ledger.derived_values import Source
from training.baseline import SCHEME_CODE


def records_address(source: Source | None, user: User) -> str:
    """Return the address of the page with the records, or "" where there is none for this
    person."""
    if source is None:
        return ""
    if source.page in _OF_ROUND:
        return _OF_ROUND[source.page](source.key) if user.sees_results else ""
    if source.page in _OF_TRAINING:
        return _OF_TRAINING[source.page](source.key) if user.sees_training else ""
    return _OF_UNITS[source.page](source.key)


def _attainment(part: str) -> str:
    return f"{reverse('training:attainment', args=[SCHEME_CODE])}{part}"


_OF_ROUND = {
    "round": lambda key: reverse("inspections:round", args=[ROUND_CODE]),
    "summary": lambda key: reverse("reports:summary", args=[ROUND_CODE]),
    "districts": lambda key: reverse("reports:districts", args=[ROUND_CODE]),
    "band": lambda key: f"{reverse('reports:bands', args=[ROUND_CODE])}#muc-{key}",
    "criterion": lambda key: reverse("reports:criterion", args=[ROUND_CODE, key]),
}
_OF_TRAINING = {
    "course": lambda key: reverse("training:course", args=[key]),
    "category": lambda key: reverse("reports:courses", args=[SCHEME_CODE, key]),
    "workforce": lambda key: _attainment("#h-workforce"),
    "funding": lambda key: _attainment("#h-funding"),
}
_OF_UNITS = {
    "units": lambda key: reverse("wards:list"),
    "ward": lambda key: reverse("wards:detail", args=[key]),
    "district": lambda key: reverse("wards:district", args=[key]),
}


#: where the records are that a discrepancy without a tracked figure is about
WITHOUT_FIGURE = {
    "D01": [Source("round")],
    "D02": [Source("round")],
    "D18": [Source("criterion", "TC16")],
    "D25": [Source("summary")],
    "D26": [Source("criterion", "TC15")],
    "D31": [Source("summary")],
    "E23": [Source("category", "trung-cap")],
}


def evidence_addresses(code: str, user: User) -> list[str]:
    """Return the pages with the records that a discrepancy without a tracked figure is about."""
    return [address for source in WITHOUT_FIGURE.get(code, []) if (address := records_address(source, user))]


def discrepancy_address(code: str) -> str:
    return f"{reverse('reports:discrepancies')}#{code}"
