"""The administrator's pages about accounts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.accounts.filters import AccountFilter
from archiveportal.accounts.forms import AccountForm, HandOverForm, NewAccountForm
from archiveportal.accounts.handing_over import hand_over, successors_of
from archiveportal.accounts.models import User
from archiveportal.accounts.services import create_account, give_new_password, update_account
from archiveportal.accounts.tables import AccountTable
from archiveportal.history.models import Event
from archiveportal.history.services import Stale
from archiveportal.history.timeline import Timeline
from archiveportal.lists import list_response
from archiveportal.middleware.drafts import taken
from archiveportal.refusal import Refused

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@needs("can_manage_accounts")
def account_list(request: HttpRequest) -> HttpResponse:
    accounts = User.objects.visible_to(request.user).select_related("district", "ward__district")
    filterset = AccountFilter(request.GET or None, queryset=accounts, user=request.user)
    table = AccountTable(filterset.qs)
    return list_response(request, "accounts/list.html", table=table, filterset=filterset, name=_("Accounts"))


@require_http_methods(FORM_METHODS)
@needs("can_manage_accounts")
def create(request: HttpRequest) -> HttpResponse:
    form = NewAccountForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            password = create_account(account=form.save(commit=False), by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            _warn_of_shared_mailbox(request, form.instance)
            # Shown in this answer only: a redirect would have to keep the password somewhere
            # meanwhile.
            return taken(_first_password(request, form.instance, password))
    return render(request, "accounts/create.html", {"form": form})


@require_http_methods(FORM_METHODS)
@needs("can_manage_accounts")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(User.objects.editable_by(request.user), pk=pk)
    form = AccountForm(request.POST or None, instance=account, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made_on = form.cleaned_data["made_on"]
            changed = update_account(account=form.save(commit=False), made_on=made_on, by=request.user)
        except (Refused, Stale) as refusal:
            form.show_again(refusal)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            _warn_of_shared_mailbox(request, form.instance)
            return redirect("accounts:edit", pk)
    stored = get_object_or_404(User.objects.editable_by(request.user), pk=pk) if form.is_bound else account
    events = Timeline(Event.objects.about(stored), request.GET)
    return render(request, "accounts/edit.html", {"form": form, "account": stored, "events": events})


@require_POST
@needs("can_manage_accounts")
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(User.objects.editable_by(request.user), pk=pk)
    try:
        password = give_new_password(account=account, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("accounts:edit", pk)
    return _first_password(request, account, password)


@require_http_methods(FORM_METHODS)
@needs("can_manage_accounts")
def hand_over_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another account of the unit go on with the work of this one."""
    account = get_object_or_404(User.objects.editable_by(request.user), pk=pk)
    successors = successors_of(account)
    form = HandOverForm(request.POST or None, successors=successors)
    if request.method == "POST" and form.is_valid():
        try:
            hand_over(leaving=account, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Handed over. The account of who leaves is disabled."))
            return redirect("accounts:edit", pk)
    return render(request, "accounts/hand_over.html", {"form": form, "account": account, "successors": successors})


def _warn_of_shared_mailbox(request: HttpRequest, account: User) -> None:
    """Two accounts may share a mailbox; whoever reads it can open links for both."""
    if not account.email:
        return
    others = User.objects.filter(email__iexact=account.email).exclude(pk=account.pk).order_by("full_name", "pk")
    names = ", ".join(map(str, others[:3]))
    if names:
        message = _("The mailbox is also that of %(names)s: whoever reads it can open the link.")
        messages.warning(request, message % {"names": names})


def _first_password(request: HttpRequest, account: User, password: str) -> HttpResponse:
    return render(request, "accounts/first_password.html", {"account": account, "password": password})
