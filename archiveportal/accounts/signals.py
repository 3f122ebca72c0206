"""At signing in and out: start the session's clock and write a line to the log."""

from __future__ import annotations

import time
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from archiveportal.accounts.addresses import client_address
from archiveportal.logs import log_event

#: seconds since 1970, in the session
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"


def _from(request: HttpRequest | None) -> str | None:
    return client_address(request) if request else None


@receiver(user_logged_in)
def start_clock(sender: Any, request: HttpRequest, user: Any, **facts: Any) -> None:
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())
    log_event("signed in", user=user.pk, username=user.username, address=_from(request))


@receiver(user_logged_out)
def log_sign_out(sender: Any, request: HttpRequest, user: Any, **facts: Any) -> None:
    if user:
        log_event("signed out", user=user.pk, username=user.username, address=_from(request))


@receiver(user_login_failed)
def log_refusal(sender: Any, credentials: dict, request: HttpRequest | None = None, **facts: Any) -> None:
    log_event("sign-in refused", username=credentials.get("username"), address=_from(request))


@receiver(user_locked_out)
def log_lock(sender: Any, request: HttpRequest, username: str, **facts: Any) -> None:
    log_event("sign-in locked", username=username, address=_from(request))
