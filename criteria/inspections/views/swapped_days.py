"""The page of the days that the State swaps for others."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from archiveportal.accounts.access import needs
from archiveportal.fields import show_refusal
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.workdays import shipped_days
from criteria.inspections.forms.days import SwappedDayForm
from criteria.inspections.models import SwappedDay
from criteria.inspections.services.swapped_days import enter_swapped_days, remove_swapped_day


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def swapped_days(request: HttpRequest) -> HttpResponse:
    """Show the swapped days, take in others, and take back the one that `remove` names."""
    if key := request.POST.get("remove", ""):
        row = SwappedDay.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
        if row is not None:
            remove_swapped_day(day=row, by=request.user)
            messages.success(request, _("Taken back."))
        return redirect("inspections:swapped-days")
    form = SwappedDayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            enter_swapped_days(**form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("inspections:swapped-days")
    events = Event.objects.filter(object_type=SwappedDay._meta.label_lower)
    context = {
        "form": form,
        "days": SwappedDay.objects.order_by("-day"),
        "shipped": shipped_days(),
        "events": Timeline(events, request.GET),
    }
    return render(request, "inspections/swapped_days.html", context)
