"""The steps of a checklist: submitted, returned, approved, opened again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from archiveportal.accounts.access import needs
from archiveportal.refusal import Refused
from criteria.inspections.forms.checklist import ReturnForm
from criteria.inspections.forms.minutes import MinutesReasonForm
from criteria.inspections.models import Enrolment
from criteria.inspections.queries.deciding import next_waiting
from criteria.inspections.services import approve_inspection, reopen_inspection, return_inspection
from criteria.inspections.views.checklist import enrolment_of, seen, show, submit_checklist


@require_POST
@needs("can_inspect")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    return submit_checklist(request, enrolment_of(request, pk), seen=seen(request))


@require_POST
@needs("can_inspect")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    _refuse_unless_deciding(request)
    enrolment = enrolment_of(request, pk)
    try:
        approve_inspection(inspection=enrolment.inspection, seen=seen(request), by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        _say_and_lead_on(request, enrolment, _("Approved. The score now stands in the summary table."))
    return redirect("inspections:checklist", pk)


@require_POST
@needs("can_inspect")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    _refuse_unless_deciding(request)
    enrolment = enrolment_of(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return show(request, enrolment, decision=form)
    try:
        return_inspection(
            inspection=enrolment.inspection, seen=seen(request), by=request.user, reason=form.cleaned_data["reason"]
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return show(request, enrolment, decision=form)
    _say_and_lead_on(request, enrolment, _("Returned for additions. The inspector sees the reason."))
    return redirect("inspections:checklist", pk)


def _say_and_lead_on(request: HttpRequest, enrolment: Enrolment, done: str) -> None:
    """Say what was done, with the way to the checklist that waits next."""
    following = next_waiting(request.user, enrolment)
    if following is None:
        messages.success(request, done)
        return
    words = _("Next checklist: %(unit)s") % {"unit": following.ward.full_title}
    address = reverse("inspections:checklist", args=[following.pk])
    messages.success(request, format_html('{} <a href="{}">{}</a>', done, address, words))


def _refuse_unless_deciding(request: HttpRequest) -> None:
    """Let approvers pass, and who stands in for them today."""
    if not request.user.may_decide:
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = enrolment_of(request, pk)
    form = MinutesReasonForm(request.POST or None, initial={"version": enrolment.inspection.version})
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            reopen_inspection(inspection=enrolment.inspection, seen=seen(request), by=request.user, reason=reason)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Opened again. The inspector sees the reason."))
            return redirect("inspections:checklist", pk)
    return render(request, "inspections/reopen.html", {"enrolment": enrolment, "form": form})
