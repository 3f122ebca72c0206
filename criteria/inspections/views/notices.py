"""What the portal tells the person who is signed in."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from archiveportal.accounts.services import choose_daily_mail
from archiveportal.lists import PER_PAGE, page_of
from criteria.inspections.models import Notice
from criteria.inspections.services.notices import read_all, read_notice


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List them, the newest first; unread ones alone unless the person asks for all."""
    shows_all = request.GET.get("xem") == "tat-ca"
    rows = Notice.objects.visible_to(request.user).with_words()
    page = page_of(request, rows if shows_all else rows.unread(), per_page=PER_PAGE)
    shown = {"page": page, "shows_all": shows_all, "until": timezone.now().isoformat()}
    return render(request, "inspections/notices.html", shown)


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the page of the matter; what was opened is read."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user).with_words(), pk=pk)
    read_notice(notice=notice, by=request.user)
    return redirect(notice.address)


@require_POST
def read_every(request: HttpRequest) -> HttpResponse:
    """Take everything that the page showed as read."""
    try:
        until = datetime.datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = timezone.now()
    read_all(by=request.user, posted_until=until if timezone.is_aware(until) else timezone.now())
    return redirect("inspections:notices")


@require_POST
def daily_mail(request: HttpRequest) -> HttpResponse:
    """The person wants one mail a day of what is unread, or none."""
    wants = request.POST.get("wants") == "1"
    choose_daily_mail(account=request.user, wants=wants)
    told = _("You get one mail a day of what is unread.") if wants else _("You get no mails about notices.")
    messages.success(request, told)
    return redirect("inspections:notices")
