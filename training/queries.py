"""The one function that every page, workbook and figure about targets takes its numbers from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from training.attainment import Attainment, attainment
from training.models import Category, Course, Quota, Scheme

REPORTED = ("participants", "is_lower_bound", "enters_summary")


@dataclass(frozen=True)
class SummaryLine:
    """A category of the scheme with what was achieved. `courses` are the rows that enter the sum."""

    category: Category
    attainment: Attainment
    quota: Quota | None
    courses: list[Course]

    @property
    def is_recorded(self) -> bool:
        """Return whether there is a result or a target."""
        return bool(self.attainment.actual) or self.attainment.target is not None


def summary_lines(scheme: Scheme, *, as_reported: bool = False) -> list[SummaryLine]:
    """Return the lines of section I.2.b of 2710/BC-SNV, in three queries. The City's totals are the
    same for everyone.

    With `as_reported` the lines are those of the report: rows that came from it, with the values that it gave,
    whatever was corrected or voided since. Otherwise they are of all rows not voided.
    """
    categories = list(scheme.categories.select_related("quota"))
    courses = Course.objects.filter(category__scheme=scheme).order_by("pk")
    return lines_of(categories, courses, as_reported=as_reported)


def lines_of(categories: Sequence[Category], courses: Iterable[Course], *, as_reported: bool) -> list[SummaryLine]:
    """Return the same from rows that were read already, for callers that need both views of
    them."""
    by_category: dict[int, list[Course]] = {}
    for course in courses:
        if course.is_baseline if as_reported else not course.is_voided:
            category_id = course.reported("category_id") if as_reported else course.category_id
            by_category.setdefault(category_id, []).append(course)
    return [_line(category, by_category.get(category.pk, []), as_reported) for category in categories]


def _line(category: Category, courses: list[Course], as_reported: bool) -> SummaryLine:
    scheme, quota = category.scheme, getattr(category, "quota", None)
    rounding = scheme.reported("rounding") if as_reported else scheme.rounding
    target = quota.target if quota else None
    if as_reported and quota:
        target = (quota.as_reported or {}).get("target", quota.target) if quota.is_baseline else None
    rows = [_row(course, as_reported) for course in courses]
    return SummaryLine(
        category=category,
        attainment=attainment(rows, target, rounding),
        quota=quota,
        courses=[course for course, row in zip(courses, rows, strict=True) if row.enters_summary],
    )


def _row(course: Course, as_reported: bool) -> SimpleNamespace | Course:
    if not as_reported:
        return course
    return SimpleNamespace(**{name: course.reported(name) for name in REPORTED})
