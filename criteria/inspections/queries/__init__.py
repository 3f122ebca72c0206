"""Queries of pages about rounds and checklists."""

from criteria.inspections.queries.progress import (
    Progress,
    not_handed_in,
    not_reported,
    progress,
    progress_by_area,
    progress_by_inspector,
    progress_by_round,
    progress_by_team,
    with_progress,
)
from criteria.inspections.queries.work import turns, waiting_for, with_kept_answers, work_of

__all__ = [
    "Progress",
    "not_handed_in",
    "not_reported",
    "progress",
    "progress_by_area",
    "progress_by_inspector",
    "progress_by_round",
    "progress_by_team",
    "turns",
    "waiting_for",
    "with_kept_answers",
    "with_progress",
    "work_of",
]
