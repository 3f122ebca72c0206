"""Whose it is that a device sends."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from archiveportal.errors import wants_json
from criteria.inspections.views.checklist import back_to

PERSON = forms.IntegerField(min_value=1, max_value=2**31 - 1)


def from_its_person(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What another person typed is not taken, whatever the role of the one who is signed in now: asked before the
    right, so that the device hears of it and keeps what it has until its person is back."""

    @wraps(view)
    def checked(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            is_other = PERSON.clean(request.POST.get("user")) != request.user.pk
        except ValidationError:
            is_other = False  # nobody's: the form of the view says so
        if not is_other:
            return view(request, pk)
        message = _("These answers were typed by another person. They are sent once that person signs in again.")
        if not wants_json(request):
            return back_to(request, pk, refused=message)
        return JsonResponse({"other": True, "message": message}, status=403)

    return checked
