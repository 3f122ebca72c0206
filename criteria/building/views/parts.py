"""Sections and criteria: added, corrected, taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from archiveportal.accounts.access import signed_in_user
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from criteria.building.forms.leaves import LeafPage
from criteria.building.forms.sets import SectionForm
from criteria.building.services import leaves, sections
from criteria.building.views.gate import METHODS, building, done, tried
from criteria.models import CriteriaSet, Criterion, Section


def _to_outline(criteria_set: CriteriaSet, anchor: str = "") -> HttpResponse:
    response = redirect("criteria:build", criteria_set.pk)
    response["Location"] += f"#{anchor}" if anchor else ""
    return response


def _part(rows: Any, key: str) -> Any:
    """Return the part that the address names, None where it names none of this set."""
    return rows.filter(pk=key).first() if key.isdecimal() and len(key) < 12 else None


@require_http_methods(METHODS)
@building
def section_add(request: HttpRequest, criteria_set: CriteriaSet) -> HttpResponse:
    parent = _part(Section.objects.filter(criteria_set=criteria_set), request.GET.get("trong", ""))
    fresh = Section(criteria_set=criteria_set, parent=parent)
    form = SectionForm(request.POST or None, instance=fresh)
    if request.method == "POST" and form.is_valid():
        try:
            made = sections.add_section(section=form.save(commit=False), by=signed_in_user(request))
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The section is added."))
            return _to_outline(criteria_set, f"s{made.pk}")
    return render(request, "criteria/building/section.html", {"set": criteria_set, "form": form})


@require_http_methods(METHODS)
@building
def section_edit(request: HttpRequest, criteria_set: CriteriaSet, section: int) -> HttpResponse:
    rows = Section.objects.filter(criteria_set=criteria_set).select_related("criteria_set")
    form = SectionForm(request.POST or None, instance=get_object_or_404(rows, pk=section))
    if request.method == "POST" and form.is_valid():
        typed, made_on = form.save(commit=False), form.cleaned_data["made_on"]
        try:
            sections.edit_section(section=typed, made_on=made_on, by=signed_in_user(request))
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return _to_outline(criteria_set, f"s{section}")
    stored = get_object_or_404(rows, pk=section)
    context = {"set": criteria_set, "form": form, "section": stored}
    context["events"] = Timeline(Event.objects.about(stored), request.GET)
    return render(request, "criteria/building/section.html", context)


@require_POST
@building
def section_remove(request: HttpRequest, criteria_set: CriteriaSet, section: int) -> HttpResponse:
    row = get_object_or_404(Section.objects.filter(criteria_set=criteria_set), pk=section)
    if done(
        request,
        lambda: sections.remove_section(section=row, by=signed_in_user(request)),
        _("The section is removed."),
    ):
        return _to_outline(criteria_set)
    return redirect("criteria:build-section", criteria_set.pk, section)


@require_http_methods(METHODS)
@building
def leaf_add(request: HttpRequest, criteria_set: CriteriaSet) -> HttpResponse:
    """Add a criterion to the section or to the criterion with parts that the address names."""
    user = signed_in_user(request)
    section = _part(Section.objects.filter(criteria_set=criteria_set), request.GET.get("trong", ""))
    whole = _part(criteria_set.criteria.filter(kind=Criterion.Kind.PARTS), request.GET.get("cha", ""))
    fresh = Criterion(criteria_set=criteria_set, section=whole.section if whole else section, parent=whole)
    fresh.kind = Criterion.Kind.PART if whole else Criterion.Kind.MET
    page = LeafPage(fresh, user=user, data=request.POST if request.method == "POST" else None)
    is_sent = request.method == "POST" and page.form.is_bound
    if is_sent and page.is_valid() and tried(page, lambda: _added(page, request)):
        if "another" in request.POST:
            return redirect(f"{request.path}?{request.GET.urlencode()}")
        return _to_outline(criteria_set, f"c{page.criterion.pk}")
    context = {"set": criteria_set, "page": page, "form": page.form, "whole": whole}
    return render(request, "criteria/building/leaf.html", context)


def _added(page: LeafPage, request: HttpRequest) -> None:
    made = leaves.add_leaf(criterion=page.typed(), rows=page.rows, by=signed_in_user(request))
    messages.success(request, _("“%(name)s” is added.") % {"name": made.name})


@require_http_methods(METHODS)
@building
def leaf_edit(request: HttpRequest, criteria_set: CriteriaSet, criterion: int) -> HttpResponse:
    user = signed_in_user(request)
    rows = criteria_set.criteria.select_related("criteria_set", "section")
    page = LeafPage(
        get_object_or_404(rows, pk=criterion), user=user, data=request.POST if request.method == "POST" else None
    )
    is_sent = request.method == "POST" and page.form.is_bound
    if is_sent and page.is_valid():
        made_on = page.form.cleaned_data["made_on"]
        if tried(page, lambda: leaves.edit_leaf(criterion=page.typed(), rows=page.rows, made_on=made_on, by=user)):
            messages.success(request, _("Saved."))
            return _to_outline(criteria_set, f"c{criterion}")
    stored = get_object_or_404(rows, pk=criterion)
    context = {
        "set": criteria_set,
        "page": page,
        "form": page.form,
        "criterion": stored,
        "parts": stored.children.order_by("position") if stored.kind == Criterion.Kind.PARTS else None,
        "events": Timeline(Event.objects.about(stored), request.GET),
    }
    return render(request, "criteria/building/leaf.html", context)


@require_POST
@building
def leaf_remove(request: HttpRequest, criteria_set: CriteriaSet, criterion: int) -> HttpResponse:
    row = get_object_or_404(criteria_set.criteria.select_related("criteria_set"), pk=criterion)
    if done(
        request,
        lambda: leaves.remove_leaf(criterion=row, by=signed_in_user(request)),
        _("The criterion is removed."),
    ):
        return _to_outline(criteria_set)
    return redirect("criteria:build-leaf", criteria_set.pk, criterion)
