"""Where units are from: the pilot wards and their districts in report 5355/BC-SNV, others in the City's lists."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from archiveportal.baseline import ReportSource, rows, sources_in
from wards.models import District, Unit, Ward

DATA = Path(__file__).parent / "data"
FILES = {Ward: "pilot_wards.csv", District: "districts_2019.csv"}


@cache
def _sources(name: str) -> dict[str, ReportSource]:
    return sources_in(DATA / name, "code", report="5355")


def source_of_unit(unit: Ward | District) -> ReportSource | None:
    """Return section and quotation of a unit of the report; None for one that people entered."""
    return _sources(FILES[type(unit)]).get(unit.reported("code")) if unit.is_baseline else None


@cache
def _lists() -> dict[type[Unit], dict[str, str]]:
    """Return the words for the source of each row of the City's lists, by kind of unit and row."""
    words = {row["source"]: row["words"] for row in rows(DATA / "city" / "sources.csv")}
    files: dict[type[Unit], str] = {Ward: "wards.csv", District: "districts.csv"}
    return {
        model: {f"{row['code']}/{row['valid_from']}": words[row["source"]] for row in rows(DATA / "city" / name)}
        for model, name in files.items()
    }


def list_of_unit(unit: Ward | District) -> str:
    """Return which list the portal has a unit from, in words; blank for one that people entered."""
    return _lists()[type(unit)].get(unit.listed_as, "")
