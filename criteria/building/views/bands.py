"""Bands of a set, and bars that hold a unit below a band."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from archiveportal.accounts.access import signed_in_user
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from criteria.building.forms.bands import BandsPage, BarPage
from criteria.building.outline import bars_of, outline_of
from criteria.building.readiness import readiness_of
from criteria.building.services import bands as services
from criteria.building.views.gate import METHODS, building, done, tried
from criteria.models import Bar, CriteriaSet


@require_http_methods(METHODS)
@building
def bands(request: HttpRequest, criteria_set: CriteriaSet) -> HttpResponse:
    """Show the bands with what is wrong with them, and the bars."""
    page = BandsPage(criteria_set, request.POST if request.method == "POST" else None)
    is_sent = request.method == "POST" and page.form.is_bound
    if is_sent and page.is_valid() and tried(page, lambda: _save_bands(page, request)):
        messages.success(request, _("Saved."))
        return redirect("criteria:build-bands", criteria_set.pk)
    stored = CriteriaSet.objects.get(pk=criteria_set.pk)
    outline = outline_of(stored)
    readiness = readiness_of(stored, outline)
    bars = bars_of(stored)
    context = {
        "set": stored,
        "page": page,
        "form": page.form,
        "maximum": outline.maximum,
        "faults": [each for each in [*readiness.faults, *readiness.advice] if each.page == "build-bands"],
        "bars": bars,
        "events": Timeline(Event.objects.about(stored, *stored.bands.all(), *bars), request.GET),
    }
    return render(request, "criteria/building/bands.html", context)


def _save_bands(page: BandsPage, request: HttpRequest) -> None:
    services.edit_bands(
        criteria_set=page.criteria_set,
        bands_by=page.form.cleaned_data["bands_by"],
        bands=page.typed,
        made_on=page.form.cleaned_data["made_on"],
        by=signed_in_user(request),
    )


@require_http_methods(METHODS)
@building
def bar_add(request: HttpRequest, criteria_set: CriteriaSet) -> HttpResponse:
    page = BarPage(Bar(criteria_set=criteria_set), request.POST if request.method == "POST" else None)
    is_sent = request.method == "POST" and page.form.is_bound
    if is_sent and page.is_valid():
        user = signed_in_user(request)
        if tried(page, lambda: services.add_bar(bar=page.typed(), conditions=page.conditions, by=user)):
            messages.success(request, _("The bar is added."))
            return redirect("criteria:build-bands", criteria_set.pk)
    return render(request, "criteria/building/bar.html", {"set": criteria_set, "page": page, "form": page.form})


@require_http_methods(METHODS)
@building
def bar_edit(request: HttpRequest, criteria_set: CriteriaSet, bar: int) -> HttpResponse:
    rows = Bar.objects.filter(criteria_set=criteria_set).select_related("criteria_set", "highest_band")
    page = BarPage(get_object_or_404(rows, pk=bar), request.POST if request.method == "POST" else None)
    is_sent = request.method == "POST" and page.form.is_bound
    if is_sent and page.is_valid():
        made_on, user = page.form.cleaned_data["made_on"], signed_in_user(request)
        typed, conditions = page.typed(), page.conditions
        if tried(page, lambda: services.edit_bar(bar=typed, conditions=conditions, made_on=made_on, by=user)):
            messages.success(request, _("Saved."))
            return redirect("criteria:build-bands", criteria_set.pk)
    stored = get_object_or_404(rows, pk=bar)
    context = {"set": criteria_set, "page": page, "form": page.form, "bar": stored}
    return render(request, "criteria/building/bar.html", context)


@require_POST
@building
def bar_remove(request: HttpRequest, criteria_set: CriteriaSet, bar: int) -> HttpResponse:
    row = get_object_or_404(Bar.objects.filter(criteria_set=criteria_set).select_related("criteria_set"), pk=bar)
    done(request, lambda: services.remove_bar(bar=row, by=signed_in_user(request)), _("The bar is removed."))
    return redirect("criteria:build-bands", criteria_set.pk)
