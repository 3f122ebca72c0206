"""What the list of units can be filtered by."""

from __future__ import annotations

import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import DateInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import DAY_FORM, Day
from archiveportal.lists import ListFilter
from archiveportal.scope import Viewer
from wards.district_filter import DistrictFilter
from wards.models import District, Ward

IN_FORCE, ENDED = "in-force", "ended"
CONFIRMED, UNCONFIRMED = "co", "chua"


class DayFilter(django_filters.Filter):
    """Units in force on a typed day."""

    field_class = Day

    def filter(self, queryset: QuerySet, value: datetime.date | None) -> QuerySet:
        return queryset.in_force_on(value) if value else queryset


class WardFilter(ListFilter):
    """Choices stay within what the person sees; a person of one district has no such field."""

    q = django_filters.CharFilter(label=_("Name or code"), method="filter_name", max_length=100)
    district = DistrictFilter(label=_("District"), queryset=District.objects.none())
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Ward.Kind.choices)
    period = django_filters.ChoiceFilter(
        label=_("State"), method="filter_period", choices=[(IN_FORCE, _("in existence")), (ENDED, _("ended"))]
    )
    # Without the calendar: a filter has no room for its buttons on a phone.
    day = DayFilter(label=_("In force on"), widget=DateInput(format="%d/%m/%Y", attrs={"placeholder": DAY_FORM}))

    class Meta:
        model = Ward
        fields: list[str] = []

    def __init__(self, *args: Any, user: Viewer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["kind"].extra["choices"] = Ward.objects.visible_to(user).kinds_that_occur()
        if user.scope.sees_all_units:
            self.filters["district"].queryset = District.objects.visible_to(user)
        else:
            del self.filters["district"]

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)

    def filter_period(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        return queryset.in_force_on(today) if value == IN_FORCE else queryset.ended_before(today)


class ContactFilter(ListFilter):
    """Units by name, and those that have not confirmed their entry."""

    q = django_filters.CharFilter(label=_("Name or code"), method="filter_name", max_length=100)
    confirmed = django_filters.ChoiceFilter(
        label=_("State"),
        method="filter_confirmed",
        choices=[(CONFIRMED, _("confirmed by the unit")), (UNCONFIRMED, _("not confirmed yet"))],
    )

    class Meta:
        model = Ward
        fields: list[str] = []

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)

    def filter_confirmed(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(contact__confirmed_on__isnull=value == UNCONFIRMED)
