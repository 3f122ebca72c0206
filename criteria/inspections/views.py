"""Rounds, and the checklist of a ward from the first answer to approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.history.models import Action, Event
from archiveportal.lists import list_response
from criteria.inspections.filters import EnrolmentFilter
from criteria.inspections.forms import ChecklistForm, ReturnForm
from criteria.inspections.models import Enrolment, Inspection, Result, Round
from criteria.inspections.queries import progress, with_progress
from criteria.inspections.services import (
    Refused,
    approve_inspection,
    return_inspection,
    save_results,
    submit_inspection,
)
from criteria.inspections.tables import EnrolmentTable
from criteria.scoring import band_of, score

SUBMITTED = Inspection.Status.SUBMITTED


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


@require_http_methods(["GET", "HEAD", "POST"])
@needs("sees_results")
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist of a ward: a form for those who may fill it in now, else the answers that one may see."""
    enrolment = _enrolment(request, pk)
    if request.method == "POST":
        if not request.user.can_inspect:
            raise PermissionDenied
        return _save(request, enrolment)
    form = _form(enrolment, _results(request, enrolment)) if _can_edit(request, enrolment) else None
    return _show(request, enrolment, form=form)


@require_safe
@needs("sees_results")
def blank(request: HttpRequest, pk: int) -> HttpResponse:
    """The empty checklist on one sheet of paper."""
    enrolment = _enrolment(request, pk)
    criteria = enrolment.round.criteria_set.criteria.all()
    return render(request, "inspections/blank.html", {"enrolment": enrolment, "criteria": criteria})


@require_POST
@needs("can_inspect")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    return _submit(request, _enrolment(request, pk), seen=_seen(request))


