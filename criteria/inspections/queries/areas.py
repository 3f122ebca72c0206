"""How the units of a round are divided: by its way of grouping, else by districts, else not at all.

Lists, filters, subtotals, charts, workbooks and papers ask here and never a unit for its district.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol, TypeVar

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.utils import timezone
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext as _

from archiveportal.scope import Viewer
from criteria.inspections.models import Round
from wards.models import District, Grouping, GroupMembership, UnitGroup, Ward
from wards.titles import DistrictOfList

#: what a round is divided into: all have `pk`, `code`, `title`, `in_sentence`, `ward_count`
Area = District | DistrictOfList | UnitGroup
Rows = TypeVar("Rows", bound=QuerySet[Any])
#: heading of districts on paper, whatever the language of the screen
DISTRICTS = "Quận, huyện"


class Kind(StrEnum):
    NONE = "none"
    DISTRICTS = "districts"
    GROUPS = "groups"


class InDistrict(Protocol):
    """A unit, be it a row of the database or its names alone."""

    @property
    def pk(self) -> int: ...

    @property
    def district_id(self) -> int | None: ...


@dataclass(frozen=True)
class Division:
    """The areas of a round, or of the units to choose from, as one person sees them.

    `kind` is NONE where nothing divides the units: there is no heading, no filter, no subtotal then.
    """

    kind: Kind
    #: in the order of lists
    areas: list[Area] = field(default_factory=list)
    grouping: Grouping | None = None
    #: of the memberships
    day: datetime.date | None = None

    def __bool__(self) -> bool:
        return bool(self.areas)

    @property
    def noun(self) -> str:
        """Return the heading of a column, a filter or a chart: "Khu vực", "District", or "" without areas."""
        if self.kind == Kind.GROUPS:
            return self.noun_on_paper
        return _("District") if self.areas else ""

    @property
    def noun_on_paper(self) -> str:
        """Return the same in Vietnamese, for workbooks and documents."""
        if not self.areas:
            return ""
        return self.grouping.name if self.grouping else DISTRICTS

    @property
    def column_heading(self) -> str:
        """Return the heading of the column in the printed table of the appendix: "Quận/huyện", "Khu vực"."""
        return "Quận/huyện" if self.has_districts else self.noun_on_paper

    @property
    def noun_in_sentence(self) -> str:
        """Return the noun within a Vietnamese sentence: "quận, huyện", "khu vực"."""
        noun = self.noun_on_paper
        return noun[:1].lower() + noun[1:]

    @property
    def units_heading(self) -> str:
        """Return what the units of the round are called on paper, as the heading of their column."""
        return "Xã/Phường/Thị trấn" if self.has_districts else "Xã/Phường/Đặc khu"

    @property
    def units_on_paper(self) -> str:
        """Return the same as the reports on a round and the tables to compute with write it."""
        return "Xã, phường, thị trấn" if self.has_districts else "Xã, phường, đặc khu"

    @property
    def units_in_sentence(self) -> str:
        """Return the same within a Vietnamese sentence."""
        return "phường, xã, thị trấn" if self.has_districts else "phường, xã, đặc khu"

    @property
    def units_noun(self) -> str:
        """Return the same as the heading of a screen."""
        return _("Ward, commune, township") if self.has_districts else _("Ward, commune, special zone")

    @property
    def side_by_side(self) -> str:
        """Return the title of the picture that sets the areas side by side."""
        return (
            _("%(noun)s side by side") % {"noun": self.noun_in_sentence}
            if self.grouping
            else _("Districts side by side")
        )

    @property
    def by_criterion(self) -> str:
        """Return the title of the picture of areas by criterion."""
        return (
            _("%(noun)s by criterion") % {"noun": self.noun_in_sentence}
            if self.grouping
            else _("District by criterion")
        )

    @property
    def rest_on_paper(self) -> str:
        """Return what units in no area are called in a workbook."""
        if self.grouping:
            return f"Đơn vị chưa xếp {self.noun_in_sentence}"
        return "Đơn vị không thuộc quận, huyện" if self.areas else "Các đơn vị của đợt"

    @property
    def by_noun(self) -> str:
        """Return the name of the view that sets the areas side by side."""
        if self.has_districts:
            return _("By district")
        return _("By %(noun)s") % {"noun": self.noun_in_sentence or _("group of units")}

    @property
    def rest(self) -> str:
        """Return what units that lie in no area are called."""
        if self.kind == Kind.GROUPS:
            return _("Units in no group (%(noun)s)") % {"noun": self.noun_in_sentence}
        return _("Units without a district") if self.areas else _("Units")

    @property
    def parameter(self) -> str:
        """Return the parameter of addresses that names an area: "district" or "group"."""
        return "group" if self.kind == Kind.GROUPS else "district"

    @property
    def has_districts(self) -> bool:
        return self.kind == Kind.DISTRICTS

    @cached_property
    def by_key(self) -> dict[int, Area]:
        return {area.pk: area for area in self.areas}

    @cached_property
    def _group_of_ward(self) -> Mapping[int, int]:
        if self.grouping is None:
            return {}
        return dict(_memberships(self.grouping, self.day).values_list("ward", "group"))

    def key_of(self, ward: InDistrict) -> int | None:
        """Return the key of the area of a unit; None where it lies in none."""
        return self.key_at(ward.pk, ward.district_id)

    def key_at(self, ward: int, district: int | None) -> int | None:
        """Return the key of the area of a unit, by its key and that of its district."""
        if self.kind == Kind.GROUPS:
            return self._group_of_ward.get(ward)
        return district if self.kind == Kind.DISTRICTS else None

    def area_of(self, ward: InDistrict) -> Area | None:
        key = self.key_of(ward)
        return self.by_key.get(key) if key else None

    def title_of(self, ward: InDistrict) -> str:
        """Return the title of the area of a unit, "" where it lies in none."""
        area = self.area_of(ward)
        return area.title if area else ""

    def place_of(self, ward: InDistrict) -> int:
        """Return the place of a unit's area among the areas, to sort by; units in none are last."""
        return self._places.get(self.key_of(ward) or 0, len(self.areas))

    @cached_property
    def _places(self) -> dict[int, int]:
        return {area.pk: place for place, area in enumerate(self.areas)}

    def with_areas(self, rows: Rows, path: str = "ward") -> Rows:
        """Add `area`, the key of the area of the unit behind `path`; "" where rows are units."""
        return rows.annotate(area=self._key(path))

    def _key(self, path: str) -> Any:
        if self.kind == Kind.DISTRICTS:
            return F(f"{path}__district" if path else "district")
        if self.grouping is None:
            return Value(None, output_field=IntegerField())
        of_unit = _memberships(self.grouping, self.day).filter(ward=OuterRef(path or "pk"))
        return Subquery(of_unit.order_by().values("group")[:1])

    def order_by(self, path: str = "ward") -> list[Any]:
        """Return what rows are ordered by so that those of an area follow each other, units in none last."""
        place = self._place(path)
        return [] if place is None else [place.asc(nulls_last=True)]

    def with_places(self, rows: Rows, path: str = "ward") -> Rows:
        """Add `area_place`, by which rows with the areas of their units are sorted."""
        place = self._place(path)
        return rows if place is None else rows.annotate(area_place=place)

    def _place(self, path: str) -> Any:
        if self.kind == Kind.DISTRICTS:
            return F(f"{path}__district__sort_key" if path else "district__sort_key")
        if self.grouping is None:
            return None
        of_unit = _memberships(self.grouping, self.day).filter(ward=OuterRef(path or "pk"))
        return Subquery(of_unit.order_by().values("group__position")[:1])

    def within(self, rows: Rows, key: int | None, path: str = "ward") -> Rows:
        """Narrow rows to the units of one area; None to those that lie in none."""
        if self.kind == Kind.DISTRICTS:
            return rows.filter(**{f"{path}__district" if path else "district": key})
        if self.grouping is None:
            return rows if key is None else rows.none()
        members = _memberships(self.grouping, self.day)
        if key is None:
            return rows.exclude(**{f"{path or 'pk'}__in": members.values("ward")})
        return rows.filter(**{f"{path or 'pk'}__in": members.filter(group=key).values("ward")})

    def choices(self) -> AreaChoices:
        """Return the areas as choices of a filter."""
        return AreaChoices(self.areas)


