"""Filters of the administrator's list of accounts."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import Role, User
from archiveportal.lists import ListFilter
from wards.models import District

ACTIVE, DISABLED, FIRST = "active", "disabled", "first-password"


class AccountFilter(ListFilter):
    q = django_filters.CharFilter(label=_("Name"), method="filter_name", max_length=100)
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices)
    district = django_filters.ModelChoiceFilter(
        label=_("District"), method="filter_district", queryset=District.objects.none()
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="filter_state",
        choices=[(ACTIVE, _("in use")), (DISABLED, _("disabled")), (FIRST, _("first password not yet changed"))],
    )

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["district"].queryset = District.objects.visible_to(user)

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)

    def filter_district(self, queryset: QuerySet, name: str, value: District) -> QuerySet:
        """Return the office of the district and the people of its wards."""
        return queryset.filter(Q(district=value) | Q(ward__district=value))

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == FIRST:
            return queryset.filter(must_change_password=True)
        return queryset.filter(is_active=value == ACTIVE)
