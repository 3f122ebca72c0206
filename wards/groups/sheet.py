"""The sheet of groups: one row a unit, with the group that it is in."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.history.models import Via
from archiveportal.scope import Right
from archiveportal.sheets.columns import ColumnType, TableColumn
from archiveportal.sheets.kinds import Order, SheetKind
from archiveportal.sheets.rows import CellChange, Deed, FirstPlaces, PlanLine, TableRow
from archiveportal.vietnamese import search_key
from wards.groups.forms import code_of
from wards.lookup import UnitLookup
from wards.models import Grouping, GroupMembership, UnitGroup, Ward
from wards.row_units import unit_of_row
from wards.services import assign_units, create_group, create_grouping

COLUMNS = (
    TableColumn(
        "unit_code",
        "Mã đơn vị",
        synonyms=("Mã số đơn vị", "Mã ĐVHC", "Mã xã", "Mã phường, xã"),
        limit=10,
        hint="Mã của Cục Thống kê. Có mã thì không cần tên; có cả hai thì hai ô phải khớp nhau.",
        example="99999",
        width=12,
    ),
    TableColumn(
        "unit",
        "Tên đơn vị",
        synonyms=("Đơn vị", "Phường, xã", "Phường, xã, đặc khu", "Tên phường, xã"),
        hint="Tên phường, xã, đặc khu. Để trống nếu đã ghi mã.",
        example="Phường Tên Ví Dụ",
        width=30,
    ),
    TableColumn(
        "group",
        "Nhóm",
        synonyms=("Khu vực", "Cụm", "Cụm thi đua", "Tên nhóm"),
        is_required=True,
        limit=100,
        hint="Bắt buộc. Nhóm chưa có thì cổng lập thêm, theo thứ tự trong bảng.",
        example="Khu vực 1",
        width=22,
    ),
    TableColumn(
        "grouping",
        "Cách chia nhóm",
        synonyms=("Cách chia",),
        limit=60,
        hint="Ví dụ: Khu vực, Cụm thi đua. Để trống nếu cổng chỉ có một cách chia.",
        example="Khu vực",
        width=18,
    ),
    TableColumn(
        "since",
        "Từ ngày",
        type=ColumnType.DAY,
        hint="Để trống: đơn vị thuộc nhóm từ đầu. Có ngày: đến hôm trước đơn vị vẫn ở nhóm cũ.",
        example="",
        width=14,
    ),
)


class GroupSheet(SheetKind):
    """Ways of grouping and groups are made where they are missing; units are moved."""

    code = "groups"
    slug = "nhom-don-vi"
    title = gettext_lazy("Groups from a sheet")
    about = gettext_lazy(
        "One row a unit, with its group. Groups that are missing are made; a unit in another group of the same kind "
        "is moved. Units that the sheet does not name stay where they are."
    )
    right = Right.CAN_APPROVE
    columns = COLUMNS

    def check(self, rows: Iterable[TableRow], order: Order) -> Iterator[PlanLine]:
        return map(_KnownGroups(order).line, rows)

    def apply(self, lines: Sequence[PlanLine], order: Order, *, batch: int | None) -> dict[str, Any]:
        by_target: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for line in lines:
            by_target[line.step["grouping"], line.step["group"], line.step["since"]].append(line.step)
        moved = 0
        for (grouping_name, group_name, since), steps in by_target.items():
            grouping = _grouping_named(grouping_name, order)
            group = _group_named(grouping, group_name, order)
            wards = list(Ward.objects.filter(pk__in=[step["ward"] for step in steps]).select_related("district"))
            _refuse_moved_meanwhile(grouping, steps)
            day = datetime.date.fromisoformat(since) if since else None
            moved += len(
                assign_units(grouping=grouping, group=group, wards=wards, since=day, by=order.by, via=Via.IMPORT)
            )
        return {"moved": moved}

    def result_address(self, batch: int) -> str:
        return reverse("wards:groupings")


def _grouping_named(name: str, order: Order) -> Grouping:
    found = Grouping.objects.filter(name=name).first()
    if found:
        return found
    return create_grouping(grouping=Grouping(code=code_of(name), name=name), by=order.by, via=Via.IMPORT)


def _group_named(grouping: Grouping, name: str, order: Order) -> UnitGroup:
    found = grouping.groups.filter(name=name).first()
    if found:
        return found
    group = UnitGroup(grouping=grouping, code=code_of(name), name=name)
    return create_group(group=group, by=order.by, via=Via.IMPORT)


def _refuse_moved_meanwhile(grouping: Grouping, steps: list[dict[str, Any]]) -> None:
    present = dict(grouping.memberships.filter(last_day=None).values_list("ward", "group"))
    if any(present.get(step["ward"]) != step["was"] for step in steps):
        raise ValidationError(_("The groups were changed since this sheet was checked. Check it once more."))


class _KnownGroups:
    """The units, groupings and groups there are, read once, and the rows that came before."""

    def __init__(self, order: Order) -> None:
        wards = Ward.objects.visible_to(order.by) if order.by else Ward.objects.all()
        self.units = UnitLookup(list(wards.select_related("district")), order.as_of)
        self.groupings = {search_key(each.name): each for each in Grouping.objects.all()}
        self.names: dict[str, str] = {}
        self.groups: dict[tuple[str, str], str] = {}
        for group in UnitGroup.objects.select_related("grouping"):
            self.groups[group.grouping.name, search_key(group.name)] = group.name
        self.present: dict[tuple[str, int], GroupMembership] = {}
        for row in GroupMembership.objects.filter(last_day=None).select_related("group", "grouping"):
            self.present[row.grouping.name, row.ward_id] = row
        self.places = FirstPlaces()

    def line(self, row: TableRow) -> PlanLine:
        """Return what becomes of a row."""
        unit = unit_of_row(row, self.units)
        grouping = self._grouping_name(row)
        name = unit.full_title if unit else row.text("unit") or row.text("unit_code")
        if unit is None or row.is_refused:
            return PlanLine.of(row, Deed.REFUSE, name)
        self._refuse_twice(row, grouping, unit)
        group = self.groups.setdefault((grouping, search_key(row["group"])), row["group"])
        present = self.present.get((grouping, unit.pk))
        self._refuse_earlier_day(row, present)
        if present and present.group.name == group:
            return PlanLine.of(row, Deed.STAY, name)
        step = {
            "ward": unit.pk,
            "grouping": grouping,
            "group": group,
            "since": str(row["since"] or ""),
            "was": present.group_id if present else None,
        }
        changes = [CellChange(grouping, present.group.name if present else "", group)]
        return PlanLine.of(row, Deed.CHANGE if present else Deed.BEGIN, name, changes=changes, step=step)

    def _grouping_name(self, row: TableRow) -> str:
        typed = row["grouping"]
        if typed:
            found = self.groupings.get(search_key(typed))
            return found.name if found else self.names.setdefault(search_key(typed), typed)
        if len(self.groupings) == 1:
            return next(iter(self.groupings.values())).name
        row.refuse("grouping", _("the way of grouping, for example Khu vực: the portal does not have exactly one"))
        return ""

    def _refuse_twice(self, row: TableRow, grouping: str, unit: Ward) -> None:
        if first := self.places.before(row, (grouping, unit.pk)):
            expected = _("a unit once for each way of grouping: row %(row)s is about the same one")
            row.refuse("unit" if row["unit"] else "unit_code", expected % {"row": first})

    def _refuse_earlier_day(self, row: TableRow, present: GroupMembership | None) -> None:
        if present and present.first_day and row["since"] and row["since"] < present.first_day:
            expected = _("%(day)s or a later day: the unit is in %(group)s from then on")
            facts = {"day": f"{present.first_day:%d/%m/%Y}", "group": present.group.name}
            row.refuse("since", expected % facts)
