"""Which workbooks there are: the page of reports, the addresses and the command take them from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from archiveportal.excel import Book
from criteria.inspections.models import Round
from reports.results.table import summary
from reports.workbooks.comparison import comparison_workbook
from reports.workbooks.courses import courses_workbook, funding_workbook, workforce_workbook
from reports.workbooks.data_tables.of_parts import criteria_data, districts_data, findings_data
from reports.workbooks.data_tables.of_rounds import bands_data, comparison_data, results_long, summary_data
from reports.workbooks.data_tables.of_schemes import attainment_data, courses_data, funding_data, workforce_data
from reports.workbooks.findings import findings_workbook
from reports.workbooks.form import Reader
from reports.workbooks.holdings import holdings_data, holdings_workbook
from reports.workbooks.mending import mending_data, mending_workbook
from reports.workbooks.rounds import bands_workbook, criteria_workbook, districts_workbook
from reports.workbooks.summary import summary_workbook
from reports.workbooks.training import attainment_workbook
from training.models import Course, Scheme
from training.querysets import CourseQuerySet


@dataclass(frozen=True)
class Choices:
    """The choices for a workbook besides the round."""

    other: Round | None = None
    ranked: bool = False

    @property
    def required_other(self) -> Round:
        """Return the round to compare with, of a kind that needs one."""
        if self.other is None:
            raise ValueError("a comparison needs a second round")
        return self.other


@dataclass(frozen=True)
class WorkbookKind:
    """A workbook: its name in addresses and files, its title on the page, and what writes it.

    `write` writes the official form, `write_data` the same records as a table to compute with. A
    kind without `write_data` is such a table itself.
    """

    slug: str
    title: Any
    write: Callable[..., Book]
    write_data: Callable[..., Book] | None = None
    needs_other: bool = False
    #: it sets areas side by side, so that it is offered where the round is divided
    needs_areas: bool = False
    #: it adds up facts that the criteria set marks as indicators
    needs_indicators: bool = False
    #: title by the noun of the areas, where they are no districts
    title_by_noun: Any = ""

    def titled(self, noun: str) -> Any:
        """Return the title on the page of a round whose areas are called `noun`; blank for districts."""
        return self.title_by_noun % {"noun": noun} if noun and self.title_by_noun else self.title

    def writer(self, *, is_data: bool) -> Callable[..., Book]:
        return self.write_data if is_data and self.write_data else self.write


def _summary(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return summary_workbook(summary(reader.scope, inspection_round), reader=reader)


def _summary_by_district(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return summary_workbook(summary(reader.scope, inspection_round), reader=reader, by_district=True)


def _summary_by_district_data(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return summary_data(reader, inspection_round, by_district=True)


def _districts(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return districts_workbook(reader, inspection_round, ranked=choices.ranked)


def _districts_data(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return districts_data(reader, inspection_round, ranked=choices.ranked)


def _comparison(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return comparison_workbook(reader, inspection_round, choices.required_other)


def _comparison_data(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return comparison_data(reader, inspection_round, choices.required_other)


def _without_choices(write: Callable[[Reader, Round], Book]) -> Callable[[Reader, Round, Choices], Book]:
    return lambda reader, inspection_round, choices: write(reader, inspection_round)


def _attainment(reader: Reader, scheme: Scheme) -> Book:
    return attainment_workbook(reader.scope, scheme, reader=reader)


def _courses(reader: Reader, scheme: Scheme) -> Book:
    return courses_workbook(reader, scheme, _courses_of(reader, scheme))


def _courses_data(reader: Reader, scheme: Scheme) -> Book:
    return courses_data(reader, scheme, _courses_of(reader, scheme))


def _courses_of(reader: Reader, scheme: Scheme) -> CourseQuerySet:
    return Course.objects.visible_to(reader.scope).standing().filter(category__scheme=scheme).distinct()


#: by the name that the command takes
ROUND_KINDS = {
    "summary": WorkbookKind("bang-tong-hop", _("Summary table"), _summary, _without_choices(summary_data)),
    "summary-by-district": WorkbookKind(
        "bang-tong-hop-quan-huyen",
        _("Summary table by district"),
        _summary_by_district,
        _summary_by_district_data,
        needs_areas=True,
        title_by_noun=_("Summary table by %(noun)s"),
    ),
    "bands": WorkbookKind(
        "muc-hoan-thanh",
        _("Wards by band"),
        _without_choices(bands_workbook),
        _without_choices(bands_data),
    ),
    "criteria": WorkbookKind(
        "tieu-chi",
        _("By criterion"),
        _without_choices(criteria_workbook),
        _without_choices(criteria_data),
    ),
    "districts": WorkbookKind(
        "quan-huyen",
        _("By district"),
        _districts,
        _districts_data,
        needs_areas=True,
        title_by_noun=_("By %(noun)s"),
    ),
    "findings": WorkbookKind(
        "kien-nghi",
        _("Recommendations"),
        _without_choices(findings_workbook),
        _without_choices(findings_data),
    ),
    "mending": WorkbookKind(
        "khac-phuc",
        _("Put right"),
        _without_choices(mending_workbook),
        _without_choices(mending_data),
    ),
    "holdings": WorkbookKind(
        "hien-trang",
        _("Records, stores and funds"),
        _without_choices(holdings_workbook),
        _without_choices(holdings_data),
        needs_indicators=True,
    ),
    "comparison": WorkbookKind(
        "so-sanh",
        _("Comparison of two rounds"),
        _comparison,
        _comparison_data,
        needs_other=True,
    ),
    "results-long": WorkbookKind(
        "ket-qua-tung-tieu-chi",
        _("Answers, ward by criterion"),
        _without_choices(results_long),
    ),
}
SCHEME_KINDS = {
    "attainment": WorkbookKind("chi-tieu", _("Results against targets"), _attainment, attainment_data),
    "courses": WorkbookKind("lop", _("Courses"), _courses, _courses_data),
    "funding": WorkbookKind("kinh-phi", _("Funding"), funding_workbook, funding_data),
    "workforce": WorkbookKind("doi-ngu", _("Workforce"), workforce_workbook, workforce_data),
}
ROUND_SLUGS = {kind.slug: kind for kind in ROUND_KINDS.values()}
SCHEME_SLUGS = {kind.slug: kind for kind in SCHEME_KINDS.values()}
