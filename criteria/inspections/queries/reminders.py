"""Whom to remind, and of which findings."""

from __future__ import annotations

from django.utils import timezone

from criteria.inspections.models import Finding
from criteria.inspections.querysets import FindingQuerySet
from criteria.inspections.services.letters import Reminder
from wards.models import District, Ward


def reminders(findings: FindingQuerySet) -> list[Reminder]:
    """Return one reminder per district, or per ward where there is no district, by name. One query."""
    today = timezone.localdate()
    units: dict[tuple[str, int], District | Ward] = {}
    rows: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings.to_remind():
        ward = finding.inspection.enrolment.ward
        unit = ward.district or ward
        key = (str(unit._meta.model_name), unit.pk)
        units[key] = unit
        rows.setdefault(key, []).append(finding)
    order = sorted(units, key=lambda key: (key[0], units[key].sort_key, key[1]))
    return [Reminder(units[key], rows[key], today) for key in order]
