"""What a view asks of the person: a named right of the role, else 403; or nothing at all."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

#: a page that may be opened without signing in
public = login_not_required


def needs(right: str) -> Callable:
    """`@needs("can_approve")`: people whose role lacks the right get 403, whatever row they ask for."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not getattr(request.user, right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate
