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
from criteria.inspections.queries.areas import Division, division
from reports.workbooks.form import SECTION, Form, Reader, SheetColumn, write_section
from wards.models import Ward

TITLE = "TỔNG HỢP KIẾN NGHỊ, KHẮC PHỤC TỒN TẠI, HẠN CHẾ"
COLUMNS = [
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
KINDS = dict(Ward.Kind.choices)
WARD = "inspection__enrolment__ward"
FIELDS = [
    "area", f"{WARD}__kind", f"{WARD}__name",
    "criterion__number", "criterion__name", "recommendation", "due_on", "status", "published_at", "closed_at",
]  # fmt: skip


DERIVED = (
    "Gồm các kiến nghị của đợt, không gồm kiến nghị đã rút.",
    "Số ngày quá hạn tính đến hôm nay, cho kiến nghị đã công bố mà đơn vị chưa báo cáo khắc phục.",
)


def listed_findings(reader: Reader, inspection_round: Round, divided: Division) -> QuerySet[Finding]:
    """Return the round's recommendations that the person sees, without withdrawn ones, by `area` and ward."""
    rows = Finding.objects.visible_to(reader.scope).exclude(status=STATUS.WITHDRAWN)
    rows = rows.filter(inspection__enrolment__round=inspection_round)
    rows = divided.with_areas(rows, WARD)
    return rows.order_by(*divided.order_by(WARD), f"{WARD}__sort_key", "criterion__position", "pk")


def area_title(divided: Division, key: int | None) -> str:
    return divided.by_key[key].title if key else divided.rest_on_paper


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
    divided = division(reader.scope, inspection_round)
    columns = [SheetColumn("STT", 6, excel.CENTRED), SheetColumn(divided.units_heading, 24), *COLUMNS]
    sheet = form.table("Kiến nghị", columns, form.heading(inspection_round.name.upper()))
    today = timezone.localdate()
    rows = listed_findings(reader, inspection_round, divided)
    by_area = groupby(rows.values_list(*FIELDS).iterator(chunk_size=5000), key=lambda row: row[0])
    for place, (key, wards) in enumerate(by_area, start=1):
        if divided:
            write_section(sheet, place, area_title(divided, key))
        for number_in_list, row in enumerate(wards, start=1):
            sheet.fit([sheet.shared(number_in_list, excel.CENTRED), *_cells(sheet, row[1:], today)])
            form.records += 1
    if not form.records:
        form.nothing(sheet)
    cells = [None, f"Cộng: {number(form.records)} kiến nghị", *[None] * (len(columns) - 2)]
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
