"""Visibility of courses."""

from __future__ import annotations

from django.db import models

from archiveportal.model_fields import join_rows, related_rows
from archiveportal.scope import Viewer
from archiveportal.vietnamese import search_key


class SchemeQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> SchemeQuerySet:
        """Schemes and their totals are the same for everyone who sees training at all."""
        return self if viewer.scope.sees_training else self.none()


class YearTargetQuerySet(models.QuerySet):
    def in_force(self) -> YearTargetQuerySet:
        """Return the last decision of each category and year; those before it were adjusted."""
        later = self.model._default_manager.filter(
            category=models.OuterRef("category"),
            year=models.OuterRef("year"),
            ordinal__gt=models.OuterRef("ordinal"),
        )
        return self.filter(~models.Exists(later))


class CategoryQuerySet(models.QuerySet):
    def with_targets(self) -> CategoryQuerySet:
        """Add the target of the whole scheme, and `target_of_years`: the sum of those of its years,
        None where no year has one."""
        of_years = related_rows(self.model, "year_targets").in_force()
        of_category = of_years.filter(category=models.OuterRef("pk")).order_by().values("category")
        total = of_category.annotate(total=models.Sum("target")).values("total")
        return self.select_related("quota").annotate(target_of_years=models.Subquery(total))


class CourseQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> CourseQuerySet:
        """Return every course for the City's people; a district's own organised ones for its
        interior office."""
        scope = viewer.scope
        if not scope.sees_training:
            return self.none()
        if scope.sees_all_courses:
            return self
        if scope.districts is None or scope.wards is not None:
            return self.none()
        organised = join_rows(self.model, "organiser_districts").filter(district__in=scope.districts)
        return self.filter(pk__in=organised.values("course"))

    def editable_by(self, viewer: Viewer) -> CourseQuerySet:
        return self.filter(voided_at__isnull=True) if viewer.scope.can_inspect else self.none()

    def standing(self) -> CourseQuerySet:
        """Rows that were not voided."""
        return self.filter(voided_at__isnull=True)

    def matching(self, text: str) -> CourseQuerySet:
        """Match every word of the text, without regard to diacritics; VTTL, the scan's spelling,
        finds VTLT (D16)."""
        rows = self
        for word in search_key(text).split():
            rows = rows.filter(search_key__contains=word)
        return rows
