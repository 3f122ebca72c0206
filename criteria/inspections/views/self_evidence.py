"""Evidence of a self-assessment: added by the unit, looked at, replaced, taken back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archiveportal.accounts.access import needs
from archiveportal.errors import wants_json
from archiveportal.fields import show_refusal
from archiveportal.files import responses
from archiveportal.files.services import LARGEST_FILE, MEGABYTE
from archiveportal.history.models import Via
from archiveportal.refusal import Refused
from criteria.inspections.forms.evidence import EvidenceForm, VoidEvidenceForm
from criteria.inspections.models import Enrolment, SelfAssessment, SelfEvidence, SelfPaper
from criteria.inspections.services.self_evidence import confirmation_of, show_evidence, take_back_evidence
from criteria.inspections.services.self_gate import why_not_shown
from criteria.inspections.views.self_assessment import enrolment_of, refuse_outsiders
from criteria.inspections.views.senders import from_its_person

FILE = ("file__withdrawal__withdrawn_by", "file__stored_by")


@require_http_methods(["GET", "HEAD", "POST"])
@from_its_person(only_scripts=True)
@needs("answers_for_units")
def add(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show the form for one piece of evidence and take it in; `thay` names the piece whose place it takes.

    The device, which sends what was chosen on the page of the self-assessment, is answered with JSON.
    """
    enrolment = enrolment_of(request, pk)
    criterion = get_object_or_404(enrolment.round.criteria_set.criteria, code=code)
    former = None
    if request.GET.get("thay", "").isdecimal():
        former = get_object_or_404(_pieces(request, pk), pk=int(request.GET["thay"][:18]), criterion=criterion)
    back = reverse("inspections:self-assessment", args=[pk]) + f"#{criterion.code}"
    assessment = SelfAssessment.objects.filter(enrolment=enrolment).first() or SelfAssessment(enrolment=enrolment)
    assessment.enrolment = enrolment
    form = EvidenceForm.blank(user=request.user, criterion=criterion, confirmed=confirmation_of(assessment))
    if request.method == "POST":
        form = EvidenceForm(request.POST, request.FILES)
        piece = _keep(request, enrolment, form, criterion=criterion, former=former)
        if wants_json(request):
            return _answer_to_device(request, form, piece, before=assessment)
        if piece:
            messages.success(request, _("The evidence is kept."))
            return redirect(back)
        form = _asked_again(form)
    elif why := why_not_shown(assessment):
        messages.error(request, why)
        return redirect(back)
    context = {"enrolment": enrolment, "criterion": criterion, "form": form, "former": former, "back": back}
    context["largest"] = LARGEST_FILE // MEGABYTE
    return render(request, "inspections/self_evidence_add.html", context | {"assessment": assessment})


def _asked_again(form: EvidenceForm) -> EvidenceForm:
    """Return the form for a further try: the browser lets go of the file, so it is another upload."""
    form.data = form.data.copy() | {"upload_id": str(uuid.uuid4())}
    return form


def _keep(
    request: HttpRequest, enrolment: Enrolment, form: EvidenceForm, *, criterion: Any, former: SelfEvidence | None
) -> SelfEvidence | None:
    """Return the piece, or none with the refusal in the form."""
    form.full_clean()
    if form.is_bound and form.cleaned_data.get("user") != request.user.pk:
        form.add_error(None, _("Another person is signed in on this device now. Choose the file again."))
    if not form.is_valid():
        return None
    values = form.values
    if not wants_json(request):
        values["via"] = Via.PAGE
    elif "confirmed" in request.POST:
        values["confirmed"] = form.cleaned_data["confirmed"]
    try:
        return show_evidence(enrolment=enrolment, criterion=criterion, replaces=former, by=request.user, **values)
    except Refused as refusal:
        if refusal.code == "no_room":
            # With its code, which the device asks for.
            form.add_error(None, refusal)
        else:
            show_refusal(form, refusal)
    except ValidationError as refusal:
        form.add_error("file", refusal.messages)
    return None


