"""Inspections as rows, by subject: rounds, checklists, evidence, minutes, findings, self-assessment, notices."""

from criteria.inspections.models.checklists import Answer, Inspection, KeptAnswer, Result, Submission
from criteria.inspections.models.days import SwappedDay
from criteria.inspections.models.evidence import Evidence
from criteria.inspections.models.findings import Finding, FindingReply
from criteria.inspections.models.minutes import Minutes, Participant, Scan
from criteria.inspections.models.notices import Notice
from criteria.inspections.models.rounds import Enrolment, Round, RoundDocument, Team, TeamMember
from criteria.inspections.models.self_assessment import SelfAnswer, SelfAssessment

__all__ = [
    "Answer",
    "Enrolment",
    "Evidence",
    "Finding",
    "FindingReply",
    "Inspection",
    "KeptAnswer",
    "Minutes",
    "Notice",
    "Participant",
    "Result",
    "Round",
    "RoundDocument",
    "Scan",
    "SelfAnswer",
    "SelfAssessment",
    "Submission",
    "SwappedDay",
    "Team",
    "TeamMember",
]
