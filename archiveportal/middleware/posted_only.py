"""Addresses that take only what a form sends lead to the page of the form, instead of a blank 405."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve


class PostedOnly:
    """Answer 405 in the portal's layout.

    Such an address is opened when a refused form is looked at again: in another language, after
    signing in, or from the history of the browser. Its page is the nearest address above it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or not is_looked_at(request):
            return response
        if request.method == "GET":
            return redirect(address_above(request.path))
        page = render(request, "405.html", {"address": request.path}, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


def is_looked_at(request: HttpRequest) -> bool:
    """Tell whether a person looks at the answer: browsers name HTML for pages, no script and no monitor does."""
    return "text/html" in request.headers.get("Accept", "")


def address_above(path: str) -> str:
    """Return the nearest address above `path` that the portal knows; it may lead further up itself."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return path
