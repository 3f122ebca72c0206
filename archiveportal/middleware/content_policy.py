"""The content security policy of every page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: Django's own pages of errors, in development alone, have their styles inline
WITH_DEBUG_PAGE = (HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR)


class ContentPolicy:
    """Send the policy of the settings with every answer.

    django-csp's own middleware puts the header together anew for each answer, twice, which took a
    twentieth of the time of saving one. No page here has a policy of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in WITH_DEBUG_PAGE):
            response.headers.setdefault(HEADER, self.policy)
        return response
