"""Visibility of criteria sets."""

from __future__ import annotations

from django.db import models

from archiveportal.scope import Viewer


class CriteriaSetQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> CriteriaSetQuerySet:
        """Criteria are visible to everybody who sees results."""
        return self if viewer.scope.sees_results else self.none()

    def editable_by(self, viewer: Viewer) -> CriteriaSetQuerySet:
        """Sets that an approver may copy, change or put in force; a set in use refuses changes by itself."""
        return self if viewer.scope.can_approve else self.none()


class LegalActQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> LegalActQuerySet:
        """Return the acts for everybody who sees what rests on them."""
        return self if viewer.scope.sees_results else self.none()

    def editable_by(self, viewer: Viewer) -> LegalActQuerySet:
        return self if viewer.scope.can_approve else self.none()
