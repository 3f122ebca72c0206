"""Filters of the wards of a round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import User
from archiveportal.lists import ListFilter
from criteria.inspections.models import Enrolment, Inspection, Round, Team
from criteria.models import Band
from wards.models import District, Ward

STATUS = Inspection.Status
NOT_STARTED, UNDER_WAY, PUBLISHED = "not_started", "under_way", "published"


class EnrolmentFilter(ListFilter):
    """`bands` are those of the round's set; `enrolled` the rows from which the choice of districts is made."""

    q = django_filters.CharFilter(label=_("Name of the unit"), method="filter_name", max_length=100)
    district = django_filters.ModelChoiceFilter(
        label=_("District"), field_name="ward__district", queryset=District.objects.none()
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), field_name="ward__kind", choices=Ward.Kind.choices)
    band = django_filters.ModelChoiceFilter(label=_("Band"), method="filter_band", queryset=Band.objects.none())
    status = django_filters.ChoiceFilter(label=_("Checklist"), method="filter_status", choices=[])

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, bands: list[Band], enrolled: QuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["district"].queryset = District.objects.visible_to(user).filter(
            pk__in=enrolled.order_by().values("ward__district")
        )
        self.filters["band"].queryset = Band.objects.filter(pk__in=[band.pk for band in bands])
        self.filters["status"].extra["choices"] = self._statuses(user)

    @staticmethod
    def _statuses(user: User) -> list[tuple[str, Any]]:
        """People who see approved results only cannot ask for the state of a draft either."""
        shown = [(STATUS.APPROVED, _("approved")), (PUBLISHED, _("score as reported"))]
        if not user.sees_unapproved_results:
            return shown
        return [
            (NOT_STARTED, _("not started")),
            (UNDER_WAY, _("under way")),
            (STATUS.SIGNED, _("minutes signed")),
            (STATUS.SUBMITTED, _("waiting for approval")),
            (STATUS.RETURNED, _("returned for additions")),
            *shown,
        ]

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(ward__in=Ward.objects.matching(value))

    def filter_band(self, queryset: QuerySet, name: str, value: Band) -> QuerySet:
        return queryset.in_band(value)

    def filter_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == PUBLISHED:
            return queryset.filter(published_score__isnull=False).exclude(inspection__status=STATUS.APPROVED)
        if value in (NOT_STARTED, UNDER_WAY):
            drafts = queryset.filter(inspection__status=STATUS.DRAFT)
            return (
                drafts.filter(inspection__version=0) if value == NOT_STARTED else drafts.exclude(inspection__version=0)
            )
        return queryset.filter(inspection__status=value)


class PlanFilter(ListFilter):
    """The wards of a round for planning and progress; `enrolled` are the rows that the person may see."""

    WITHOUT = "none"

    q = django_filters.CharFilter(label=_("Name of the unit"), method="filter_name", max_length=100)
    district = django_filters.ModelChoiceFilter(
        label=_("District"), field_name="ward__district", queryset=District.objects.none()
    )
    team = django_filters.ChoiceFilter(label=_("Team"), method="filter_team", choices=[])

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, enrolled: QuerySet, teams: list[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["district"].queryset = District.objects.visible_to(user).filter(
            pk__in=enrolled.order_by().values("ward__district")
        )
        named = [(str(team.pk), team.name) for team in teams]
        self.filters["team"].extra["choices"] = [(self.WITHOUT, _("without a team")), *named]

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(ward__in=Ward.objects.matching(value))

    def filter_team(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(team__isnull=True) if value == self.WITHOUT else queryset.filter(team=value)


class CandidateFilter(ListFilter):
    """Units that can be enrolled in a round: by district, kind and name."""

    q = django_filters.CharFilter(label=_("Name or code"), method="filter_name", max_length=100)
    district = django_filters.ModelChoiceFilter(label=_("District"), queryset=District.objects.none())
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Ward.Kind.choices)

    class Meta:
        model = Ward
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, candidates: QuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        districts = District.objects.visible_to(user).filter(pk__in=candidates.order_by().values("district"))
        self.filters["district"].queryset = districts

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)


class RoundChoiceFilter(ListFilter):
    """The wards of one district: in which of its `rounds`, and by name."""

    q = django_filters.CharFilter(label=_("Name of the unit"), method="filter_name", max_length=100)
    round = django_filters.ChoiceFilter(label=_("Round"), field_name="round__code", choices=[])

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def __init__(self, *args: Any, rounds: Iterable[Round], **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["round"].extra["choices"] = [(each.code, str(each)) for each in rounds]

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(ward__in=Ward.objects.matching(value))
