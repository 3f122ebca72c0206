"""The recommendations of a round with what became of them, district by district."""

from __future__ import annotations

import datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from archiveportal import excel
from archiveportal.excel import Book
from archiveportal.vietnamese import number
from criteria.inspections.models import Finding, Round
from reports.workbooks.form import SECTION, Form, Reader, SheetColumn, write_section
from reports.workbooks.summary import NO_DISTRICT
from wards.models import District, Ward

TITLE = "TỔNG HỢP KIẾN NGHỊ, KHẮC PHỤC TỒN TẠI, HẠN CHẾ"
COLUMNS = [
    SheetColumn("STT", 6, excel.CENTRED),
    SheetColumn("Xã/Phường/Thị trấn", 24),
    SheetColumn("Tiêu chí", 40),
    SheetColumn("Kiến nghị", 76),
    SheetColumn("Thời hạn khắc phục", 12, excel.DATE),
    SheetColumn("Tình trạng", 18, excel.CENTRED),
    SheetColumn("Ngày khắc phục xong", 12, excel.DATE),
    SheetColumn("Số ngày quá hạn", 9, excel.COUNT),
]
STATUS = Finding.Status
WORDS = {
    STATUS.OPEN: "đang khắc phục",
    STATUS.ANSWERED: "đã báo cáo, chờ kiểm tra lại",
    STATUS.CLOSED: "đã khắc phục",
}
NOT_PUBLISHED = "chưa công bố"
KINDS, DISTRICT_KINDS = dict(Ward.Kind.choices), dict(District.Kind.choices)
WARD = "inspection__enrolment__ward"
FIELDS = [
    f"{WARD}__district", f"{WARD}__district__kind", f"{WARD}__district__name", f"{WARD}__kind", f"{WARD}__name",
    "criterion__number", "criterion__name", "recommendation", "due_on", "status", "published_at", "closed_at",
]  # fmt: skip


DERIVED = (
    "Gồm các kiến nghị của đợt, không gồm kiến nghị đã rút.",
    "Số ngày quá hạn tính đến hôm nay, cho kiến nghị đã công bố mà đơn vị chưa báo cáo khắc phục.",
)


def listed_findings(reader: Reader, inspection_round: Round) -> QuerySet[Finding]:
    """Return the round's recommendations that the person sees, without withdrawn ones, by district and ward."""
    rows = Finding.objects.visible_to(reader.scope).exclude(status=STATUS.WITHDRAWN)
    rows = rows.filter(inspection__enrolment__round=inspection_round)
    return rows.order_by(f"{WARD}__district__sort_key", f"{WARD}__sort_key", "criterion__position", "pk")


def district_title(kind: str | None, name: str | None) -> str:
    return f"{DISTRICT_KINDS[kind]} {name}" if kind else NO_DISTRICT


def days_late(
    *,
    published_at: datetime.datetime | None,
    status: str,
    due_on: datetime.date | None,
    today: datetime.date,
) -> int | None:
    """Return by how many days a published recommendation that nobody answered is overdue; None if it is not."""
    if published_at is None or status != STATUS.OPEN or due_on is None or due_on >= today:
        return None
    return (today - due_on).days


def findings_workbook(reader: Reader, inspection_round: Round) -> Book:
    """Write the round's recommendations that the person sees, without withdrawn ones. One query."""
    form = Form(reader, TITLE, round=inspection_round)
    form.derived = list(DERIVED)
    sheet = form.table("Kiến nghị", COLUMNS, form.heading(inspection_round.name.upper()))
    today = timezone.localdate()
    rows = listed_findings(reader, inspection_round)
    by_district = groupby(rows.values_list(*FIELDS).iterator(chunk_size=5000), key=lambda row: row[:3])
    for place, ((_key, kind, name), wards) in enumerate(by_district, start=1):
        write_section(sheet, place, district_title(kind, name))
        for number_in_list, row in enumerate(wards, start=1):
            sheet.fit([sheet.shared(number_in_list, excel.CENTRED), *_cells(sheet, row[3:], today)])
            form.records += 1
    if not form.records:
        form.nothing(sheet)
    cells = [None, f"Cộng: {number(form.records)} kiến nghị", *[None] * (len(COLUMNS) - 2)]
    sheet.row(cells, SECTION)
    form.sign(sheet)
    return form.finish()


def _cells(sheet: excel.Sheet, row: tuple, today: Any) -> list[Any]:
    kind, name, place, criterion, text, due_on, status, published_at, closed_at = row
    shared = sheet.shared
    late = days_late(published_at=published_at, status=status, due_on=due_on, today=today)
    return [
        shared(f"{KINDS[kind]} {name}"),
        shared(f"{place}. {criterion}" if place else criterion),
        sheet.cell(text),
        shared(due_on, excel.DATE),
        shared(WORDS[status] if published_at else NOT_PUBLISHED, excel.CENTRED),
        shared(timezone.localdate(closed_at) if closed_at else None, excel.DATE),
        shared(late, excel.COUNT),
    ]
