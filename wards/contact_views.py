"""The directory of units, and the page on which a unit confirms its own entry."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.lists import list_response
from wards.contacts import UnitContact
from wards.filters import ContactFilter
from wards.forms import ContactForm
from wards.models import Ward
from wards.services import save_contact
from wards.tables import ContactTable


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """List the units of today with their entries; units without one are on it too."""
    wards = Ward.objects.visible_to(request.user).standing_today().select_related("district", "contact")
    filterset = ContactFilter(request.GET or None, queryset=wards)
    table = ContactTable(filterset.qs)
    return list_response(
        request, "wards/directory.html", table=table, filterset=filterset, name=_("Directory of units")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the entry of a unit; the unit itself and the administrator write it."""
    ward = get_object_or_404(Ward.objects.visible_to(request.user).select_related("district"), pk=pk)
    is_own = request.user.ward_id == ward.pk
    entry = UnitContact.objects.visible_to(request.user).filter(ward=ward).first()
    entry = entry or UnitContact(ward=ward)
    may_write = is_own or request.user.can_manage_units
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = ContactForm(request.POST or None, instance=entry) if may_write else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            save_contact(
                contact=form.save(commit=False),
                made_on=form.cleaned_data.get("made_on"),
                confirms=is_own,
                by=request.user,
            )
        except ValidationError as refusal:
            form.show_again(refusal)
        else:
            messages.success(request, _("Saved and confirmed.") if is_own else _("Saved."))
            return redirect("wards:contact", pk)
    stored = UnitContact.objects.filter(pk=entry.pk).first()
    context = {"ward": ward, "entry": stored, "form": form, "is_own": is_own}
    context["events"] = Timeline(Event.objects.about(stored), request.GET) if stored else None
    return render(request, "wards/contact.html", context)
