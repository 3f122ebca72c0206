"""Access to views: a named right of the role, else 403; or public without signing in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from archiveportal.scope import Right

if TYPE_CHECKING:
    from archiveportal.accounts.models import User

#: a page that may be opened without signing in
public = login_not_required


def signed_in_user(request: HttpRequest) -> User:
    """Return the person of a page that nobody opens without signing in."""
    return cast("User", request.user)


def needs(right: str) -> Callable:
    """`@needs("can_approve")`: people without the right get 403, whatever row they ask for.

    A name that is no right raises ValueError when the view is defined.
    """
    needed = Right(right)

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if needed not in request.user.rights:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate
