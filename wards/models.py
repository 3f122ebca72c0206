"""The units of the City. A row is a unit as it was over a period; its code alone is not its
identity."""

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archiveportal.history.models import FromReport
from archiveportal.vietnamese import search_key, sort_key, unit_name
from wards.contacts import UnitContact as UnitContact
from wards.querysets import (
    REPORTED_COUNT_ON,
    DistrictQuerySet,
    GroupingQuerySet,
    MembershipQuerySet,
    UnitGroupQuerySet,
    UnitQuerySet,
    WardQuerySet,
)
from wards.titles import Titled, TitledWard

#: code of the City among the provinces
HOME = "79"


def _period_is_ordered(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
        violation_error_message=_("The last day must not come before the first day."),
    )


def _one_unit_per_code(name: str) -> list[models.UniqueConstraint]:
    message = _("There is already a unit with this code in this period.")
    return [
        models.UniqueConstraint(
            fields=["code"],
            condition=Q(valid_to__isnull=True),
            name=f"{name}_code_in_force",
            violation_error_message=message,
        ),
        models.UniqueConstraint(
            fields=["code", "valid_to"], name=f"{name}_code_until", violation_error_message=message
        ),
    ]


def _days_are_ordered(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(first_day__isnull=True) | Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
        violation_error_message=_("The last day must not come before the first day."),
    )


_IN_TWO_GROUPS = _("The unit is in another group of this kind in this period.")


def _listed_once(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["listed_as"], condition=~Q(listed_as=""), name=f"{name}_listed_once")


class Unit(Titled, models.Model):
    """Hold what provinces, districts and wards share: a unit as it was over a period.

    The name is without its kind: "10", "Tân Định". A first day that is not known stays null. The
    act is the one that made the unit; the act that ended it is that of its successions.
    """

    code = models.CharField(_("code"), max_length=10)
    name = models.CharField(_("name"), max_length=100)
    valid_from = models.DateField(_("first day"), null=True, blank=True)
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    legal_act = models.CharField(_("legal act"), max_length=200, blank=True)
    act_signed_on = models.DateField(_("day of the act"), null=True, blank=True)
    act_name = models.CharField(_("what the act is about"), max_length=300, blank=True)
    #: row of the portal's own lists of units, "27373/2025-01-01"; blank for a unit that people entered
    listed_as = models.CharField(_("in the list of units"), max_length=30, blank=True, editable=False)
    sort_key = models.CharField(max_length=600, editable=False, db_index=True)
    search_key = models.CharField(max_length=300, editable=False)

    if TYPE_CHECKING:
        # Districts and wards have their own kinds.
        Kind: type[models.TextChoices]
        kind: models.CharField[str, str]

        def get_kind_display(self) -> str: ...

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.set_keys()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name", "sort_key", "search_key"}
        super().save(**kwargs)

    def set_keys(self) -> None:
        """Names are normalised and keyed here, so that no way of writing can forget it (bulk writes call it)."""
        self.name = unit_name(self.name)
        # Names with letters of other scripts have keys that are longer than their columns.
        self.sort_key = f"{list(type(self).Kind.values).index(self.kind)}{sort_key(self.name)}"[:600]
        self.search_key = search_key(self.title)[:300]

    def stands_on(self, day: datetime.date) -> bool:
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to)

    @property
    def period(self) -> str:
        """ "01/01/2021 – 30/06/2025", "until 30/06/2025", "from 01/07/2025"; blank if neither end is known."""
        first, last = (f"{day:%d/%m/%Y}" if day else "" for day in (self.valid_from, self.valid_to))
        if first and last:
            return f"{first} – {last}"
        if last:
            return gettext("until %(day)s") % {"day": last}
        return gettext("from %(day)s") % {"day": first} if first else ""


class Province(Unit):
    """Thành phố trực thuộc trung ương, tỉnh: the level above districts and wards."""

    class Kind(models.TextChoices):
        THANH_PHO = "thanh_pho", "Thành phố"
        TINH = "tinh", "Tỉnh"

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("province")
        ordering = ["sort_key"]
        constraints = [_period_is_ordered("province_period"), *_one_unit_per_code("province"), _listed_once("province")]

    @property
    def in_sentence(self) -> str:
        """Return "Thành phố Hồ Chí Minh", "tỉnh Bình Dương"."""
        return self.title if self.kind == self.Kind.THANH_PHO else super().in_sentence


class District(Unit, FromReport):
    """Quận, huyện, thành phố thuộc Thành phố: the level that ended on 30/6/2025."""

    class Kind(models.TextChoices):
        QUAN = "quan", "Quận"
        THANH_PHO = "thanh_pho", "Thành phố"
        HUYEN = "huyen", "Huyện"

    #: labels by kind
    KINDS = dict(Kind.choices)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="districts", verbose_name=_("province")
    )
    #: wards in the official list, known also where they are not recorded one by one
    ward_count = models.PositiveSmallIntegerField(_("number of wards"), null=True, blank=True)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        ordering = ["sort_key"]
        constraints = [_period_is_ordered("district_period"), *_one_unit_per_code("district"), _listed_once("district")]

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """Return the label of the kind: Django's own method copies all choices for each unit of a list."""
        return str(self.KINDS.get(self.kind, self.kind))

    @property
    def counted_on(self) -> datetime.date:
        """Return the day on which its wards are counted: wards of a district changed over the years."""
        return REPORTED_COUNT_ON if self.is_baseline else self.valid_from or timezone.localdate()


