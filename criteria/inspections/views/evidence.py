"""Evidence at a criterion: added from the form of a page or by the script, looked at, taken back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.accounts.models import User
from archiveportal.errors import wants_json
from archiveportal.files import responses
from archiveportal.history.services import digest
from archiveportal.refusal import Refused
from criteria.inspections.forms.evidence import CaptionForm, EvidenceForm, VoidEvidenceForm
from criteria.inspections.models import Enrolment, Evidence, Inspection
from criteria.inspections.services.evidence import (
    CAPTION,
    add_evidence,
    describe_evidence,
    refuse_unless_adding,
    void_evidence,
)
from criteria.inspections.views.checklist import back_to
from criteria.inspections.views.senders import from_its_person
from criteria.models import Criterion

#: a file with who withdrew it and who uploaded it
FILE = ("file__withdrawal__withdrawn_by", "file__stored_by")


@require_safe
@needs("can_inspect")
def add_page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show the form for one piece of evidence, for those who work without scripts."""
    enrolment = _enrolment(request, pk)
    criterion = get_object_or_404(enrolment.round.criteria_set.criteria, code=code)
    try:
        refuse_unless_adding(enrolment.inspection, request.user)
    except Refused as refusal:
        return back_to(request, pk, code, refused=refusal.message)
    return _form_page(request, enrolment, criterion, form=EvidenceForm.blank(user=request.user, criterion=criterion))


@require_POST
@from_its_person()
@needs("can_inspect")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in one piece of evidence; answer a script with JSON, a page with a redirect to the
    criterion."""
    enrolment, form = _enrolment(request, pk), EvidenceForm(request.POST, request.FILES)
    form.full_clean()
    criterion = None
    if form.is_readable:
        code = form.cleaned_data["criterion"]
        criterion = enrolment.round.criteria_set.criteria.filter(code=code).first()
    if criterion is None:
        return _unreadable(request, pk)
    evidence = _add(enrolment, criterion, form, by=request.user) if form.is_valid() else None
    if not wants_json(request):
        if evidence is None:
            return _form_page(request, enrolment, criterion, form=form)
        return back_to(request, pk, criterion.code, done=_("The evidence is kept."))
    if evidence is None:
        errors = {name: " ".join(messages) for name, messages in form.errors.items()}
        answer = {"state": "refused", "message": " ".join(errors.values()), "errors": errors}
        # Nothing is wrong with the photograph: the device keeps it and tries again.
        return JsonResponse(answer, status=507 if form.has_error(NON_FIELD_ERRORS, "no_room") else 200)
    html = render_to_string("inspections/parts/evidence.html", {"evidence": evidence, "way": ""}, request)
    return JsonResponse({"state": "saved", "html": html, "message": "", "errors": {}})


def _add(enrolment: Enrolment, criterion: Criterion, form: EvidenceForm, *, by: User) -> Evidence | None:
    """None, with the refusal in the form, for what cannot be taken."""
    try:
        return add_evidence(inspection=enrolment.inspection, criterion=criterion, by=by, **form.values)
    except Refused as refusal:
        form.add_error(None, refusal)
    except ValidationError as refusal:
        form.add_error("file", refusal.messages)
    return None


def _unreadable(request: HttpRequest, pk: int) -> HttpResponse:
    message = _("The portal could not read this upload. Load the page again and choose the file once more.")
    if wants_json(request):
        return JsonResponse({"message": message}, status=400)
    return back_to(request, pk, refused=message)


def _enrolment(request: HttpRequest, pk: int) -> Enrolment:
    enrolments = Enrolment.objects.visible_to(request.user)
    return get_object_or_404(enrolments.select_related("round__criteria_set", "ward__district", "inspection"), pk=pk)


def _form_page(request: HttpRequest, enrolment: Enrolment, criterion: Criterion, *, form: EvidenceForm) -> HttpResponse:
    context = {"enrolment": enrolment, "criterion": criterion, "form": form}
    return render(request, "inspections/evidence_add.html", context)


def _evidence(request: HttpRequest, pk: int, evidence: int) -> Evidence:
    """Return the evidence, if the person may see it; what was taken back only to inspectors."""
    pieces = Evidence.objects.visible_to(request.user).filter(inspection__enrolment=pk)
    if not request.user.sees_unapproved_results:
        pieces = pieces.filter(voided_at__isnull=True)
    pieces = pieces.select_related(
        *FILE, "criterion", "added_by", "voided_by", "inspection__enrolment__ward__district",
        "inspection__enrolment__round__criteria_set",
    )  # fmt: skip
    return get_object_or_404(pieces, pk=evidence)


@require_safe
@needs("sees_results")
def item(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    return _item(request, _evidence(request, pk, evidence), VoidEvidenceForm())


@require_POST
@needs("can_inspect")
def describe(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    """Says what a photograph shows."""
    piece, form = _evidence(request, pk, evidence), CaptionForm(request.POST)
    if form.is_valid():
        try:
            describe_evidence(evidence=piece, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return back_to(request, pk, piece.criterion.code, done=_("Saved."))
    piece = _evidence(request, pk, evidence)
    form.data = form.data | {"made_on": digest(piece, CAPTION)}
    return _item(request, piece, VoidEvidenceForm(), caption_form=form)


@require_POST
@needs("can_inspect")
def void(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    piece, form = _evidence(request, pk, evidence), VoidEvidenceForm(request.POST)
    if not form.is_valid():
        return _item(request, piece, form)
    try:
        void_evidence(evidence=piece, reason=form.cleaned_data["reason"], by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _item(request, piece, form)
    return back_to(request, pk, piece.criterion.code, done=_("The evidence is taken back."))


def _item(
    request: HttpRequest, evidence: Evidence, form: VoidEvidenceForm, *, caption_form: CaptionForm | None = None
) -> HttpResponse:
    inspection = evidence.inspection
    enrolment = inspection.enrolment
    withdrawn = evidence.file.withdrawn if evidence.file else None
    is_there = not evidence.voided_at and not withdrawn
    is_open = request.user.can_inspect and enrolment.takes_answers and not inspection.is_locked
    context = {"evidence": evidence, "enrolment": enrolment, "form": form, "withdrawn": withdrawn}
    context["can_void"] = form.is_bound or (is_open and is_there)
    shown = {"caption": evidence.caption, "made_on": digest(evidence, CAPTION)}
    context["caption_form"] = caption_form or CaptionForm(initial=shown)
    context["can_describe"] = caption_form is not None or (is_there and _is_adding(request, inspection))
    return render(request, "inspections/evidence.html", context)


def _is_adding(request: HttpRequest, inspection: Inspection) -> bool:
    try:
        refuse_unless_adding(inspection, request.user)
    except Refused:
        return False
    return True


@require_safe
@needs("sees_results")
def picture(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    """Send the shown copy of a photograph, within a page."""
    return responses.picture(request, _file(request, pk, evidence))


@require_safe
@needs("sees_results")
def file(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    """Send the file as it was handed in, to be saved."""
    return responses.attached(request, _file(request, pk, evidence))


def _file(request: HttpRequest, pk: int, evidence: int) -> Any:
    pieces = Evidence.objects.visible_to(request.user).filter(inspection__enrolment=pk, file__isnull=False)
    if not request.user.sees_unapproved_results:
        pieces = pieces.filter(voided_at__isnull=True)
    return get_object_or_404(pieces.select_related(*FILE), pk=evidence).file
