"""The commit of a sheet holds the one writer of SQLite: it asks the database as often for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archiveportal.accounts.models import Role, User
from archiveportal.history.models import Event
from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.kinds import KINDS, Order
from tests.support.factories import make_user, make_ward
from tests.support.sheets import ACCOUNT_HEADINGS, workbook

FEW, MANY = 20, 60
#: statements that the larger sheet may take more, since one statement holds 50 to 90 rows of a table
BATCHES = 6

ACCOUNT = (ACCOUNT_HEADINGS, "accounts", Role.ADMINISTRATOR)
DIRECTORY = (("Mã đơn vị", "Hộp thư công vụ", "Điện thoại"), "directory", Role.ADMINISTRATOR)
UNITS = (("Mã đơn vị", "Tên đơn vị", "Ngày đầu", "Văn bản"), "units", Role.ADMINISTRATOR)


def code_of(number: int) -> str:
    return str(30000 + number)


def account(position: str) -> Callable[[int], Sequence[str]]:
    def row(number: int) -> Sequence[str]:
        mailbox = f"{position.lower().replace(' ', '.')}{number}@thu.vn"
        return (f"Nguyễn Văn Số {number}", "cấp xã", code_of(number % 7), "", position, mailbox, "", "")

    return row


def entry(telephone: str) -> Callable[[int], Sequence[str]]:
    return lambda number: (code_of(number), f"d{number}@thu.vn", telephone)


def unit(act: str) -> Callable[[int], Sequence[str]]:
    return lambda number: (str(70000 + number), f"Phường Mới {number}", "01/07/2025", act)


#: what is taken in, one sheet after the other: headings, kind, role, the rows of each sheet
SHEETS = {
    "accounts": (*ACCOUNT, [account("Cong chuc"), account("Chuyen vien")]),
    "directory": (*DIRECTORY, [entry("028 3829 1234"), entry("028 3829 5678")]),
    "units": (*UNITS, [unit("NQ 1"), unit("NQ 2")]),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", SHEETS)
def test_the_commit_asks_as_often_for_many_rows_as_for_few(name):
    headings, kind, role, sheets = SHEETS[name]
    for number in range(FEW + MANY):
        make_ward(None, name=f"Số {number}", code=code_of(number))
    by = make_user(role)
    for row in sheets:
        few = queries_of(kind, [headings, *map(row, range(FEW))], by)
        many = queries_of(kind, [headings, *map(row, range(FEW, FEW + MANY))], by)
        assert many <= few + BATCHES


def queries_of(kind: str, rows: Sequence[Sequence[str]], by: User) -> int:
    """Take in a sheet as its import does; return how often the database was asked between BEGIN and COMMIT."""
    order = Order(by, timezone.localdate())
    plan = make_plan(workbook(rows), "a.xlsx", kind=KINDS[kind], order=order)
    assert plan.is_clean, plan.counts
    lines = [line for line in plan.lines if line.step]
    events = Event.objects.count()
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        KINDS[kind].apply(lines, order, batch=1)
    assert Event.objects.count() >= events + len(lines)
    return len(queries)
