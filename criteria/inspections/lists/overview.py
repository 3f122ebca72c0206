"""The units of a round as the approver watches them, as a table."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from criteria.inspections.lists.tables import RIGHT
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.inspections.queries.areas import Division
from wards.tables import UNIT


class OverviewTable(tables.Table):
    """Rows are enrolments of `queries.overview.at_step`."""

    position = tables.Column(gettext_lazy("No."), attrs=RIGHT)
    ward = tables.Column(gettext_lazy("Unit"), accessor="ward__title", order_by=("ward__sort_key",), attrs=UNIT)
    area = tables.Column(gettext_lazy("Area"), empty_values=(), orderable=False)
    account = tables.Column(gettext_lazy("Account"), accessor="is_activated")
    own = tables.Column(gettext_lazy("Self-assessment"), empty_values=(), orderable=False)
    checklist = tables.Column(
        gettext_lazy("Checklist"), accessor="inspection__status", order_by=("inspection__status", "position")
    )
    visit = tables.Column(gettext_lazy("Team and day"), empty_values=(), order_by=("planned_on", "position"))
    officer = tables.Column(gettext_lazy("Officer"), empty_values=(), orderable=False)
    telephone = tables.Column(gettext_lazy("Telephone"), default="", orderable=False)

    class Meta:
        model = Enrolment
        fields: list[str] = []
        sequence = ["position", "ward", "area", "account", "own", "checklist", "visit", "officer", "telephone"]
        attrs = {"class": "list cards-on-phone cards-on-tablet"}
        order_by = "position"

    def __init__(self, *args: Any, inspection_round: Round, division: Division, **options: Any) -> None:
        self.division = division
        hidden = [] if division else ["area"]
        hidden += [] if inspection_round.asks_self_assessment else ["own"]
        super().__init__(*args, exclude=hidden, **options)
        if division:
            self.columns["area"].column.verbose_name = division.noun
        self.empty_text = _("No unit is at this step.")

    def render_ward(self, record: Enrolment) -> SafeString:
        address = reverse("inspections:checklist", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, record.ward.title)

    def value_ward(self, record: Enrolment) -> str:
        return record.ward.title

    def render_area(self, record: Enrolment) -> str:
        return self.division.title_of(record.ward)

    def render_account(self, record: Any) -> SafeString:
        style = "approved" if record.is_activated else "returned"
        return format_html('<span class="tag {}">{}</span>', style, self.value_account(record))

    def value_account(self, record: Any) -> str:
        if record.is_activated:
            return _("used")
        return _("not used yet") if record.officer else _("none")

    def render_own(self, record: Enrolment) -> str:
        assessment = record.own_assessment
        if assessment and assessment.handed_in_at:
            moment = timezone.localtime(assessment.handed_in_at)
            return _("handed in %(moment)s") % {"moment": f"{moment:%d/%m/%Y %H:%M}"}
        if assessment and assessment.return_reason:
            return _("handed back")
        return _("under way") if assessment and assessment.version else _("not started")

    def render_checklist(self, record: Enrolment) -> SafeString:
        return format_html('<span class="tag {}">{}</span>', record.inspection.status, self.value_checklist(record))

    def value_checklist(self, record: Enrolment) -> str:
        inspection = record.inspection
        if inspection.status == Inspection.Status.DRAFT:
            return _("under way") if inspection.is_started else _("not started")
        return inspection.get_status_display()

    def render_visit(self, record: Enrolment) -> str:
        day = f"{record.planned_on:%d/%m/%Y}" if record.planned_on else ""
        return " ".join(filter(None, [record.team.name if record.team else "", day])) or "—"

    def render_officer(self, record: Any) -> SafeString | str:
        if not record.mailbox:
            return record.officer or "—"
        return format_html('{}<br><small class="soft">{}</small>', record.officer, record.mailbox)

    def value_officer(self, record: Any) -> str:
        return record.officer or ""
