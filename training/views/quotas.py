"""Setting the targets of a scheme."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from archiveportal.accounts.access import needs
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from training.entered_values import describe_quota_changes, format_quota
from training.forms import QuotaForm
from training.models import Category, Quota, Scheme
from training.services import quotas as services


@needs("can_approve")
@require_http_methods(["GET", "HEAD", "POST"])
def quotas(request: HttpRequest, scheme: str) -> HttpResponse:
    """Show the targets of a scheme's categories; a blank one means that there is none."""
    scheme = get_object_or_404(Scheme.objects.visible_to(request.user), code=scheme)
    rows = _rows(scheme, request.POST if request.method == "POST" else None)
    clashes: dict[int, Quota | None] = {}
    if request.method == "POST" and all(form.is_valid() for _category, form in rows):
        changes = [services.QuotaChange(category, form.shown, form.typed) for category, form in rows]
        clashes = services.set_quotas(scheme=scheme, changes=changes, by=request.user)
        if not clashes:
            messages.success(request, _("The targets are saved."))
            return redirect("training:attainment", scheme.code)
        rows = _rows(scheme, _on_top_of(request.POST, rows, clashes))
    context = {
        "scheme": scheme,
        "rows": [(category, form, _theirs(category, clashes)) for category, form in rows],
        "has_clashes": bool(clashes),
        "events": Timeline(
            Event.objects.about(*Quota.objects.filter(category__scheme=scheme)),
            request.GET,
            told=describe_quota_changes,
        ),
    }
    return render(request, "training/quotas.html", context)


def _rows(scheme: Scheme, data: QueryDict | None) -> list[tuple[Category, QuotaForm]]:
    categories = scheme.categories.select_related("quota")
    return [
        (
            category,
            QuotaForm(data, prefix=f"c{category.pk}", initial=QuotaForm.of(getattr(category, "quota", None), category)),
        )
        for category in categories
    ]


def _on_top_of(data: QueryDict, rows: Any, clashes: dict[int, Quota | None]) -> QueryDict:
    """Show the typed data on the targets as they are now: saving again is then a decision."""
    data = data.copy()
    for category, form in rows:
        if category.pk in clashes:
            now = QuotaForm.of(clashes[category.pk], category)
            data[form.add_prefix("shown_target")] = "" if now["shown_target"] is None else str(now["shown_target"])
            data[form.add_prefix("shown_unit")] = now["shown_unit"]
    return data


def _theirs(category: Category, clashes: dict[int, Quota | None]) -> str:
    """Return the target as a colleague has set it meanwhile, in words; blank where nobody did."""
    return format_quota(clashes[category.pk]) if category.pk in clashes else ""
