"""Pages of an approver: open a round, change it, enrol wards, close it, open it again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from archiveportal.accounts.access import needs
from archiveportal.refusal import Refused
from criteria.inspections.forms.plans import keys
from criteria.inspections.forms.rounds import ReasonForm, ReopenWardForm, RoundForm, copied_values
from criteria.inspections.lists.filters import CandidateFilter
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.queries.areas import Division, division_of_wards
from criteria.inspections.queries.sections import in_sections, of_section
from criteria.inspections.services import (
    add_wards,
    close_round,
    copy_round,
    end_ward_reopening,
    open_round,
    remove_ward,
    reopen_round,
    reopen_ward,
    update_round,
)
from criteria.inspections.services.rounds import fingerprint_of, unfinished
from criteria.inspections.views.rounds import round_of
from wards.models import Ward

FORM_METHODS = ["GET", "HEAD", "POST"]
#: so many units one page shows; more are found by area or name
SHOWN = 500
#: so many checklists that are not approved are named before a round is closed
UNFINISHED = 60
#: why a round cannot be closed, or opened again, by its status
_DRAFT = gettext_lazy("This round is a draft. Open it, or delete it.")
_NOT_OPEN = {Round.Status.CLOSED: gettext_lazy("This round is closed already."), Round.Status.DRAFT: _DRAFT}
_NOT_CLOSED = {Round.Status.OPEN: gettext_lazy("This round is open already."), Round.Status.DRAFT: _DRAFT}


def _enrolment(request: HttpRequest, code: str, pk: int) -> Enrolment:
    enrolments = Enrolment.objects.visible_to(request.user).select_related("round", "ward__district", "inspection")
    return get_object_or_404(enrolments, round__code=code, pk=pk)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def open_page(request: HttpRequest) -> HttpResponse:
    """Make a draft, empty or as a copy of the round that the address names ("chep")."""
    source = _source(request)
    form = RoundForm(request.POST or None, user=request.user, initial=copied_values(source) if source else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _draft(request, form.save(commit=False), source)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "inspections/round_form.html", {"form": form, "round": None, "source": source})


def _source(request: HttpRequest) -> Round | None:
    code = request.GET.get("chep", "")
    return get_object_or_404(Round.objects.visible_to(request.user), code=code) if code else None


def _draft(request: HttpRequest, inspection_round: Round, source: Round | None) -> HttpResponse:
    if source is None:
        made = open_round(inspection_round=inspection_round, by=request.user)
        message = _("The round is in draft, with the code %(code)s. Now enrol the units.")
        messages.success(request, message % {"code": made.code})
        return redirect("inspections:round-enrol", made.code)
    copied = copy_round(source=source, inspection_round=inspection_round, by=request.user)
    message = _("The round is in draft, with the code %(code)s, as a copy of %(source)s.")
    messages.success(request, message % {"code": copied.round.code, "source": source.name})
    for each in copied.told:
        messages.warning(request, each)
    return redirect("inspections:round-prepare", copied.round.code)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    inspection_round = round_of(request, code)
    name = inspection_round.name
    if inspection_round.is_closed:
        messages.error(request, _("This round is closed. Open it again first."))
        return redirect("inspections:round", code)
    form = RoundForm(request.POST or None, instance=inspection_round, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            changed = update_round(
                inspection_round=form.save(commit=False), made_on=form.cleaned_data["made_on"], by=request.user
            )
        except ValidationError as refusal:
            form.show_again(refusal)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("inspections:round", code)
    return render(request, "inspections/round_form.html", {"form": form, "round": inspection_round, "name": name})


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def enrol(request: HttpRequest, code: str) -> HttpResponse:
    """The units in force on the round's first day that are not in it yet, area by area."""
    inspection_round = round_of(request, code)
    if inspection_round.is_closed:
        messages.error(request, _("This round is closed. Open it again first."))
        return redirect("inspections:round", code)
    candidates = Ward.objects.visible_to(request.user).in_force_on(inspection_round.starts_on)
    if request.method == "POST":
        return _enrol(request, inspection_round, candidates)
    candidates = candidates.exclude(enrolments__round=inspection_round).select_related("district")
    divided = _divided(request, inspection_round, candidates)
    filterset = CandidateFilter(request.GET or None, queryset=candidates, divided=divided, candidates=candidates)
    wards = filterset.qs.order_by(*divided.order_by(""), "sort_key", "pk")
    shown = list(wards[:SHOWN])
    context = {
        "round": inspection_round,
        "filter": filterset,
        "divided": divided,
        "sections": in_sections(divided, shown, lambda ward: ward),
        "found": len(shown) if len(shown) < SHOWN else wards.count(),
        "shown": len(shown),
        "enrolled": inspection_round.enrolments.count(),
        "is_any_in_force": bool(shown)
        or Ward.objects.visible_to(request.user).in_force_on(inspection_round.starts_on).exists(),
    }
    return render(request, "inspections/round_enrol.html", context)


