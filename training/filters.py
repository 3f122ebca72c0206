"""The filters of the list of courses. What they offer is scoped to the scheme and to what the user sees."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import User
from archiveportal.lists import ListFilter
from training.models import Category, Course, Scheme, organisers
from training.periods import local_bodies
from training.querysets import CourseQuerySet
from wards.models import District

UNKNOWN_YEAR = "-"
YES_NO = [("1", _("yes")), ("0", _("no"))]


class CourseFilter(ListFilter):
    """Voided rows stay out unless they are asked for."""

    q = django_filters.CharFilter(label=_("Search"), method="find", max_length=100)
    category = django_filters.ModelChoiceFilter(
        label=_("Category"), queryset=Category.objects.none(), to_field_name="code", empty_label=_("all")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of training"), field_name="category__kind", choices=Category.Kind.choices, empty_label=_("all")
    )
    organiser = django_filters.ChoiceFilter(label=_("Organised by"), empty_label=_("all"))
    district = django_filters.ModelChoiceFilter(
        label=_("District"), field_name="organiser_districts", queryset=District.objects.none(), empty_label=_("all")
    )
    summary = django_filters.ChoiceFilter(
        label=_("Enters the summary"),
        choices=YES_NO,
        method="entering",
        empty_label=_("all"),
    )
    year = django_filters.ChoiceFilter(label=_("Year"), method="held_in", empty_label=_("all"))
    voided = django_filters.ChoiceFilter(
        label=_("Voided rows"),
        method="with_voided",
        choices=[("1", _("shown")), ("only", _("only these"))],
        empty_label=_("not shown"),
    )

    class Meta:
        model = Course
        fields: list[str] = []

    def __init__(self, data: Any, *, scheme: Scheme, user: User) -> None:
        courses = Course.objects.visible_to(user).filter(category__scheme=scheme)
        super().__init__(data, queryset=courses.select_related("category").prefetch_related("organiser_districts"))
        self.filters["category"].queryset = scheme.categories.all()
        offered = local_bodies(scheme).organisers()
        self.filters["organiser"].extra["choices"] = [each for each in organisers() if each[0] in offered]
        organising = Course.organiser_districts.through.objects.filter(course__category__scheme=scheme)
        self.filters["district"].queryset = District.objects.visible_to(user).filter(
            pk__in=organising.values("district_id")
        )
        years = [(str(year), str(year)) for year in range(scheme.starts_year, scheme.ends_year + 1)]
        self.filters["year"].extra["choices"] = [*years, (UNKNOWN_YEAR, _("not known"))]

    def filter_queryset(self, queryset: CourseQuerySet) -> CourseQuerySet:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("voided") else rows.standing()

    @property
    def qs(self) -> CourseQuerySet:
        return super().qs if self.is_bound else self.queryset.standing()

    def find(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        return queryset.matching(value)

    def entering(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        return queryset.filter(enters_summary=value == "1")

    def held_in(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        """Courses with a day in the year; one that runs over New Year is found in both."""
        if value == UNKNOWN_YEAR:
            return queryset.filter(held_from__isnull=True, held_to__isnull=True)
        year = int(value)
        return queryset.filter(
            Q(held_from__year=year) | Q(held_to__year=year) | Q(held_from__year__lt=year, held_to__year__gt=year)
        )

    def with_voided(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        return queryset.filter(voided_at__isnull=False) if value == "only" else queryset
