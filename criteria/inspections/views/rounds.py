"""Rounds: the list of them, and the wards of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.lists import list_response
from criteria.inspections.filters import EnrolmentFilter
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.queries import progress, with_progress
from criteria.inspections.tables import EnrolmentTable


@require_safe
@needs("sees_results")
def rounds(request: HttpRequest) -> HttpResponse:
    rounds = Round.objects.visible_to(request.user).select_related("criteria_set")
    found = with_progress(rounds, Enrolment.objects.visible_to(request.user).with_standing())
    return render(request, "inspections/rounds.html", {"rounds": found})


@require_safe
@needs("sees_results")
def round(request: HttpRequest, code: str) -> HttpResponse:
    """The wards of a round with score, band and progress; the round that is opened becomes the one one is in."""
    found = get_object_or_404(Round.objects.visible_to(request.user).select_related("criteria_set"), code=code)
    if request.session.get("round") != found.code:
        request.session["round"] = found.code
    enrolments = found.enrolments.visible_to(request.user).with_standing()
    enrolments = enrolments.select_related("ward__district", "inspection")
    bands = list(found.criteria_set.bands.all())
    filterset = EnrolmentFilter(
        request.GET or None, queryset=enrolments, user=request.user, bands=bands, enrolled=enrolments
    )
    table = EnrolmentTable(filterset.qs, user=request.user, bands=bands)
    return list_response(
        request,
        "inspections/round.html",
        table=table,
        filterset=filterset,
        name=found.name,
        round=found,
        counts=progress(enrolments),
    )
