"""Checks of the records of a training scheme."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from django.utils.translation import gettext as _

from archiveportal.percent import Rounding, percent_of
from archiveportal.templatetags.portal import at_least
from archiveportal.vietnamese import number
from reports.checks.found import SEVERITY, Found, first_names
from training.models import Course, Scheme
from training.queries import SummaryLine


def rounding_differs(lines: Iterable[SummaryLine], address: str = "") -> list[Found]:
    """Percentages of 2710/BC-SNV are cut off; where rounding gives another figure, readers will ask."""
    lines = [line for line in lines if line.attainment.rounding == Rounding.TRUNCATED]
    findings = []
    text = _("%(name)s: %(cut)s%% is cut off to two decimals; rounded it would be %(rounded)s%%.")
    for line in lines:
        cut = line.attainment.percent
        rounded = percent_of(line.attainment.actual, line.attainment.target)
        if cut is not None and cut != rounded:
            shown = [at_least(number(value, 2), line.attainment.is_lower_bound) for value in (cut, rounded)]
            values = dict(zip(("name", "cut", "rounded"), (line.category.name, *shown), strict=True))
            findings.append(Found(SEVERITY.LOW, text % values, address))
    return findings


def targets_are_set(lines: Iterable[SummaryLine], address: str = "") -> list[Found]:
    """No target, or a target of zero: the line has no percentage."""
    rows = list(lines)
    missing = [line.category.name for line in rows if line.attainment.target is None and line.category.kind in TARGETED]
    zero = [line.category.name for line in rows if line.attainment.target == 0]
    findings = []
    if missing:
        text = _("No target is recorded, so there is no percentage: %(names)s.")
        findings.append(Found(SEVERITY.LOW, text % {"names": first_names(missing)}, address))
    if zero:
        text = _("The target is zero, so there is no percentage: %(names)s.")
        findings.append(Found(SEVERITY.MEDIUM, text % {"names": first_names(zero)}, address))
    return findings


TARGETED = {"degree", "professional"}


def courses_are_counted_once(lines: Iterable[SummaryLine], outside: Iterable[Course], address: str = "") -> list[Found]:
    """Voided but counted; counted in another unit; kept out of a line that has a target; lower bounds."""
    rows = list(lines)
    counted = list(chain.from_iterable(line.courses for line in rows))
    in_other_unit = chain.from_iterable(_in_another_unit(line) for line in rows)
    with_target = {line.category.pk for line in rows if line.attainment.target}
    left_out = [course for course in outside if course.category_id in with_target]
    several = [
        (SEVERITY.HIGH, _("Voided, but counted"), [each for each in counted if each.is_voided]),
        (SEVERITY.HIGH, _("Counted in another unit than its line"), list(in_other_unit)),
        (
            SEVERITY.LOW,
            _("The number is a lower bound (“more than”), and so is the sum"),
            [course for course in counted if course.is_lower_bound],
        ),
        (SEVERITY.MEDIUM, _("Not counted, although the line has a target"), left_out),
        (
            SEVERITY.MEDIUM,
            _("More attended than registered, or more certified than attended"),
            [course for course in counted if _falls(course)],
        ),
    ]
    return [
        Found(severity, f"{what} ({len(courses)}): {_names(courses)}.", address)
        for severity, what, courses in several
        if courses
    ]


def _in_another_unit(line: SummaryLine) -> list[Course]:
    return [course for course in line.courses if course.unit != line.category.unit]


def _names(courses: Iterable[Course]) -> str:
    return first_names([course.name for course in courses])


def _falls(course: Course) -> bool:
    steps = [value for value in (course.registered, course.attended, course.certified) if value is not None]
    return steps != sorted(steps, reverse=True)


def units_of_targets_fit(lines: Iterable[SummaryLine], address: str = "") -> list[Found]:
    """Persons and attendances are not the same (E07)."""
    rows = [line for line in lines if line.attainment.target is not None]
    mixed = [line.category.name for line in rows if line.target_unit != line.category.unit]
    if not mixed:
        return []
    text = _("The target is set in persons and the result counted in attendances, or the other way: %(names)s.")
    return [Found(SEVERITY.MEDIUM, text % {"names": first_names(mixed)}, address)]


def money_and_people_are_there(scheme: Scheme, page: str) -> list[Found]:
    """Funding and a count of the workforce are recorded, and figures up to the last year's end."""
    workforce = list(scheme.workforce_counts.all())
    findings = []
    if not scheme.fundings.exists():
        findings.append(Found(SEVERITY.MEDIUM, _("No funding is recorded."), page))
    if not workforce:
        findings.append(Found(SEVERITY.MEDIUM, _("No count of the workforce is recorded."), page))
    findings += [
        Found(SEVERITY.HIGH, _("More people qualified than there are."), page)
        for count in workforce
        if count.qualified > count.total
    ]
    if scheme.cut_off_on and scheme.cut_off_on.year <= scheme.ends_year and (scheme.cut_off_on.month, 0) < (12, 0):
        text = _("The report is of %(day)s, before the end of the period %(first)s – %(last)s.")
        values = {"day": f"{scheme.cut_off_on:%d/%m/%Y}", "first": scheme.starts_year, "last": scheme.ends_year}
        findings.append(Found(SEVERITY.LOW, text % values, page))
    return findings
