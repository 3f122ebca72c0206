"""Where in report 2710/BC-SNV the rows of training are from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from archiveportal.baseline import ReportSource, sources_in
from training.models import Course

DATA = Path(__file__).parent / "data"
REPORT = "2710"


@cache
def _sources(name: str, key: str) -> dict[str, ReportSource]:
    return sources_in(DATA / name, key, report=REPORT)


def source_of_course(course: Course) -> ReportSource | None:
    """Return section and quotation of a row of the report; None for a row that people entered."""
    return _sources("courses.csv", "report_key").get(course.report_key) if course.is_baseline else None


def source_of_row(row: str) -> ReportSource:
    """Return section and quotation of the "scheme", its "workforce" or its "funding"."""
    return _sources("sources.csv", "row")[row]
