"""Filters of both pages of the ledger. Their rows are computed, so the filters work on lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText
from archiveportal.vietnamese import search_key
from reports.ledger.entries import Entry, Verdict
from reports.models import Discrepancy

REPORTS = [("5355", "5355/BC-SNV"), ("2710", "2710/BC-SNV")]
ALL = ("", _("all"))


def _search() -> CleanText:
    return CleanText(label=_("Search"), limit=100, required=False, widget=forms.TextInput(attrs={"type": "search"}))


def _choice(label: str, choices: Iterable[tuple[str, str]] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[ALL, *choices], required=False)


class LedgerFilter:
    """A form over a list. A choice that does not exist is named in the form and finds nothing."""

    form_class: type[forms.Form]
    tests: dict[str, Callable[[Any, str], bool]]

    def __init__(self, data: Any, rows: list[Any]) -> None:
        self.form = self.form_class(data or None)
        for name, choices in self.choices_from(rows).items():
            self.form.fields[name].choices = [ALL, *choices]
        self._all = rows

    def choices_from(self, rows: list[Any]) -> dict[str, list[tuple[str, str]]]:
        return {}

    @property
    def rows(self) -> list[Any]:
        if not self.form.is_bound:
            return self._all
        if not self.form.is_valid():
            return []
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        return [row for row in self._all if all(self.tests[name](row, value) for name, value in chosen.items())]


def _says(text: str, *parts: str) -> bool:
    """Whether every word of the text occurs, without regard to diacritics."""
    said = search_key(" ".join(parts))
    return all(word in said for word in search_key(text).split())


def section_of(entry: Entry) -> tuple[str, str]:
    figure = entry.figure
    return f"{figure.report}:{figure.section}", f"{figure.report} – {figure.section}"


class FigureForm(forms.Form):
    q = _search()
    report = _choice(_("Report"), REPORTS)
    section = _choice(_("Section"))
    verdict = _choice(_("Result"), Verdict.choices)
    changed = _choice(_("Since the report"), [("1", _("has changed")), ("0", _("has not changed"))])


class FigureFilter(LedgerFilter):
    form_class = FigureForm
    tests = {
        "q": lambda entry, text: _says(
            text,
            entry.code,
            entry.figure.section,
            entry.figure.label,
            entry.figure.printed,
            entry.reported.display,
            entry.now.display,
            entry.figure.local_derivation,
            *entry.discrepancies,
        ),
        "report": lambda entry, code: entry.figure.report == code,
        "section": lambda entry, key: section_of(entry)[0] == key,
        "verdict": lambda entry, verdict: entry.verdict == verdict,
        "changed": lambda entry, yes: entry.is_changed == (yes == "1"),
    }

    def choices_from(self, rows: list[Entry]) -> dict[str, list[tuple[str, str]]]:
        return {"section": list(dict(section_of(entry) for entry in rows).items())}


class DiscrepancyForm(forms.Form):
    q = _search()
    report = _choice(_("Report"), REPORTS)
    category = _choice(_("Class of discrepancy"), Discrepancy.Category.choices)
    severity = _choice(_("Severity"), Discrepancy.Severity.choices)
    kind = _choice(_("Kind of discrepancy"))


class DiscrepancyFilter(LedgerFilter):
    form_class = DiscrepancyForm
    tests = {
        "q": lambda row, text: _says(
            text,
            row.code,
            row.place,
            row.printed,
            row.local_kind,
            row.local_finding,
            row.local_action,
            row.local_withdrawn,
        ),
        "report": lambda row, code: row.report == code,
        "category": lambda row, category: row.category == category,
        "severity": lambda row, severity: row.severity == severity,
        "kind": lambda row, kind: row.kind_en == kind,
    }

    def choices_from(self, rows: list[Discrepancy]) -> dict[str, list[tuple[str, str]]]:
        kinds = {row.kind_en: row.local_kind for row in rows}
        return {"kind": sorted(kinds.items(), key=lambda pair: search_key(pair[1]))}