@require_POST
@needs("can_approve")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = _enrolment(request, pk)
    try:
        approve_inspection(inspection=enrolment.inspection, seen=_seen(request), by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Approved. The score now stands in the summary table."))
    return redirect("inspections:checklist", pk)


@require_POST
@needs("can_approve")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = _enrolment(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _show(request, enrolment, decision=form)
    try:
        return_inspection(
            inspection=enrolment.inspection, seen=_seen(request), by=request.user, reason=form.cleaned_data["reason"]
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(request, enrolment, decision=form)
    messages.success(request, _("Returned for additions. The inspector sees the reason."))
    return redirect("inspections:checklist", pk)


def _enrolment(request: HttpRequest, pk: int) -> Enrolment:
    """The enrolment with its checklist; criteria and bands are read once for page, form and saving service."""
    people = [f"inspection__{name}" for name in ("changed_by", "submitted_by", "returned_by", "approved_by")]
    enrolments = Enrolment.objects.visible_to(request.user).with_standing()
    enrolments = enrolments.select_related("round__criteria_set", "ward__district", "inspection", *people)
    return get_object_or_404(
        enrolments.prefetch_related("round__criteria_set__criteria", "round__criteria_set__bands"), pk=pk
    )


def _can_edit(request: HttpRequest, enrolment: Enrolment) -> bool:
    return request.user.can_inspect and enrolment.round.is_open and not enrolment.inspection.is_locked


def _results(request: HttpRequest, enrolment: Enrolment) -> dict[int, Result]:
    results = Result.objects.visible_to(request.user).filter(inspection=enrolment.inspection)
    return {result.criterion_id: result for result in results.select_related("changed_by")}


def _form(enrolment: Enrolment, results: dict[int, Result], data: Any = None) -> ChecklistForm:
    criteria_set = enrolment.round.criteria_set
    return ChecklistForm(
        criteria=criteria_set.criteria.all(),
        results=results,
        allows_not_applicable=criteria_set.allows_not_applicable,
        inspected_on=enrolment.inspection.inspected_on,
        data=data,
    )


def _save(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Saves what was typed; with the button "submit" it goes on to submission. Nothing typed is lost."""
    form = _form(enrolment, {}, request.POST)
    if not form.is_valid():
        form = _form(enrolment, _results(request, enrolment), request.POST)
        form.is_valid()
        return _show(request, enrolment, form=form)
    try:
        saved = save_results(
            inspection=enrolment.inspection,
            changes=form.changes,
            by=request.user,
            submission_id=form.head.cleaned_data["submission_id"],
            date_change=form.head.date_change,
        )
    except Refused as refusal:
        form.error = refusal.message
        return _show(request, _enrolment(request, enrolment.pk), form=form)
    if saved.is_refused:
        fresh = _enrolment(request, enrolment.pk)
        form.inspected_on = fresh.inspection.inspected_on
        form = form.after_conflict(saved.conflicts, _results(request, fresh))
        return _show(request, fresh, form=form, conflicts=saved)
    if request.POST.get("action") == "submit":
        # A colleague's save that this page did not show is not submitted in this person's name.
        return _submit(request, enrolment, seen=saved.version if saved.version_before == _seen(request) else -1)
    messages.success(request, _("Saved."))
    return redirect("inspections:checklist", enrolment.pk)


def _seen(request: HttpRequest) -> int:
    """The version of the checklist that the page showed; -1, which fits none, if it does not say."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else -1


def _submit(request: HttpRequest, enrolment: Enrolment, *, seen: int) -> HttpResponse:
    address = reverse("inspections:checklist", args=[enrolment.pk])
    if enrolment.inspection.submitted_by_id == request.user.pk and enrolment.inspection.status == SUBMITTED:
        # The same button pressed twice gets the same answer.
        messages.success(request, _("Submitted for approval."))
        return redirect(address)
    try:
        submit_inspection(inspection=enrolment.inspection, seen=seen, by=request.user)
    except Refused as refusal:
        if refusal.code == "open":
            # The page itself says what is open, with a link to each criterion.
            return redirect(f"{address}?open=1")
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Submitted for approval."))
    return redirect(address)


def _show(
    request: HttpRequest,
    enrolment: Enrolment,
    *,
    form: ChecklistForm | None = None,
    decision: ReturnForm | None = None,
    conflicts: Any = None,
) -> HttpResponse:
    inspection, user = enrolment.inspection, request.user
    results = form.results if form and form.results else _results(request, enrolment)
    sees_progress = user.sees_unapproved_results or inspection.status == Inspection.Status.APPROVED
    criteria_set = enrolment.round.criteria_set
    total = score({key: result.outcome for key, result in results.items()}, criteria_set.criteria.all())
    # What was typed is shown again also where it can no longer be saved, so that it can be copied.
    is_form_shown = _can_edit(request, enrolment) or form is not None
    form = form or _form(enrolment, results)
    may_decide = user.can_approve and inspection.status == Inspection.Status.SUBMITTED
    context = {
        "enrolment": enrolment,
        "round": enrolment.round,
        "inspection": inspection,
        "form": form,
        "is_form_shown": is_form_shown,
        "can_edit": _can_edit(request, enrolment),
        "sees_progress": sees_progress,
        "total": total,
        "bands": criteria_set.bands.all(),
        "band": band_of(total.points, total.maximum, criteria_set.bands.all()) if total.is_complete else None,
        "standing_band": band_of(enrolment.standing_score, enrolment.standing_maximum, criteria_set.bands.all())
        if enrolment.standing_score is not None
        else None,
        "open_criteria": [c for c in criteria_set.criteria.all() if c.is_counted and not _outcome(results, c)]
        if "open" in request.GET
        else [],
        "conflicts": conflicts,
        "decision": decision or ReturnForm(),
        "may_decide": may_decide and inspection.submitted_by_id != user.pk,
        "is_own_submission": may_decide and inspection.submitted_by_id == user.pk,
        "events": _events(inspection, user) if sees_progress else [],
    }
    return render(request, "inspections/checklist.html", context)


def _outcome(results: dict[int, Result], criterion: Any) -> str:
    return results[criterion.pk].outcome if criterion.pk in results else ""


def _events(inspection: Inspection, user: Any) -> Any:
    """The whole story for those who work on checklists; for others the approval alone, not the drafts before it."""
    events = Event.objects.about(inspection)
    return (events if user.sees_unapproved_results else events.filter(action=Action.APPROVED))[:30]
