"""Decisions on specialised inspections: listed with their periods, written, and carried on step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archiveportal.accounts.access import needs
from archiveportal.fields import show_refusal
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from criteria.inspections.forms.decisions import (
    AnnounceForm,
    InspectionDecisionForm,
    PaperForm,
    PauseForm,
    PeriodExtensionForm,
    ResumeForm,
    SuspensionForm,
    TeamChangeForm,
    VoidDecisionForm,
    lacking_for_a_decision,
    pause_value,
)
from criteria.inspections.forms.plans import keys
from criteria.inspections.models import Decision, Extension, PlanApproval, Suspension
from criteria.inspections.queries.clocks import clocks, clocks_of
from criteria.inspections.queries.teams import people_who_inspect
from criteria.inspections.services.decision_changes import (
    change_team,
    decide_pause,
    decisions_of_team,
    extend_decision,
    resume_decision,
    review_conditions,
    suspend_decision,
)
from criteria.inspections.services.decision_rules import head_of
from criteria.inspections.services.decisions import (
    announce_decision,
    issue_decision,
    save_decision,
    units_without_decision,
    void_decision,
)
from criteria.inspections.views.rounds import round_of

FORM_METHODS = ["GET", "HEAD", "POST"]


def _decision(request: HttpRequest, code: str, pk: int) -> Decision:
    rows = Decision.objects.visible_to(request.user).select_related("round", "team", "extension", "made_by")
    return get_object_or_404(rows, round__code=code, pk=pk)


@require_safe
@needs("sees_results")
def decisions(request: HttpRequest, code: str) -> HttpResponse:
    """List the decisions of a round with the period at each unit, and the units that none names."""
    inspection_round = round_of(request, code)
    rows = Decision.objects.visible_to(request.user).filter(round=inspection_round)
    listed = list(rows.select_related("team", "extension").order_by("-issued_on", "-pk"))
    by_decision: dict[int, list[Any]] = {}
    for clock in clocks(request.user, decisions=listed):
        by_decision.setdefault(clock.unit.decision_id, []).append(clock)
    for row in listed:
        row.clocks = by_decision.get(row.pk, [])
    # Guidance needs no decision at any unit.
    asks_for_decisions = request.user.can_inspect and inspection_round.is_specialised
    context = {
        "round": inspection_round,
        "decisions": listed,
        "lacking": lacking_for_a_decision(inspection_round) if request.user.can_approve else "",
        "left": units_without_decision(inspection_round) if asks_for_decisions else [],
    }
    return render(request, "inspections/decisions.html", context)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def decision_add(request: HttpRequest, code: str) -> HttpResponse:
    inspection_round = round_of(request, code)
    if lacking := lacking_for_a_decision(inspection_round):
        messages.error(request, lacking)
        return redirect("inspections:decisions", code)
    blank = Decision(round=inspection_round, made_by=request.user)
    asked = keys(request.GET.getlist("don-vi"))
    form = InspectionDecisionForm(
        request.POST or None, instance=blank, inspection_round=inspection_round, initial={"units": asked}
    )
    return _edit(request, form)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def decision_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    decision = _decision(request, code, pk)
    form = InspectionDecisionForm(request.POST or None, instance=decision, inspection_round=decision.round)
    return _edit(request, form)


def _edit(request: HttpRequest, form: InspectionDecisionForm) -> HttpResponse:
    inspection_round = form.instance.round
    if form.is_bound and form.is_valid():
        try:
            saved = save_decision(
                decision=form.instance,
                enrolments=list(form.cleaned_data["units"]),
                made_on=form.cleaned_data.get("made_on") if form.instance.pk else None,
                by=request.user,
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("inspections:decision", inspection_round.code, saved.pk)
    stored = Decision.objects.filter(pk=form.instance.pk).first()
    context = {"round": inspection_round, "decision": stored, "form": form}
    return render(request, "inspections/decision_form.html", context)


@require_http_methods(FORM_METHODS)
@needs("sees_results")
def decision(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show a decision with its units, and take the step that the form names in `action`."""
    row = _decision(request, code, pk)
    step = STEPS.get(request.POST.get("action", "")) if request.method == "POST" else None
    if request.method == "POST" and not (step and request.user.can_inspect):
        raise PermissionDenied
    shown: dict[str, forms.Form] = {}
    if step:
        name, form, take = step(request, row)
        if form.is_valid():
            try:
                take()
            except ValidationError as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect("inspections:decision", code, pk)
        shown[name] = form
        row = _decision(request, code, pk)
    return _show(request, row, shown)


def _lacks_approval(row: Decision) -> bool:
    """Tell whether the ground is a plan whose approval is not recorded."""
    if row.is_voided or row.ground != Decision.Ground.PLAN:
        return False
    return not PlanApproval.objects.standing().filter(round=row.round_id).exists()


