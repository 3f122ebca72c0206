"""Reminders of open findings: as text for a letter, and by mail where that is switched on."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.refusal import Refused
from criteria.inspections.models import Finding
from criteria.inspections.queries.reminders import in_groups
from criteria.inspections.queries.reminders import reminders as reminders_of
from criteria.inspections.services.reminders import mail_reminder


@require_safe
@needs("can_inspect")
def reminders(request: HttpRequest) -> HttpResponse:
    listed = reminders_of(Finding.objects.visible_to(request.user))
    can_mail = settings.REMINDERS_BY_MAIL and request.user.can_approve
    context = {"reminders": listed, "sections": in_groups(listed, request.user), "can_mail": can_mail}
    return render(request, "inspections/finding_reminders.html", context)


@require_POST
@needs("can_approve")
def send(request: HttpRequest) -> HttpResponse:
    """Mails the reminder of one unit, named by `unit`."""
    by_key = {each.key: each for each in reminders_of(Finding.objects.visible_to(request.user))}
    reminder = by_key.get(request.POST.get("unit", ""))
    if reminder is None:
        raise Http404
    try:
        mailed = mail_reminder(reminder=reminder, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    except (SMTPException, OSError):
        messages.error(request, _("The mail could not be sent; the reminder does not count. Try again later."))
    else:
        unit = reminder.unit.title
        if mailed.why_not:
            messages.warning(request, _("%(unit)s: not sent, %(why)s.") % {"unit": unit, "why": mailed.why_not})
        else:
            to = ", ".join(mailed.addresses)
            messages.success(request, _("%(unit)s: reminder sent to %(to)s.") % {"unit": unit, "to": to})
    return redirect("inspections:reminders")
