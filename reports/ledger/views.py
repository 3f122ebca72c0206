"""The pages of those who work on the figures of the two reports and on their discrepancies."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.lists import list_response
from reports.ledger.entries import Entry, Verdict, counts, load_entries
from reports.ledger.filters import DiscrepancyFilter, FigureFilter
from reports.ledger.links import evidence_addresses, records_address
from reports.ledger.listed import divergences_of
from reports.ledger.printed import printed_reports
from reports.ledger.records import BaselineMissing
from reports.ledger.tables import DiscrepancyTable, FigureTable
from reports.models import Discrepancy, Figure

SEVERITIES = [*Discrepancy.Severity, ""]


@require_safe
@needs("sees_ledger")
def figures(request: HttpRequest) -> HttpResponse:
    """All 90 on one page, so that a link to one of them always arrives."""
    entries = _entries()
    filterset = FigureFilter(request.GET, entries)
    tally = counts(entries)
    return list_response(
        request,
        "reports/figures.html",
        table=FigureTable(filterset.rows, user=request.user),
        filterset=filterset,
        name=_("Figures of the reports"),
        per_page=len(entries) or 1,
        total=len(entries),
        shown=len(filterset.rows),
        printed_reports=printed_reports().values(),
        verdicts=[(verdict, tally[verdict]) for verdict in Verdict],
        changed=sum(entry.is_changed for entry in entries),
    )


def _entries() -> list[Entry]:
    try:
        return load_entries()
    except BaselineMissing:
        return []


@require_safe
@needs("sees_ledger")
def discrepancies(request: HttpRequest) -> HttpResponse:
    """Show the discrepancies by class, the weightiest first, each with what is printed, what the
    records give and where they are. Withdrawn ones follow with the reason, outside the counts."""
    concerned = Prefetch("figures", Figure.objects.order_by("-report", "code"))
    entries = {entry.code: entry for entry in _entries()}
    rows = sorted(
        Discrepancy.objects.prefetch_related(concerned),
        key=lambda row: (SEVERITIES.index(row.severity), row.report == "2710", row.code),
    )
    for row in rows:
        found = [entries[figure.code] for figure in row.figures.all() if figure.code in entries]
        row.evidence = [
            (entry, records_address(entry.now.source or entry.reported.source, request.user)) for entry in found
        ]
        row.records = evidence_addresses(row.code, request.user)
        row.divergences = divergences_of(row)
    filterset = DiscrepancyFilter(request.GET, rows)
    standing, withdrawn = _parted(filterset.rows)
    groups = [(category, [row for row in standing if row.category == category]) for category in Discrepancy.Category]
    return list_response(
        request,
        "reports/discrepancies.html",
        table=DiscrepancyTable(standing),
        filterset=filterset,
        name=_("Discrepancies in the reports"),
        total=len(_parted(rows)[0]),
        shown=len(standing),
        groups=[group for group in groups if group[1]],
        withdrawn=withdrawn,
    )


def _parted(rows: list[Discrepancy]) -> tuple[list[Discrepancy], list[Discrepancy]]:
    """Return the rows that stand, and those that were withdrawn."""
    standing = [row for row in rows if not row.withdrawn]
    return standing, [row for row in rows if row.withdrawn]
