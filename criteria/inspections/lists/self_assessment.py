"""The wards of a round with their self-assessments, as a table."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.models import User
from archiveportal.vietnamese import number
from criteria.inspections.lists.tables import RIGHT, area_columns
from criteria.inspections.queries.areas import Division
from criteria.inspections.queries.self_assessment import WardSelf
from criteria.scoring import Score
from wards.tables import UNIT


def _in_words(score: Score) -> str:
    text = f"{number(score.points)}/{number(score.maximum)}"
    return text if score.is_complete else _("%(score)s, %(open)s left") % {"score": text, "open": number(score.open)}


class SelfTable(tables.Table):
    """Rows are `queries.self_assessment.WardSelf`."""

    ward = tables.Column(
        gettext_lazy("Ward, commune, township"),
        accessor="enrolment__ward__title",
        order_by=("enrolment__ward__district__sort_key", "enrolment__ward__sort_key"),
        attrs=UNIT,
    )
    handed_in = tables.Column(gettext_lazy("Handed in"), accessor="assessment", orderable=False, empty_values=())
    reading = tables.Column(gettext_lazy("State"), accessor="assessment", orderable=False, empty_values=())
    own = tables.Column(gettext_lazy("Self-assessed score"), orderable=False, default="—", attrs=RIGHT)
    verified = tables.Column(gettext_lazy("Verified score"), orderable=False, default="—", attrs=RIGHT)
    differing = tables.Column(gettext_lazy("Differences"), default="—", attrs=RIGHT)

    class Meta:
        attrs = {"class": "list cards-on-phone"}
        sequence = ["ward", "...", "handed_in", "reading", "own", "verified", "differing"]

    def __init__(self, *args: Any, user: User, divided: Division, **options: Any) -> None:
        areas = area_columns(divided, "enrolment__ward") if user.sees_all_units else []
        super().__init__(*args, extra_columns=areas, **options)
        self.columns["ward"].column.verbose_name = divided.units_noun
        self.empty_text = _("No ward is in this round yet.")

    def render_ward(self, record: WardSelf) -> SafeString:
        address = reverse("inspections:self-assessment", args=[record.enrolment.pk])
        return format_html('<a href="{}">{}</a>', address, self.value_ward(record))

    def value_ward(self, record: WardSelf) -> str:
        return record.enrolment.ward.title

    def render_handed_in(self, record: WardSelf) -> str:
        assessment = record.assessment
        if assessment is None or assessment.handed_in_at is None:
            return _("under way") if assessment else _("not handed in")
        return f"{timezone.localtime(assessment.handed_in_at):%d/%m/%Y}, {assessment.handed_in_by}"

    def render_reading(self, record: WardSelf) -> str:
        """Say where it is after it was handed in."""
        assessment = record.assessment
        if assessment is None or assessment.handed_in_at is None:
            return "—"
        if assessment.is_accepted:
            return _("report accepted, not verified")
        return _("confirmed") if assessment.confirmed_at else _("not confirmed yet")

    def render_own(self, value: Score) -> str:
        return _in_words(value)

    def render_verified(self, value: Score) -> str:
        return _in_words(value)
