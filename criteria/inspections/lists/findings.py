"""The list of findings: what it can be filtered by, and its columns."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.models import User
from criteria.inspections.lists.filters import DividedFilter
from criteria.inspections.lists.tables import RIGHT, area_columns
from criteria.inspections.models import Finding, Round
from criteria.inspections.queries.areas import Division
from criteria.inspections.queries.findings import STATUS
from criteria.inspections.querysets import due_soon, overdue
from criteria.outcomes import failures, outcome_of
from wards.models import Ward
from wards.tables import UNIT

#: path from a finding to its unit
WARD = "inspection__enrolment__ward"
OVERDUE, SOON, DRAFT = "overdue", "soon", "unpublished"
WIDE = {"td": {"class": "wide"}}
#: a column that leads on says nothing on paper
SCREEN = {"td": {"class": "no-print"}, "th": {"class": "no-print"}}


class FindingFilter(DividedFilter):
    """Rows are those of `queries.findings.listed`."""

    ward_path = WARD
    q = django_filters.CharFilter(label=gettext_lazy("Name of the unit"), method="filter_name", max_length=100)
    round = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Round"),
        field_name="inspection__enrolment__round",
        queryset=Round.objects.none(),
        to_field_name="code",
    )
    status = django_filters.ChoiceFilter(label=gettext_lazy("Status"), method="filter_status", choices=[])
    due = django_filters.ChoiceFilter(
        label=gettext_lazy("Deadline"),
        method="filter_due",
        choices=[(OVERDUE, gettext_lazy("overdue")), (SOON, gettext_lazy("due within 14 days"))],
    )
    again = django_filters.ChoiceFilter(
        label=gettext_lazy("Found before"), method="filter_again", choices=[("1", gettext_lazy("repeated"))]
    )

    class Meta:
        model = Finding
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["round"].queryset = Round.objects.visible_to(user)
        known = [(value, label) for value, label in STATUS.choices if value != STATUS.WITHDRAWN]
        if user.sees_unapproved_results:
            known += [(DRAFT, _("not published yet")), (STATUS.WITHDRAWN, STATUS.WITHDRAWN.label)]
        self.filters["status"].extra["choices"] = known

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Leave out withdrawn findings unless the filter names them."""
        rows = super().filter_queryset(queryset)
        chosen = self.form.cleaned_data.get("status") if self.form.is_valid() else ""
        return rows if chosen == STATUS.WITHDRAWN else rows.exclude(status=STATUS.WITHDRAWN)

    def filter_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(inspection__enrolment__ward__in=Ward.objects.matching(value))

    def filter_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == DRAFT:
            return queryset.filter(published_at__isnull=True)
        return queryset.filter(status=value)

    def filter_due(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(overdue() if value == OVERDUE else due_soon())

    def filter_again(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(last_outcome__in=failures())


class FindingTable(tables.Table):
    ward = tables.Column(
        gettext_lazy("Ward, commune, township"),
        accessor="inspection__enrolment__ward__title",
        order_by=("inspection__enrolment__ward__district__sort_key", "inspection__enrolment__ward__sort_key"),
        attrs=UNIT,
    )
    round = tables.Column(
        gettext_lazy("Round"),
        accessor="inspection__enrolment__round__marked_name",
        order_by=("inspection__enrolment__round__starts_on",),
    )
    criterion = tables.Column(
        gettext_lazy("Criterion"), accessor="criterion", order_by=("criterion__position",), attrs=WIDE
    )
    recommendation = tables.Column(gettext_lazy("Recommendation"), orderable=False, attrs=WIDE)
    due_on = tables.Column(gettext_lazy("To be put right by"), default="—")
    late = tables.Column(gettext_lazy("Days overdue"), accessor="due_on", order_by=("due_on",), default="", attrs=RIGHT)
    status = tables.Column(gettext_lazy("Status"))
    verb = tables.Column(gettext_lazy("Next step"), accessor="pk", orderable=False, attrs=SCREEN)
    screen_only = ("verb",)

    class Meta:
        model = Finding
        fields: list[str] = []
        attrs = {"class": "list cards-on-phone cards-on-tablet"}
        order_by = "due_on"

    def __init__(
        self, *args: Any, user: User, divided: Division, inspection_round: Round | None, **options: Any
    ) -> None:
        columns = area_columns(divided, WARD)
        sequence = ["ward", *(name for name, _column in columns), "..."]
        super().__init__(*args, extra_columns=columns, sequence=sequence, **options)
        if inspection_round is not None:
            self.columns["ward"].column.verbose_name = divided.units_noun
        self.today, self.user = timezone.localdate(), user
        self.empty_text = _("No recommendation matches the filters.")

    def render_ward(self, record: Finding) -> SafeString:
        title = record.inspection.enrolment.ward.title
        return format_html('<a href="{}">{}</a>', reverse("inspections:finding", args=[record.pk]), title)

    def value_ward(self, record: Finding) -> str:
        return record.inspection.enrolment.ward.title

    def render_criterion(self, record: Finding) -> SafeString:
        again = self._again(record)
        tag = format_html(' <span class="tag high">{}</span>', again) if again else ""
        return format_html("{}{}", record.criterion.printed_name, tag)

    def value_criterion(self, record: Finding) -> str:
        again = self._again(record)
        name = record.criterion.printed_name
        return f"{name} ({again})" if again else name

    @staticmethod
    def _again(record: Finding) -> str:
        return _("repeated") if outcome_of(record.last_outcome).is_failure else ""

    def render_recommendation(self, value: str) -> SafeString:
        """Show the first lines on the screen; paper has the whole text."""
        return format_html('<span class="clamp">{}</span>', value)

    def value_recommendation(self, value: str) -> str:
        return value

    def render_due_on(self, value: Any) -> str:
        return f"{value:%d/%m/%Y}"

    def value_due_on(self, value: Any) -> Any:
        return value

    def render_late(self, record: Finding) -> Any:
        days = self.value_late(record)
        return format_html('<b class="late">{}</b>', days) if days else ""

    def value_late(self, record: Finding) -> Any:
        return (self.today - record.due_on).days if record.is_overdue and record.published_at else None

    def render_verb(self, record: Finding) -> SafeString:
        if self.user.answers_for_units and record.status == STATUS.OPEN:
            verb = _("Reply")
        elif self.user.can_inspect and record.status == STATUS.ANSWERED:
            verb = _("Look at it")
        else:
            verb = _("View")
        return format_html('<a href="{}">{}</a>', reverse("inspections:finding", args=[record.pk]), verb)

    def render_status(self, record: Finding) -> SafeString:
        state = record.status if record.published_at or record.status == STATUS.WITHDRAWN else "draft"
        return format_html('<span class="tag finding-{}">{}</span>', state, self.value_status(record))

    def value_status(self, record: Finding) -> str:
        if record.published_at is None and record.status != STATUS.WITHDRAWN:
            return _("not published yet")
        return record.get_status_display()
