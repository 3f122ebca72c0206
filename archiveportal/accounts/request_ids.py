"""Which request a line of the log belongs to: its number, who asked, from where, for what."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from archiveportal.accounts.addresses import client_address
from archiveportal.database import LONGEST_WAIT, within
from archiveportal.logs import current_request, log_event

HEADER = "X-Request-ID"
#: answers that refuse a request, or find nothing for it
SECRET = {"token", "uidb64"}
REFUSALS = {400, 403, 404, 405, 410, 413}


class RequestId:
    """Gives each request a number, which stands in its lines and in its answer, and a limit of time.

    Whoever calls about a page can read the number out. An answer that refuses is one line with the
    person, the address and the object asked for. First in the order of middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(6)
        token = current_request.set({"request": number})
        try:
            with within(LONGEST_WAIT):
                response = self.get_response(request)
            response[HEADER] = number
            if response.status_code in REFUSALS:
                log_event("refused", **_asked(request, response.status_code))
            return response
        finally:
            current_request.reset(token)


def _asked(request: HttpRequest, status: int) -> dict[str, Any]:
    """Return what was asked for; a link to a new password stays secret."""
    match = request.resolver_match
    asked_for = match.kwargs if match else {}
    return {
        "status": status,
        "user": current_request.get().get("user"),
        "address": client_address(request),
        "method": request.method,
        "page": match.view_name if match else None,
        "object": {name: value for name, value in asked_for.items() if name not in SECRET},
        "path": "" if SECRET & set(asked_for) else request.path[:200],
    }
