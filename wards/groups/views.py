"""Pages of an approver: ways of grouping units, their groups, and which unit is in which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from wards.groups.forms import NO_GROUP, AssignForm, GroupForm, GroupingForm
from wards.models import Grouping, UnitGroup, Ward
from wards.services import (
    assign_units,
    create_group,
    create_grouping,
    remove_group,
    update_group,
    update_grouping,
)

FORM_METHODS = ["GET", "HEAD", "POST"]
LONGEST_KEY = 18
#: sections of so many units are folded
LONG = 30


@dataclass(frozen=True)
class GroupSection:
    """The units of a group today, as one part of the list to tick."""

    key: str
    title: str
    rows: list[Ward]
    is_folded: bool = False
    group: UnitGroup | None = None


@require_http_methods(FORM_METHODS)
def groupings(request: HttpRequest) -> HttpResponse:
    """List the ways of grouping, and add one."""
    _only_for_approvers(request)
    form = GroupingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_grouping(grouping=form.save(commit=False), by=request.user)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            messages.success(request, _("Saved. Now add its groups."))
            return redirect("wards:grouping", made.pk)
    listed = Grouping.objects.visible_to(request.user).prefetch_related("groups")
    return render(request, "wards/groupings.html", {"groupings": listed, "form": form})


@require_http_methods(FORM_METHODS)
def grouping(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the groups with their units of today; add a group."""
    found = _grouping(request, pk)
    form = GroupForm(request.POST or None, instance=UnitGroup(grouping=found))
    if request.method == "POST" and form.is_valid():
        try:
            create_group(group=form.save(commit=False), by=request.user)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            messages.success(request, _("Saved."))
            return redirect("wards:grouping", pk)
    return _grouping_page(request, found, form=form, assigning=AssignForm(grouping=found))


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the ticked units into a group, or out of every group."""
    found = _grouping(request, pk)
    form = AssignForm(request.POST, grouping=found)
    keys = _keys(request)
    wards = list(Ward.objects.visible_to(request.user).filter(pk__in=keys).select_related("district"))
    if form.is_valid() and not wards:
        form.add_error(None, _("Nothing was ticked. Tick the units, then press the button."))
    if form.is_valid():
        try:
            since = form.cleaned_data["since"]
            moved = assign_units(grouping=found, group=form.chosen, wards=wards, since=since, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            message = ngettext("%(count)d unit was moved.", "%(count)d units were moved.", len(moved))
            messages.success(request, message % {"count": len(moved)} if moved else _("Nothing was changed."))
            return redirect("wards:grouping", pk)
    group_form = GroupForm(instance=UnitGroup(grouping=found))
    return _grouping_page(request, found, form=group_form, assigning=form, ticked=keys)


@require_http_methods(FORM_METHODS)
def grouping_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _grouping(request, pk)
    form = GroupingForm(request.POST or None, instance=found)
    return _edit_page(request, form, partial(update_grouping, grouping=found), context={"grouping": found})


@require_http_methods(FORM_METHODS)
def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _group(request, pk)
    form = GroupForm(request.POST or None, instance=found)
    can_be_removed = not found.memberships.exists()
    context = {"grouping": found.grouping, "group": found, "can_be_removed": can_be_removed}
    return _edit_page(request, form, partial(update_group, group=found), context=context)


def _edit_page(
    request: HttpRequest, form: GroupingForm | GroupForm, save: Callable[..., list[str]], *, context: dict[str, Any]
) -> HttpResponse:
    """Change a way of grouping or a group, with its history; `save` writes the row of the form."""
    row = form.instance
    # As it is stored: a form that is refused leaves what was typed in the row.
    name = row.name
    if request.method == "POST" and form.is_valid():
        try:
            changed = save(made_on=form.cleaned_data["made_on"], by=request.user)
        except ValidationError as refusal:
            form.show_again(ValidationError(refusal.messages))
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("wards:grouping", context["grouping"].pk)
    events = Timeline(Event.objects.about(row), request.GET)
    return render(request, "wards/group_form.html", context | {"form": form, "name": name, "events": events})


@require_POST
def group_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = _group(request, pk)
    try:
        remove_group(group=found, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The group is taken out."))
    return redirect("wards:grouping", found.grouping_id)


def _grouping_page(
    request: HttpRequest, found: Grouping, *, form: GroupForm, assigning: AssignForm, ticked: list[int] | None = None
) -> HttpResponse:
    context = {
        "grouping": found,
        "form": form,
        "assigning": assigning,
        "sections": _sections(request, found),
        "ticked": ticked or [],
    }
    return render(request, "wards/grouping.html", context)


def _sections(request: HttpRequest, found: Grouping) -> list[GroupSection]:
    """Return the units of today by group; those in none come first, to be put into one."""
    wards = list(Ward.objects.visible_to(request.user).standing_today().select_related("district"))
    group_of = dict(found.memberships.on_day(timezone.localdate()).values_list("ward", "group"))
    groups = list(found.groups.all())
    by_group: dict[int | None, list[Ward]] = {None: [], **{group.pk: [] for group in groups}}
    for ward in wards:
        by_group[group_of.get(ward.pk)].append(ward)
    is_long = len(wards) > LONG
    sections = [GroupSection(str(group.pk), group.name, by_group[group.pk], is_long, group) for group in groups]
    none = by_group[None]
    alone = [GroupSection(NO_GROUP, _("Units in no group"), none, is_long and bool(groups))] if none else []
    return [*alone, *sections]


def _grouping(request: HttpRequest, pk: int) -> Grouping:
    _only_for_approvers(request)
    return get_object_or_404(Grouping.objects.editable_by(request.user), pk=pk)


def _group(request: HttpRequest, pk: int) -> UnitGroup:
    _only_for_approvers(request)
    groups = UnitGroup.objects.visible_to(request.user).select_related("grouping")
    return get_object_or_404(groups, pk=pk)


def _only_for_approvers(request: HttpRequest) -> None:
    """Checked here, not by the decorator of accounts: that app is above the units."""
    if not request.user.can_approve:
        raise PermissionDenied


def _keys(request: HttpRequest) -> list[int]:
    sent = request.POST.getlist("ward")
    return [int(value) for value in sent if value.isdecimal() and len(value) <= LONGEST_KEY]
