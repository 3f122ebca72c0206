"""The one function that every page, workbook and figure about targets takes its numbers from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from types import SimpleNamespace

from django.utils import timezone

from training.attainment import Attainment, attainment
from training.breakdown import split, year_of, years_of
from training.models import Category, CountingUnit, Course, Quota, Scheme, YearTarget
from training.yearly import YearResult, by_year

REPORTED = ("participants", "is_lower_bound", "enters_summary")


@dataclass(frozen=True)
class SummaryLine:
    """A category of the scheme with what was achieved. `courses` are the rows that enter the sum."""

    category: Category
    attainment: Attainment
    quota: Quota | None
    courses: list[Course]

    @property
    def target_unit(self) -> str:
        """Return the unit of the target: that of the whole scheme has one of its own."""
        has_own = self.quota is not None and self.quota.target is not None
        return self.quota.unit if self.quota is not None and has_own else self.category.unit

    @property
    def target_unit_label(self) -> str:
        return str(CountingUnit(self.target_unit).label)

    @property
    def is_recorded(self) -> bool:
        """Return whether there is a result or a target."""
        return bool(self.attainment.actual) or self.attainment.target is not None


@dataclass(frozen=True)
class YearLine:
    """A line of the summary year by year; `decided` are all targets of a year, the first one first."""

    line: SummaryLine
    years: list[YearResult]
    decided: dict[int, list[YearTarget]]

    @property
    def target_of_years(self) -> int | None:
        """Return the sum of the targets that hold; None where no year has one."""
        return getattr(self.line.category, "target_of_years", None)

    @property
    def differs_from_whole(self) -> bool:
        """Tell whether the target of the whole scheme is another one than that of its years."""
        whole = self.line.quota.target if self.line.quota else None
        return None not in (whole, self.target_of_years) and whole != self.target_of_years


def summary_lines(scheme: Scheme, *, as_reported: bool = False) -> list[SummaryLine]:
    """Return the lines of section I.2.b of 2710/BC-SNV, in three queries. The City's totals are the
    same for everyone.

    With `as_reported` the lines are those of the report: rows that came from it, with the values that it gave,
    whatever was corrected or voided since. Otherwise they are of all rows not voided. A category
    without a target for the whole scheme has the sum of those of its years.
    """
    categories = list(scheme.categories.with_targets())
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


def year_lines(scheme: Scheme, lines: Sequence[SummaryLine], *, this_year: int | None = None) -> list[YearLine]:
    """Return lines of a scheme split by year, in one query more.

    Later years than `this_year` (a paper gives its own) have no result yet.
    """
    decided: dict[int, dict[int, list[YearTarget]]] = {}
    for target in YearTarget.objects.filter(category__scheme=scheme).order_by("ordinal"):
        decided.setdefault(target.category_id, {}).setdefault(target.year, []).append(target)
    years = years_of(scheme, list(chain.from_iterable(line.courses for line in lines)))
    now = this_year or timezone.localdate().year
    return [_by_year(line, decided.get(line.category.pk, {}), years, this_year=now) for line in lines]


def _by_year(
    line: SummaryLine, decided: dict[int, list[YearTarget]], years: Sequence[int | None], *, this_year: int
) -> YearLine:
    in_force = {year: targets[-1].target for year, targets in decided.items()}
    counts = split(line.courses, year_of)
    results = by_year(
        counts,
        in_force,
        years,
        rounding=line.attainment.rounding,
        this_year=this_year,
    )
    return YearLine(line, results, decided)


def has_years(lines: Iterable[YearLine]) -> bool:
    """Tell whether a split by year says anything: a year has a result or a target."""
    results = chain.from_iterable(line.years for line in lines)
    return any(each.year and (each.own.people or each.own.target is not None) for each in results)


def _line(category: Category, courses: list[Course], as_reported: bool) -> SummaryLine:
    scheme, quota = category.scheme, getattr(category, "quota", None)
    rounding = scheme.reported("rounding") if as_reported else scheme.rounding
    target = quota.target if quota else None
    if target is None and not as_reported:
        target = getattr(category, "target_of_years", None)
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