def _show(request: HttpRequest, row: Decision, shown: dict[str, forms.Form]) -> HttpResponse:
    units = row.units.visible_to(request.user)
    of_units = clocks_of(units)
    seen = Q(unit__isnull=True) | Q(unit__in=units.order_by().values("pk"))
    suspensions = list(row.suspensions.filter(seen).select_related("unit__enrolment__ward__district"))
    head = head_of(row.team)
    empty = _empty_forms(request, row) if request.user.can_approve else {}
    context = {
        "round": row.round,
        "decision": row,
        "clocks": of_units,
        "units": [] if row.is_issued else units.select_related("enrolment__ward__district"),
        "extension": getattr(row, "extension", None),
        "suspensions": suspensions,
        "changes": row.team_changes.all(),
        "members": row.team.members.select_related("conditions_reviewed_by").order_by("order", "pk"),
        "head": head,
        "lacks_approval": request.user.can_inspect and _lacks_approval(row),
        "may_announce": _may_announce(request, row, head),
        "asks_about_pause": any(clock.due_on_with_pause for clock in of_units),
        "forms": empty | shown,
        "same_team": decisions_of_team(row, timezone.localdate()) if empty and row.is_issued else [],
        "refused": _refusals(shown.values()),
        "asked_unit": keys([request.POST.get("unit_row", "")]),
        "events": Timeline(Event.objects.about(row), request.GET) if request.user.can_inspect else None,
    }
    return render(request, "inspections/decision.html", context)


def _refusals(forms_shown: Iterable[forms.Form]) -> list[str]:
    """Return what was refused, also at a form that the page does not show any more: the decision is another by now."""
    errors = chain.from_iterable(form.errors.values() for form in forms_shown)
    return list(chain.from_iterable(errors))


def _may_announce(request: HttpRequest, row: Decision, head: Any) -> bool:
    if not row.is_issued or row.is_voided or not request.user.can_inspect:
        return False
    if head and head.person_id:
        return head.person_id == request.user.pk
    return request.user.can_approve


def _empty_forms(request: HttpRequest, row: Decision) -> dict[str, forms.Form]:
    issued = {"number": row.number, "issued_on": row.issued_on}
    return {
        "issue": PaperForm(initial=issued, prefix="issue"),
        "void": VoidDecisionForm(prefix="void"),
        "extend": PeriodExtensionForm(prefix="extend"),
        "suspend": SuspensionForm(prefix="suspend", decision=row),
        "pause": PauseForm(prefix="pause", initial={"moves_end": pause_value(row)}),
        "team": TeamChangeForm(prefix="team", decision=row, people=people_who_inspect(request.user)),
    }


#: what a step needs: the name of its form, the form, and the service behind it
Step = tuple[str, forms.Form, Callable[[], Any]]


def _issue(request: HttpRequest, row: Decision) -> Step:
    form = PaperForm(request.POST, prefix="issue")
    return "issue", form, lambda: issue_decision(decision=row, by=request.user, **form.cleaned_data)


def _void(request: HttpRequest, row: Decision) -> Step:
    form = VoidDecisionForm(request.POST, prefix="void")
    return "void", form, lambda: void_decision(decision=row, by=request.user, **form.cleaned_data)


def _announce(request: HttpRequest, row: Decision) -> Step:
    asked = keys([request.POST.get("unit_row", "")])
    unit = get_object_or_404(row.units.visible_to(request.user).select_related("decision"), pk__in=asked)
    form = AnnounceForm(request.POST, prefix="announce")
    return "announce", form, lambda: announce_decision(unit=unit, by=request.user, **form.cleaned_data)


def _extend(request: HttpRequest, row: Decision) -> Step:
    form = PeriodExtensionForm(request.POST, prefix="extend")

    def take() -> None:
        extend_decision(extension=Extension(decision=row, **form.cleaned_data), by=request.user)

    return "extend", form, take


def _suspend(request: HttpRequest, row: Decision) -> Step:
    form = SuspensionForm(request.POST, prefix="suspend", decision=row)

    def take() -> None:
        suspend_decision(suspension=Suspension(decision=row, **form.cleaned_data), by=request.user)

    return "suspend", form, take


def _resume(request: HttpRequest, row: Decision) -> Step:
    asked = keys([request.POST.get("suspension", "")])
    paused = get_object_or_404(row.suspensions.select_related("decision"), pk__in=asked)
    form = ResumeForm(request.POST, prefix="resume")
    return "resume", form, lambda: resume_decision(suspension=paused, by=request.user, **form.cleaned_data)


def _decide(request: HttpRequest, row: Decision) -> Step:
    form = PauseForm(request.POST, prefix="pause")
    return "pause", form, lambda: decide_pause(decision=row, by=request.user, **form.cleaned_data)


def _change_team(request: HttpRequest, row: Decision) -> Step:
    form = TeamChangeForm(request.POST, prefix="team", decision=row, people=people_who_inspect(request.user))

    def take() -> None:
        cleaned = form.cleaned_data
        change_team(
            change=form.change_of(row), leaves=cleaned["leaves"], is_confirmed=cleaned["is_confirmed"], by=request.user
        )

    return "team", form, take


def _review(request: HttpRequest, row: Decision) -> Step:
    asked = keys([request.POST.get("member", "")])
    member = get_object_or_404(row.team.members, pk__in=asked)
    is_reviewed = request.POST.get("is_reviewed") == "1"
    form = forms.Form(request.POST)
    return "review", form, lambda: review_conditions(member=member, is_reviewed=is_reviewed, by=request.user)


STEPS: dict[str, Callable[[HttpRequest, Decision], Step]] = {
    "issue": _issue,
    "void": _void,
    "announce": _announce,
    "extend": _extend,
    "suspend": _suspend,
    "resume": _resume,
    "pause": _decide,
    "team": _change_team,
    "review": _review,
}
