"""The pages of the office: what papers name today, earlier and later rows, and the forms."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archiveportal.accounts.access import needs
from archiveportal.fields import show_refusal
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.office import services
from archiveportal.office.forms import OfficeForm, SignatoryForm
from archiveportal.office.kinds import PaperKind
from archiveportal.office.models import Office, Signatory
from archiveportal.office.queries import office_on, signing_of, signings_on


@require_safe
@needs("sees_administration")
def overview(request: HttpRequest) -> HttpResponse:
    """Show the office as papers name it today, all entered rows, and how each kind of paper is issued."""
    offices = list(Office.objects.order_by("-first_day"))
    signatories = list(Signatory.objects.all())
    context = {
        "office": office_on(),
        "offices": offices,
        "signings": signings_on().values(),
        "signatories": signatories,
        "today": timezone.localdate(),
    }
    return render(request, "office/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_manage_units")
def office_add(request: HttpRequest) -> HttpResponse:
    """Enter the office from a day on, beginning with its words of today."""
    # A row of its own: the one of today is kept for all papers, and a form writes into its instance.
    present = office_on()
    row = Office(**{name: getattr(present, name) for name in services.OFFICE_FIELDS})
    row.last_day, row.basis = None, ""
    form = OfficeForm(request.POST or None, instance=row, initial={"first_day": timezone.localdate()})
    return _write(request, form, lambda: services.enter_office(office=form.instance, by=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_manage_units")
def office_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a row of the office."""
    form = OfficeForm(request.POST or None, instance=get_object_or_404(Office, pk=pk))
    return _write(request, form, lambda: services.correct_office(office=form.instance, **_based_on(form, request)))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_manage_units")
def signatory_add(request: HttpRequest) -> HttpResponse:
    """Enter who signs a kind of paper from a day on, beginning with how it is issued today."""
    kind = request.GET.get("kind", "")
    initial = {"first_day": timezone.localdate()}
    if kind in PaperKind.values:
        signing = signing_of(PaperKind(kind))
        initial |= {"kind": kind, "level": signing.level, "symbol": signing.symbol, "name": signing.name}
        initial |= {"titles": "\n".join(signing.titles), "receivers": "\n".join(signing.receivers)}
    form = SignatoryForm(request.POST or None, initial=initial)
    return _write(request, form, lambda: services.enter_signatory(signatory=form.instance, by=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_manage_units")
def signatory_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a row of who signs a kind of paper."""
    form = SignatoryForm(request.POST or None, instance=get_object_or_404(Signatory, pk=pk))
    form.fields["kind"].disabled = True
    return _write(
        request, form, lambda: services.correct_signatory(signatory=form.instance, **_based_on(form, request))
    )


def _based_on(form: OfficeForm | SignatoryForm, request: HttpRequest) -> dict:
    return {"made_on": form.cleaned_data["made_on"], "by": request.user}


def _write(request: HttpRequest, form: OfficeForm | SignatoryForm, write: Callable[[], object]) -> HttpResponse:
    """Show the form, and write what was typed; a refusal is shown beside its field."""
    if request.method == "POST" and form.is_valid():
        try:
            write()
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:overview")
    row = form.instance
    events = Timeline(Event.objects.about(type(row).objects.get(pk=row.pk)), request.GET) if row.pk else None
    context = {"form": form, "row": row if row.pk else None, "is_office": isinstance(row, Office), "events": events}
    return render(request, "office/form.html", context)
