"""Where in report 5355/BC-SNV the criteria set of phase 1 is from, and what its row says otherwise."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from archiveportal.baseline import ReportSource, sources_in
from criteria.baseline import SET, SET_KEY
from criteria.models import CriteriaSet

DATA = Path(__file__).parent / "data"
#: a plan of phase 1 that the portal gave as a basis of the criteria, which no report says
PLAN = "1067/KH-SNV"


@cache
def _sources() -> dict[str, ReportSource]:
    return sources_in(DATA / "sources.csv", "row", report="5355")


def _is_of_report(criteria_set: CriteriaSet) -> bool:
    return all(getattr(criteria_set, name) == value for name, value in SET_KEY.items())


def source_of_set(criteria_set: CriteriaSet) -> ReportSource | None:
    """Return section and quotation of the set of phase 1; None for any other."""
    return _sources()["set"] if _is_of_report(criteria_set) else None


def basis_of_report(criteria_set: CriteriaSet) -> str:
    """Return the legal basis that the report has where the row has another one, else "".

    Later versions have a basis of their own, apart from what they were copied with.
    """
    if _is_of_report(criteria_set):
        is_changed = criteria_set.legal_basis != SET["legal_basis"]
    else:
        is_changed = criteria_set.code == SET_KEY["code"] and PLAN in criteria_set.legal_basis
    return SET["legal_basis"] if is_changed else ""
