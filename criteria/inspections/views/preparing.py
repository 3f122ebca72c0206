"""The page on which a round in draft is made ready and opened."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from archiveportal.accounts.access import needs
from archiveportal.accounts.models import User
from archiveportal.fields import show_refusal
from archiveportal.refusal import Refused
from criteria.inspections.forms.plans import ExtensionForm, OverlapForm
from criteria.inspections.models import Enrolment
from criteria.inspections.queries.preparing import preparation
from criteria.inspections.services import delete_round, extend_deadline, note_overlap, start_round
from criteria.inspections.services.preparing import what_prevents_opening
from criteria.inspections.views.rounds import round_of
from criteria.inspections.views.teams import planned_unit, show_planned_unit


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def prepare(request: HttpRequest, code: str) -> HttpResponse:
    """List what is still to be done for a round, and open it."""
    inspection_round = round_of(request, code)
    if request.method == "POST":
        try:
            start_round(inspection_round=inspection_round, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("inspections:round-prepare", code)
        messages.success(request, _("The round is open. Its units and teams see it from now on."))
        return redirect("inspections:round", code)
    context = {
        "round": inspection_round,
        "lacking": what_prevents_opening(inspection_round),
        "preparation": preparation(inspection_round),
    }
    return render(request, "inspections/round_prepare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the code before a draft or a trial is deleted."""
    inspection_round = round_of(request, code)
    if not (inspection_round.is_draft or inspection_round.is_trial):
        messages.error(request, _("Only a draft or a trial round can be deleted."))
        return redirect("inspections:round", code)
    if request.method == "POST":
        try:
            delete_round(inspection_round=inspection_round, typed_code=request.POST.get("code", ""), by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("%(name)s is deleted. Its history stays.") % {"name": inspection_round.name})
            return redirect("inspections:rounds")
    context = {
        "round": inspection_round,
        "enrolled": inspection_round.enrolments.count(),
        "typed": request.POST.get("code", ""),
    }
    return render(request, "inspections/round_delete.html", context)


@require_POST
@needs("can_approve")
def special_case(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take in a deadline of its own for one unit, or that others inspect it; the button says which.

    A refused form is shown again with what was typed.
    """
    enrolment = planned_unit(request, code, pk)
    form = ExtensionForm(request.POST) if "extend" in request.POST else OverlapForm(request.POST)
    if form.is_valid() and _is_taken_in(form, enrolment, request.user):
        messages.success(request, _("Saved."))
        return redirect("inspections:plan-ward", code, pk)
    messages.error(request, _("Not saved yet. Please look at the marked fields."))
    if isinstance(form, ExtensionForm):
        return show_planned_unit(request, enrolment, extension=form)
    return show_planned_unit(request, enrolment, overlap=form)


def _is_taken_in(form: ExtensionForm | OverlapForm, enrolment: Enrolment, by: User) -> bool:
    """Save what the form holds; show a refusal at the fields that it is about."""
    values = form.cleaned_data
    try:
        if isinstance(form, ExtensionForm):
            until, ground = values["extended_until"], values["extension_ground"]
            extend_deadline(enrolment=enrolment, until=until, ground=ground, by=by)
        else:
            overlap, source = values["overlap"], values["overlap_source"]
            reason = values["left_out_reason"]
            note_overlap(enrolment=enrolment, overlap=overlap, source=source, left_out_reason=reason, by=by)
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return False
    return True
