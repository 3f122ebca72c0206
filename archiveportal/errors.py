"""Pages for what went wrong, in the portal's own layout."""

import errno
import sys
from contextlib import suppress
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from archiveportal.logs import name_reason
from archiveportal.own_words import own_words

SIGN_IN = "accounts:sign-in"


def wants_json(request: HttpRequest) -> bool:
    """A script asks, not a person who looks at a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old or cookies are off. What was typed is still in the browser: Back shows it."""
    name_reason(reason)
    if wants_json(request):
        # A script fetches a fresh token and sends the same once more.
        return JsonResponse({"token": "stale", "message": _("The form is too old")}, status=403)
    is_signing_in = request.resolver_match and request.resolver_match.view_name == SIGN_IN
    # Without cookies the page given anew would be refused for ever.
    if is_signing_in and settings.CSRF_COOKIE_NAME in request.COOKIES:
        return _signing_in_anew(request)
    return render(request, "403_csrf.html", status=403)


def _signing_in_anew(request: HttpRequest) -> HttpResponse:
    """Lead on from a page for signing in that is older than a sign-in in another tab: there is nothing to save."""
    if request.user.is_authenticated:
        messages.info(request, _("Already signed in as %(person)s.") % {"person": request.user})
    else:
        messages.info(request, _("This page had been open for too long. Please sign in once more."))
    wanted = urlencode({"next": request.POST.get("next", "")}) if request.POST.get("next") else ""
    return redirect(f"{reverse(SIGN_IN)}?{wanted}".rstrip("?"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request for a wrong host, one that is too large, or one with a zero byte, without any query."""
    if exception is not None:
        name_reason(type(exception).__name__)
    request.user = AnonymousUser()
    return render(request, "400.html", {"frame": None, "our": own_words(is_asking=False)}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": _("You may not open this page")}, status=403)
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


#: errors of the system that say that a disk or a quota is full
FULL = {errno.ENOSPC, errno.EDQUOT}
#: the same as a code of PostgreSQL
DISK_FULL = "53100"
#: pieces of 64 KB that are read past: as much as a request may have
LARGEST_REST = 1280


def broken(request: HttpRequest) -> HttpResponse:
    """Rendered for nobody in particular: who is here is a question to the database, which may be what broke.

    Django calls it while the exception is being handled. 503: the database does not answer; 507:
    the disk is full; a script gets words it can show, and its device tries again.
    """
    status = _status_of(sys.exc_info()[1])
    if status == 507:
        _read_past(request)
    request.user = AnonymousUser()
    if wants_json(request):
        return JsonResponse({"message": _in_words(status)}, status=status)
    return render(request, f"{status}.html", {"frame": None, "our": own_words(is_asking=False)}, status=status)


def _read_past(request: HttpRequest) -> None:
    """Read what is still coming of an upload: a connection that is closed before takes the answer with it."""
    with suppress(OSError):
        for _piece in range(LARGEST_REST):
            if not request.read(2**16):
                return


def _status_of(error: BaseException | None) -> int:
    if says_full(error):
        return 507
    return 503 if isinstance(error, OperationalError | InterfaceError) else 500


def says_full(error: BaseException | None) -> bool:
    """Tell whether an error says that a disk is full: that of the files, or that of the database."""
    # Django's own errors carry the database's as their cause; a copy of SQLite raises it as it is.
    for each in (error, error and error.__cause__):
        if getattr(each, "pgcode", "") == DISK_FULL or getattr(each, "sqlite_errorname", "") == "SQLITE_FULL":
            return True
    return isinstance(error, OSError) and error.errno in FULL


def _in_words(status: int) -> str:
    words = {
        503: _("The database does not answer. Nothing was saved; the device tries again by itself."),
        507: _("The disk of the server is full. Nothing was saved; the device keeps it and tries again by itself."),
    }
    return words.get(status, _("Something went wrong on our side"))
