"""Rows of reports: the ledger, passages and templates, and closed figures."""

from reports.models.closings import ClosedFile, Closing
from reports.models.ledger import Bilingual, Discrepancy, Figure
from reports.models.passages import (
    DocumentTemplate,
    KeptError,
    Passage,
    PassageVersion,
    ProposalDecision,
    ReportKind,
    Subject,
)

__all__ = [
    "Bilingual",
    "ClosedFile",
    "Closing",
    "Discrepancy",
    "DocumentTemplate",
    "Figure",
    "KeptError",
    "Passage",
    "PassageVersion",
    "ProposalDecision",
    "ReportKind",
    "Subject",
]
