"""Inspections as rows, by subject: rounds, decisions, checklists, evidence, minutes, findings, questions, notices."""

from criteria.inspections.models.checklists import Answer, Inspection, KeptAnswer, Result, Submission
from criteria.inspections.models.days import SwappedDay
from criteria.inspections.models.decisions import Decision, DecisionUnit, Extension, Suspension, TeamChange
from criteria.inspections.models.documents import RoundDocument
from criteria.inspections.models.evidence import Evidence
from criteria.inspections.models.findings import Finding, FindingReply
from criteria.inspections.models.minutes import Minutes, Participant, ReceivedDocument, Scan
from criteria.inspections.models.notices import Notice
from criteria.inspections.models.official_papers import OfficialPaper
from criteria.inspections.models.plan_approvals import PlanApproval
from criteria.inspections.models.questions import DistantCheck, InternalNote, Question, QuestionMessage
from criteria.inspections.models.rounds import Enrolment, Round, Team, TeamMember
from criteria.inspections.models.self_assessment import SelfAnswer, SelfAssessment
from criteria.inspections.models.self_evidence import SelfEvidence, SelfPaper

__all__ = [
    "Answer",
    "Decision",
    "DecisionUnit",
    "DistantCheck",
    "Enrolment",
    "Evidence",
    "Extension",
    "Finding",
    "FindingReply",
    "Inspection",
    "InternalNote",
    "KeptAnswer",
    "Minutes",
    "Notice",
    "OfficialPaper",
    "Participant",
    "PlanApproval",
    "Question",
    "QuestionMessage",
    "ReceivedDocument",
    "Result",
    "Round",
    "RoundDocument",
    "Scan",
    "SelfAnswer",
    "SelfAssessment",
    "SelfEvidence",
    "SelfPaper",
    "Submission",
    "Suspension",
    "SwappedDay",
    "Team",
    "TeamChange",
    "TeamMember",
]
