"""The crosswalk between a set and the one that it replaces."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from archiveportal.accounts.access import signed_in_user
from criteria.building.forms.crosswalk import PAGE, CrosswalkForm
from criteria.building.services.crosswalk import crosswalk_of, edit_crosswalk
from criteria.building.views.gate import METHODS, building, tried
from criteria.models import CriteriaSet


@dataclass
class CrosswalkPage:
    criteria_set: CriteriaSet
    form: CrosswalkForm

    def show_current_digest(self) -> None:
        self.form.show_current_digest(crosswalk_of(self.criteria_set))


@require_http_methods(METHODS)
@building
def crosswalk(request: HttpRequest, criteria_set: CriteriaSet) -> HttpResponse:
    """Show what each criterion comes from, proposed where nobody decided yet."""
    if criteria_set.replaces is None:
        messages.error(request, _("This set replaces no other one, so that there is no crosswalk."))
        return redirect("criteria:build", criteria_set.pk)
    stored = crosswalk_of(criteria_set)
    pages = max(1, -(-len(stored.lines) // PAGE))
    number = _page_number(request.GET.get("trang", ""), pages)
    form = CrosswalkForm(stored, number=number, data=request.POST if request.method == "POST" else None)
    page = CrosswalkPage(criteria_set, form)
    if request.method == "POST" and form.is_valid() and tried(page, lambda: _save(page, request)):
        messages.success(request, _("Saved."))
        return redirect(request.get_full_path())
    context = {
        "set": criteria_set,
        "form": form,
        "crosswalk": stored,
        "number": number,
        "pages": range(1, pages + 1) if pages > 1 else [],
    }
    return render(request, "criteria/building/crosswalk.html", context)


def _save(page: CrosswalkPage, request: HttpRequest) -> None:
    edit_crosswalk(
        criteria_set=page.criteria_set,
        lines=page.form.lines,
        dropped=page.form.dropped,
        dropped_notes=page.form.dropped_notes,
        made_on=page.form.cleaned_data["made_on"],
        by=signed_in_user(request),
    )


def _page_number(text: str, pages: int) -> int:
    return min(int(text), pages) if text.isdecimal() and len(text) < 4 and int(text) else 1
