"""The sheet of the directory: one row a unit, as the list of the directory is downloaded."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.history.models import Via
from archiveportal.history.services import digest
from archiveportal.model_fields import own_field
from archiveportal.scope import Right
from archiveportal.sheets.columns import ColumnType, TableColumn
from archiveportal.sheets.contact_cells import parse_mailbox, parse_telephone
from archiveportal.sheets.kinds import Order, SheetKind
from archiveportal.sheets.rows import CellChange, Deed, FirstPlaces, PlanLine, TableRow
from archiveportal.statements import rows_with
from wards.contacts import UnitContact
from wards.lookup import UnitLookup
from wards.models import Ward
from wards.row_units import unit_of_row
from wards.services import CONTACT_FIELDS, save_contacts

COLUMNS = (
    TableColumn(
        "unit_code",
        "Mã đơn vị",
        synonyms=("Mã", "Mã số đơn vị", "Mã ĐVHC", "Mã xã", "Mã phường, xã"),
        limit=10,
        hint="Mã của Cục Thống kê. Có mã thì không cần tên; có cả hai thì hai ô phải khớp nhau.",
        example="99999",
        width=12,
    ),
    TableColumn(
        "unit",
        "Đơn vị",
        synonyms=("Tên đơn vị", "Phường, xã", "Phường, xã, đặc khu", "Tên phường, xã"),
        hint="Tên phường, xã, đặc khu hoặc cơ quan, đơn vị. Để trống nếu đã ghi mã.",
        example="Phường Tên Ví Dụ",
        width=30,
    ),
    TableColumn(
        "mailbox",
        "Hộp thư công vụ",
        synonyms=("Email", "E-mail", "Thư điện tử", "Hộp thư", "Hộp thư điện tử công vụ", "Thư công vụ"),
        limit=254,
        parse=parse_mailbox,
        hint="Hộp thư của đơn vị. Ô trống thì giữ giá trị đang có, ở cột này và các cột sau.",
        example="tandinh@tphcm.gov.vn",
        width=30,
    ),
    TableColumn(
        "telephone",
        "Điện thoại",
        synonyms=("Số điện thoại", "Điện thoại liên hệ", "ĐT"),
        limit=30,
        parse=parse_telephone,
        hint="Số điện thoại của trụ sở.",
        example="028 3829 1234",
        width=18,
    ),
    TableColumn(
        "seat",
        "Địa chỉ trụ sở",
        synonyms=("Trụ sở", "Địa chỉ", "Địa chỉ cơ quan"),
        limit=300,
        hint="Địa chỉ trụ sở chính.",
        example="58B Nguyễn Đình Chiểu",
        width=40,
    ),
    TableColumn(
        "stores",
        "Địa chỉ các kho lưu trữ",
        synonyms=("Kho lưu trữ", "Địa chỉ kho lưu trữ", "Địa chỉ kho", "Các kho lưu trữ"),
        limit=2000,
        keeps_lines=True,
        hint="Mỗi kho một dòng trong ô (Alt+Enter), hoặc cách nhau bằng dấu chấm phẩy.",
        example="58B Nguyễn Đình Chiểu; 12 Trần Quang Khải",
        width=40,
    ),
    TableColumn(
        "chairman",
        "Người đứng đầu",
        synonyms=("Chủ tịch", "Chủ tịch UBND", "Chủ tịch Ủy ban nhân dân", "Thủ trưởng", "Thủ trưởng đơn vị"),
        limit=120,
        hint="Họ và tên Chủ tịch Ủy ban nhân dân hoặc thủ trưởng đơn vị.",
        example="Trần Thị Bích",
        width=26,
    ),
    TableColumn(
        "officers",
        "Người làm văn thư, lưu trữ",
        synonyms=("Công chức văn thư, lưu trữ", "Người làm công tác văn thư, lưu trữ", "Văn thư, lưu trữ", "Cán bộ"),
        limit=2000,
        keeps_lines=True,
        hint="Mỗi người một dòng trong ô (hoặc cách nhau bằng dấu chấm phẩy): họ tên, chức vụ, điện thoại.",
        example="Nguyễn Văn An, công chức Văn phòng - Thống kê, 0912 345 678",
        width=44,
    ),
    TableColumn(
        "confirmed_on",
        "Xác nhận gần nhất",
        synonyms=("Ngày xác nhận", "Xác nhận ngày", "Ngày đơn vị xác nhận"),
        type=ColumnType.DAY,
        hint="Ngày đơn vị xác nhận bằng văn bản. Đơn vị xác nhận trên cổng thì để trống.",
        example="",
        width=16,
    ),
)


class ContactSheet(SheetKind):
    """Entries of the directory are made and corrected by the service of their page."""

    code = "directory"
    slug = "danh-ba"
    title = gettext_lazy("Directory from a sheet")
    about = gettext_lazy(
        "One row a unit: mailbox, telephone, addresses, who leads it, records officers. The workbook of the directory "
        "can be filled in and handed in again. A blank cell changes nothing; each unit confirms its own entry."
    )
    right = Right.CAN_MANAGE_UNITS
    columns = COLUMNS

    def check(self, rows: Iterable[TableRow], order: Order) -> Iterator[PlanLine]:
        return map(_KnownContacts(order).line, rows)

    def apply(self, lines: Sequence[PlanLine], order: Order, *, batch: int | None) -> dict[str, Any]:
        stored = _locked_contacts([line.step["ward"] for line in lines])
        contacts, days = [], []
        for line in lines:
            step = line.step
            contact = stored.get(step["ward"])
            if step["made_on"] != (digest(contact, _WRITTEN) if contact else ""):
                raise ValidationError(_("The directory was changed since this sheet was checked. Check it once more."))
            contact = contact or UnitContact(ward_id=step["ward"])
            values = dict(step["values"])
            day = values.pop("confirmed_on", None)
            for name, value in values.items():
                setattr(contact, name, value)
            contacts.append(contact)
            days.append(datetime.date.fromisoformat(day) if day else None)
        unseen = [None] * len(contacts)
        save_contacts(contacts=contacts, made_on=unseen, confirmed_on=days, by=order.by, via=Via.IMPORT)
        return {"written": len(lines)}

    def result_address(self, batch: int) -> str:
        return reverse("wards:directory")


#: what a row may set
_WRITTEN = (*CONTACT_FIELDS, "confirmed_on")


def _locked_contacts(wards: Sequence[int]) -> dict[int, UnitContact]:
    """Return the entries by ward, locked before they are compared: nothing saved meanwhile is written over."""
    list(rows_with(Ward.objects.select_for_update().order_by("pk"), "pk", wards))
    return {contact.ward_id: contact for contact in rows_with(UnitContact.objects.all(), "ward", wards)}


class _KnownContacts:
    """The units and their entries, read once, and the rows that came before."""

    def __init__(self, order: Order) -> None:
        wards = Ward.objects.visible_to(order.by) if order.by else Ward.objects.all()
        self.units = UnitLookup(list(wards.select_related("district", "contact")), order.as_of)
        self.today = timezone.localdate()
        self.labels = {name: str(own_field(UnitContact, name).verbose_name) for name in _WRITTEN}
        self.places = FirstPlaces()

    def line(self, row: TableRow) -> PlanLine:
        """Return what becomes of a row."""
        unit = unit_of_row(row, self.units)
        if unit is None:
            return PlanLine.of(row, Deed.REFUSE, row.text("unit") or row.text("unit_code"))
        name = unit.full_title
        stored = getattr(unit, "contact", None)
        self._refuse_twice(row, unit)
        self._refuse_coming_day(row)
        before = stored or UnitContact(ward=unit)
        values = {key: row[key] for key in _WRITTEN if row[key] and row[key] != getattr(before, key)}
        _refuse_older(row, stored, values)
        if not values:
            return PlanLine.of(row, Deed.STAY, name)
        changes = [CellChange(self.labels[key], _shown(getattr(before, key)), _shown(values[key])) for key in values]
        step = {
            "ward": unit.pk,
            "values": {key: str(value) for key, value in values.items()},
            "made_on": digest(stored, _WRITTEN) if stored else "",
        }
        return PlanLine.of(row, Deed.CHANGE if stored else Deed.BEGIN, name, changes=changes, step=step)

    def _refuse_twice(self, row: TableRow, unit: Ward) -> None:
        if first := self.places.before(row, unit.pk):
            expected = _("one row a unit: row %(row)s is about the same one")
            row.refuse("unit" if row["unit"] else "unit_code", expected % {"row": first})

    def _refuse_coming_day(self, row: TableRow) -> None:
        if row["confirmed_on"] and row["confirmed_on"] > self.today:
            row.refuse("confirmed_on", _("the day on which the unit confirmed it: not a day to come"))


def _refuse_older(row: TableRow, stored: UnitContact | None, values: dict[str, Any]) -> None:
    """Refuse to write over what the unit confirmed after the day of the row; an older day alone is left out."""
    last = stored.confirmed_on if stored else None
    if not last or not row["confirmed_on"] or row["confirmed_on"] >= last:
        return
    values.pop("confirmed_on", None)
    if values:
        expected = _("a day from %(day)s on, when the unit confirmed its entry; or a blank cell, to correct it")
        row.refuse("confirmed_on", expected % {"day": f"{last:%d/%m/%Y}"})


def _shown(value: Any) -> str:
    """Return a value as the preview shows it."""
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return "; ".join(str(value or "").splitlines())
