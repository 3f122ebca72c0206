"""Who sees what was written for a report, and what was closed."""

from __future__ import annotations

from typing import Any

from django.db import models


class OfReportQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> OfReportQuerySet:
        """Reports are of the whole city: for those who see all units' results."""
        return self if user.sees_results and user.sees_all_units else self.none()

    def editable_by(self, user: Any) -> OfReportQuerySet:
        return self.visible_to(user) if user.can_approve else self.none()
