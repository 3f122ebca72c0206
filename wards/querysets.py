"""What a user may see of the units, and how units are searched."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from archiveportal.vietnamese import search_key


class UnitQuerySet(models.QuerySet):
    #: the search keys that a word may stand in
    searched = ("search_key",)

    def in_force_on(self, day: datetime.date):
        """The units as they stood on a day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def ended_before(self, day: datetime.date):
        return self.filter(valid_to__lt=day)

    def overlapping(self, valid_from: datetime.date | None, valid_to: datetime.date | None):
        """The units that stood on some day of a period; a blank end of a period is open."""
        found = self
        if valid_to:
            found = found.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=valid_to))
        if valid_from:
            found = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))
        return found

    #: where the words of a search are looked for
    searched = ("search_key",)

    def matching(self, text: str):
        """Units in which every word of the text begins a word, without regard to diacritics.

        "tan quy" finds Tân Quý and Tân Quy; "thanh an" finds Thạnh An and not Cần Thạnh.
        """
        found = self
        for word in search_key(text).split():
            begins = Q()
            for name in self.searched:
                begins |= Q(**{f"{name}__startswith": word}) | Q(**{f"{name}__contains": f" {word}"})
            found = found.filter(begins)
        return found


class DistrictQuerySet(UnitQuerySet):
    def visible_to(self, user: Any) -> DistrictQuerySet:
        if user.sees_all_units:
            return self
        if user.district_id:
            return self.filter(pk=user.district_id)
        return self.filter(wards=user.ward_id) if user.ward_id else self.none()

    def editable_by(self, user: Any) -> DistrictQuerySet:
        return self if user.can_manage_units else self.none()

    def with_recorded_wards(self) -> DistrictQuerySet:
        """Adds `recorded_wards`: how many wards of the district have a row of their own."""
        wards = self.model._meta.get_field("wards").related_model
        counted = wards.objects.filter(district=models.OuterRef("pk")).order_by().values("district")
        total = counted.annotate(total=models.Count("pk")).values("total")
        return self.annotate(
            recorded_wards=models.functions.Coalesce(models.Subquery(total), 0, output_field=models.IntegerField())
        )


class WardQuerySet(UnitQuerySet):
    #: "phuong 6 quan 10" names the district too
    searched = ("search_key", "district__search_key")

    searched = ("search_key", "district__search_key")

    def visible_to(self, user: Any) -> WardQuerySet:
        if user.sees_all_units:
            return self
        if user.district_id:
            return self.filter(district=user.district_id)
        return self.filter(pk=user.ward_id) if user.ward_id else self.none()

    def editable_by(self, user: Any) -> WardQuerySet:
        return self if user.can_manage_units else self.none()
