"""Whom to remind, and of which findings."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from criteria.inspections.models import Finding
from criteria.inspections.services.letters import Reminder


def reminders(findings: QuerySet[Finding]) -> list[Reminder]:
    """Return one reminder per district, or per ward where there is no district, by name. One query."""
    today, units, rows = timezone.localdate(), {}, {}
    for finding in findings.to_remind():
        ward = finding.inspection.enrolment.ward
        unit = ward.district or ward
        key = (unit._meta.model_name, unit.pk)
        units[key] = unit
        rows.setdefault(key, []).append(finding)
    order = sorted(units, key=lambda key: (key[0], units[key].sort_key, key[1]))
    return [Reminder(units[key], rows[key], today) for key in order]
