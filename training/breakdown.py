"""Results split by year or organiser: pure functions over course rows, whose parts add up to the line they split."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from training.models import Course, Scheme

#: the year of a course whose days nobody recorded
UNKNOWN = None
#: a year, or an organiser
Part = TypeVar("Part", bound=Hashable)


@dataclass(frozen=True)
class Count:
    """So many people of one unit; one lower bound among the rows makes the sum one."""

    people: int
    is_lower_bound: bool


def count_of(courses: Iterable[Course]) -> Count:
    rows = list(courses)
    return Count(sum(row.participants for row in rows), any(row.is_lower_bound for row in rows))


def alike(courses: Iterable[Course]) -> list[list[Course]]:
    """Group courses that may be added up, in the order of the first of each group: see
    `training.tables.Total`."""
    groups: dict[Hashable, list[Course]] = {}
    for course in courses:
        alone = course.pk if course.stands_alone else None
        kind = course.category_id, course.organiser, course.unit, course.enters_summary, alone
        groups.setdefault(kind, []).append(course)
    return list(groups.values())


def split(courses: Iterable[Course], key: Callable[[Course], Part]) -> dict[Part, Count]:
    parts: dict[Part, list[Course]] = {}
    for course in courses:
        parts.setdefault(key(course), []).append(course)
    return {part: count_of(rows) for part, rows in parts.items()}


def year_of(course: Course) -> int | None:
    """Return the year in which it ended; a course over New Year counts once."""
    day = course.held_to or course.held_from
    return day.year if day else UNKNOWN


def organiser_of(course: Course) -> str:
    return course.organiser


def years_of(scheme: Scheme, courses: Iterable[Course]) -> list[int | None]:
    """Return the years of the scheme, further ones in which courses were held, and the unknown one
    where it is needed."""
    held = {year_of(course) for course in courses}
    known = set(range(scheme.starts_year, scheme.ends_year + 1)) | {year for year in held if year is not None}
    return [*sorted(known), *([UNKNOWN] if UNKNOWN in held else [])]
