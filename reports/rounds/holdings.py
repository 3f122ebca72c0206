"""The page of what the units of a round hold and need: the sums of the areas, then unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs, signed_in_user
from archiveportal.lists import page_of
from criteria.inspections.lists.filters import DividedFilter
from criteria.inspections.models import Enrolment
from criteria.inspections.querysets import EnrolmentQuerySet
from reports.results.holdings import AreaSums, FigureSource, Holdings, HoldingsColumn, HoldingsSum, UnitLine, holdings
from reports.results.holdings_sentences import coverage_sentence
from reports.rounds.views import opened_round
from wards.models import Ward

#: a unit or an area with twelve numbers is 2 to 4 KB of HTML
PER_PAGE, AREAS_PER_PAGE = 40, 30
SOURCES = [
    (FigureSource.VERIFIED, _("Verified by a team")),
    (FigureSource.REPORTED, _("Reported by the unit itself")),
    (FigureSource.NONE, _("No figures yet")),
]
#: in the choice of what is lacking: any of the indicators
ANY = "any"


class HoldingsFilter(DividedFilter):
    """The units of the table: by name, area, where their numbers are from, and what they lack."""

    q = django_filters.CharFilter(label=_("Name of the unit"), method="filter_name", max_length=100)
    source = django_filters.ChoiceFilter(label=_("Figures"), method="filter_source", choices=SOURCES)
    lacking = django_filters.ChoiceFilter(label=_("Without figures on"), method="filter_lacking", choices=[])

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def __init__(self, *args: Any, table: Holdings, **options: Any) -> None:
        self.table = table
        super().__init__(*args, divided=table.divided, **options)
        named = [(column.code, column.indicator.label) for column in table.columns]
        self.filters["lacking"].extra["choices"] = [(ANY, _("anything")), *named]

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(ward__in=Ward.objects.matching(value))

    def filter_source(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(self.table.has_source(FigureSource(value)))

    def filter_lacking(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(self.table.lacks_any() if value == ANY else self.table.lacks(value))


@dataclass(frozen=True)
class ShownLine:
    """A unit with its numbers column by column; None where it gave none."""

    line: UnitLine
    cells: list[tuple[HoldingsColumn, Decimal | None]]


@dataclass(frozen=True)
class ShownSums:
    """A row of sums: of an area, or of all units."""

    title: str
    units: int
    cells: list[tuple[HoldingsColumn, HoldingsSum]]


def _shown(table: Holdings, lines: Sequence[UnitLine]) -> list[ShownLine]:
    return [ShownLine(line, [(each, line.values.get(each.code)) for each in table.columns]) for line in lines]


def _areas(table: Holdings, areas: Iterable[AreaSums]) -> list[ShownSums]:
    """Return the rows of areas."""
    return [
        ShownSums(
            each.area.title if each.area else table.divided.rest,
            each.units,
            list(zip(table.columns, each.sums, strict=True)),
        )
        for each in areas
    ]


@require_safe
@needs("sees_results")
def holdings_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the table of the City; the page of a round whose set has no indicator says so."""
    user, inspection_round = signed_in_user(request), opened_round(request, code)
    table = holdings(user, inspection_round)
    context = {
        "round": inspection_round,
        "has_indicators": bool(table.columns),
        "divided": table.divided,
        "sums": [],
        **(_shown_table(request, table) if table.columns else {}),
    }
    return render(request, "reports/holdings.html", context)


def _shown_table(request: HttpRequest, table: Holdings) -> dict[str, Any]:
    """Read the sums, and the areas and units of one page each; no areas where nothing divides the units."""
    filterset = HoldingsFilter(request.GET or None, queryset=table.units, table=table)
    page = page_of(request, filterset.qs, per_page=PER_PAGE)
    page_of_areas = page_of(request, table.by_area if table.divided else [], per_page=AREAS_PER_PAGE, name="trang")
    shown_units = cast("EnrolmentQuerySet", page.object_list)
    return {
        "table": table,
        "coverage": coverage_sentence(table),
        "sums": list(zip(table.columns, table.totals.sums, strict=True)),
        "areas": _areas(table, page_of_areas),
        "page_of_areas": page_of_areas,
        "lines": _shown(table, table.lines_of(shown_units)),
        "page": page,
        "filter": filterset,
    }
