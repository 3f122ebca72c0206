"""Whether there is anything to report at all: a report on nothing is the one that must not go out unnoticed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from archiveportal.vietnamese import number
from reports.checks.records import SEVERITY, Found, Unit
from reports.documents.passages import Place


def units_have_results(units: Sequence[Unit], *, page: str, results: str) -> list[Found]:
    """No unit takes part, or none of them has a result yet."""
    if not units:
        return [Found(SEVERITY.HIGH, _("No unit takes part in this round: the report would be empty."), page)]
    if all(unit.score is None for unit in units):
        text = _("None of the %(count)s units of this round has a result yet.") % {"count": number(len(units))}
        return [Found(SEVERITY.HIGH, text, results)]
    return []


def passages_are_written(places: Iterable[Place], texts: Mapping[str, str], address: str = "") -> list[Found]:
    """A passage that nobody has written is printed as a row of dots."""
    missing = [f"“{place.title}”" for place in places if place.is_printed_as_dots(texts.get(place.key, ""))]
    if not missing:
        return []
    text = _("Passages not written yet, printed as dots (%(count)s): %(names)s.")
    return [Found(SEVERITY.MEDIUM, text % {"count": len(missing), "names": "; ".join(missing)}, address)]
