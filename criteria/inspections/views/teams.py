"""Teams of a round, and the plan of their visits."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.days import refuse_far_days
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.refusal import Refused
from criteria.inspections.forms.plans import ExtensionForm, OverlapForm, PlanForm, WardPlanForm, ticked
from criteria.inspections.forms.rounds import TeamForm
from criteria.inspections.lists.filters import PlanFilter
from criteria.inspections.models import Enrolment, Round, SwappedDay, Team
from criteria.inspections.papers.round_texts import schedule_text
from criteria.inspections.queries.areas import NOTHING, division
from criteria.inspections.queries.sections import LONG, in_sections
from criteria.inspections.queries.teams import in_several_teams, people_who_inspect, plans, team_choices
from criteria.inspections.queries.visits_by_month import visits_by_month
from criteria.inspections.querysets import can_be_planned
from criteria.inspections.services import assign_wards, remove_team, save_team
from criteria.inspections.services.rounds import first_ward_names
from criteria.inspections.services.teams import planned_after_deadline, shown_of
from criteria.inspections.views.rounds import round_of

FORM_METHODS = ["GET", "HEAD", "POST"]
#: so many wards one page shows; more are found by area or name
SHOWN = 400


@require_safe
@needs("sees_results")
def teams(request: HttpRequest, code: str) -> HttpResponse:
    """Show every team with its members and its visits day by day, as text for a letter too."""
    inspection_round = round_of(request, code)
    of_round = plans(inspection_round, request.user)
    divided = division(request.user, inspection_round) if inspection_round.grouping else NOTHING
    for plan in of_round:
        plan.text = schedule_text(plan) if plan.days else ""
        plan.goes_to = plan.areas(divided) if divided else []
    left = inspection_round.enrolments.visible_to(request.user).filter(team__isnull=True).count()
    context = {
        "round": inspection_round,
        "plans": of_round,
        "divided": divided,
        "left": left,
        "several": in_several_teams(of_round),
    }
    return render(request, "inspections/teams.html", context)


@require_safe
@needs("sees_results")
def month(request: HttpRequest, code: str) -> HttpResponse:
    """Show the visits of a month on a calendar, to be printed too. `thang` is "2026-12"."""
    inspection_round = round_of(request, code)
    asked = _month_of(request.GET.get("thang", ""))
    shown = visits_by_month(inspection_round, request.user, today=timezone.localdate(), month=asked)
    return render(request, "inspections/visits_by_month.html", {"round": inspection_round, "month": shown})


def _month_of(text: str) -> datetime.date | None:
    """Return the first day of the month that an address names; None for one that no calendar shows."""
    try:
        first = datetime.date.fromisoformat(f"{text}-01")
        refuse_far_days(first)
    except (ValueError, Refused):
        return None
    return first


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def team_add(request: HttpRequest, code: str) -> HttpResponse:
    return _team_page(request, round_of(request, code), None)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def team_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    teams = Team.objects.visible_to(request.user).select_related("round")
    team = get_object_or_404(teams, round__code=code, pk=pk)
    return _team_page(request, team.round, team)


def _team_page(request: HttpRequest, inspection_round: Round, team: Team | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = TeamForm(team, people=people_who_inspect(request.user), data=data)
    if data is not None and form.is_valid():
        try:
            values = {"members": form.chosen, "seen": form.cleaned_data["version"] or 0, "by": request.user}
            changed = team or Team(round=inspection_round)
            changed.name = form.cleaned_data["name"]
            save_team(team=changed, **values)
        except ValidationError as refusal:
            form.show_again(refusal, team and Team.objects.get(pk=team.pk))
        else:
            messages.success(request, _("The team is saved."))
            return redirect("inspections:teams", inspection_round.code)
    context = {
        "round": inspection_round,
        "team": team,
        "form": form,
        "given": team.enrolments.count() if team else 0,
        "events": Timeline(Event.objects.about(team), request.GET) if team else None,
    }
    return render(request, "inspections/team.html", context)


@require_POST
@needs("can_approve")
def team_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    teams = Team.objects.visible_to(request.user).select_related("round")
    team = get_object_or_404(teams, round__code=code, pk=pk)
    try:
        remove_team(team=team, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("inspections:team-edit", code, pk)
    messages.success(request, _("The team is taken out."))
    return redirect("inspections:teams", code)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Gives the ticked wards a team and a day."""
    inspection_round = round_of(request, code)
    of_round = list(team_choices(inspection_round))
    form = PlanForm(request.POST if request.method == "POST" else None, teams=of_round)
    shown = ticked(request.POST.getlist("ward"))
    if request.method == "POST" and form.is_valid():
        if not shown:
            form.add_error(None, _("Nothing was ticked. Tick the wards, then press the button."))
        else:
            try:
                changed = assign_wards(inspection_round=inspection_round, shown=shown, plan=form.plan, by=request.user)
            except Refused as refusal:
                form.add_error("planned_on" if refusal.code == "day" else None, refusal)
            else:
                count = len(changed)
                message = ngettext(
                    "The plan of %(count)d ward is saved.", "The plan of %(count)d wards is saved.", count
                )
                messages.success(request, message % {"count": count} if count else _("Nothing was changed."))
                _warn_of_days(request, form.plan.planned_on, changed)
                return redirect(f"{request.get_full_path()}#main")
    enrolments = inspection_round.enrolments.visible_to(request.user).filter(can_be_planned())
    enrolments = enrolments.select_related("ward__district", "team", "inspection", "round", "self_assessment")
    divided = division(request.user, inspection_round)
    filterset = PlanFilter(request.GET or None, queryset=enrolments, divided=divided, teams=of_round)
    rows = filterset.qs.order_by(*divided.order_by(), "position")
    listed = list(rows[:SHOWN])
    for enrolment in listed:
        enrolment.shown, enrolment.is_ticked = shown_of(enrolment), enrolment.pk in shown
    left_out = shown.keys() - {enrolment.pk for enrolment in listed}
    context = {
        "round": inspection_round,
        "filter": filterset,
        "form": form,
        "enrolments": listed,
        "sections": in_sections(divided if len(listed) > LONG else NOTHING, listed),
        # Ticked before, and left out by the filter.
        "ticked_elsewhere": [(f"{row.pk}:{shown[row.pk]}", row.ward) for row in enrolments.filter(pk__in=left_out)],
        "teams": of_round,
        "found": len(listed) if len(listed) < SHOWN else rows.count(),
    }
    return render(request, "inspections/round_plan.html", context)


