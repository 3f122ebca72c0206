"""The page of the guide: of one's own role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archiveportal.guide.sheets import GUIDES


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Show the two pages of the person's role."""
    return render(request, "home/guide.html", {"sheets": GUIDES[request.user.role]})
