"""Both sides of a checklist on one page: what the unit says and shows, what the team gives; taken over by a tap."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from archiveportal.accounts.access import needs
from criteria.inspections.forms.self_assessment import TakeForm
from criteria.inspections.models import Enrolment, SelfAnswer, SelfAssessment, SelfEvidence
from criteria.inspections.queries.self_assessment import both_sides, match_of
from criteria.inspections.services.taking_over import take_over_answer, take_over_evidence
from criteria.inspections.views.self_assessment import enrolment_of


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_inspect")
def both(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = enrolment_of(request, pk)
    if request.method == "POST":
        return _take(request, enrolment)
    assessment = SelfAssessment.objects.visible_to(request.user).filter(enrolment=enrolment).first()
    lines = both_sides(enrolment, assessment, request.user)
    context = {
        "enrolment": enrolment,
        "round": enrolment.round,
        "assessment": assessment,
        "lines": lines,
        "match": match_of(lines),
        "can_take": enrolment.takes_answers and not enrolment.inspection.is_locked,
    }
    return render(request, "inspections/self_both.html", context)


def _take(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    form = TakeForm(request.POST)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    taking = {"inspection": enrolment.inspection, "by": request.user}
    rows = {"assessment__in": SelfAssessment.objects.visible_to(request.user).filter(enrolment=enrolment)}
    address = reverse("inspections:self-both", args=[enrolment.pk])
    try:
        if given.get("evidence"):
            piece = get_object_or_404(SelfEvidence, pk=given["evidence"], **rows)
            take_over_evidence(piece=piece, **taking)
            code = piece.criterion.code
        else:
            answer = get_object_or_404(SelfAnswer, pk=given.get("answer") or 0, **rows)
            take_over_answer(answer=answer, seen=given["seen"] or 0, shown=given["shown"] or 0, **taking)
            code = answer.criterion.code
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(address)
    messages.success(request, _("Taken over into the checklist."))
    return redirect(f"{address}#{code}")
