"""Closing a name after wrong passwords: for an address, and after many for all addresses."""

from __future__ import annotations

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest


class CapPerName(AxesDatabaseHandler):
    """Adds to the lock by name and address one by name alone.

    Whoever guesses from many addresses has `FAILURES_PER_NAME` tries within the time of a lock,
    not five an address. `is_capped` of the request says that this lock holds.
    """

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        is_capped = _failures(request, credentials) >= settings.FAILURES_PER_NAME
        request.is_capped = is_capped  # type: ignore[attr-defined]
        return is_capped


def _failures(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Return the wrong passwords for the name from all addresses, within the time of a lock."""
    attempts = AccessAttempt.objects.filter(
        username=get_client_username(request, credentials),
        attempt_time__gte=get_cool_off_threshold(request),
    )
    return attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0
