"""A set from nothing or as a copy, its outline, its head and its states."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs, signed_in_user
from archiveportal.fields import show_refusal
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from criteria.building.forms.sets import HeadPage, NewSetForm
from criteria.building.outline import outline_of
from criteria.building.readiness import readiness_of
from criteria.building.services import leaves, sections
from criteria.building.services import sets as services
from criteria.building.views.gate import METHODS, building, done, tried
from criteria.models import CriteriaSet, Criterion, Section


@require_http_methods(METHODS)
@needs("can_approve")
def create(request: HttpRequest) -> HttpResponse:
    """Make a set under a code of its own, empty or with everything that another one has."""
    user = signed_in_user(request)
    form = NewSetForm(request.POST or None, user=user, initial={"copied_from": request.GET.get("sao", "")})
    if request.method == "POST" and form.is_valid():
        named = CriteriaSet(code=form.cleaned_data["code"], name=form.cleaned_data["name"])
        try:
            made = services.create_set(criteria_set=named, copied_from=form.cleaned_data["copied_from"], by=user)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The set is made. Now build it."))
            return redirect("criteria:build", made.pk)
    return render(request, "criteria/building/create.html", {"form": form})


@require_safe
@building
def build(request: HttpRequest, criteria_set: CriteriaSet) -> HttpResponse:
    """Show sections and criteria in order with their sums, and what is still to be done."""
    outline = outline_of(criteria_set)
    context = {
        "set": criteria_set,
        "outline": outline,
        "readiness": readiness_of(criteria_set, outline),
        "sections": [branch.section for branch in outline.branches],
        "signs": _signed(outline.criteria),
        "groups": {criterion.group for criterion in outline.criteria} if not outline.branches else set(),
        "events": Timeline(Event.objects.about(criteria_set), request.GET),
    }
    return render(request, "criteria/building/outline.html", context)


def _signed(criteria: list[Criterion]) -> list[tuple[str, int]]:
    """Return how many deductions and bonuses there are, which no sum includes."""
    counts = [(sign, sum(criterion.sign == sign for criterion in criteria)) for sign in Criterion.Sign if sign]
    return [(Criterion.Sign(sign).label, count) for sign, count in counts if count]


@require_POST
@building
def arrange(request: HttpRequest, criteria_set: CriteriaSet) -> HttpResponse:
    """Move a row up or down ("up": c12 or s3), or put the criteria that are chosen into a section."""
    user = signed_in_user(request)
    if "group" in request.POST:
        _group(request, criteria_set)
        return redirect("criteria:build", criteria_set.pk)
    is_up = "up" in request.POST
    named = request.POST.get("up" if is_up else "down", "")
    kind, key = named[:1], named[1:]
    model = {"c": Criterion, "s": Section}.get(kind)
    row = model.objects.filter(criteria_set=criteria_set, pk=key).first() if model and key.isdecimal() else None
    if isinstance(row, Criterion):
        done(request, lambda: leaves.move_leaf(criterion=row, is_up=is_up, by=user))
    elif isinstance(row, Section):
        done(request, lambda: sections.move_section(section=row, is_up=is_up, by=user))
    else:
        messages.error(request, _("This row is not there any more."))
    response = redirect("criteria:build", criteria_set.pk)
    response["Location"] += f"#{named}" if row else ""
    return response


def _group(request: HttpRequest, criteria_set: CriteriaSet) -> None:
    keys = [key for key in request.POST.getlist("chosen") if key.isdecimal() and len(key) < 12]
    chosen = list(Criterion.objects.filter(criteria_set=criteria_set, pk__in=keys))
    into = request.POST.get("into", "")
    section = Section.objects.filter(criteria_set=criteria_set, pk=into).first() if into.isdecimal() else None
    if section is None:
        messages.error(request, _("Choose the section first."))
        return
    done(request, lambda: _grouped(request, criteria_set, chosen=chosen, section=section))


def _grouped(request: HttpRequest, criteria_set: CriteriaSet, *, chosen: list[Criterion], section: Section) -> None:
    user = signed_in_user(request)
    moved = leaves.group_leaves(criteria_set=criteria_set, criteria=chosen, section=section, by=user)
    message = ngettext("%(count)d criterion moved.", "%(count)d criteria moved.", moved)
    messages.success(request, message % {"count": moved})


@require_http_methods(METHODS)
@building
def head(request: HttpRequest, criteria_set: CriteriaSet) -> HttpResponse:
    user = signed_in_user(request)
    page = HeadPage(criteria_set, user=user, data=request.POST if request.method == "POST" else None)
    is_sent = request.method == "POST" and page.form.is_bound
    if is_sent and page.is_valid():
        made_on = page.form.cleaned_data["made_on"]
        if tried(page, lambda: services.edit_head(criteria_set=page.typed(), rows=page.rows, made_on=made_on, by=user)):
            messages.success(request, _("Saved."))
            return redirect("criteria:build", criteria_set.pk)
    stored = CriteriaSet.objects.get(pk=criteria_set.pk)
    return render(request, "criteria/building/head.html", {"set": stored, "page": page, "form": page.form})


@require_POST
@needs("can_approve")
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a draft, or take a proposed set back ("to": proposed or draft)."""
    user = signed_in_user(request)
    criteria_set = get_object_or_404(CriteriaSet.objects.editable_by(user), pk=pk)
    if request.POST.get("to") == CriteriaSet.Status.DRAFT:
        done(
            request,
            lambda: services.take_back_to_draft(criteria_set=criteria_set, by=user),
            _("The set is a draft again."),
        )
    else:
        done(request, lambda: services.propose_set(criteria_set=criteria_set, by=user), _("The set is proposed."))
    return redirect("criteria:detail", pk)


@require_POST
@building
def sections_of_groups(request: HttpRequest, criteria_set: CriteriaSet) -> HttpResponse:
    user = signed_in_user(request)
    done(
        request,
        lambda: services.make_sections_of_groups(criteria_set=criteria_set, by=user),
        _("The groups are sections now."),
    )
    return redirect("criteria:build", criteria_set.pk)
