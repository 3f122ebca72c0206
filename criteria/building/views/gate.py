"""What every page of building asks first: an approver, and a set that is not in use."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from archiveportal.accounts.access import needs, signed_in_user
from archiveportal.fields import show_refusal
from archiveportal.history.services import Stale
from criteria.models import FROZEN, CriteriaSet

METHODS = ["GET", "HEAD", "POST"]
View = Callable[..., HttpResponse]


def building(view: View) -> View:
    """Give a view the set that it builds in place of its key; one in use leads back to its own page."""

    @needs("can_approve")
    @wraps(view)
    def with_set(request: HttpRequest, pk: int, **keys: Any) -> HttpResponse:
        criteria_set = get_object_or_404(CriteriaSet.objects.editable_by(signed_in_user(request)), pk=pk)
        if criteria_set.frozen_at:
            messages.error(request, FROZEN)
            return redirect("criteria:detail", pk)
        if criteria_set.status not in CriteriaSet.UNPUBLISHED:
            message = _("This version is in force or was. Make a new version of it to change something.")
            messages.error(request, message)
            return redirect("criteria:detail", pk)
        return view(request, criteria_set, **keys)

    return with_set


def tried(page: Any, save: Callable[[], Any]) -> bool:
    """Save what a page typed; a refusal is shown on its form, and what was typed stays.

    After a stale form the page knows what is stored now, so that saving once more keeps what was typed.
    """
    try:
        save()
    except Stale as stale:
        page.form.add_error(None, stale)
        page.show_current_digest()
    except ValidationError as refusal:
        show_refusal(page.form, refusal)
    else:
        return True
    return False


def done(request: HttpRequest, do: Callable[[], Any], message: Any = "") -> bool:
    """Take a step that has no form; say how it went."""
    try:
        do()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    if message:
        messages.success(request, message)
    return True
