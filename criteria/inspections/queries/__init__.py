"""What pages ask of rounds and checklists."""

from criteria.inspections.queries.progress import (
    Progress,
    progress,
    progress_by_round,
    waiting_for,
    with_progress,
    work_of,
)

__all__ = ["Progress", "progress", "progress_by_round", "waiting_for", "with_progress", "work_of"]
