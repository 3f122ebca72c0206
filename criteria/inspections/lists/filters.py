"""Filters of the wards of a round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import User
from archiveportal.lists import ListFilter
from criteria.inspections.models import Enrolment, Inspection, Round, Team
from criteria.inspections.queries.areas import Area, Division
from criteria.inspections.queries.progress import REPORTING, not_reported
from criteria.inspections.querysets import is_visited
from criteria.models import Band
from wards.models import Ward
from wards.querysets import WardQuerySet

STATUS = Inspection.Status
NOT_STARTED, UNDER_WAY, PUBLISHED = "not_started", "under_way", "published"
AWAITED, REPORTED, LEFT_OUT = "awaited", "reported", "left_out"
#: kinds of the units of districts, as choices
OF_DISTRICTS = [(str(kind), str(kind.label)) for kind in (Ward.Kind.PHUONG, Ward.Kind.XA, Ward.Kind.THI_TRAN)]


class DividedFilter(ListFilter):
    """A list of units that are divided into areas: by district or group behind the name, or not at all.

    A list by kind offers the kinds that occur.
    """

    #: path to the unit; blank where rows are units
    ward_path = "ward"

    def __init__(self, *args: Any, divided: Division, **options: Any) -> None:
        super().__init__(*args, **options)
        self.divided = divided
        if divided:
            self._add_area(divided)

    def _add_area(self, divided: Division) -> None:
        """Put the choice of an area behind the name, under "district" or "group"."""
        area = django_filters.ChoiceFilter(
            field_name=divided.parameter, label=divided.noun, method="filter_area", choices=divided.choices()
        )
        area.parent, area.model = self, self._meta.model
        others = list(self.filters.items())
        self.filters = dict([*others[:1], (divided.parameter, area), *others[1:]])

    def _limit_kinds(self, wards: WardQuerySet) -> None:
        # Districts had three kinds, for which no row is asked.
        kinds = OF_DISTRICTS if self.divided.has_districts else wards.kinds_that_occur()
        self.filters["kind"].extra["choices"] = kinds

    @property
    def area(self) -> Area | None:
        """Return the area that is chosen."""
        chosen = self.form.cleaned_data.get(self.divided.parameter) if self.form.is_valid() else None
        return self.divided.by_key[int(chosen)] if chosen else None

    def filter_area(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return self.divided.within(queryset, int(value), self.ward_path)


class EnrolmentFilter(DividedFilter):
    """`bands` are those of the round's set; `enrolled` the rows from which the choice of kinds is made;
    `is_of_report` tells of the round of a report, which alone has scores without a checklist."""

    q = django_filters.CharFilter(label=_("Name of the unit"), method="filter_name", max_length=100)
    kind = django_filters.ChoiceFilter(label=_("Kind"), field_name="ward__kind", choices=Ward.Kind.choices)
    band = django_filters.ModelChoiceFilter(label=_("Band"), method="filter_band", queryset=Band.objects.none())
    status = django_filters.ChoiceFilter(label=_("Checklist"), method="filter_status", choices=[])

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def __init__(
        self,
        *args: Any,
        user: User,
        bands: list[Band],
        enrolled: QuerySet,
        is_of_report: bool,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._limit_kinds(Ward.objects.filter(pk__in=enrolled.order_by().values("ward")))
        self.filters["band"].queryset = Band.objects.filter(pk__in=[band.pk for band in bands])
        self.filters["status"].extra["choices"] = self._statuses(user, is_of_report)

    @staticmethod
    def _statuses(user: User, is_of_report: bool) -> list[tuple[str, Any]]:
        """People who see approved results only cannot ask for the state of a draft either."""
        shown: list[tuple[str, Any]] = [(STATUS.APPROVED, _("approved"))]
        if is_of_report:
            shown.append((PUBLISHED, _("score as reported")))
        if not user.sees_unapproved_results:
            return shown
        return [
            (NOT_STARTED, _("not started")),
            (UNDER_WAY, _("under way")),
            (STATUS.SIGNED, _("minutes signed")),
            (STATUS.SUBMITTED, _("waiting for approval")),
            (STATUS.RETURNED, _("returned for additions")),
            (AWAITED, _("self-assessment awaited")),
            (REPORTED, _("self-assessment reported")),
            (LEFT_OUT, _("left out of the plan")),
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
            drafts = queryset.filter(is_visited(), inspection__status=STATUS.DRAFT)
            return (
                drafts.filter(inspection__version=0) if value == NOT_STARTED else drafts.exclude(inspection__version=0)
            )
        if value == AWAITED:
            return not_reported(queryset)
        if value == REPORTED:
            return queryset.filter(REPORTING, self_assessment__handed_in_at__isnull=False)
        if value == LEFT_OUT:
            return queryset.filter(is_left_out=True)
        return queryset.filter(inspection__status=value)


class PlanFilter(DividedFilter):
    """The wards of a round for planning and progress."""

    WITHOUT = "none"

    q = django_filters.CharFilter(label=_("Name of the unit"), method="filter_name", max_length=100)
    team = django_filters.ChoiceFilter(label=_("Team"), method="filter_team", choices=[])
    way = django_filters.ChoiceFilter(label=_("Way of inspection"), choices=Enrolment.Way.choices)

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def __init__(self, *args: Any, teams: list[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(str(team.pk), team.name) for team in teams]
        self.filters["team"].extra["choices"] = [(self.WITHOUT, _("without a team")), *named]

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(ward__in=Ward.objects.matching(value))

    def filter_team(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(team__isnull=True) if value == self.WITHOUT else queryset.filter(team=value)


class SelfFilter(DividedFilter):
    """The units of a round by what they handed in about themselves."""

    HANDED_IN, OPEN = "handed_in", "open"
    STATES = ((HANDED_IN, _("handed in")), (OPEN, _("not handed in")))

    q = django_filters.CharFilter(label=_("Name of the unit"), method="filter_name", max_length=100)
    way = django_filters.ChoiceFilter(label=_("Way of inspection"), choices=Enrolment.Way.choices)
    state = django_filters.ChoiceFilter(label=_("State"), method="filter_state", choices=STATES)

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(ward__in=Ward.objects.matching(value))

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        handed_in = Q(self_assessment__handed_in_at__isnull=False)
        return queryset.filter(handed_in) if value == self.HANDED_IN else queryset.exclude(handed_in)


class CandidateFilter(DividedFilter):
    """Units that can be enrolled in a round: by area, kind and name."""

    ward_path = ""
    q = django_filters.CharFilter(label=_("Name or code"), method="filter_name", max_length=100)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Ward.Kind.choices)

    class Meta:
        model = Ward
        fields: list[str] = []

    def __init__(self, *args: Any, candidates: WardQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        self._limit_kinds(candidates)

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
