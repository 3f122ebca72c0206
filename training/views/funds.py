"""Entering the money of a scheme and the counts of its people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from archiveportal.accounts.access import needs
from archiveportal.fields import Day, NumberField
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.vietnamese import money
from training.models import Scheme, sources
from training.periods import local_bodies
from training.services.funds import Amount, save_workforce, set_funding

REQUIRED = {"required": gettext_lazy("This cannot be left empty.")}


class AmountForm(forms.Form):
    """One source. An amount once recorded is corrected, not blanked: nothing spent is 0."""

    amount = NumberField(label=gettext_lazy("Amount (đồng)"), digits=15, required=False)
    shown = NumberField(digits=15, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("shown") is not None and cleaned.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Write 0 if nothing was spent; an amount on record is not left empty."))
        return cleaned


class WorkforceForm(forms.Form):
    counted_on = Day(label=gettext_lazy("Counted on"), error_messages=REQUIRED)
    total = NumberField(label=gettext_lazy("People who do the work"), error_messages=REQUIRED)
    qualified = NumberField(label=gettext_lazy("Of these with an archives qualification"), error_messages=REQUIRED)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        total, qualified = cleaned.get("total"), cleaned.get("qualified")
        if total is not None and qualified is not None and qualified > total:
            self.add_error("qualified", _("More people qualified than there are."))
        return cleaned


@needs("can_inspect")
@require_http_methods(["GET", "HEAD", "POST"])
def funds(request: HttpRequest, scheme: str) -> HttpResponse:
    """Two forms on one page, each with a button of its own."""
    scheme = get_object_or_404(Scheme.objects.visible_to(request.user), code=scheme)
    what = request.POST.get("what") if request.method == "POST" else None
    amounts = _amount_forms(scheme, request.POST if what == "funding" else None)
    workforce = WorkforceForm(request.POST if what == "workforce" else None)
    clashes: dict[str, Any] = {}
    # Every form is validated, so that every fault is shown at once.
    valid = [form.is_valid() for _label, form in amounts.values()]
    if what == "funding" and all(valid):
        typed = {key: Amount(f.cleaned_data["shown"], f.cleaned_data["amount"]) for key, (_l, f) in amounts.items()}
        clashes = set_funding(scheme=scheme, amounts=typed, by=request.user)
        if not clashes:
            messages.success(request, _("Saved."))
            return redirect("training:attainment", scheme.code)
        amounts = _amount_forms(scheme, _on_top_of(request.POST, clashes))
    if what == "workforce" and workforce.is_valid():
        save_workforce(scheme=scheme, by=request.user, **workforce.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("training:attainment", scheme.code)
    context = {
        "scheme": scheme,
        "amounts": [
            (label, form, money(clashes[key]) if clashes.get(key) is not None else "")
            for key, (label, form) in amounts.items()
        ],
        "workforce": workforce,
        "counts": scheme.workforce_counts.order_by("-counted_on"),
        "events": Timeline(Event.objects.about(*scheme.fundings.all(), *scheme.workforce_counts.all()), request.GET),
    }
    return render(request, "training/funds.html", context)


def _amount_forms(scheme: Scheme, data: Any) -> dict[str, tuple[str, AmountForm]]:
    stored = dict(scheme.fundings.values_list("source", "amount"))
    offered = {*local_bodies(scheme).sources(), *stored}
    return {
        source: (
            str(label),
            AmountForm(data, prefix=source, initial={"amount": stored.get(source), "shown": stored.get(source)}),
        )
        for source, label in sources()
        if source in offered
    }


def _on_top_of(data: Any, clashes: dict[str, Any]) -> Any:
    """Show the typed data on the amounts as they are now: saving again is then a decision."""
    data = data.copy()
    for source, now in clashes.items():
        data[f"{source}-shown"] = "" if now is None else f"{now:f}"
    return data
