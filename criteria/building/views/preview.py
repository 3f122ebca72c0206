"""A set as it will be seen: as the checklist of an inspector, as the printed form, as the head of the table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs, signed_in_user
from criteria.building.outline import outline_of
from criteria.building.table_head import table_head
from criteria.models import CriteriaSet, Option, RatioStep
from criteria.outcomes import offered_for, offered_in

#: {value of the address: what it shows}
WAYS = {"phieu": _("Checklist"), "bieu": _("Printed form"), "bang": _("Head of the summary table")}


@require_safe
@needs("sees_results")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    criteria_set = get_object_or_404(CriteriaSet.objects.visible_to(signed_in_user(request)), pk=pk)
    way = request.GET.get("xem", "phieu")
    outline = outline_of(criteria_set)
    for criterion in outline.criteria:
        criterion.shown_options, criterion.shown_steps = [], []
    by_key = {criterion.pk: criterion for criterion in outline.criteria}
    for option in Option.objects.filter(criteria_set=criteria_set).order_by("position"):
        by_key[option.criterion_id].shown_options.append(option)
    for step in RatioStep.objects.filter(criteria_set=criteria_set).order_by("lower_percent"):
        by_key[step.criterion_id].shown_steps.append(step)
    offered = [outcome for outcome in offered_in(criteria_set) if not outcome.is_open]
    for criterion in outline.criteria:
        criterion.offered = offered_for(criterion, offered)
    head = table_head(outline) if way == "bang" else []
    context = {
        "set": criteria_set,
        "way": way if way in WAYS else "phieu",
        "ways": WAYS,
        "outline": outline,
        "head": head,
        "columns": sum(cell.columns for cell in head[0]) if head else 0,
    }
    return render(request, "criteria/building/preview.html", context)
