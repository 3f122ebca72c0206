"""Legal acts: the list of them, one to add or correct, and which criteria of a set cite them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs, signed_in_user
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from criteria.act_forms import ActForm, CitationForm
from criteria.act_services import cite, create_act, edit_act, uncite
from criteria.acts import acts_on
from criteria.models import FROZEN, Citation, CriteriaSet, LegalAct

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@needs("sees_results")
def act_list(request: HttpRequest) -> HttpResponse:
    acts = (
        LegalAct.objects.visible_to(signed_in_user(request))
        .select_related("replaced_by")
        .annotate(cited=Count("citations"))
    )
    return render(request, "criteria/acts.html", {"acts": acts, "today": timezone.localdate()})


@require_http_methods(METHODS)
@needs("can_approve")
def act_create(request: HttpRequest) -> HttpResponse:
    form = ActForm(request.POST or None, user=signed_in_user(request))
    if request.method == "POST" and form.is_valid():
        try:
            create_act(act=form.save(commit=False), by=signed_in_user(request))
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The act is added."))
            return redirect("criteria:acts")
    return render(request, "criteria/act_form.html", {"form": form})


@require_http_methods(METHODS)
@needs("can_approve")
def act_edit(request: HttpRequest, pk: int) -> HttpResponse:
    act = get_object_or_404(LegalAct.objects.editable_by(signed_in_user(request)), pk=pk)
    form = ActForm(request.POST or None, instance=act, user=signed_in_user(request))
    if request.method == "POST" and form.is_valid():
        try:
            edit_act(act=form.save(commit=False), made_on=form.cleaned_data["made_on"], by=signed_in_user(request))
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("criteria:acts")
    stored = get_object_or_404(LegalAct.objects.editable_by(signed_in_user(request)), pk=pk)
    context = {"form": form, "act": stored, "events": Timeline(Event.objects.about(stored), request.GET)}
    return render(request, "criteria/act_form.html", context)


@require_http_methods(METHODS)
@needs("can_approve")
def citations(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which acts the criteria of a set cite; while it is not in use, more can be added."""
    criteria_set = get_object_or_404(CriteriaSet.objects.editable_by(signed_in_user(request)), pk=pk)
    form = CitationForm(request.POST or None, criteria_set=criteria_set, user=signed_in_user(request))
    if request.method == "POST" and form.is_valid():
        try:
            cite(by=signed_in_user(request), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            messages.success(request, _("Saved."))
            return redirect("criteria:citations", pk)
    acts = acts_on(criteria_set, timezone.localdate())
    rows = [(criterion, acts.get(criterion.pk, [])) for criterion in criteria_set.criteria.all()]
    context = {"set": criteria_set, "rows": rows, "form": form, "is_frozen": bool(criteria_set.frozen_at)}
    return render(request, "criteria/citations.html", context | {"frozen": FROZEN})


@require_POST
@needs("can_approve")
def citation_remove(request: HttpRequest, pk: int, citation: int) -> HttpResponse:
    sets = CriteriaSet.objects.editable_by(signed_in_user(request))
    rows = Citation.objects.filter(criteria_set__in=sets).select_related("criterion", "act")
    row = get_object_or_404(rows, criteria_set=pk, pk=citation)
    try:
        uncite(citation=row, by=signed_in_user(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The act is no longer cited."))
    return redirect("criteria:citations", pk)
