"""What a user may see of the courses."""

from __future__ import annotations

from typing import Any

from django.db import models

from archiveportal.vietnamese import search_key


class SchemeQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> SchemeQuerySet:
        """Schemes and their totals are the same for everyone who sees training at all."""
        return self if user.sees_training else self.none()


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

    def matching(self, text: str) -> CourseQuerySet:
        """Every word of the text, without regard to diacritics; VTTL, the scan's spelling, finds VTLT (D16)."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search_key__contains=word)
        return found
