"""Made-up sets, marked "minh họa": they come in by the sheet that every set comes in by, and by nothing else."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

from openpyxl import Workbook

from archiveportal.refusal import Refused
from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.kinds import Order
from archiveportal.sheets.rows import PlanLine
from criteria.models import CriteriaSet
from criteria.set_sheet.kind import SetSheet

FOLDER = Path(__file__).parent / "data" / "illustrations"
CODES = ("minh-hoa-100", "minh-hoa-ba-cap", "minh-hoa-diem-liet", "minh-hoa-tru-thuong")


def load() -> list[CriteriaSet]:
    """Make those sets that are not there yet; return them."""
    known = set(CriteriaSet.objects.filter(code__in=CODES).values_list("code", flat=True))
    return [_take_in(code) for code in CODES if code not in known]


def workbook_of(code: str) -> bytes:
    """Return a set as the workbook that a person would hand in: one sheet for each "[title]" of its text."""
    book = Workbook()
    sheet = book.active
    is_first = True
    for cells in csv.reader((FOLDER / f"{code}.csv").read_text(encoding="utf-8").splitlines()):
        if cells and cells[0].startswith("["):
            title = cells[0].strip("[]")
            sheet = book.active if is_first else book.create_sheet(title)
            sheet.title, is_first = title, False
        else:
            sheet.append([cell or None for cell in cells])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _take_in(code: str) -> CriteriaSet:
    order = Order(None, datetime.date(2026, 1, 1))
    plan = make_plan(workbook_of(code), f"{code}.xlsx", kind=SetSheet(), order=order)
    if not plan.is_clean:
        raise Refused("; ".join(_problem(line) for line in plan.lines if line.faults or line.questions))
    made = SetSheet().apply([line for line in plan.lines if line.step], order, batch=None)
    return CriteriaSet.objects.get(pk=made["set"])


def _problem(line: PlanLine) -> str:
    return f"{line.place}: {[fault.expected for fault in line.faults] or line.questions}"
