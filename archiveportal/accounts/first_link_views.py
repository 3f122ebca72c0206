"""Links for first use: who has used one, sending them again, printed slips, and using one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs, public, signed_in_user
from archiveportal.accounts.filters import UNUSED, FirstUseFilter
from archiveportal.accounts.first_links import HOURS, make_slips, renew_link, send_links, usable_link, use_link
from archiveportal.accounts.forms import NewPasswordForm
from archiveportal.accounts.long_sending import order_sending
from archiveportal.accounts.models import FirstLink, User
from archiveportal.lists import page_of
from archiveportal.refusal import Refused

PER_PAGE = 50
#: in the session, so that the secret part does not stay in the address
TOKEN = "first-link"  # noqa: S105
#: what the address has in its place from then on
CHOOSE = "moi"
#: mails that are sent while the person waits; more are sent by a job
MOST_MAILS = 10


@require_safe
@needs("sees_administration")
def first_links(request: HttpRequest) -> HttpResponse:
    """Show each account that was made without a password, and what became of its newest link."""
    accounts = User.objects.filter(UNUSED) | User.objects.filter(first_links__isnull=False)
    filterset = FirstUseFilter(request.GET or None, queryset=accounts)
    accounts = filterset.qs.select_related("ward__district", "district").prefetch_related("first_links").distinct()
    page = page_of(request, accounts.order_by("sort_key", "pk"), per_page=PER_PAGE)
    may_manage = signed_in_user(request).can_manage_accounts
    rows = [(account, next(iter(account.first_links.all()), None)) for account in page]
    context = {"rows": rows, "page": page, "may_manage": may_manage, "hours": HOURS}
    context |= {"filter": filterset, "is_filtered": bool(filterset.in_words), "filters": _filters(request.GET)}
    return render(request, "accounts/first_links.html", context)


def _filters(data: QueryDict) -> dict[str, str]:
    """Return the filters of the list, as its form carries them on."""
    return {name: value for name in FirstUseFilter.base_filters if (value := data.get(name, ""))}


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) < 18


def _chosen(request: HttpRequest) -> QuerySet[User]:
    """Return the chosen accounts that the person may change, by name: all means all that the filters leave."""
    accounts = User.objects.editable_by(request.user).able_to_sign_in()
    if request.POST.get("all"):
        accounts = FirstUseFilter(request.POST, queryset=accounts.filter(UNUSED)).qs.distinct()
    else:
        accounts = accounts.filter(pk__in=[int(key) for key in request.POST.getlist("account") if _is_key(key)])
    return accounts.select_related("ward__district", "district").order_by("sort_key", "pk")


def _longest_waiting(accounts: QuerySet[User]) -> list[User]:
    """Return first who never got a link, then whose was sent first."""
    newest = FirstLink.objects.filter(account=OuterRef("pk"), sent_at__isnull=False).order_by("-sent_at")
    waiting = accounts.annotate(last_sent=Subquery(newest.values("sent_at")[:1]))
    return list(waiting.order_by(F("last_sent").asc(nulls_first=True), "sort_key", "pk"))


def _back(request: HttpRequest) -> HttpResponse:
    query = urlencode(_filters(request.POST))
    return redirect(reverse("accounts:first-links") + (f"?{query}" if query else ""))


@require_POST
@needs("can_manage_accounts")
def send(request: HttpRequest) -> HttpResponse:
    """Make and send new links to the chosen accounts: a few at once, more by a job."""
    accounts = _longest_waiting(_chosen(request))
    if not accounts:
        messages.error(request, _("Choose accounts first."))
        return _back(request)
    address = f"{request.scheme}://{request.get_host()}"
    if len(accounts) > MOST_MAILS:
        return redirect(order_sending(accounts=accounts, address=address, by=signed_in_user(request)))
    links = []
    for account in accounts:
        try:
            links.append(renew_link(account=account, by=signed_in_user(request)))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
    sent = send_links(links=links, address=address, by=signed_in_user(request))
    messages.success(request, _("%(sent)s of %(count)s links sent.") % {"sent": sent, "count": len(links)})
    return _back(request)


@require_POST
@needs("can_manage_accounts")
def slips(request: HttpRequest) -> HttpResponse:
    """Make passwords for the chosen accounts and show the slips to print. They are in this answer alone."""
    accounts = list(_chosen(request))
    if not accounts:
        messages.error(request, _("Choose accounts first."))
        return _back(request)
    try:
        made = make_slips(accounts=accounts, by=signed_in_user(request))
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _back(request)
    context = {
        "slips": made,
        "address": f"{request.scheme}://{request.get_host()}",
        "batch": request.POST.get("nhap", ""),
    }
    return render(request, "accounts/slips.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def first_use(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Let a new person choose the password. The secret part moves into the session first."""
    secret = request.session.get(TOKEN, "") if token == CHOOSE else token
    link = usable_link(pk, secret)
    if link is None:
        return render(request, "accounts/first_use.html", {"frame": None, "link": None, "form": None}, status=404)
    if token != CHOOSE:
        request.session[TOKEN] = token
        return redirect("accounts:first-use", pk, CHOOSE)
    form = NewPasswordForm(link.account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            use_link(link=link, password=form.cleaned_data["new_password"])
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            del request.session[TOKEN]
            return redirect("accounts:reset-complete")
    return render(request, "accounts/first_use.html", {"frame": None, "link": link, "form": form})
