"""The official workbooks as downloads, narrowed as the page of reports offers it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.excel import workbook_response
from archiveportal.lists import filters_in_words
from archiveportal.logs import log_event
from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.queries.areas import units_of_group
from reports.workbooks import Reader
from reports.workbooks.catalogue import ROUND_SLUGS, SCHEME_SLUGS, Choices
from reports.workbooks.courses import courses_workbook
from reports.workbooks.data_tables.of_schemes import courses_data
from training.filters import CourseFilter
from training.models import Scheme
from wards.models import District, UnitGroup


class ChoiceForm(forms.Form):
    """The district or group that a workbook is narrowed to and the round to compare with, of what
    the person sees."""

    quan = forms.ModelChoiceField(District.objects.none(), required=False, label=gettext_lazy("District"))
    nhom = forms.ModelChoiceField(UnitGroup.objects.none(), required=False, label=gettext_lazy("group of units"))
    voi = forms.ModelChoiceField(
        Round.objects.none(), required=False, to_field_name="code", label=gettext_lazy("Compare with")
    )

    def __init__(self, data: Any, *, user: Viewer, inspection_round: Round) -> None:
        super().__init__(data)
        enrolled = Enrolment.objects.visible_to(user).filter(round=inspection_round)
        districts = District.objects.visible_to(user).filter(pk__in=enrolled.order_by().values("ward__district"))
        self.fields["quan"].queryset = districts
        groups = UnitGroup.objects.visible_to(user).filter(grouping=inspection_round.grouping_id)
        self.fields["nhom"].queryset = groups
        rounds = Round.objects.visible_to(user).counted().exclude(pk=inspection_round.pk)
        self.fields["voi"].queryset = rounds.select_related("criteria_set")


def wants_data(request: HttpRequest) -> bool:
    """Tell whether a table to compute with is wanted in the place of the official form."""
    return request.GET.get("du-lieu") == "1"


@require_safe
@needs("sees_results")
def round_workbook(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """A choice outside of what the person sees is as if it were not there."""
    rounds = Round.objects.visible_to(request.user).begun().select_related("criteria_set")
    inspection_round = get_object_or_404(rounds, code=code)
    form = ChoiceForm(request.GET, user=request.user, inspection_round=inspection_round)
    offer = ROUND_SLUGS.get(kind)
    if offer is None or not form.is_valid() or (offer.needs_other and form.cleaned_data["voi"] is None):
        raise Http404
    choices = Choices(other=form.cleaned_data["voi"], ranked=request.GET.get("xep-hang") == "1")
    district, group = form.cleaned_data["quan"], form.cleaned_data["nhom"]
    units = units_of_group(group, inspection_round) if group else frozenset()
    reader = Reader(request.user, district, group=group, units=units)
    with override("vi"):
        write = offer.writer(is_data=wants_data(request))
        book = write(reader, inspection_round, choices)
    narrowed = {"district": getattr(district, "pk", ""), "group": getattr(group, "pk", "")}
    log_event("workbook downloaded", user=request.user.pk, kind=kind, round=code, **narrowed)
    parts = [kind, *(["du-lieu"] * wants_data(request)), code, *(area.title for area in reader.areas)]
    return workbook_response(book, "-".join(parts))


@require_safe
@needs("sees_training")
def scheme_workbook(request: HttpRequest, scheme: str, kind: str) -> HttpResponse:
    training_scheme = get_object_or_404(Scheme.objects.visible_to(request.user), code=scheme)
    if kind not in SCHEME_SLUGS:
        raise Http404
    with override("vi"):
        if kind == "lop":
            book = _courses(request, training_scheme)
        else:
            book = SCHEME_SLUGS[kind].writer(is_data=wants_data(request))(Reader(request.user), training_scheme)
    log_event("workbook downloaded", user=request.user.pk, kind=kind, scheme=scheme)
    return workbook_response(book, "-".join([kind, *(["du-lieu"] * wants_data(request)), scheme]))


def _courses(request: HttpRequest, scheme: Scheme) -> Any:
    """Write the rows of the list of courses, filtered as its address says."""
    filterset = CourseFilter(request.GET, scheme=scheme, user=request.user)
    write = courses_data if wants_data(request) else courses_workbook
    return write(Reader(request.user, filters=filters_in_words(filterset)), scheme, filterset.qs)