class AreaChoices(BaseChoiceIterator):
    """The areas as choices. Django copies and checks a list of choices for each form: these are ready."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self.pairs = [(str(area.pk), area.title) for area in areas]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __deepcopy__(self, memo: dict[int, Any]) -> AreaChoices:
        return self


NOTHING = Division(Kind.NONE)


def division(user: Viewer, inspection_round: Round) -> Division:
    """Return how a round is divided, with the areas of the units that the person sees. One query."""
    enrolled = inspection_round.enrolments.visible_to(user).order_by().values("ward")
    wards = Ward.objects.filter(pk__in=enrolled)
    return division_of_wards(user, wards, grouping=inspection_round.grouping, day=inspection_round.starts_on)


def division_in_words(user: Viewer, inspection_round: Round) -> Division:
    """Return how a round is divided, with one of its districts at most: enough for headings. One query."""
    if inspection_round.grouping_id:
        return division(user, inspection_round)
    of_district = inspection_round.enrolments.visible_to(user).filter(ward__district=OuterRef("pk"))
    districts = District.objects.visible_to(user).filter(Exists(of_district.order_by()))
    first: list[Area] = list(districts.order_by()[:1])
    return Division(Kind.DISTRICTS, first) if first else NOTHING


def division_across_rounds(user: Viewer, inspection_round: Round | None) -> Division:
    """Return how a list over several rounds is divided: as the round that is chosen from it, else by
    the districts of its units, else by the groups of today that the newest round follows."""
    if inspection_round is not None:
        return division(user, inspection_round)
    rounds = Round.objects.visible_to(user)
    by_district = division_of_wards(user, Ward.objects.filter(enrolments__round__in=rounds.order_by().values("pk")))
    newest = None if by_district else rounds.filter(grouping__isnull=False).order_by("-starts_on", "pk").first()
    if newest is None:
        return by_district
    wards = Ward.objects.filter(enrolments__round=newest)
    return division_of_wards(user, wards, grouping=newest.grouping, day=timezone.localdate())


def division_of_wards(
    user: Viewer, wards: QuerySet[Ward], *, grouping: Grouping | None = None, day: datetime.date | None = None
) -> Division:
    """Return how units are divided on a day, be they in a round or to be chosen for one."""
    wards = wards.order_by()
    if grouping is None:
        districts = District.objects.visible_to(user).filter(pk__in=wards.values("district"))
        # Of hundreds of districts a page shows some: rows of the database take four times as long.
        areas: list[Area] = [*districts.order_by("sort_key", "pk").as_list(day or timezone.localdate())]
        return Division(Kind.DISTRICTS, areas) if areas else NOTHING
    members = _memberships(grouping, day).filter(ward__in=wards.values("pk"))
    groups = grouping.groups.filter(pk__in=members.values("group"))
    return Division(Kind.GROUPS, list(groups.order_by("position", "pk")), grouping=grouping, day=day)


def _memberships(grouping: Grouping, day: datetime.date | None) -> QuerySet[GroupMembership]:
    rows = GroupMembership.objects.filter(grouping=grouping)
    return rows.on_day(day) if day else rows.filter(last_day=None)


def units_of_group(group: UnitGroup, inspection_round: Round) -> frozenset[int]:
    """Return the keys of the units that are in a group on the first day of a round."""
    rows = GroupMembership.objects.on_day(inspection_round.starts_on).filter(group=group)
    return frozenset(rows.values_list("ward", flat=True))


def titles_of_kinds(kinds: Iterable[str]) -> str:
    """Return "phường, xã, đặc khu" for kinds that occur, in the order of the law."""
    present = set(kinds)
    labels = (str(label).lower() for code, label in Ward.Kind.choices if code in present)
    return ", ".join(labels)
