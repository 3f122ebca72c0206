"""Findings: recommended, answered by the unit, accepted or not."""

from __future__ import annotations

from django.utils import timezone

from criteria.inspections.models import Finding, Inspection


def publish_findings(inspection: Inspection) -> None:
    """Shows the recommendations of an approved checklist to its ward and district."""
    found = inspection.findings.filter(published_at__isnull=True).exclude(status=Finding.Status.WITHDRAWN)
    found.update(published_at=timezone.now())
