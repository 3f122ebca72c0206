"""What a user may see of the units, and how units are searched."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from archiveportal.vietnamese import search_key


class UnitQuerySet(models.QuerySet):
    def in_force_on(self, day: datetime.date):
        """The units as they stood on a day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def matching(self, text: str):
        """Every word of the text, without regard to diacritics: "tan quy" finds Tân Quý and Tân Quy."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search_key__contains=word)
        return found


class DistrictQuerySet(UnitQuerySet):
    def visible_to(self, user: Any) -> DistrictQuerySet:
        if user.sees_all_units:
            return self
        if user.district_id:
            return self.filter(pk=user.district_id)
        return self.filter(wards=user.ward_id) if user.ward_id else self.none()


class WardQuerySet(UnitQuerySet):
    def visible_to(self, user: Any) -> WardQuerySet:
        if user.sees_all_units:
            return self
        if user.district_id:
            return self.filter(district=user.district_id)
        return self.filter(pk=user.ward_id) if user.ward_id else self.none()
