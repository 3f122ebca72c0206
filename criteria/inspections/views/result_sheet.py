"""The result sheet of a unit: a page to read, the same to print, and a Word file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.logs import log_event
from archiveportal.word.writer import word_response
from criteria.inspections.models import Enrolment
from criteria.inspections.papers.result_sheet import (
    blocks_of_sheet,
    name_of_sheet,
    quartile_in_words,
    result_sheet,
    whom_to_ask,
)
from criteria.inspections.queries.result_sheet import has_sheet, sheet_of


def _enrolment_of(request: HttpRequest, pk: int) -> Enrolment:
    """Return a unit with a result that the person may see."""
    rows = Enrolment.objects.visible_to(request.user).select_related(
        "round__criteria_set", "ward__district", "inspection__enrolment", "self_assessment", "team"
    )
    rows = rows.prefetch_related("round__criteria_set__criteria", "round__criteria_set__bands")
    enrolment = get_object_or_404(rows, pk=pk)
    if not has_sheet(enrolment, request.user):
        raise Http404(_("The result is shown once it is approved."))
    enrolment.inspection.enrolment = enrolment
    return enrolment


@require_safe
@needs("sees_results")
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = _enrolment_of(request, pk)
    found = sheet_of(enrolment, request.user)
    with override("vi"):
        quartile = quartile_in_words(found.quartile) if found.quartile else ""
        ask = whom_to_ask(found)
    context = {"enrolment": enrolment, "sheet": found, "quartile": quartile, "whom_to_ask": ask}
    return render(request, "inspections/result_sheet.html", context)


@require_safe
@needs("sees_results")
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the paper as it is printed."""
    enrolment = _enrolment_of(request, pk)
    with override("vi"):
        found = sheet_of(enrolment, request.user)
        context = {"enrolment": enrolment, "name": name_of_sheet(found), "blocks": blocks_of_sheet(found)}
    return render(request, "inspections/result_sheet_print.html", context)


@require_safe
@needs("sees_results")
def word(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = _enrolment_of(request, pk)
    log_event("result sheet downloaded", user=request.user.pk, inspection=enrolment.inspection.pk)
    return word_response(result_sheet(request.user, enrolment), f"phieu-ket-qua-{enrolment.ward.name}")
