"""Querysets of what is asked from a distance: who sees questions to units, and who the notes of colleagues."""

from __future__ import annotations

from typing import Self

from django.db.models import Q
from django.utils import timezone

from archiveportal.scope import Viewer
from criteria.inspections.querysets import APPROVED, ScopedQuerySet


class InternalQuerySet(ScopedQuerySet):
    """Rows of the checklist that its unit never sees, approved or not."""

    ward_path = "inspection__enrolment__ward"

    def visible_to(self, viewer: Viewer) -> Self:
        return super().visible_to(viewer) if viewer.scope.sees_unapproved_results else self.none()


class QuestionQuerySet(ScopedQuerySet):
    """Questions to units: between the unit and those who work on checklists, and nobody else's."""

    ward_path = "inspection__enrolment__ward"

    def visible_to(self, viewer: Viewer) -> Self:
        takes_part = viewer.scope.sees_unapproved_results or viewer.scope.speaks_for_units
        return super().visible_to(viewer) if takes_part else self.none()

    def waiting_for(self, viewer: Viewer) -> Self:
        """Return the questions that ask for a step of this side: an answer, or a look at one."""
        status = "asked" if viewer.scope.speaks_for_units else "answered"
        rows = self.visible_to(viewer).filter(is_open_of_question(), status=status)
        return rows.exclude(inspection__status=APPROVED)


def is_open_of_question() -> Q:
    """Condition on questions: the round is open for the unit, which is in its plan."""
    path = "inspection__enrolment__"
    is_open = Q(**{f"{path}round__status": "open"}) | Q(**{f"{path}reopened_until__gte": timezone.localdate()})
    return is_open & Q(**{f"{path}is_left_out": False})
