"""Where in report 5355/BC-SNV the pilot wards and their districts are from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from archiveportal.baseline import ReportSource, sources_in
from wards.models import District, Ward

DATA = Path(__file__).parent / "data"
FILES = {Ward: "pilot_wards.csv", District: "districts_2019.csv"}


@cache
def _sources(name: str) -> dict[str, ReportSource]:
    return sources_in(DATA / name, "code", report="5355")


def source_of_unit(unit: Ward | District) -> ReportSource | None:
    """Return section and quotation of a unit of the report; None for one that people entered."""
    return _sources(FILES[type(unit)]).get(unit.reported("code")) if unit.is_baseline else None
