"""Progress between rounds: what was not met, what became of it, and “Đã khắc phục x/y” by unit and group."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.inspections.queries.areas import division_in_words
from criteria.inspections.queries.mending import earlier_of, mending_of_round, mending_of_unit


@require_safe
@needs("sees_results")
def of_round(request: HttpRequest, code: str) -> HttpResponse:
    inspection_round = get_object_or_404(
        Round.objects.visible_to(request.user).begun().select_related("criteria_set", "follows"), code=code
    )
    divided = division_in_words(request.user, inspection_round)
    context = {
        "round": inspection_round,
        "divided": divided,
        "mending": mending_of_round(request.user, inspection_round, divided),
        "following": Round.objects.visible_to(request.user).begun().filter(follows=inspection_round),
    }
    return render(request, "inspections/round_mending.html", context)


@require_safe
@needs("sees_results")
def of_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the criteria of a unit that were not met; of a round that follows up, those of the earlier one."""
    rows = Enrolment.objects.visible_to(request.user)
    rows = rows.select_related("round__criteria_set", "ward__district", "inspection")
    enrolment = earlier_of(get_object_or_404(rows, pk=pk))
    if enrolment.inspection.status != Inspection.Status.APPROVED:
        raise Http404(_("The result is shown once it is approved."))
    lines = mending_of_unit(request.user, enrolment)
    mended = sum(line.is_mended for line in lines)
    own = [line for line in lines if line.own]
    context = {
        "enrolment": enrolment,
        "round": enrolment.round,
        "lines": lines,
        "mended": mended,
        "is_assessed": bool(own),
        "mended_by_own_word": sum(line.is_mended_by_own_word for line in own),
        "reads_assessments": request.user.can_inspect or request.user.speaks_for_units,
    }
    return render(request, "inspections/unit_mending.html", context)
