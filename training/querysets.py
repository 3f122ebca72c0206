"""What a user may see of the courses."""

from __future__ import annotations

from typing import Any

from django.db import models


class CourseQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> CourseQuerySet:
        """Every course for the City's people; a district's own organised ones for its interior office."""
        if not user.sees_training:
            return self.none()
        if user.sees_all_courses:
            return self
        return self.filter(organiser_districts=user.district_id) if user.district_id else self.none()

    def editable_by(self, user: Any) -> CourseQuerySet:
        return self.filter(voided_at__isnull=True) if user.can_inspect else self.none()

    def standing(self) -> CourseQuerySet:
        """Rows that were not voided."""
        return self.filter(voided_at__isnull=True)
