"""Deciding on the known errors of a report, so that its figures can be closed."""

from reports.checks.wording import standing_errors
from reports.models import PassageVersion, Subject
from reports.passages.services import accept_correction
from reports.subjects import report_of


def correct_known_errors(subject: Subject, by) -> None:
    """Take the corrected wording of every known error of high severity into its passage."""
    for standing in standing_errors(subject):
        if standing.is_open:
            versions = PassageVersion.objects.filter(**report_of(subject).owner_of_passage)
            seen = versions.filter(passage__key=standing.passage).count()
            error = standing.error.digest
            accept_correction(subject=subject, key=standing.passage, error=error, seen=seen, by=by)
