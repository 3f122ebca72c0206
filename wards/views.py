"""The list of units, and the administrator's forms for them. Pages about one unit, with scores, are in reports."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.lists import DOWNLOAD, list_response, page_of
from wards.filters import IN_FORCE, WardFilter
from wards.forms import DistrictForm, PredecessorForm, TakeBackForm, UnitForm, WardForm
from wards.models import District, Unit, Ward
from wards.services import (
    create_district,
    create_ward,
    record_succession,
    remove_succession,
    update_district,
    update_ward,
)
from wards.tables import WardTable

FORM_METHODS = ["GET", "HEAD", "POST"]
#: parameters of the list that choose no units
NOT_FILTERS = {"page", "sort", "trang", DOWNLOAD}
DISTRICTS_PER_PAGE = 50


@require_safe
def ward_list(request: HttpRequest) -> HttpResponse:
    wards = Ward.objects.visible_to(request.user).select_related("district").ended_last()
    shows_today = not set(request.GET) - NOT_FILTERS
    if shows_today:
        wards = wards.standing_today()
    filterset = WardFilter(request.GET or None, queryset=wards, user=request.user)
    has_districts = filterset.qs.filter(district__isnull=False).exists()
    table = WardTable(filterset.qs, user=request.user, has_districts=has_districts)
    districts = District.objects.visible_to(request.user).with_recorded_wards()
    day = _day_of(filterset)
    if day:
        districts = districts.in_force_on(day)
    # Whoever sees a single ward has nothing to compare: the section would repeat the row above it.
    return list_response(
        request,
        "wards/list.html",
        table=table,
        filterset=filterset,
        name=_("Units"),
        districts=[] if request.user.ward_id else _page_of(districts, request),
        shows_today=shows_today,
    )


def _page_of(districts: QuerySet[District], request: HttpRequest) -> Page:
    return page_of(request, districts, per_page=DISTRICTS_PER_PAGE, name="trang")


def _day_of(filterset: WardFilter) -> datetime.date | None:
    """Return the day of which the districts are shown, or None for those of all times."""
    if not filterset.form.is_bound or not filterset.form.is_valid():
        return None
    chosen = filterset.form.cleaned_data
    return timezone.localdate() if chosen["period"] == IN_FORCE else chosen["day"]


@require_http_methods(FORM_METHODS)
def create(request: HttpRequest) -> HttpResponse:
    _only_for_unit_managers(request)
    form = WardForm(request.POST or None, by=request.user)
    return _create(request, form, lambda unit: create_ward(ward=unit, by=request.user))


@require_http_methods(FORM_METHODS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    _only_for_unit_managers(request)
    ward = get_object_or_404(Ward.objects.editable_by(request.user).select_related("district"), pk=pk)
    form = WardForm(request.POST or None, instance=ward, by=request.user)

    def save(unit: Ward, made_on: str) -> list[str]:
        return update_ward(ward=unit, made_on=made_on, reason=form.cleaned_data["reason"], by=request.user)

    return _edit(request, form, save)


@require_http_methods(FORM_METHODS)
def create_district_page(request: HttpRequest) -> HttpResponse:
    _only_for_unit_managers(request)
    form = DistrictForm(request.POST or None)
    return _create(request, form, lambda unit: create_district(district=unit, by=request.user))


@require_http_methods(FORM_METHODS)
def edit_district(request: HttpRequest, pk: int) -> HttpResponse:
    _only_for_unit_managers(request)
    district = get_object_or_404(District.objects.editable_by(request.user), pk=pk)
    form = DistrictForm(request.POST or None, instance=district)
    return _edit(request, form, lambda unit, made_on: update_district(district=unit, made_on=made_on, by=request.user))


@require_http_methods(FORM_METHODS)
def predecessors(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which units a unit took over, and take one more."""
    _only_for_unit_managers(request)
    ward = get_object_or_404(Ward.objects.editable_by(request.user).select_related("district"), pk=pk)
    form = PredecessorForm(request.POST or None, heir=ward, by=request.user)
    if request.method == "POST" and form.is_valid():
        succession = form.save(commit=False)
        succession.successor = ward
        try:
            record_succession(succession=succession, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            messages.success(request, _("Saved."))
            return redirect("wards:predecessors", pk)
    return _predecessors(request, ward, form=form)


@require_POST
def remove_predecessor(request: HttpRequest, pk: int, succession: int) -> HttpResponse:
    """Take back a unit that was recorded as taken over by mistake."""
    _only_for_unit_managers(request)
    ward = get_object_or_404(Ward.objects.editable_by(request.user).select_related("district"), pk=pk)
    found = get_object_or_404(ward.predecessions.all(), pk=succession)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _predecessors(request, ward, form=PredecessorForm(heir=ward, by=request.user), refused=(found.pk, form))
    remove_succession(succession=found, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Taken back."))
    return redirect("wards:predecessors", pk)


def _predecessors(
    request: HttpRequest, ward: Ward, *, form: PredecessorForm, refused: tuple[int, TakeBackForm] | None = None
) -> HttpResponse:
    """Show what a unit took over; `refused` is the row that was not taken back, with what was typed."""
    rows = ward.predecessions.select_related("predecessor__district", "predecessor_province")
    successions = list(rows.order_by("took_effect_on", "pk"))
    for succession in successions:
        succession.refused = refused[1] if refused and refused[0] == succession.pk else None
    context = {"ward": ward, "form": form, "successions": successions}
    return render(request, "wards/predecessors.html", context)


def _only_for_unit_managers(request: HttpRequest) -> None:
    """Checked here, not by the decorator of accounts: that app is above the units."""
    if not request.user.can_manage_units:
        raise PermissionDenied


def _create(request: HttpRequest, form: UnitForm, save: Callable[[Unit], object]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        unit = form.save(commit=False)
        try:
            save(unit)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("%(unit)s is recorded.") % {"unit": unit.title})
            return redirect("wards:list")
    return render(request, "wards/form.html", {"form": form, "unit": None, "events": None})


def _edit(request: HttpRequest, form: UnitForm, save: Callable[[Unit, str], list[str]]) -> HttpResponse:
    title = form.instance.title
    if request.method == "POST" and form.is_valid():
        try:
            changed = save(form.save(commit=False), form.cleaned_data["made_on"])
        except ValidationError as refusal:
            form.show_again(refusal)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("wards:list")
    events = Timeline(Event.objects.about(form.instance), request.GET)
    return render(request, "wards/form.html", {"form": form, "unit": title, "events": events})
