"""The checks before publishing: of each kind of report its own, then those of the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from reports.checks.found import SEVERITY, Found
from reports.checks.on_round import check_round
from reports.checks.on_scheme import check_scheme
from reports.checks.records import ledger_is_explained
from reports.ledger.entries import load_entries
from reports.ledger.records import BaselineMissing
from reports.models import Discrepancy, ReportKind, Subject
from reports.subjects import report_of

#: each takes the subject of its own kind
CHECKS: dict[ReportKind, Callable[[Any], list[Found]]] = {
    ReportKind.ROUND: check_round,
    ReportKind.SCHEME: check_scheme,
}


def findings_of(subject: Subject) -> list[Found]:
    """List what does not fit in the report on a round or scheme, the weightiest first."""
    report = report_of(subject)
    findings = CHECKS[report.kind](subject)
    if subject.is_baseline:
        findings += _check_ledger(report.ledger)
    order: list[str] = list(SEVERITY)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _check_ledger(report: str) -> list[Found]:
    try:
        entries = [entry for entry in load_entries() if entry.figure.report.startswith(report)]
    except BaselineMissing:
        return []
    severities = dict(Discrepancy.objects.standing().values_list("code", "severity"))
    return ledger_is_explained(entries, severities, reverse("reports:figures"))