def _answer_to_device(
    request: HttpRequest, form: EvidenceForm, piece: SelfEvidence | None, *, before: SelfAssessment
) -> HttpResponse:
    """Answer with the piece, or with what was refused; `before` is the self-assessment as it was."""
    if piece:
        # By these the page that added it knows that nobody else changed the self-assessment.
        versions = {"before": before.version, "version": piece.assessment.version}
        html = render_to_string("inspections/parts/self_piece.html", {"piece": piece}, request)
        return JsonResponse({"state": "saved", "html": html, "message": "", "errors": {}, **versions})
    errors = {name: " ".join(found) for name, found in form.errors.items()}
    answer = {"state": "refused", "message": " ".join(errors.values()), "errors": errors}
    # The confirmation that would end if the person saves it again.
    answer["confirmed"] = confirmation_of(before)
    # Nothing is wrong with the file: the device keeps it and tries again.
    return JsonResponse(answer, status=507 if form.has_error(NON_FIELD_ERRORS, "no_room") else 200)


def _pieces(request: HttpRequest, pk: int) -> Any:
    return SelfEvidence.objects.visible_to(request.user).filter(assessment__enrolment=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    """Show a piece with its earlier versions; a POST of the unit takes it back."""
    refuse_outsiders(request.user)
    pieces = _pieces(request, pk).select_related(*FILE, "criterion", "added_by", "voided_by", "replaced_by")
    piece = get_object_or_404(pieces, pk=evidence)
    enrolment = enrolment_of(request, pk)
    piece.assessment.enrolment = enrolment
    form = VoidEvidenceForm(request.POST or None)
    if request.method == "POST":
        if not request.user.answers_for_units:
            raise PermissionDenied
        if form.is_valid():
            try:
                take_back_evidence(evidence=piece, reason=form.cleaned_data["reason"], by=request.user)
            except Refused as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("The evidence is taken back."))
                return redirect(reverse("inspections:self-assessment", args=[pk]) + f"#{piece.criterion.code}")
    is_there = not piece.voided_at and not piece.replaced_at
    can_change = is_there and request.user.answers_for_units and not why_not_shown(piece.assessment)
    context = {
        "evidence": piece,
        "enrolment": enrolment,
        "form": form,
        "withdrawn": piece.file.withdrawn if piece.file else None,
        "can_change": can_change or form.is_bound,
        "versions": _versions(piece, request),
    }
    return render(request, "inspections/self_evidence.html", context)


def _versions(piece: SelfEvidence, request: HttpRequest) -> list[SelfEvidence]:
    """Return the other versions of the same piece, the newest first."""
    siblings = {
        each.pk: each
        for each in _pieces(request, piece.assessment.enrolment_id)
        .filter(criterion=piece.criterion)
        .select_related("added_by")
    }
    chain = [piece]
    while (earlier := siblings.get(chain[-1].replaces_id or 0)) is not None:
        chain.append(earlier)
    followers = {each.replaces_id: each for each in siblings.values()}
    while (later := followers.get(chain[0].pk)) is not None:
        chain.insert(0, later)
    return [each for each in chain if each.pk != piece.pk]


@require_safe
def picture(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    return responses.picture(request, _file(request, pk, evidence))


@require_safe
def file(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    return responses.attached(request, _file(request, pk, evidence))


def _file(request: HttpRequest, pk: int, evidence: int) -> Any:
    refuse_outsiders(request.user)
    pieces = _pieces(request, pk).filter(file__isnull=False).select_related(*FILE)
    return get_object_or_404(pieces, pk=evidence).file


@require_safe
def paper(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """Send a signed self-assessment, to be saved."""
    refuse_outsiders(request.user)
    papers = SelfPaper.objects.visible_to(request.user).filter(assessment__enrolment=pk).select_related(*FILE)
    return responses.attached(request, get_object_or_404(papers, pk=paper).file)
