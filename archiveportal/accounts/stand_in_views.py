"""Stand-ins for the approvers: the list, a form to name one, and a button to end one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from archiveportal.accounts.access import needs
from archiveportal.accounts.forms import StandInForm
from archiveportal.accounts.models import StandIn
from archiveportal.accounts.stand_ins import end_stand_in, name_stand_in
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.refusal import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@needs("sees_reports")
def stand_ins(request: HttpRequest) -> HttpResponse:
    """Show who stands in for the approvers; approvers name another one."""
    may_name = request.user.can_approve
    if request.method == "POST" and not may_name:
        raise PermissionDenied
    form = StandInForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            name_stand_in(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Recorded."))
            return redirect("stand-ins:list")
    rows = StandIn.objects.visible_to(request.user).select_related("person", "recorded_by", "ended_by")
    context = {
        "stand_ins": rows,
        "form": form if may_name else None,
        "today": timezone.localdate(),
        "events": Timeline(Event.objects.about(*rows), request.GET) if may_name else None,
    }
    return render(request, "accounts/stand_ins.html", context)


@require_POST
@needs("can_approve")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    stand_in = get_object_or_404(StandIn.objects.editable_by(request.user), pk=pk)
    end_stand_in(stand_in=stand_in, by=request.user)
    messages.success(request, _("The stand-in is ended."))
    return redirect("stand-ins:list")
