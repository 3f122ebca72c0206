"""What was done to accounts and units, for the eyes of approvers and leadership."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline

#: apps whose rows an administrator writes
ADMINISTERED = ("accounts", "wards")
#: their values are the person's own affair; that they were changed is not
PRIVATE = {"email", "telephone", "password"}


def events_of_administration() -> QuerySet[Event]:
    """Return all events of accounts, stand-ins and units, newest first."""
    models = [model for model in apps.get_models() if model._meta.app_label in ADMINISTERED]
    tables = [model._meta.label_lower for model in models]
    return Event.objects.filter(object_type__in=tables).order_by("-occurred_at", "-pk")


def events_of_unit(unit: Model) -> QuerySet[Event]:
    """Return the events of a ward or district and of the accounts that belong to it."""
    field = unit._meta.model_name
    accounts = get_user_model().objects.filter(**{str(field): unit.pk}).values("pk")
    about = Q(object_type=unit._meta.label_lower, object_id=unit.pk)
    about |= Q(object_type="accounts.user", object_id__in=accounts)
    return Event.objects.filter(about).order_by("-occurred_at", "-pk")


def told_without_private_values(event: Event) -> list[dict[str, str]]:
    """Return the changes of an event; of private fields only that they were changed."""
    if event.object_type != "accounts.user":
        return event.readable_changes
    labels = {str(event.field_label(name)) for name in PRIVATE}
    changed = {"before": "", "after": _("changed")}
    return [change | changed if change["field"] in labels else change for change in event.readable_changes]


@require_safe
@needs("sees_administration")
def journal(request: HttpRequest) -> HttpResponse:
    """Show what administrators did, newest first."""
    events = Timeline(events_of_administration(), request.GET, told=told_without_private_values)
    return render(request, "accounts/journal.html", {"events": events})
