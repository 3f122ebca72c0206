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
from reports.workbooks.findings import findings_workbook
from reports.workbooks.form import Reader
from reports.workbooks.rounds import bands_workbook, criteria_workbook, districts_workbook
from reports.workbooks.summary import summary_workbook
from reports.workbooks.training import attainment_workbook
from training.models import Course, Scheme


@dataclass(frozen=True)
class Choices:
    """The choices for a workbook besides the round."""

    other: Round | None = None
    ranked: bool = False


@dataclass(frozen=True)
class WorkbookKind:
    """A workbook: its name in addresses and files, its title on the page, and what writes it."""

    slug: str
    title: Any
    write: Callable[..., Book]
    needs_other: bool = False


def _summary(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return summary_workbook(summary(reader.scope, inspection_round), reader=reader)


def _summary_by_district(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return summary_workbook(summary(reader.scope, inspection_round), reader=reader, by_district=True)


def _districts(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return districts_workbook(reader, inspection_round, ranked=choices.ranked)


def _bands(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return bands_workbook(reader, inspection_round)


def _criteria(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return criteria_workbook(reader, inspection_round)


def _findings(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return findings_workbook(reader, inspection_round)


def _comparison(reader: Reader, inspection_round: Round, choices: Choices) -> Book:
    return comparison_workbook(reader, inspection_round, choices.other)


def _attainment(reader: Reader, scheme: Scheme) -> Book:
    return attainment_workbook(reader.scope, scheme, reader=reader)


def _courses(reader: Reader, scheme: Scheme) -> Book:
    courses = Course.objects.visible_to(reader.scope).standing().filter(category__scheme=scheme).distinct()
    return courses_workbook(reader, scheme, courses)


#: by the name that the command takes
ROUND_KINDS = {
    "summary": WorkbookKind("bang-tong-hop", _("Summary table"), _summary),
    "summary-by-district": WorkbookKind(
        "bang-tong-hop-quan-huyen", _("Summary table by district"), _summary_by_district
    ),
    "bands": WorkbookKind("muc-hoan-thanh", _("Wards by band"), _bands),
    "criteria": WorkbookKind("tieu-chi", _("By criterion"), _criteria),
    "districts": WorkbookKind("quan-huyen", _("By district"), _districts),
    "findings": WorkbookKind("kien-nghi", _("Recommendations"), _findings),
    "comparison": WorkbookKind("so-sanh", _("Comparison of two rounds"), _comparison, needs_other=True),
}
SCHEME_KINDS = {
    "attainment": WorkbookKind("chi-tieu", _("Results against targets"), _attainment),
    "courses": WorkbookKind("lop", _("Courses"), _courses),
    "funding": WorkbookKind("kinh-phi", _("Funding"), funding_workbook),
    "workforce": WorkbookKind("doi-ngu", _("Workforce"), workforce_workbook),
}
ROUND_SLUGS = {kind.slug: kind for kind in ROUND_KINDS.values()}
SCHEME_SLUGS = {kind.slug: kind for kind in SCHEME_KINDS.values()}