def _warn_of_days(request: HttpRequest, day: datetime.date | None, changed: list[Enrolment]) -> None:
    """Days that are possible and hardly meant: not worked, or after the deadline."""
    if late := planned_after_deadline(changed):
        message = _("Planned after the deadline, %(day)s: %(units)s. Change the day if this was not meant.")
        facts = {
            "day": f"{max(row.due_on for row in late):%d/%m/%Y}",
            "units": first_ward_names([row.ward for row in late]),
        }
        messages.warning(request, message % facts)
    if day and (why := SwappedDay.objects.workdays().why_off(day)):
        message = _("%(day)s is a %(weekday)s. Change the day if this was not meant.")
        facts = {"day": f"{day:%d/%m/%Y}", "weekday": why}
        messages.warning(request, message % facts)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def plan_ward(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Team and day of one ward."""
    enrolment = planned_unit(request, code, pk)
    form = _plan_form(enrolment, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            shown = {enrolment.pk: form.cleaned_data["shown"]}
            changed = assign_wards(inspection_round=enrolment.round, shown=shown, plan=form.plan, by=request.user)
        except Refused as refusal:
            form.add_error("planned_on" if refusal.code == "day" else None, refusal)
            form.data = form.data.copy()
            form.data["shown"] = shown_of(enrolment)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            _warn_of_days(request, form.plan.planned_on, changed)
            return redirect("inspections:plan", code)
    return show_planned_unit(request, enrolment, form=form)


def planned_unit(request: HttpRequest, code: str, pk: int) -> Enrolment:
    """Return a unit of a round for the page of its plan."""
    enrolments = Enrolment.objects.visible_to(request.user).select_related("round", "ward__district", "inspection")
    return get_object_or_404(enrolments, round__code=code, pk=pk)


def _plan_form(enrolment: Enrolment, data: QueryDict | None = None) -> WardPlanForm:
    initial = {
        "way": enrolment.way,
        "team": enrolment.team_id or "",
        "planned_on": enrolment.planned_on,
        "shown": shown_of(enrolment),
    }
    return WardPlanForm(data, initial=initial, teams=list(team_choices(enrolment.round)))


def show_planned_unit(
    request: HttpRequest,
    enrolment: Enrolment,
    *,
    form: WardPlanForm | None = None,
    extension: ExtensionForm | None = None,
    overlap: OverlapForm | None = None,
) -> HttpResponse:
    """Show the plan of one unit; a form that was refused keeps what was typed, others what is stored."""
    own_page = reverse("inspections:plan-ward", args=[enrolment.round.code, enrolment.pk])
    context = {
        "round": enrolment.round,
        "enrolment": enrolment,
        "form": form or _plan_form(enrolment),
        "extension": extension or ExtensionForm(initial=_stored(enrolment, ExtensionForm)),
        "overlap": overlap or OverlapForm(initial=_stored(enrolment, OverlapForm)),
        "events": Timeline(Event.objects.about(enrolment), request.GET, address=own_page),
    }
    return render(request, "inspections/round_plan_ward.html", context)


def _stored(enrolment: Enrolment, form: type[ExtensionForm] | type[OverlapForm]) -> dict[str, Any]:
    return {name: getattr(enrolment, name) for name in form.base_fields}
