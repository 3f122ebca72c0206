"""The known errors that people decided to keep in a report."""

from __future__ import annotations

from reports.models import KeptError, Subject
from reports.subjects import report_of


def kept_errors_of(subject: Subject) -> dict[str, KeptError]:
    """Return the decisions on a report by the digest of their error."""
    kept = KeptError.objects.filter(**report_of(subject).owner).select_related("kept_by")
    return {decision.error: decision for decision in kept}
