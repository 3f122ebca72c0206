"""Results by the boundaries of today, as a page that dashboard and trend lead to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.lists import page_of
from reports.results.boundaries import by_boundaries
from reports.rounds.views import opened_round

PER_PAGE = 50


@require_safe
@needs("sees_dashboard")
def boundaries(request: HttpRequest) -> HttpResponse:
    """Show the predecessors of each unit of today side by side: of all units, or of those of a round (`dot`)."""
    code = request.GET.get("dot", "")
    inspection_round = opened_round(request, code) if code else None
    found = by_boundaries(request.user, inspection_round)
    page = page_of(request, found.units, per_page=PER_PAGE)
    context = {"round": inspection_round, "rounds": found.rounds, "page": page, "count": len(found.units)}
    return render(request, "reports/boundaries.html", context)
