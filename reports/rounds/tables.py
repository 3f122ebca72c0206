"""The wards of a round by their answer to one criterion."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from criteria.facts import amount
from criteria.inspections.lists.tables import area_columns
from criteria.inspections.models import Enrolment
from criteria.inspections.queries.areas import Division
from criteria.models import Criterion
from criteria.outcomes import outcome_of
from reports.results.criteria import drop_zero_decimals
from reports.rounds.cells import mark
from wards.tables import UNIT

RIGHT = {"td": {"class": "number"}, "th": {"class": "number"}}


class CriterionTable(tables.Table):
    """Rows are enrolments with `answer`, `fact_number` and `fact_text` of the criterion."""

    ward = tables.Column(
        gettext_lazy("Ward, commune, township"), accessor="ward__title", order_by=("ward__sort_key",), attrs=UNIT
    )
    position = tables.Column(gettext_lazy("No."), attrs=RIGHT)
    answer = tables.Column(gettext_lazy("Answer"), empty_values=(), order_by=("answer", "position"))
    fact = tables.Column(gettext_lazy("Fact"), empty_values=(), order_by=("fact_number", "fact_text", "position"))

    class Meta:
        model = Enrolment
        fields: list[str] = []
        sequence = ["ward", "position", "...", "answer", "fact"]
        attrs = {"class": "list cards-on-phone"}
        order_by = "position"

    def __init__(self, *args: Any, criterion: Criterion, divided: Division, **options: Any) -> None:
        self.criterion = criterion
        hidden = [] if criterion.has_outcome else ["answer"]
        hidden += [] if criterion.fact_kind else ["fact"]
        super().__init__(*args, exclude=hidden, extra_columns=area_columns(divided), **options)
        self.columns["ward"].column.verbose_name = divided.units_noun
        if criterion.fact_kind:
            self.columns["fact"].column.verbose_name = criterion.local_fact_label
        self.empty_text = _("No ward in this round matches the filters.")

    def render_ward(self, record: Enrolment) -> SafeString:
        address = reverse("inspections:checklist", args=[record.pk])
        return format_html('<a href="{}#{}">{}</a>', address, self.criterion.code, record.ward.title)

    def value_ward(self, record: Enrolment) -> str:
        return record.ward.title

    def render_answer(self, record: Enrolment) -> SafeString:
        return mark(record.answer, word=True)

    def value_answer(self, record: Enrolment) -> str:
        return str(outcome_of(record.answer).label)

    def render_fact(self, record: Enrolment) -> str:
        value = self.value_fact(record)
        if value is None:
            return "—"
        return value if isinstance(value, str) else amount(self.criterion, value)

    def value_fact(self, record: Enrolment) -> Any:
        is_text = self.criterion.fact_kind == Criterion.FactKind.TEXT
        return (record.fact_text or None) if is_text else drop_zero_decimals(record.fact_number)
