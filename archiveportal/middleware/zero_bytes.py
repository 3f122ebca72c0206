"""Text with a zero byte, which no keyboard types, is a bad request and no fault of the portal."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from archiveportal.errors import bad_request


class ZeroBytes:
    """Answer 400 where text that PostgreSQL cannot hold came as far as a query, whatever way it came.

    Forms refuse it in words; addresses, parameters of lists and keys of records are looked up as
    they are. SQLite looks them up and finds nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for the driver's refusal to send such text; None for everything else."""
        is_refused = isinstance(exception, ValueError) and "NUL (0x00)" in str(exception)
        return bad_request(request, exception) if is_refused else None
