"""The steps of a self-assessment after it is handed in: confirmed, withdrawn, read, given more time."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from archiveportal.accounts.access import needs
from archiveportal.fields import show_refusal
from archiveportal.own_words import in_own_words
from archiveportal.refusal import Refused
from criteria.inspections.forms.checklist import ReturnForm
from criteria.inspections.forms.self_assessment import MoreTimeForm, SeenForm, SignedPaperForm
from criteria.inspections.models import SelfAssessment
from criteria.inspections.services.self_confirming import confirm, confirm_on_paper, withdraw
from criteria.inspections.services.self_reading import accept_report, give_more_time
from criteria.inspections.views.self_assessment import enrolment_of, refuse_outsiders, show


def _assessment(request: HttpRequest, pk: int) -> SelfAssessment:
    return get_object_or_404(SelfAssessment.objects.visible_to(request.user), enrolment=enrolment_of(request, pk))


def _take(request: HttpRequest, pk: int, step: Callable[[], object], *, done: str) -> HttpResponse:
    """Take a step that a button asks for, and say at the self-assessment what became of it."""
    try:
        step()
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect("inspections:self-assessment", pk)


def _seen(request: HttpRequest) -> int:
    form = SeenForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else -1


@require_POST
@needs("confirms_self_assessment")
def self_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    assessment, seen = _assessment(request, pk), _seen(request)
    done = in_own_words(_("Confirmed. It can be read by %(division_word)s."))
    return _take(request, pk, lambda: confirm(assessment=assessment, seen=seen, by=request.user), done=done)


@require_POST
@needs("can_inspect")
def self_accept(request: HttpRequest, pk: int) -> HttpResponse:
    assessment, seen = _assessment(request, pk), _seen(request)
    done = _("Accepted. The result counts as reported by the unit.")
    return _take(request, pk, lambda: accept_report(assessment=assessment, seen=seen, by=request.user), done=done)


@require_POST
def self_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit takes it back to correct it; its leader says why."""
    refuse_outsiders(request.user)
    assessment, form = _assessment(request, pk), ReturnForm(request.POST)
    form.fields["reason"].required = request.user.confirms_self_assessment
    if form.is_valid():
        try:
            withdraw(assessment=assessment, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Withdrawn. It can be corrected and handed in again."))
            return redirect("inspections:self-assessment", pk)
    return show(request, assessment.enrolment, withdrawing=form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("answers_for_units")
def self_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the paper that the leader signed, where the leader has no account."""
    enrolment, assessment = enrolment_of(request, pk), _assessment(request, pk)
    initial = {"version": assessment.version, "signed_on": timezone.localdate()}
    form = (
        SignedPaperForm(request.POST, request.FILES) if request.method == "POST" else SignedPaperForm(initial=initial)
    )
    if form.is_bound and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("upload", "signatory", "signed_on")}
        seen = form.cleaned_data["version"]
        try:
            confirm_on_paper(assessment=assessment, seen=seen, by=request.user, **given)
        except Refused as refusal:
            show_refusal(form, refusal)
        except ValidationError as refusal:
            form.add_error("upload", refusal.messages)
        else:
            messages.success(request, _("The signed paper is kept; the self-assessment is confirmed."))
            return redirect("inspections:self-assessment", pk)
    return render(request, "inspections/self_paper.html", {"enrolment": enrolment, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def self_time(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one unit a later day, on a ground; what was handed in opens again."""
    enrolment = enrolment_of(request, pk)
    assessment = SelfAssessment.objects.visible_to(request.user).filter(enrolment=enrolment).first()
    initial = {"until": enrolment.self_extended_until, "ground": enrolment.self_extension_ground}
    form = MoreTimeForm(request.POST) if request.method == "POST" else MoreTimeForm(initial=initial)
    if form.is_bound and form.is_valid():
        try:
            give_more_time(enrolment=enrolment, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The unit has time until then."))
            return redirect("inspections:self-assessment", pk)
    context = {"enrolment": enrolment, "assessment": assessment, "form": form}
    return render(request, "inspections/self_time.html", context)
