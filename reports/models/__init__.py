"""What reports keeps itself: the ledger, the passages and templates of reports, and figures that were closed."""

from reports.models.closings import ClosedFile, Closing
from reports.models.ledger import Bilingual, Discrepancy, Figure
from reports.models.passages import DocumentTemplate, Passage, PassageVersion, ProposalDecision, ReportKind, Subject

__all__ = [
    "Bilingual",
    "ClosedFile",
    "Closing",
    "Discrepancy",
    "DocumentTemplate",
    "Figure",
    "Passage",
    "PassageVersion",
    "ProposalDecision",
    "ReportKind",
    "Subject",
]
