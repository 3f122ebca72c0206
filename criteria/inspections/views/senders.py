"""Checks that a device sends the data of the person who is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from archiveportal.errors import wants_json
from archiveportal.fields import WholeNumber
from criteria.inspections.views.checklist import back_to

PERSON = WholeNumber(least=1, most=2**31 - 1)
TYPED = _("These answers were typed by another person. They are sent once that person signs in again.")
CHOSEN = _("Another person is signed in on this device now. Sign in again yourself, then choose.")


def from_its_person(
    message: Any = TYPED, *, only_scripts: bool = False
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """What another person typed is not taken, whatever the role of the one who is signed in now:
    checked before the right, so that the device hears of it and keeps what it has until its person
    is back. With `only_scripts` the view itself answers a page."""

    def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest, pk: int, **parts: Any) -> HttpResponse:
            if not _is_of_another(request):
                return view(request, pk, **parts)
            if not wants_json(request):
                if only_scripts:
                    return view(request, pk, **parts)
                return back_to(request, pk, refused=str(message))
            return JsonResponse({"other": True, "message": str(message)}, status=403)

        return checked

    return guarded


def _is_of_another(request: HttpRequest) -> bool:
    try:
        return PERSON.clean(request.POST.get("user")) != request.user.pk
    except ValidationError:
        return False  # nobody's: the form of the view says so
