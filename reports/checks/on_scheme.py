"""What is checked before the report on a training scheme is published, in the order of the report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from archiveportal.vietnamese import parse_number
from reports.checks import known as known_figures
from reports.checks import records as checks
from reports.checks.found import Addition, Found
from reports.checks.left_out import left_out_of_scheme
from reports.checks.names import districts_exist
from reports.checks.numbers import numbers_are_figures
from reports.checks.statements import Facts, statements_hold
from reports.checks.texts import passages_of, unwritten_passages
from reports.checks.training import (
    courses_are_counted_once,
    money_and_people_are_there,
    rounding_differs,
    targets_are_set,
    units_of_targets_fit,
)
from reports.checks.wording import known_errors_stand
from reports.documents.passages import written_of
from reports.frozen.figures import figures_of
from training.breakdown import split, year_of
from training.models import Course, Scheme
from training.queries import SummaryLine, summary_lines
from wards.models import District


def check_scheme(scheme: Scheme) -> list[Found]:
    lines = summary_lines(scheme)
    texts = written_of(scheme).texts
    page = reverse("training:attainment", args=[scheme.code])
    page_of_courses = reverse("training:courses", args=[scheme.code])
    courses = Course.objects.standing().filter(category__scheme=scheme)
    outside = courses.filter(enters_summary=False)
    figures = figures_of(scheme)
    return [
        *unwritten_passages(scheme, texts),
        *courses_are_counted_once(lines, outside, page_of_courses),
        *checks.totals_add_up(_years(line, page_of_courses) for line in lines),
        *checks.totals_add_up(_funds(scheme, figures, page)),
        *checks.percents_follow(figures, page),
        *targets_are_set(lines, page),
        *units_of_targets_fit(lines, page),
        *money_and_people_are_there(scheme, page),
        *rounding_differs(lines, page),
        *left_out_of_scheme(lines, page_of_courses),
        *known_errors_stand(scheme, texts),
        *_check_passages(scheme, lines, texts=texts),
    ]


def _years(line: SummaryLine, page: str) -> Addition:
    """Return the total of a line and the sums by year that should add up to it."""
    by_year = [count.people for count in split(line.courses, year_of).values()]
    return Addition(line.category.name, line.attainment.actual, by_year, page)


def _funds(scheme: Scheme, figures: list[dict[str, Any]], page: str) -> list[Addition]:
    """Return the total that the report prints, and the stored one, with the amounts by source."""
    printed = next((figure["value"] for figure in figures if figure["key"] == "funding"), None)
    if printed is None:
        return []
    total = scheme.fundings.aggregate(total=Sum("amount"))["total"]
    amounts = _amounts(figure["value"] for figure in figures if "funding." in figure["key"])
    (printed_total,) = _amounts([printed])
    return [
        Addition(_("Funding by source"), printed_total, amounts, page),
        Addition(_("Funding by source"), total, amounts, page),
    ]


def _amounts(values: Iterable[str]) -> list[Decimal]:
    # The figures are the report's own: each of them is an amount.
    return [cast(Decimal, parse_number(value.removesuffix(" đồng"))) for value in values]


def _check_passages(scheme: Scheme, lines: list[SummaryLine], *, texts: dict[str, str]) -> list[Found]:
    passages = passages_of(scheme, texts)
    first_day = datetime.date(scheme.starts_year, 1, 1)
    last_day = datetime.date(scheme.ends_year, 12, 31)
    districts = list(District.objects.overlapping(first_day, last_day))
    courses = Course.objects.standing().filter(category__scheme=scheme)
    known = known_figures.of_scheme(
        scheme,
        lines,
        courses=list(courses.prefetch_related("organiser_districts")),
        in_force=sum(district.stands_on(last_day) for district in districts),
    )
    return [
        *numbers_are_figures(passages, known),
        *statements_hold(passages, Facts()),
        *districts_exist(passages, known_figures.names_of(districts)),
    ]
