"""Filters of the lists of accounts."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import FirstLink, User
from archiveportal.accounts.rights import role_choices
from archiveportal.lists import ListFilter
from wards.district_filter import DistrictFilter
from wards.models import District, Ward

ACTIVE, DISABLED, FIRST = "active", "disabled", "first-password"


class AccountFilter(ListFilter):
    q = django_filters.CharFilter(label=_("Name"), method="filter_name", max_length=100)
    role = django_filters.ChoiceFilter(label=_("Role"), choices=role_choices)
    district = DistrictFilter(label=_("District"), method="filter_district", queryset=District.objects.none())
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


#: accounts that nobody has signed in with, or chosen a password for
UNUSED = Q(last_login=None, must_change_password=True)
#: the number of an import has fewer digits than a key of the database
LARGEST_BATCH = 10**17


class FirstUseFilter(ListFilter):
    """Accounts made without a password, by person or unit and by what became of their link.

    `nhap` is the number of the import that made them, in addresses from its page.
    """

    NOT_USED, RAN_OUT, IN_USE = "not-used", "ran-out", "in-use"
    STATES = ((NOT_USED, _("not used yet")), (RAN_OUT, _("not used, without a link that works")), (IN_USE, _("used")))

    q = django_filters.CharFilter(label=_("Name or unit"), method="filter_name", max_length=100)
    state = django_filters.ChoiceFilter(label=_("State"), method="filter_state", choices=STATES)
    nhap = django_filters.NumberFilter(
        label=_("Import"),
        method="filter_batch",
        min_value=0,
        max_value=LARGEST_BATCH,
        decimal_places=0,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = User
        fields: list[str] = []

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        units = Ward.objects.matching(value).order_by().values("pk")
        return queryset.filter(Q(pk__in=User.objects.matching(value).order_by().values("pk")) | Q(ward__in=units))

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == self.IN_USE:
            return queryset.exclude(UNUSED)
        if value == self.NOT_USED:
            return queryset.filter(UNUSED)
        working = FirstLink.objects.open().filter(Q(ends_at=None) | Q(ends_at__gte=timezone.now()))
        return queryset.filter(UNUSED).exclude(Exists(working.filter(account=OuterRef("pk"))))

    def filter_batch(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        return queryset.filter(first_links__batch=int(value))
