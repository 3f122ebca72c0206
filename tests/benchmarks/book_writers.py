"""A workbook as the portal writes it, and the same cells bare: `python -m tests.benchmarks.book_writers WAY KIND FILE`.

The floor is openpyxl in write-only mode from lists, one style for all cells; it needs no database. A workbook of a
few rows that adds up very many has its raw SQL in the floor too.
"""

from __future__ import annotations

import datetime
import json
import pickle
import sys
import time
from itertools import chain
from pathlib import Path
from typing import Any

import django
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side

COURSES, EVERY = 5_000, 3
UNIT, TEXT = "persons", "Bổ sung trang thiết bị cho kho lưu trữ"


def seed() -> None:
    """Courses and recommendations beside the simulated rounds."""
    from archiveportal.accounts.models import User
    from criteria.inspections.models import Finding, Result
    from training.models import Category, Course, Scheme

    scheme = Scheme.objects.create(code="s", name="Đề án", legal_basis="QĐ", starts_year=2026, ends_year=2030)
    categories = [
        Category.objects.create(
            scheme=scheme, position=n, code=f"c{n}", name=f"Loại {n}", kind="degree", unit="persons"
        )
        for n in range(1, 6)
    ]
    courses = [
        Course(
            category=categories[n % 5], name=f"Lớp bồi dưỡng nghiệp vụ số {n}", partner="Học viện", participants=n % 90,
            unit="persons", organiser="city", enters_summary=n % 4 > 0, held_from=datetime.date(2026, 1, 1 + n % 28),
        )
        for n in range(COURSES)
    ]  # fmt: skip
    for course in courses:
        course.set_keys()
    Course.objects.bulk_create(courses)
    person = User.objects.create_user(username="x", password=None, role="inspector", full_name="x")
    failed = Result.objects.filter(outcome="not_met", inspection__status="approved").order_by("pk")
    rows = failed.filter(inspection__enrolment__round__code="mo-phong-1").values_list("inspection", "criterion")
    now = datetime.datetime.now(datetime.UTC)
    Finding.objects.bulk_create(
        [
            Finding(
                inspection_id=inspection, criterion_id=criterion, recommendation=TEXT,
                due_on=datetime.date(2027, 1, 1), created_by=person, published_at=now,
            )
            for place, (inspection, criterion) in enumerate(rows)
            if place % EVERY == 0
        ],
        batch_size=5000,
    )  # fmt: skip


def make(kind: str) -> Any:
    from archiveportal.accounts.scope import EVERYTHING
    from criteria.inspections.models import Round
    from reports.workbooks.catalogue import ROUND_KINDS, SCHEME_KINDS, Choices, Reader
    from training.models import Scheme

    name, _, option = kind.partition(" ")
    if name in SCHEME_KINDS:
        return SCHEME_KINDS[name].write(Reader(EVERYTHING), Scheme.objects.get())
    rounds = Round.objects.select_related("criteria_set")
    other = rounds.get(code="mo-phong-2")
    write = ROUND_KINDS[name].writer(is_data=option == "--data")
    return write(Reader(EVERYTHING), rounds.get(code="mo-phong-1"), Choices(other=other))


def ours(kind: str, path: Path) -> None:
    from archiveportal.excel import whole_file

    with whole_file(path) as file:
        make(kind).save(file)


def dump(kind: str, path: Path) -> None:
    """The cells of every sheet, and the SQL behind them where there is little to write and much to count."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        ours(kind, path)
    book = load_workbook(path, read_only=True)
    sheets = [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]
    cells = sum(map(len, chain.from_iterable(sheets)))
    sql = [query["sql"] for query in queries.captured_queries] if cells < FEW_CELLS else []
    path.with_suffix(".pickle").write_bytes(pickle.dumps((sheets, sql)))


def floor(kind: str, path: Path) -> None:
    sheets, sql = pickle.loads(path.with_suffix(".pickle").read_bytes())
    if sql:
        _read_raw(sql)
    book = Workbook(write_only=True)
    for rows in sheets:
        sheet = book.create_sheet()
        styled = WriteOnlyCell(sheet)
        side = Side(style="thin")
        styled.font = Font(name="Times New Roman")
        styled.border = Border(left=side, right=side, top=side, bottom=side)
        styled.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        for row in rows:
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value)
                cell._style = styled._style
                cells.append(cell)
            sheet.append(cells)
    book.save(path)


def _read_raw(sql: list[str]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in sql:
            cursor.execute(statement.replace("%", "%%"))
            cursor.fetchall()


#: below so many cells the queries and not the writing decide
FEW_CELLS = 20_000
WAYS = {"ours": ours, "floor": floor, "dump": dump}


def main(way: str, kind: str, target: str) -> None:
    django.setup()
    import reports.workbooks.catalogue  # noqa: F401 (the same modules in memory for each way)

    start = time.process_time()
    seed() if way == "seed" else WAYS[way](kind, Path(target))
    # Processor time: both ways are bound by it, and other work on the machine disturbs it least.
    print(json.dumps({"seconds": time.process_time() - start, "megabytes": 0}))


if __name__ == "__main__":
    main(*sys.argv[1:])
