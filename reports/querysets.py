"""Visibility of passages and closings; which discrepancies stand."""

from __future__ import annotations

from django.db import models

from archiveportal.scope import Viewer


class OfReportQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> OfReportQuerySet:
        """Reports are of the whole city: for those who see all units' results."""
        scope = viewer.scope
        return self if scope.sees_results and scope.sees_all_units else self.none()

    def editable_by(self, viewer: Viewer) -> OfReportQuerySet:
        return self.visible_to(viewer) if viewer.scope.can_approve else self.none()


class DiscrepancyQuerySet(models.QuerySet):
    def standing(self) -> DiscrepancyQuerySet:
        """Leave out the rows that were withdrawn from the list."""
        return self.filter(withdrawn="")
