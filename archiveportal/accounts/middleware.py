"""The gate that every request passes: how long a session lasts, who must choose a password, what may be kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from archiveportal.accounts.signals import SEEN_AT, SIGNED_IN_AT
from archiveportal.errors import wants_json
from archiveportal.logs import log_event, name_person

#: last seen is written at most this often, so that reading pages does not write to the database all the time
SEEN_EVERY_SECONDS = 60
SIGNED_OUT_PAGE = "accounts:sign-in"
#: what someone with a first password may open until it is changed
OPEN_BEFORE_CHANGE = {"accounts:change-password", "accounts:sign-out"}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class RequestGate:
    """Middleware order: after AuthenticationMiddleware and before LoginRequiredMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._watch_clock(request)
        name_person(request.user.pk)
        response = self.get_response(request)
        # Also for people who are signed out: their pages carry tokens, and Back must not show an old page.
        response["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *called_with: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return _tell_script(SIGNED_OUT_PAGE) if wants_json(request) else _to_sign_in(request)
        if request.user.must_change_password and request.resolver_match.view_name not in OPEN_BEFORE_CHANGE:
            page = "accounts:change-password"
            return _tell_script(page) if wants_json(request) else redirect(page)
        return None

    def _watch_clock(self, request: HttpRequest) -> None:
        """Ends a session that is too old, was not used for too long, or whose account may no longer sign in."""
        request.ended_session = ""
        account = request.session.get(SESSION_KEY)
        if account is None:
            return
        # The account itself: Django's stand-in for it costs time with each attribute that is read.
        request.user = get_user(request)
        now = int(time.time())
        if reason := _why_over(request, now):
            log_event("session ended", user=account, reason=reason)
            logout(request)
            request.ended_session = reason
        elif now - request.session[SEEN_AT] >= SEEN_EVERY_SECONDS:
            request.session[SEEN_AT] = now


def _why_over(request: HttpRequest, now: int) -> str:
    if not request.user.is_authenticated:
        return "ended"
    if now - request.session.get(SIGNED_IN_AT, 0) >= settings.SESSION_COOKIE_AGE:
        return "day"
    return "idle" if now - request.session.get(SEEN_AT, 0) >= settings.SESSION_IDLE_SECONDS else ""


def _tell_script(page: str) -> HttpResponse:
    """Answer a script that sends in the background: it keeps its data and shows a link to
    `page`."""
    return JsonResponse({"sign_in": reverse(page)}, status=401)


def _to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect to the sign-in page, which says why, and back afterwards; after a form, to its
    page."""
    parts = {}
    page = request.get_full_path() if request.method in SAFE_METHODS else _page_of_form(request)
    if page:
        parts["next"] = page
    if request.ended_session:
        parts["reason"] = request.ended_session if request.method in SAFE_METHODS else "unsaved"
    address = reverse(SIGNED_OUT_PAGE)
    return HttpResponseRedirect(f"{address}?{urlencode(parts)}" if parts else address)


def _page_of_form(request: HttpRequest) -> str:
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(referrer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
