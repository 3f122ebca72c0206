"""The documents of a round: listed for whoever sees the round, kept by approvers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archiveportal.accounts.access import needs
from archiveportal.files.responses import attached
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.refusal import Refused
from criteria.inspections.forms.plans import keys
from criteria.inspections.forms.rounds import DocumentForm, ReasonForm
from criteria.inspections.models import Round, RoundDocument
from criteria.inspections.queries.preparing import document_blanks
from criteria.inspections.services import add_document, correct_document, void_document
from criteria.inspections.views.rounds import round_of

FORM_METHODS = ["GET", "HEAD", "POST"]


def _document(request: HttpRequest, code: str, pk: int) -> RoundDocument:
    documents = RoundDocument.objects.visible_to(request.user).select_related("round", "file__withdrawal__withdrawn_by")
    return get_object_or_404(documents, round__code=code, pk=pk)


@require_safe
@needs("sees_results")
def documents(request: HttpRequest, code: str) -> HttpResponse:
    inspection_round = round_of(request, code)
    listed = (
        RoundDocument.objects.visible_to(request.user)
        .filter(round=inspection_round)
        .select_related("file__withdrawal__withdrawn_by")
    )
    if not request.user.can_inspect:
        listed = listed.filter(voided_at__isnull=True)
    context = {
        "round": inspection_round,
        "documents": listed,
        "blanks": document_blanks(inspection_round) if request.user.can_approve else [],
    }
    return render(request, "inspections/round_documents.html", context)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def document_add(request: HttpRequest, code: str) -> HttpResponse:
    """List a document, empty or with the kind and subject of one of the earlier round ("chep")."""
    inspection_round = round_of(request, code)
    blank = _blank(request, inspection_round)
    form = DocumentForm(
        request.POST or None,
        request.FILES or None,
        instance=RoundDocument(round=inspection_round),
        initial={"kind": blank.kind, "title": blank.title} if blank else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            add_document(document=form.save(commit=False), upload=form.cleaned_data["upload"], by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The document is listed."))
            return redirect("inspections:round-documents", code)
    return render(
        request, "inspections/round_document.html", {"round": inspection_round, "document": None, "form": form}
    )


def _blank(request: HttpRequest, inspection_round: Round) -> RoundDocument | None:
    """Return the document that the address names, if it is of the round that this one is a copy of."""
    asked = keys([request.GET.get("chep", "")])
    of_earlier = RoundDocument.objects.visible_to(request.user).filter(round=inspection_round.copied_from_id)
    return of_earlier.filter(pk__in=asked, voided_at__isnull=True).first() if asked else None


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def document_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Corrects a document, or with a reason takes it back."""
    document = _document(request, code, pk)
    if document.voided_at:
        messages.error(request, _("This document was taken back already."))
        return redirect("inspections:round-documents", code)
    takes_back = request.method == "POST" and "take_back" in request.POST
    data = request.POST if request.method == "POST" and not takes_back else None
    form = DocumentForm(data, request.FILES or None, instance=document)
    voiding = ReasonForm(request.POST if takes_back else None)
    if takes_back and voiding.is_valid():
        try:
            void_document(document=document, reason=voiding.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            voiding.add_error(None, refusal)
        else:
            messages.success(request, _("The document is taken back. It stays on record."))
            return redirect("inspections:round-documents", code)
    if data is not None and form.is_valid():
        try:
            changed = correct_document(
                document=form.save(commit=False),
                upload=form.cleaned_data["upload"],
                made_on=form.cleaned_data["made_on"],
                by=request.user,
            )
        except ValidationError as refusal:
            form.show_again(refusal)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("inspections:round-documents", code)
    context = {"round": document.round, "document": document, "form": form, "voiding": voiding}
    context["events"] = Timeline(Event.objects.about(document), request.GET)
    return render(request, "inspections/round_document.html", context)


@require_safe
@needs("sees_results")
def document_file(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    document = _document(request, code, pk)
    if document.file is None or (document.voided_at and not request.user.can_inspect):
        raise Http404
    return attached(request, document.file)
