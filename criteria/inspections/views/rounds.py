"""Rounds: the list of them, the wards of one, and how far it is."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.history.models import Action, Event
from archiveportal.history.timeline import Timeline
from archiveportal.lists import list_response, page_of
from criteria.inspections.lists.filters import EnrolmentFilter, PlanFilter
from criteria.inspections.lists.tables import EnrolmentTable
from criteria.inspections.models import Decision, Enrolment, Round, RoundDocument, Team
from criteria.inspections.papers.round_texts import NAMED, not_handed_in_sentence
from criteria.inspections.queries import (
    not_handed_in,
    progress,
    progress_by_area,
    progress_by_inspector,
    progress_by_team,
    with_progress,
)
from criteria.inspections.queries.areas import division
from criteria.inspections.queries.clocks import clocks_of_round
from criteria.inspections.queries.teams import team_choices
from criteria.measures import measure_of_row, with_measure

#: so many areas one page of the progress shows
PARTS_PER_PAGE = 30
#: of more units than a sentence names it lists so many
LISTED = 100

#: so many deleted rounds the list of rounds names
MOST_DELETED = 10


def round_of(request: HttpRequest, code: str) -> Round:
    """The round of the page, which becomes the one that one is in."""
    rounds = with_measure(Round.objects.visible_to(request.user)).select_related("criteria_set", "grouping")
    inspection_round = get_object_or_404(rounds, code=code)
    if request.session.get("round") != inspection_round.code:
        request.session["round"] = inspection_round.code
    return inspection_round


@require_safe
@needs("sees_results")
def rounds(request: HttpRequest) -> HttpResponse:
    rounds = Round.objects.visible_to(request.user).select_related("criteria_set")
    listed = with_progress(rounds, Enrolment.objects.visible_to(request.user).with_standing())
    return render(request, "inspections/rounds.html", {"rounds": listed, "deleted": _deleted(request)})


def _deleted(request: HttpRequest) -> Any:
    """Return what the history tells of rounds that are gone, for those who prepare rounds."""
    if not request.user.can_approve:
        return Event.objects.none()
    gone = Event.objects.filter(object_type=Round._meta.label_lower, action=Action.DELETED)
    return gone.order_by("-occurred_at", "-pk")[:MOST_DELETED]


@require_safe
@needs("sees_results")
def round_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the wards of a round with score, band and progress."""
    inspection_round = round_of(request, code)
    enrolments = inspection_round.enrolments.visible_to(request.user).with_standing()
    enrolments = enrolments.select_related("ward__district", "inspection", "self_assessment")
    bands = list(inspection_round.criteria_set.bands.all())
    divided = division(request.user, inspection_round)
    filterset = EnrolmentFilter(
        request.GET or None,
        queryset=divided.with_places(enrolments),
        user=request.user,
        divided=divided,
        bands=bands,
        enrolled=enrolments,
        is_of_report=inspection_round.is_baseline,
    )
    measure = measure_of_row(inspection_round)
    table = EnrolmentTable(
        filterset.qs,
        user=request.user,
        divided=divided,
        inspection_round=inspection_round,
        bands=bands,
        measure=measure,
    )
    open_again = [] if not inspection_round.is_closed else enrolments.filter(reopened_until__gte=timezone.localdate())
    return list_response(
        request,
        "inspections/round.html",
        table=table,
        filterset=filterset,
        name=inspection_round.name,
        mark=inspection_round.mark,
        round=inspection_round,
        counts=progress(enrolments, inspection_round.rounding),
        measure=measure,
        open_again=open_again,
        clocks=clocks_of_round(request.user, inspection_round),
        events=_events(request, inspection_round),
    )


def _events(request: HttpRequest, inspection_round: Round) -> Any:
    """Return the events of the round, its documents and its teams, for those who work with it."""
    if not request.user.can_inspect:
        return None
    concerned = Q(object_type=Round._meta.label_lower, object_id=inspection_round.pk)
    for part in (RoundDocument, Team, Enrolment, Decision):
        of_round = part.objects.visible_to(request.user).filter(round=inspection_round).values("pk")
        concerned |= Q(object_type=part._meta.label_lower, object_id__in=of_round)
    return Timeline(Event.objects.filter(concerned).order_by("-occurred_at", "-pk"), request.GET)


@require_safe
@needs("sees_unapproved_results")
def round_progress(request: HttpRequest, code: str) -> HttpResponse:
    """Show the progress: in all, by area, team and inspector, and what is not handed in."""
    inspection_round = round_of(request, code)
    teams = list(team_choices(inspection_round))
    enrolments = inspection_round.enrolments.visible_to(request.user).with_standing()
    divided = division(request.user, inspection_round)
    filterset = PlanFilter(request.GET or None, queryset=enrolments, divided=divided, teams=teams)
    chosen, today = filterset.qs, timezone.localdate()
    counts = progress(chosen)
    late = not_handed_in(chosen).select_related("ward__district", "inspection", "team").order_by("position")
    late = late[: NAMED if counts.not_handed_in <= NAMED else LISTED]
    areas = progress_by_area(divided, chosen) if divided else []
    context = {
        "round": inspection_round,
        "filter": filterset,
        "counts": counts,
        "divided": divided,
        "areas": page_of(request, areas, per_page=PARTS_PER_PAGE),
        "teams": progress_by_team(inspection_round, chosen) if teams else [],
        "inspectors": progress_by_inspector(chosen),
        "late": late,
        "sentence": not_handed_in_sentence(late, counts.not_handed_in, today),
        "days_left": (inspection_round.deadline - today).days
        if inspection_round.deadline and inspection_round.is_open
        else None,
    }
    return render(request, "inspections/round_progress.html", context)
