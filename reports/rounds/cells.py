"""The cells of the summary table on a page: a mark for an answer or its points, the value for a fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from archiveportal.templatetags.portal import number
from criteria.models import Criterion
from criteria.outcomes import OUTCOMES
from criteria.templatetags.outcomes import answer
from reports.results.apart import ApartColumn
from reports.results.table import Row


def mark(outcome: str, *, word: bool = False) -> SafeString:
    """Draw what the tag `answer` draws, for places without a template of their own."""
    return render_to_string("includes/answer.html", answer(outcome, word=word))


@dataclass(frozen=True, slots=True)
class SummaryCell:
    """`code` is the criterion's place within the checklist; blank where there is nothing to open."""

    content: Any
    code: str
    is_fact: bool


@dataclass(frozen=True, slots=True)
class WardLine:
    """A ward of the table with the address of its checklist."""

    row: Row
    address: str
    cells: list[SummaryCell]
    #: points before deductions and bonuses, and these; none in a set without them
    apart: list[Decimal | None]


def lines(rows: Iterable[Row], columns: list[Criterion], apart: Sequence[ApartColumn] = ()) -> list[WardLine]:
    """Every cell of a ward opens its checklist at the criterion. Each mark is drawn once, not once per cell."""
    marks = {outcome: mark(outcome) for outcome in OUTCOMES}
    cells = [{key: SummaryCell(drawn, column.code, False) for key, drawn in marks.items()} for column in columns]
    ward_lines = []
    for row in rows:
        shown = [
            cells[place][value] if column.has_outcome else SummaryCell(_fact(value), column.code, True)
            for place, (column, value) in enumerate(zip(columns, row.cells, strict=True))
        ]
        for place, points in row.earned.items():
            shown[place] = SummaryCell(number(points), columns[place].code, True)
        address = reverse("inspections:checklist", args=[row.pk])
        ward_lines.append(WardLine(row, address, shown, [each.value_of(row) for each in apart]))
    return ward_lines


def _fact(value: Any) -> str:
    """Write what a criterion without an outcome records: a number, words, or nothing."""
    if value is None or isinstance(value, str):
        return value or ""
    return number(value)
