"""Tell the device that a form was saved, so that it deletes its draft
(static/js/device/draft.js)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: the hidden field by which the device names what it keeps
FIELD = "draft"
COOKIE = "saved_draft"
LASTS_SECONDS = 60 * 60
_TAKEN = "takes_the_draft"


def taken(response: HttpResponse) -> HttpResponse:
    """Mark a page that answers a form which was saved: others lead on to another page instead."""
    setattr(response, _TAKEN, True)
    return response


class SavedDrafts:
    """Names the draft in a cookie when its form was taken: the portal then leads on to another page, or says `taken`.

    Middleware order: after CSRF and sign-in checks, so a rejected form is never reported as saved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        draft = getattr(request, "draft", None)
        if draft and (response.status_code == 302 or getattr(response, _TAKEN, False)):
            # Read and taken away by the script of the next page.
            response.set_cookie(
                COOKIE, str(draft), max_age=LASTS_SECONDS, secure=settings.CSRF_COOKIE_SECURE, samesite="Lax"
            )
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        *called_with: Any,
    ) -> None:
        if request.method == "POST" and request.user.is_authenticated:
            try:
                request.draft = uuid.UUID(request.POST.get(FIELD, ""))
            except ValueError:
                request.draft = None
