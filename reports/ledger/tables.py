"""The two lists of the ledger as tables: one for the screen and the workbook, one only for the
workbook."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.models import User
from reports.ledger.derived_values import Value
from reports.ledger.entries import Entry
from reports.ledger.links import discrepancy_address, records_address
from reports.ledger.listed import quotation_of

#: values longer than this get a line of their own on a phone
SHORT = 24


def _row_class(record: Entry) -> str:
    longest = max(len(text) for text in (record.figure.printed, record.reported.display, record.now.display))
    return "has-long-values" if longest > SHORT else ""


class FigureTable(tables.Table):
    """`user` decides which links to records are shown. Columns that do not show are in the workbook."""

    code = tables.Column(gettext_lazy("Code"))
    report = tables.Column(gettext_lazy("Report"), accessor="figure__report", visible=False)
    section = tables.Column(gettext_lazy("Section"), accessor="figure__section", visible=False)
    label = tables.Column(gettext_lazy("Figure"), accessor="figure__label")
    printed = tables.Column(gettext_lazy("As printed"), accessor="figure__printed", orderable=False)
    reported = tables.Column(gettext_lazy("As reported"), orderable=False)
    now = tables.Column(gettext_lazy("Now"), orderable=False)
    verdict = tables.Column(gettext_lazy("Result"))
    reason = tables.Column(gettext_lazy("Why"), visible=False)
    discrepancies = tables.Column(gettext_lazy("Discrepancies"), visible=False)
    derivation = tables.Column(gettext_lazy("Derivation"), accessor="figure__local_derivation", visible=False)

    class Meta:
        attrs = {"class": "list cards-on-phone ledger"}
        row_attrs = {"id": lambda record: f"f{record.code}", "class": _row_class}

    def __init__(self, entries: list[Entry], *, user: User, **options: Any) -> None:
        self.user = user
        self.caption = _("Figures of the reports")
        super().__init__(entries, empty_text=_("No figure matches the filters."), **options)

    def render_code(self, record: Entry) -> SafeString:
        place = f"{record.figure.report}/BC-SNV, {record.figure.section}"
        return format_html('<b>{}</b> <small class="soft" lang="vi">{}</small>', record.code, place)

    def value_code(self, record: Entry) -> str:
        return record.code

    def render_label(self, record: Entry) -> SafeString:
        return format_html(
            '<span lang="vi">{}</span><details><summary>{}</summary>{} <q lang="vi">{}</q></details>',
            record.figure.label,
            _("How it is derived"),
            record.figure.local_derivation,
            quotation_of(record.code),
        )

    def value_label(self, record: Entry) -> str:
        return record.figure.label

    def render_printed(self, record: Entry) -> SafeString:
        return format_html('<span class="value" lang="vi">{}</span>', record.figure.printed)

    def value_printed(self, record: Entry) -> str:
        return record.figure.printed

    def render_reported(self, value: Value) -> SafeString:
        return _value(value)

    def value_reported(self, value: Value) -> str:
        return value.display

    def render_now(self, value: Value, record: Entry) -> SafeString:
        if not record.is_changed:
            return _value(replace(value, working=""))
        change = f"{_('changed since the report')} {record.difference}"
        return format_html('{} <small class="changed">{}</small>', _value(value), change)

    def value_now(self, value: Value) -> str:
        return value.display

    def render_verdict(self, record: Entry) -> SafeString:
        links = [(discrepancy_address(code), code) for code in record.discrepancies]
        address = records_address(record.now.source or record.reported.source, self.user)
        if address:
            links.append((address, _("the records")))
        return format_html(
            '<span class="tag verdict-{}">{}</span>{}{}',
            record.verdict.value,
            record.verdict.label,
            format_html('<span class="reason">{}</span>', record.reason) if record.reason else "",
            format_html('<span class="ways-on">{}</span>', format_html_join(" · ", '<a href="{}">{}</a>', links))
            if links
            else "",
        )

    def value_verdict(self, record: Entry) -> str:
        return str(record.verdict.label)

    def value_discrepancies(self, record: Entry) -> str:
        return ", ".join(record.discrepancies)


def _value(value: Value) -> SafeString:
    working = format_html('<small class="soft">{}</small>', value.working) if value.working else ""
    return format_html('<span class="value" lang="vi">{}</span> {}', value.display, working)


class DiscrepancyTable(tables.Table):
    """For the workbook; the page shows the same rows as cards."""

    code = tables.Column(gettext_lazy("Code"))
    report = tables.Column(gettext_lazy("Report"))
    category = tables.Column(gettext_lazy("Class of discrepancy"))
    severity = tables.Column(gettext_lazy("Severity"))
    kind = tables.Column(gettext_lazy("Kind of discrepancy"), accessor="local_kind")
    place = tables.Column(gettext_lazy("Where it stands"))
    printed = tables.Column(gettext_lazy("As printed"))
    finding = tables.Column(gettext_lazy("What follows"), accessor="local_finding")
    action = tables.Column(gettext_lazy("What the portal does"), accessor="local_action")
    confidence = tables.Column(gettext_lazy("Confidence"), accessor="local_confidence")
    figures = tables.Column(gettext_lazy("Figures concerned"))

    class Meta:
        orderable = False

    def value_category(self, record: Any) -> str:
        return str(record.get_category_display())

    def value_severity(self, record: Any) -> str:
        return str(record.get_severity_display())

    def value_figures(self, record: Any) -> str:
        return ", ".join(figure.code for figure in record.figures.all())