class Ward(TitledWard, Unit, FromReport):
    """A unit that is inspected: phường, xã, thị trấn, đặc khu (since 01/7/2025 without a district),
    and offices of the City, which have their electronic code and no district."""

    class Kind(models.TextChoices):
        PHUONG = "phuong", "Phường"
        XA = "xa", "Xã"
        THI_TRAN = "thi_tran", "Thị trấn"
        DAC_KHU = "dac_khu", "Đặc khu"
        SO = "so", "Sở"
        BAN = "ban", "Ban"
        CO_QUAN = "co_quan", "Cơ quan khác"
        SU_NGHIEP = "su_nghiep", "Đơn vị sự nghiệp"

    #: labels by kind
    KINDS = dict(Kind.choices)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="wards", verbose_name=_("province")
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="wards", verbose_name=_("district")
    )

    objects = WardQuerySet.as_manager()

    class Meta:
        verbose_name = _("ward")
        ordering = ["district__sort_key", "sort_key"]
        constraints = [_period_is_ordered("ward_period"), *_one_unit_per_code("ward"), _listed_once("ward")]

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """Return the label of the kind, as for districts."""
        return str(self.KINDS.get(self.kind, self.kind))


class Succession(models.Model):
    """Join a ward to the unit that took it over, whole or in part, on a day, by an act.

    The heir is named by code and name as long as its own row is not recorded. A predecessor in
    another province has no row here: it is named in words, with the province if that is known. A
    score is never carried over: it is shown as the score of a predecessor.
    """

    class Extent(models.TextChoices):
        WHOLE = "whole", _("the whole unit")
        PART = "part", _("a part of the unit")

    predecessor = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="successions")
    #: names of the predecessors in another province, as the act lists them; blank where it has a row
    predecessor_name = models.CharField(_("predecessor in another province"), max_length=500, blank=True)
    predecessor_province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("former province")
    )
    successor = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="predecessions")
    successor_code = models.CharField(max_length=10)
    successor_name = models.CharField(max_length=100)
    #: blank where it is not known, of a predecessor in another province
    extent = models.CharField(max_length=5, choices=Extent, blank=True)
    took_effect_on = models.DateField()
    legal_act = models.CharField(max_length=200, blank=True)
    #: the heir began later than the day after the last one of its predecessor, and that is known to be so
    has_gap = models.BooleanField(_("gap before the heir"), default=False)

    class Meta:
        ordering = ["took_effect_on", "successor_code"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor_code", "took_effect_on"], name="succession_once"),
            models.CheckConstraint(
                name="succession_predecessor",
                condition=Q(predecessor__isnull=False, predecessor_name="", predecessor_province__isnull=True)
                | (Q(predecessor__isnull=True) & ~Q(predecessor_name="")),
                violation_error_message=_("Name either a unit of the City or one of another province in words."),
            ),
            models.CheckConstraint(
                name="succession_of_another",
                condition=Q(predecessor__isnull=True) | Q(successor__isnull=True) | ~Q(predecessor=F("successor")),
                violation_error_message=_("A unit does not take over itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor or self.predecessor_name} → {self.successor_name}"[:300]


class Grouping(models.Model):
    """Name one way of dividing the City's units into groups: "Khu vực", "Cụm thi đua".

    Several stand side by side. A group gives nobody a right; it orders lists, filters, subtotals.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    #: noun of its groups, as a heading of a column and of a filter
    name = models.CharField(_("name"), max_length=60)
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    sort_key = models.CharField(max_length=400, editable=False, db_index=True)

    objects = GroupingQuerySet.as_manager()

    class Meta:
        verbose_name = _("way of grouping")
        ordering = ["sort_key", "pk"]
        constraints = [_days_are_ordered("grouping_period")]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        self.name = unit_name(self.name)
        self.sort_key = sort_key(self.name)[:400]
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name", "sort_key"}
        super().save(**kwargs)


class UnitGroup(models.Model):
    """A group of units: "Khu vực 1". Its units are its memberships."""

    grouping = models.ForeignKey(Grouping, models.PROTECT, related_name="groups", verbose_name=_("way of grouping"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("No."))

    #: a group stands where a district may stand, whose list counts its wards
    ward_count = None

    objects = UnitGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of units")
        ordering = ["grouping", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grouping", "code"],
                name="unit_group_code",
                violation_error_message=_("There is already a group with this code."),
            ),
            models.UniqueConstraint(
                fields=["grouping", "name"],
                name="unit_group_name",
                violation_error_message=_("There is already a group of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        return self.name

    @property
    def in_sentence(self) -> str:
        """Return the name as it is: it may begin with a proper name."""
        return self.name


class GroupMembership(models.Model):
    """A unit in a group over a period. No unit is in two groups of one grouping on one day.

    A blank first day is "from the start". PostgreSQL has an exclusion constraint, SQLite triggers
    (guard.py).
    """

    grouping = models.ForeignKey(
        Grouping, models.PROTECT, related_name="memberships", verbose_name=_("way of grouping")
    )
    group = models.ForeignKey(UnitGroup, models.PROTECT, related_name="memberships", verbose_name=_("group of units"))
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="memberships", verbose_name=_("ward"))
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit in a group")
        ordering = ["group", "pk"]
        constraints = [
            _days_are_ordered("group_membership_period"),
            models.UniqueConstraint(
                fields=["grouping", "ward"],
                condition=Q(last_day__isnull=True),
                name="group_membership_today",
                violation_error_message=_IN_TWO_GROUPS,
            ),
            models.UniqueConstraint(
                fields=["grouping", "ward", "last_day"],
                name="group_membership_until",
                violation_error_message=_IN_TWO_GROUPS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ward} – {self.group}"
