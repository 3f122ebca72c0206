"""Which courses enter the summary line of a category: pure functions over a course and its category.

A category may have a rule; a course that follows it enters by what it is, one that does not decides
by itself, as all of 2710/BC-SNV do (discrepancies E09, E13, E15).
"""

from __future__ import annotations

import datetime
from typing import Any, Protocol

from training.models import Category, Course, SummaryRule


class CourseFacts(Protocol):
    """What a rule asks of a course."""

    unit: str
    organiser: str
    held_from: datetime.date | None
    held_to: datetime.date | None
    category: Any


def enters_by_rule(course: CourseFacts) -> bool:
    """Tell whether a course enters the line of its category by the rule of that category.

    One that is counted in another unit, or was held after the category was stopped, never does.
    """
    category: Category = course.category
    if course.unit != category.unit or is_after_stop(course):
        return False
    if category.summary_rule == SummaryRule.CITY:
        return course.organiser == Course.Organiser.CITY
    return category.summary_rule == SummaryRule.ALL


def is_after_stop(course: CourseFacts) -> bool:
    """Tell whether a course began after the last day of its category; one without days did not."""
    stopped_on = course.category.stopped_on
    begins = course.held_from or course.held_to
    return bool(stopped_on and begins and begins > stopped_on)
