"""Setting up training schemes: made, copied and corrected, their categories, the targets of their years."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.fields import show_refusal
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from training.models import Category, CountingUnit, Scheme, YearTarget
from training.queries import has_years, summary_lines, year_lines
from training.scheme_forms import CategoryForm, NewSchemeForm, SchemeForm, TargetForm, YearTargetsForm
from training.services import categories as category_services
from training.services import schemes as services
from training.services import year_targets as target_services

METHODS = ["GET", "HEAD", "POST"]


def _scheme_of(request: HttpRequest, code: str) -> Scheme:
    return get_object_or_404(Scheme.objects.visible_to(request.user), code=code)


@needs("sees_training")
@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """List the schemes, the newest first."""
    return render(request, "training/schemes.html", {"schemes": Scheme.objects.visible_to(request.user)})


@needs("can_approve")
@require_http_methods(METHODS)
def scheme_create(request: HttpRequest) -> HttpResponse:
    others = Scheme.objects.visible_to(request.user)
    source = others.filter(code=request.GET.get("sao", "")).first()
    form = NewSchemeForm(request.POST or None, others=others, initial={"copied_from": source})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_scheme(
                scheme=form.save(commit=False), copied_from=form.cleaned_data["copied_from"], by=request.user
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The scheme is made. Now set up its categories and targets."))
            return redirect("training:categories", made.code)
    return render(request, "training/scheme_form.html", {"form": form})


@needs("can_approve")
@require_http_methods(METHODS)
def scheme_edit(request: HttpRequest, scheme: str) -> HttpResponse:
    row = _scheme_of(request, scheme)
    if row.is_baseline:
        return _printed(request)
    form = SchemeForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_scheme(scheme=form.save(commit=False), made_on=form.cleaned_data["made_on"], by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("training:attainment", scheme)
    stored = _scheme_of(request, scheme)
    context = {
        "form": form,
        "scheme": stored,
        "may_remove": not services.is_in_use(stored),
        "events": Timeline(Event.objects.about(stored), request.GET),
    }
    return render(request, "training/scheme_form.html", context)


@require_POST
@needs("can_approve")
def scheme_remove(request: HttpRequest, scheme: str) -> HttpResponse:
    try:
        services.remove_scheme(scheme=_scheme_of(request, scheme), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("training:scheme-edit", scheme)
    messages.success(request, _("The scheme is removed."))
    return redirect("training:schemes")


def _printed(request: HttpRequest) -> HttpResponse:
    """Say why a scheme of a report does not change, and lead to its copy."""
    messages.error(request, services.PRINTED)
    return redirect("training:schemes")


@needs("can_approve")
@require_http_methods(METHODS)
def categories(request: HttpRequest, scheme: str) -> HttpResponse:
    """Show the categories in the order of the report, and the form for another one."""
    row = _scheme_of(request, scheme)
    if row.is_baseline:
        return _printed(request)
    form = CategoryForm(request.POST or None, instance=Category(scheme=row, unit=CountingUnit.PERSONS))
    if request.method == "POST" and form.is_valid():
        try:
            category_services.add_category(category=form.save(commit=False), by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The category is added."))
            return redirect("training:categories", scheme)
    listed = list(row.categories.all())
    context = {
        "scheme": row,
        "categories": listed,
        "form": form,
        "events": Timeline(Event.objects.about(*listed), request.GET),
    }
    return render(request, "training/categories.html", context)


def _category_of(request: HttpRequest, scheme: str, code: str) -> Category:
    rows = Category.objects.filter(scheme__in=Scheme.objects.visible_to(request.user)).select_related("scheme")
    return get_object_or_404(rows, scheme__code=scheme, code=code)


@needs("can_approve")
@require_http_methods(METHODS)
def category_edit(request: HttpRequest, scheme: str, category: str) -> HttpResponse:
    row = _category_of(request, scheme, category)
    if row.scheme.is_baseline:
        return _printed(request)
    form = CategoryForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            moved = category_services.edit_category(
                category=form.save(commit=False), made_on=form.cleaned_data["made_on"], by=request.user
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _saved(moved))
            return redirect("training:categories", scheme)
    stored = _category_of(request, scheme, category)
    context = {
        "form": form,
        "category": stored,
        "scheme": stored.scheme,
        "events": Timeline(Event.objects.about(stored), request.GET),
    }
    return render(request, "training/category_form.html", context)


def _saved(moved: int) -> str:
    """Say how many courses entered or left the line by the new rule."""
    if not moved:
        return _("Saved.")
    message = ngettext(
        "Saved. %(count)d course entered or left the summary line by the rule.",
        "Saved. %(count)d courses entered or left the summary line by the rule.",
        moved,
    )
    return message % {"count": moved}


@require_POST
@needs("can_approve")
def category_move(request: HttpRequest, scheme: str, category: str) -> HttpResponse:
    """Change places with the one above ("to": up) or below."""
    row = _category_of(request, scheme, category)
    try:
        category_services.move_category(category=row, is_up=request.POST.get("to") == "up", by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("training:categories", scheme)


@require_POST
@needs("can_approve")
def category_remove(request: HttpRequest, scheme: str, category: str) -> HttpResponse:
    try:
        category_services.remove_category(category=_category_of(request, scheme, category), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The category is removed."))
    return redirect("training:categories", scheme)


@needs("can_approve")
@require_http_methods(METHODS)
def year_targets(request: HttpRequest, scheme: str) -> HttpResponse:
    """Set the targets of years: what differs from those in force is set by one decision."""
    row = _scheme_of(request, scheme)
    if row.is_baseline:
        return _printed(request)
    form = _year_targets_form(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            count = target_services.decide_targets(
                scheme=row,
                decision=form.named,
                targets=form.typed,
                made_on=form.cleaned_data["made_on"],
                by=request.user,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The targets are saved.") if count else _("Nothing was changed."))
            return redirect("training:year-targets", scheme)
    decided = list(YearTarget.objects.filter(category__scheme=row).select_related("category"))
    decided.sort(key=lambda target: (target.category.position, target.year, target.ordinal))
    context = {
        "scheme": row,
        "form": form,
        "decided": decided,
        "contradictions": [line for line in year_lines(row, summary_lines(row)) if line.differs_from_whole],
        "events": Timeline(Event.objects.about(*decided), request.GET),
    }
    return render(request, "training/year_targets.html", context)


def _year_targets_form(scheme: Scheme, data: Any) -> YearTargetsForm:
    return YearTargetsForm(
        data,
        scheme=scheme,
        categories=list(scheme.categories.all()),
        in_force=target_services.targets_in_force(scheme),
        made_on=target_services.digest_of_targets(scheme),
    )


@needs("can_approve")
@require_http_methods(METHODS)
def target_edit(request: HttpRequest, scheme: str, pk: int) -> HttpResponse:
    """Correct what was typed of one decision."""
    rows = YearTarget.objects.filter(category__scheme__in=Scheme.objects.visible_to(request.user))
    row = get_object_or_404(rows.select_related("category__scheme"), category__scheme__code=scheme, pk=pk)
    form = TargetForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            target_services.correct_target(
                target=form.save(commit=False), made_on=form.cleaned_data["made_on"], by=request.user
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("training:year-targets", scheme)
    context = {"form": form, "target": row, "scheme": row.category.scheme}
    context["events"] = Timeline(Event.objects.about(row), request.GET)
    return render(request, "training/target_form.html", context)


@needs("sees_all_courses")
@require_safe
def by_year(request: HttpRequest, scheme: str) -> HttpResponse:
    """Show results against targets year by year, and up to each year.

    For people who see all courses, as the sheets by year of the workbook.
    """
    row = _scheme_of(request, scheme)
    lines = year_lines(row, summary_lines(row))
    context = {"scheme": row, "lines": lines if has_years(lines) else [], "years": lines[0].years if lines else []}
    return render(request, "training/by_year.html", context)
