"""The page on which an approver records what a round costs at its units."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from archiveportal.accounts.access import needs
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from criteria.inspections.forms.round_funding import RoundFundingForm
from criteria.inspections.services.round_funding import set_round_funding
from criteria.inspections.views.rounds import round_of


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def funding(request: HttpRequest, code: str) -> HttpResponse:
    """Record the amount, of a closed round too: it is known when the work is done."""
    inspection_round = round_of(request, code)
    initial = {"amount": inspection_round.funding, "shown": inspection_round.funding}
    form = RoundFundingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            is_changed = set_round_funding(inspection_round=inspection_round, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.show_again(refusal, inspection_round)
        else:
            messages.success(request, _("Saved.") if is_changed else _("Nothing was changed."))
            return redirect("inspections:round", code)
    events = Event.objects.about(inspection_round).filter(changes__has_key="funding")
    context = {"round": inspection_round, "form": form, "events": Timeline(events, request.GET)}
    return render(request, "inspections/round_funding.html", context)
