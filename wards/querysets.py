"""What a user may see of the units, and how units are searched."""

from __future__ import annotations

import datetime
from typing import Self

from django.db import models
from django.db.models import Case, ExpressionWrapper, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from archiveportal.model_fields import own_field, related_rows
from archiveportal.scope import Scope, Viewer
from wards.names import spelled_out
from wards.titles import DistrictOfList

#: the official list by which the reports count the wards of a district
REPORTED_COUNT_ON = datetime.date(2019, 12, 31)


def _stands_on(day: datetime.date | models.OuterRef) -> Q:
    """Condition on units in force on a day."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class UnitQuerySet(models.QuerySet):
    #: where the words of a search are looked for
    searched: tuple[str, ...] = ("search_key",)

    def in_force_on(self, day: datetime.date | models.OuterRef) -> Self:
        """Return the units in force on a day."""
        return self.filter(_stands_on(day))

    def standing_today(self) -> Self:
        """Return the units of today; all of them where no unit of today is recorded."""
        today = self.in_force_on(timezone.localdate())
        return today if today.exists() else self

    def ended_last(self) -> Self:
        """Put the units that ended behind those that stand, each in the order of lists."""
        ended = When(valid_to__lt=timezone.localdate(), then=Value(1))
        order = self.model._meta.ordering or ()
        return self.alias(has_ended=Case(ended, default=Value(0))).order_by("has_ended", *order)

    def ended_or_ceding(self, first_day: datetime.date | None) -> Self:
        """Return the units that an heir which begins on a day can take over: those that ended
        before it, and those that still stand, which may give a part away."""
        if first_day is None:
            return self
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lt=first_day))

    def _as_of(self, scope: Scope) -> Self:
        return self.in_force_on(scope.as_of) if scope.as_of else self

    def ended_before(self, day: datetime.date) -> Self:
        return self.filter(valid_to__lt=day)

    def overlapping(self, valid_from: datetime.date | None, valid_to: datetime.date | None) -> Self:
        """Return the units in force on some day of a period; a blank end of a period is open."""
        rows = self
        if valid_to:
            rows = rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=valid_to))
        if valid_from:
            rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))
        return rows

    def matching(self, text: str) -> Self:
        """Units in which every word of the text begins a word, without regard to diacritics.

        "tan qui" finds Tân Quý and Tân Quy; "thanh an" finds Thạnh An and not Cần Thạnh; "P3, Q10" is Phường 3,
        Quận 10. A number is a whole word ("phuong 1" does not find Phường 10) or the official code of the unit.
        """
        words = spelled_out(text)
        if not words:
            return self.none()
        named = Q()
        for word in words:
            condition = Q(code=word) if word.isdecimal() else Q()
            for path in self.searched:
                condition |= _word_in(path, word)
            named &= condition
        # The code of an office has letters and points: H29.15.
        return self.filter(named | Q(code=text.strip().upper()))


def _word_in(path: str, word: str) -> Q:
    """A search key never begins with a number: it begins with the kind of the unit."""
    if word.isdecimal():
        return Q(**{f"{path}__endswith": f" {word}"}) | Q(**{f"{path}__contains": f" {word} "})
    return Q(**{f"{path}__startswith": word}) | Q(**{f"{path}__contains": f" {word}"})


class DistrictQuerySet(UnitQuerySet):
    def visible_to(self, viewer: Viewer) -> DistrictQuerySet:
        """Return the districts in scope, or the districts of the wards in scope."""
        scope = viewer.scope
        districts = self._as_of(scope)
        if scope.districts is not None:
            districts = districts.filter(pk__in=scope.districts)
        if scope.wards is not None:
            wards = self._wards().filter(pk__in=scope.wards)
            districts = districts.filter(pk__in=wards.values("district"))
        return districts

    def to_choose(self) -> DistrictQuerySet:
        """Return them with what a choice says of each alone: those of all years are many."""
        return self.only("kind", "name", "valid_from", "valid_to")

    def as_list(self, day: datetime.date) -> list[DistrictOfList]:
        """Return what a page of totals says of each, in the order of lists, and whether it stands on a day."""
        stands = ExpressionWrapper(_stands_on(day), output_field=models.BooleanField())
        labels = dict(own_field(self.model, "kind").flatchoices)
        rows = self.values_list("pk", "code", "kind", "name", "ward_count", stands)
        return [
            DistrictOfList(pk, code, kind, labels[kind], name, ward_count, is_standing)
            for pk, code, kind, name, ward_count, is_standing in rows
        ]

    def editable_by(self, viewer: Viewer) -> DistrictQuerySet:
        return self if viewer.scope.can_manage_units else self.none()

    def with_recorded_wards(self) -> DistrictQuerySet:
        """Adds `recorded_wards`: how many wards of the district had a row of their own on the day
        on which its wards were counted, see `District.counted_on`."""
        first_day = Coalesce("valid_from", Value(timezone.localdate()), output_field=models.DateField())
        day = Case(When(is_baseline=True, then=Value(REPORTED_COUNT_ON)), default=first_day)
        of_day = self._wards().in_force_on(models.OuterRef("_counted_on"))
        counted = of_day.filter(district=models.OuterRef("pk")).order_by().values("district")
        total = counted.annotate(total=models.Count("pk")).values("total")
        return self.alias(_counted_on=day).annotate(
            recorded_wards=Coalesce(models.Subquery(total), 0, output_field=models.IntegerField())
        )

    def _wards(self) -> WardQuerySet:
        return related_rows(self.model, "wards")


class WardQuerySet(UnitQuerySet):
    #: "phuong 6 quan 10" names the district too
    searched = ("search_key", "district__search_key")

    def kinds_that_occur(self) -> list[tuple[str, str]]:
        """Return the kinds of these units as choices: "đặc khu" among them, no "thị trấn" where there is none."""
        present = set(self.order_by().values_list("kind", flat=True).distinct())
        choices = own_field(self.model, "kind").flatchoices
        return [(str(code), str(label)) for code, label in choices if code in present]

    def visible_to(self, viewer: Viewer) -> WardQuerySet:
        scope = viewer.scope
        return self._as_of(scope).filter(scope.of_wards())

    def readable_by(self, viewer: Viewer) -> Self:
        """Return the own units, and the units that the own ward took over."""
        scope = viewer.scope
        former = scope.of_former_wards()
        return self._as_of(scope).filter(scope.of_wards() if former is None else scope.of_wards() | former)

    def editable_by(self, viewer: Viewer) -> WardQuerySet:
        return self if viewer.scope.can_manage_units else self.none()


class OverDays(models.QuerySet):
    """Rows with a first and a last day; a blank one is open."""

    def on_day(self, day: datetime.date | models.OuterRef) -> Self:
        """Return the rows that hold on a day."""
        return self.filter(Q(first_day=None) | Q(first_day__lte=day), Q(last_day=None) | Q(last_day__gte=day))


class GroupingQuerySet(OverDays):
    def visible_to(self, viewer: Viewer) -> Self:
        """Return all for those who see every unit, else those with a group of an own unit."""
        if viewer.scope.sees_all_units:
            return self
        own = related_rows(self.model, "memberships").visible_to(viewer)
        return self.filter(pk__in=own.order_by().values("grouping"))

    def editable_by(self, viewer: Viewer) -> Self:
        return self if viewer.scope.can_approve else self.none()


class UnitGroupQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """Return all for those who see every unit, else the groups of own units."""
        if viewer.scope.sees_all_units:
            return self
        own = related_rows(self.model, "memberships").visible_to(viewer)
        return self.filter(pk__in=own.order_by().values("group"))


class MembershipQuerySet(OverDays):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(viewer.scope.of_wards("ward"))
