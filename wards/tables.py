"""The units as a table."""

from __future__ import annotations

import datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.scope import Viewer
from wards.models import Ward

#: of a column with names of wards or districts: print keeps each on one line
UNIT = {"td": {"class": "unit-name"}}
#: of a heading that takes several lines, so that the names beside it need fewer
WRAPPED = {"th": {"class": "wrap"}}


class WardTable(tables.Table):
    """Rows are wards with their district read along."""

    unit = tables.Column(gettext_lazy("Ward, commune, township"), accessor="title", order_by=("sort_key",), attrs=UNIT)
    district = tables.Column(
        gettext_lazy("District"), order_by=("district__sort_key", "sort_key"), default="—", attrs=UNIT
    )
    code = tables.Column(gettext_lazy("Code"), attrs={"td": {"class": "tabular"}})
    period = tables.Column(
        gettext_lazy("Period"), accessor="pk", order_by=("valid_to", "district__sort_key", "sort_key")
    )
    # For the workbook, where a day is a day.
    valid_from = tables.Column(gettext_lazy("First day"), visible=False, default="")
    valid_to = tables.Column(gettext_lazy("Last day"), visible=False, default="")
    state = tables.Column(gettext_lazy("State"), accessor="pk", visible=False)
    legal_act = tables.Column(gettext_lazy("Legal act"), visible=False, default="")
    edit = tables.Column("", accessor="pk", orderable=False)

    caption = gettext_lazy("Units")
    screen_only = ("period", "edit")

    class Meta:
        model = Ward
        fields: list[str] = []
        attrs = {"class": "list cards-on-phone"}
        empty_text = gettext_lazy("No unit matches the filters.")

    def __init__(self, *args: Any, user: Viewer, has_districts: bool, **options: Any) -> None:
        self.today = timezone.localdate()
        hidden = () if user.scope.can_manage_units else ("edit",)
        # Units of today lie in no district: the column would be empty.
        super().__init__(*args, exclude=hidden if has_districts else (*hidden, "district"), **options)

    def render_unit(self, record: Ward) -> SafeString:
        return format_html('<a href="{}" lang="vi">{}</a>', reverse("wards:detail", args=[record.pk]), record.title)

    def value_unit(self, record: Ward) -> str:
        return record.title

    def render_district(self, record: Ward) -> SafeString:
        address = reverse("wards:district", args=[record.district_id])
        return format_html('<a href="{}" lang="vi">{}</a>', address, record.district.title)

    def value_district(self, record: Ward) -> str:
        return record.district.title if record.district_id else ""

    def render_period(self, record: Ward) -> SafeString:
        css = "approved" if record.stands_on(self.today) else ""
        tag = format_html('<span class="tag {}">{}</span>', css, self.value_state(record))
        return format_html('{} <span class="tabular">{}</span>', tag, record.period)

    def value_state(self, record: Ward) -> str:
        if record.stands_on(self.today):
            return _("in existence")
        return _("ended") if record.valid_to and record.valid_to < self.today else _("not yet in existence")

    def render_edit(self, record: Ward) -> SafeString:
        address = reverse("wards:edit", args=[record.pk])
        return format_html('<a href="{}" aria-label="{}: {}">{}</a>', address, _("Edit"), record.title, _("Edit"))


class ContactTable(tables.Table):
    """Rows are wards with their district and their entry in the directory read along."""

    unit = tables.Column(gettext_lazy("Unit"), accessor="title", order_by=("sort_key",), attrs=UNIT | WRAPPED)
    code = tables.Column(gettext_lazy("Code"), visible=False)
    mailbox = tables.Column(gettext_lazy("Official mailbox"), accessor="contact__mailbox", default="—")
    telephone = tables.Column(gettext_lazy("Telephone"), accessor="contact__telephone", default="—")
    chairman = tables.Column(gettext_lazy("Head of the unit"), accessor="contact__chairman", default="—", attrs=WRAPPED)
    officers = tables.Column(
        gettext_lazy("Records officers"), accessor="contact__officers", default="—", orderable=False, attrs=WRAPPED
    )
    seat = tables.Column(gettext_lazy("Address of the seat"), accessor="contact__seat", visible=False, default="")
    stores = tables.Column(
        gettext_lazy("Addresses of the records stores"), accessor="contact__stores", visible=False, default=""
    )
    confirmed_on = tables.Column(
        gettext_lazy("Last confirmed on"),
        accessor="contact__confirmed_on",
        default="—",
        attrs={"td": {"class": "tabular"}} | WRAPPED,
    )

    caption = gettext_lazy("Directory of units")

    class Meta:
        model = Ward
        fields: list[str] = []
        attrs = {"class": "list cards-on-phone"}
        empty_text = gettext_lazy("No unit matches the filters.")

    def render_unit(self, record: Ward) -> SafeString:
        address = reverse("wards:contact", args=[record.pk])
        return format_html('<a href="{}" lang="vi">{}</a>', address, record.full_title)

    def value_unit(self, record: Ward) -> str:
        return record.full_title

    def render_officers(self, value: str) -> SafeString:
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in value.splitlines()))

    def value_officers(self, value: str) -> str:
        return value

    def render_confirmed_on(self, value: datetime.date) -> str:
        return f"{value:%d/%m/%Y}"

    def value_confirmed_on(self, value: datetime.date) -> datetime.date:
        return value
