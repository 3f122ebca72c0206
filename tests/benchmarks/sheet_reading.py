"""Reading a sheet of accounts, and checking it: each in a process of its own.

python -m tests.benchmarks.sheet_reading {make|floor|check|bomb|sparse} FILE
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import django

from tests.benchmarks.measure import report_cost

ROWS = 10_600


def make(file: Path) -> None:
    """Write a sheet whose people belong to the simulated wards."""
    from openpyxl import Workbook

    from tests.support.sheets import ACCOUNT_HEADINGS
    from wards.models import Ward

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    sheet.append(ACCOUNT_HEADINGS)
    for number, ward in enumerate(Ward.objects.order_by("pk")[:ROWS]):
        mailbox = f"hopthu{number}@tphcm.gov.vn"
        name = f"Nguyễn Thị Số {number}"
        sheet.append((name, "Văn thư, lưu trữ cấp xã", ward.code, ward.title, "Công chức", mailbox, "0912345678", ""))
    book.save(file)


def floor(file: Path) -> None:
    """Read every cell by openpyxl, read-only."""
    from openpyxl import load_workbook

    for row in load_workbook(file, read_only=True).active.iter_rows():
        for cell in row:
            _value = cell.value


def check(file: Path) -> None:
    """Check as an upload is checked, and store the preview as JSON."""
    from django.utils import timezone

    from archiveportal.accounts.account_sheet import AccountSheet
    from archiveportal.sheets.checking import make_plan
    from archiveportal.sheets.kinds import Order

    order = Order(None, timezone.localdate())
    plan = make_plan(file.read_bytes(), file.name, kind=AccountSheet(), order=order)
    assert (len(plan.lines), plan.is_clean) == (ROWS, True), plan.counts
    plan.to_bytes()


def refuse(file: Path) -> None:
    """Read a file that means harm, and be told so."""
    from archiveportal.accounts.account_columns import COLUMNS
    from archiveportal.refusal import Refused
    from archiveportal.sheets.checking import TableReader

    try:
        list(TableReader(file.read_bytes(), file.name, columns=COLUMNS, answers={}).rows())
    except Refused:
        return
    raise SystemExit(f"{file} was not refused")


def bomb(file: Path) -> None:
    from tests.support.sheets import zip_bomb

    file.write_bytes(zip_bomb())


def sparse(file: Path) -> None:
    """Write a sheet with one cell at the last place there is."""
    from tests.support.sheets import accounts_sheet

    def change(book: object) -> None:
        book.active["XFD1048576"] = "xa"

    file.write_bytes(accounts_sheet(("Nguyễn Văn An", "Lãnh đạo Sở"), change=change))


#: what is measured; the others make the files
MEASURED: dict[str, Callable[[Path], None]] = {"floor": floor, "check": check, "refuse": refuse}


if __name__ == "__main__":
    django.setup()
    way, path = sys.argv[1], Path(sys.argv[2])
    if way in MEASURED:
        # Imports are no part of it: a worker has done them long ago.
        import openpyxl  # noqa: F401

        from archiveportal.accounts import account_sheet  # noqa: F401

        report_cost(lambda: MEASURED[way](path))
    else:
        report_cost(lambda: {"make": make, "bomb": bomb, "sparse": sparse}[way](path))