def _divided(request: HttpRequest, inspection_round: Round, candidates: QuerySet[Ward]) -> Division:
    grouping, day = inspection_round.grouping, inspection_round.starts_on
    return division_of_wards(request.user, candidates, grouping=grouping, day=day)


def _enrol(request: HttpRequest, inspection_round: Round, candidates: QuerySet[Ward]) -> HttpResponse:
    """The ticked units; or with the button of a section, all of it."""
    whole = request.POST.get("whole", "")
    divided = _divided(request, inspection_round, candidates)
    if whole:
        chosen = of_section(divided, candidates, whole)
    else:
        chosen = Ward.objects.visible_to(request.user).filter(pk__in=keys(request.POST.getlist("ward")))
    chosen = list(chosen.select_related("district").order_by(*divided.order_by(""), "sort_key", "pk"))
    try:
        made = add_wards(inspection_round=inspection_round, wards=chosen, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        _say(request, made, chosen)
    query = QueryDict(mutable=True)
    query.update({name: request.POST[name] for name in ("q", "district", "group", "kind") if request.POST.get(name)})
    response = redirect("inspections:round-enrol", inspection_round.code)
    response["Location"] += f"?{query.urlencode()}" if query else ""
    return response


def _say(request: HttpRequest, made: list[Enrolment], chosen: list[Ward]) -> None:
    if made:
        message = ngettext("%(count)d unit is enrolled.", "%(count)d units are enrolled.", len(made))
        messages.success(request, message % {"count": len(made)})
    elif chosen:
        messages.info(request, _("These units are in the round already."))
    else:
        messages.error(request, _("Nothing was ticked. Tick the units, then press the button."))


@require_POST
@needs("can_approve")
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    enrolment = _enrolment(request, code, pk)
    try:
        remove_ward(enrolment=enrolment, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("inspections:plan-ward", code, pk)
    message = _("%(unit)s is no longer in the round.")
    messages.success(request, message % {"unit": enrolment.ward.full_title})
    return redirect("inspections:plan", code)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Asks before a round is closed, and lists the checklists that are not approved."""
    inspection_round = round_of(request, code)
    if request.method == "POST":
        try:
            close_round(inspection_round=inspection_round, seen=request.POST.get("seen", ""), by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("inspections:round" if refusal.code == "closed" else "inspections:round-close", code)
        messages.success(request, _("The round is closed. Checklists take no answers any more."))
        return redirect("inspections:round", code)
    if not inspection_round.is_open:
        messages.info(request, _NOT_OPEN[inspection_round.status])
        return redirect("inspections:round", code)
    left = unfinished(inspection_round)
    context = {
        "round": inspection_round,
        "left": left.count(),
        "shown": list(left[:UNFINISHED]),
        "seen": fingerprint_of(left),
        "enrolled": inspection_round.enrolments.count(),
    }
    return render(request, "inspections/round_close.html", context)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Opens a closed round again for all its wards."""
    inspection_round = round_of(request, code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reopen_round(inspection_round=inspection_round, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The round is open again."))
        return redirect("inspections:round", code)
    if not inspection_round.is_closed:
        messages.info(request, _NOT_CLOSED[inspection_round.status])
        return redirect("inspections:round", code)
    wards = inspection_round.enrolments.visible_to(request.user).select_related("ward__district").order_by("position")
    context = {"round": inspection_round, "form": form, "enrolments": wards[:SHOWN], "has_more": wards.count() > SHOWN}
    return render(request, "inspections/round_reopen.html", context)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def reopen_for_ward(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Opens a closed round for one ward until a day, or moves that day."""
    enrolment = _enrolment(request, code, pk)
    initial = {"until": enrolment.reopened_until, "reason": enrolment.reopening_reason}
    form = ReopenWardForm(request.POST or None, initial=initial)
    if not enrolment.round.is_closed:
        messages.info(request, _("This round is open, also for this ward."))
        return redirect("inspections:checklist", pk)
    if request.method == "POST" and form.is_valid():
        try:
            reopen_ward(enrolment=enrolment, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The round is open again for this ward."))
            return redirect("inspections:checklist", pk)
    context = {"round": enrolment.round, "enrolment": enrolment, "form": form}
    return render(request, "inspections/round_reopen_ward.html", context)


@require_POST
@needs("can_approve")
def end_reopening(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    end_ward_reopening(enrolment=_enrolment(request, code, pk), by=request.user)
    messages.success(request, _("The round is closed again for this ward."))
    return redirect("inspections:round", code)
