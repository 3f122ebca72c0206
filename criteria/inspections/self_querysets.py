"""Which self-assessments, their answers and their evidence a person sees."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from archiveportal.model_fields import related_rows
from archiveportal.scope import Viewer
from criteria.inspections.querysets import ScopedQuerySet, _begun, _units


def _reported(path: str = "") -> Q:
    """Condition on the self-assessment behind `path`: its unit only reports, and handed it in."""
    only_reports = Q(**{f"{path}enrolment__way": "report", f"{path}enrolment__is_left_out": False})
    return only_reports & Q(**{f"{path}handed_in_at__isnull": False})


class SelfAssessmentQuerySet(ScopedQuerySet):
    ward_path = "enrolment__ward"

    def visible_to(self, viewer: Viewer) -> Self:
        """Own units at any time; the team and those who approve once it is handed in. It is no approved result, so
        nobody else reads it, not beside an approved checklist either."""
        rows = super().visible_to(viewer)
        if viewer.scope.speaks_for_units:
            return rows
        return rows.filter(handed_in_at__isnull=False) if viewer.scope.sees_unapproved_results else rows.none()

    def reported_to(self, viewer: Viewer) -> Self:
        """Return what units that only report handed in, for everybody who sees the results of these units: its facts
        are added up beside verified ones. Its answers to criteria stay with `visible_to` until they are accepted."""
        return super().visible_to(viewer).filter(_reported())

    def accepted_for(self, viewer: Viewer) -> Self:
        """Return the accepted reports, read like approved results. Evidence and drafts are not."""
        return self.reported_to(viewer).filter(reading="accepted")


class OfSelfAssessmentQuerySet(models.QuerySet):
    """Rows that belong to a self-assessment: seen by whoever sees it."""

    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(assessment__in=related_rows(self.model, "assessment").visible_to(viewer))


class SelfAnswerQuerySet(OfSelfAssessmentQuerySet):
    def reported_to(self, viewer: Viewer) -> Self:
        """Return the answers of the self-assessments that `SelfAssessmentQuerySet.reported_to` returns.

        They are joined with what they belong to and not sought in a list of it: PostgreSQL makes such a list anew
        for each answer where it takes it that there are few.
        """
        units = _units(viewer, "assessment__enrolment__ward")
        if units is None:
            return self.none()
        return self.filter(units, _begun(viewer, "assessment__enrolment__round__"), _reported("assessment__"))


class SelfEvidenceQuerySet(OfSelfAssessmentQuerySet):
    def counting(self) -> Self:
        """Return what shows something: neither replaced nor taken back, its file not withdrawn."""
        return self.filter(replaced_at=None, voided_at=None, file__withdrawal=None)
