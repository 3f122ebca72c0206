"""The administrator's list of accounts."""

from __future__ import annotations

import datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.models import User

NOWRAP = {"td": {"class": "nowrap"}}


class AccountTable(tables.Table):
    """Rows are accounts with district and ward read along."""

    person = tables.Column(gettext_lazy("Full name"), accessor="full_name", order_by=("sort_key",), attrs=NOWRAP)
    username = tables.Column(gettext_lazy("Sign-in name"))
    role = tables.Column(gettext_lazy("Role"), order_by=("role", "sort_key"))
    unit = tables.Column(
        gettext_lazy("Unit"),
        accessor="pk",
        order_by=("district__sort_key", "ward__district__sort_key", "ward__sort_key", "sort_key"),
    )
    email = tables.Column(gettext_lazy("E-mail address"))
    last_login = tables.Column(gettext_lazy("Last sign-in"), default="—")
    state = tables.Column(gettext_lazy("State"), accessor="is_active", order_by=("is_active", "sort_key"))

    caption = gettext_lazy("Accounts")

    class Meta:
        model = User
        fields: list[str] = []
        attrs = {"class": "list cards-on-phone"}
        empty_text = gettext_lazy("No account matches the filters.")

    def render_person(self, record: User) -> SafeString:
        address = reverse("accounts:edit", args=[record.pk])
        return format_html('<a href="{}" lang="vi">{}</a>', address, record.full_name)

    def value_person(self, record: User) -> str:
        return record.full_name

    def render_role(self, record: User) -> str:
        return record.get_role_display()

    def render_unit(self, record: User) -> str:
        return record.unit_title or "—"

    def value_unit(self, record: User) -> str:
        return record.unit_title

    def render_last_login(self, value: datetime.datetime) -> str:
        return f"{timezone.localtime(value):%H:%M %d/%m/%Y}"

    def value_last_login(self, record: User) -> Any:
        return timezone.localtime(record.last_login).date() if record.last_login else ""

    def render_state(self, record: User) -> SafeString:
        css, state = _tag_of(record), self.value_state(record)
        return format_html('<span class="tag {}">{}</span>', css, state)

    def value_state(self, record: User) -> str:
        if not record.is_active:
            return _("disabled")
        if record.has_ended:
            return _("ended with its unit")
        return _("first password") if record.must_change_password else _("in use")


def _tag_of(account: User) -> str:
    """Return the style of the tag that shows the state of an account."""
    if not account.is_active or account.has_ended:
        return "returned"
    return "draft" if account.must_change_password else "approved"
