"""A file with all that is known of it: withdrawn from view with a reason, destroyed by two people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archiveportal.accounts.access import needs
from archiveportal.files.forms import DestructionForm, WithdrawFileForm
from archiveportal.files.models import Destruction, StoredFile, Withdrawal
from archiveportal.files.places import place_of, without_place
from archiveportal.files.withdrawing import (
    carry_out,
    drop_destruction,
    own_hand_in_destruction,
    own_hand_in_withdrawal,
    record_destruction,
    withdraw_file,
)
from archiveportal.lists import page_of

PER_PAGE = 50


@require_safe
@needs("can_inspect")
def withdrawn(request: HttpRequest) -> HttpResponse:
    """List the withdrawn files, those first that wait for a second person."""
    waiting = Destruction.objects.filter(dropped_at=None, carried_out_at=None)
    rows = Withdrawal.objects.select_related("file", "withdrawn_by", "uploaded_by").prefetch_related("destructions")
    context = {
        "waiting": waiting.select_related("withdrawal__file", "recorded_by").order_by("recorded_at", "pk"),
        "page": page_of(request, rows, per_page=PER_PAGE),
        "replaced": without_place().filter(withdrawal=None).select_related("stored_by").order_by("-pk")[:PER_PAGE],
    }
    return render(request, "files/withdrawn_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("sees_results")
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is known of a file to whoever sees its place; let two people withdraw and destroy it."""
    user = request.user
    files = StoredFile.objects.select_related("stored_by", "withdrawal__withdrawn_by")
    file = get_object_or_404(files, pk=pk)
    place = place_of(file, user)
    # Whoever reads the list of withdrawn files opens what it names; the content stays closed.
    if place is None and not (user.can_inspect and (file.withdrawn or place_of(file) is None)):
        raise Http404
    forms: dict[str, Any] = {"withdraw": WithdrawFileForm(), "decide": DestructionForm()}
    refusal = ""
    if request.method == "POST":
        if not user.may_decide:
            raise PermissionDenied
        try:
            said = _act(request, file, forms)
        except ValidationError as refused:
            refusal = " ".join(refused.messages)
        else:
            if said:
                messages.success(request, said)
                return redirect("files:item", pk)
        file = get_object_or_404(files, pk=pk)
    twins = StoredFile.objects.present().filter(sha256=file.sha256).exclude(pk=pk)
    destruction = file.withdrawn.destruction if file.withdrawn else None
    context = {
        "file": file,
        "place": place,
        "destruction": destruction,
        "same": twins.count() if file.withdrawn and user.may_decide else 0,
        "refusal": refusal,
        "forms": forms,
        "own_hand": own_hand_in_withdrawal(file, user),
        "own_hand_in_destruction": own_hand_in_destruction(destruction, user) if destruction else "",
    }
    return render(request, "files/item.html", context)


def _act(request: HttpRequest, file: StoredFile, forms: dict[str, Any]) -> str:
    """Take the step that a button asks for and say what was done; blank where its form has to be corrected."""
    action, user = request.POST.get("action", ""), request.user
    if action in forms:
        forms[action] = form = type(forms[action])(request.POST)
        if not form.is_valid():
            return ""
        if action == "withdraw":
            withdraw_file(file=file, **form.cleaned_data, by=user)
            return _("The file is withdrawn. Nobody opens it any more.")
        record_destruction(file=file, **form.cleaned_data, by=user)
        return _("The decision is recorded. A second person destroys the file.")
    seen = Destruction.objects.filter(withdrawal__file=file, pk=_key(request.POST.get("destruction", ""))).first()
    if seen is None:
        return ""
    if action == "drop":
        drop_destruction(destruction=seen, by=user)
        return _("The decision is dropped. The file stays withdrawn.")
    carry_out(destruction=seen, by=user)
    return _("The content of the file is destroyed. What is known of it stays.")


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
