"""The approval of the plan of a specialised round: recorded, corrected, voided; its scan handed out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archiveportal.accounts.access import needs
from archiveportal.fields import show_refusal
from archiveportal.files.responses import attached
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from criteria.inspections.forms.plan_approvals import PlanApprovalForm
from criteria.inspections.forms.rounds import ReasonForm
from criteria.inspections.models import PlanApproval, Round
from criteria.inspections.services.plan_approvals import save_approval, void_approval
from criteria.inspections.views.rounds import round_of

FORM_METHODS = ["GET", "HEAD", "POST"]


def approval_of(request: HttpRequest, inspection_round: Round) -> PlanApproval | None:
    """Return the approval that stands, if the plan of a round has one."""
    rows = PlanApproval.objects.visible_to(request.user).standing().filter(round=inspection_round)
    return rows.select_related("round", "file__withdrawal__withdrawn_by").first()


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def plan_approval(request: HttpRequest, code: str) -> HttpResponse:
    """Record the approval or correct it, or with a reason void it."""
    inspection_round = round_of(request, code)
    if not inspection_round.is_specialised:
        messages.error(request, _("Only the plan of a specialised inspection is approved above the office."))
        return redirect("inspections:round-papers", code)
    approval = approval_of(request, inspection_round)
    voids = request.method == "POST" and "void" in request.POST
    data = (request.POST, request.FILES) if request.method == "POST" and not voids else (None, None)
    form = PlanApprovalForm(*data, instance=approval or PlanApproval(round=inspection_round))
    voiding = ReasonForm(request.POST if voids else None)
    is_done = _void(request, approval, voiding) if voids else form.is_bound and _save(request, form)
    if is_done:
        return redirect("inspections:round-papers", code)
    # The instance of a form has what was typed.
    stored = approval_of(request, inspection_round)
    context = {
        "round": inspection_round,
        "approval": stored,
        "form": form,
        "voiding": voiding,
        "events": Timeline(Event.objects.about(stored), request.GET) if stored else None,
    }
    return render(request, "inspections/plan_approval.html", context)


def _save(request: HttpRequest, form: PlanApprovalForm) -> bool:
    if not form.is_valid():
        return False
    made_on = form.cleaned_data.get("made_on") if form.instance.pk else None
    try:
        save_approval(approval=form.instance, upload=form.cleaned_data["upload"], made_on=made_on, by=request.user)
    except ValidationError as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("Saved."))
    return True


def _void(request: HttpRequest, approval: PlanApproval | None, voiding: ReasonForm) -> bool:
    if approval is None:
        raise Http404
    if not voiding.is_valid():
        return False
    try:
        void_approval(approval=approval, reason=voiding.cleaned_data["reason"], by=request.user)
    except ValidationError as refusal:
        show_refusal(voiding, refusal)
        return False
    messages.success(request, _("The approval is voided. It stays on record."))
    return True


@require_safe
@needs("sees_results")
def plan_approval_file(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Send the scan; that of a voided approval to those alone who inspect."""
    rows = PlanApproval.objects.visible_to(request.user).select_related("file__withdrawal__withdrawn_by")
    approval = get_object_or_404(rows, round__code=code, pk=pk)
    if approval.file is None or (approval.voided_at and not request.user.can_inspect):
        raise Http404
    return attached(request, approval.file)
