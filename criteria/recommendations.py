"""What an official recommends where a criterion of phase 1 is not met: a measure of its own for each."""

from __future__ import annotations

from functools import cache

from archiveportal.baseline import rows
from criteria.baseline import DATA, SET_KEY
from criteria.models import Criterion

REPORT = "báo cáo kết quả về Sở Nội vụ"


@cache
def _measures() -> dict[str, str]:
    return {row["criterion_code"]: row["text"] for row in rows(DATA / "recommendations.csv")}


def own_sentence(criterion: Criterion) -> str:
    """Return the sentence of a criterion, blank where it has none; the minutes add the day by which
    it has to be put right."""
    if criterion.criteria_set.code != SET_KEY["code"]:
        return ""
    measure = _measures().get(criterion.code)
    return f"{measure}; {REPORT}." if measure else ""
