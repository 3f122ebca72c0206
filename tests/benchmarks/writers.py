"""Four ways to write the same table, each in a process of its own: `python -m tests.benchmarks.writers WAY FILE`.

All of them have imported the same modules, and have a connection, before the clock starts: on SQLite the first
one of a process reads the triggers of all tables, which takes 6 MB whatever is written.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.db import connection
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side

from tests.benchmarks.measure import report_cost

COLUMNS = 28


def plain_rows() -> Iterator[list[Any]]:
    """The table of the simulated round as plain values, for writers that bring no query of their own."""
    from criteria.outcomes import OUTCOMES

    for row in _table().rows():
        yield [
            row.position,
            row.ward,
            row.area,
            *[OUTCOMES[cell].mark if cell in OUTCOMES else cell for cell in row.cells],
            row.score,
        ]


def _table() -> Any:
    from archiveportal.accounts.scope import EVERYTHING
    from criteria.inspections.models import Round
    from reports.results.table import summary

    return summary(EVERYTHING, Round.objects.select_related("criteria_set").get(is_simulated=True))


def ours(path: Path) -> None:
    """The portal's export: query, table, workbook."""
    from archiveportal.excel import whole_file
    from reports.workbooks import summary_workbook

    with whole_file(path) as file:
        summary_workbook(_table()).save(file)


def floor(path: Path) -> None:
    """Bare write-only openpyxl from a list: one style for all cells, no query, no header, no totals."""
    rows = pickle.loads(path.with_suffix(".pickle").read_bytes())
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    styled = WriteOnlyCell(sheet)
    side = Side(style="thin")
    styled.font = Font(name="Times New Roman")
    styled.border = Border(left=side, right=side, top=side, bottom=side)
    styled.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    style = styled._style
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value)
            cell._style = style
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def tables2(path: Path) -> None:
    """The export of django-tables2 (through tablib) on the same rows."""
    import django_tables2 as tables
    from django_tables2.export import TableExport

    columns = [(f"c{number}", tables.Column(default=None)) for number in range(COLUMNS)]
    table_class = type("BenchmarkTable", (tables.Table,), dict(columns))
    data = [{f"c{number}": value for number, value in enumerate(row)} for row in plain_rows()]
    path.write_bytes(TableExport(TableExport.XLSX, table_class(data)).export())


def import_export(path: Path) -> None:
    """The export of django-import-export as its users write it: a resource over the enrolments, results read along."""
    from import_export import resources
    from import_export.fields import Field
    from import_export.formats.base_formats import XLSX

    from criteria.inspections.models import Enrolment
    from criteria.outcomes import OUTCOMES

    class Answer(Field):
        def __init__(self, criterion: Any) -> None:
            super().__init__(column_name=criterion.heading)
            self.criterion_id = criterion.pk

        def export(self, enrolment: Any, **options: Any) -> Any:
            if not hasattr(enrolment, "answers"):
                enrolment.answers = {r.criterion_id: r for r in enrolment.inspection.results.all()}
            result = enrolment.answers.get(self.criterion_id)
            if result is None:
                return None
            return OUTCOMES[result.outcome].mark if result.outcome else result.number

    table = _table()
    plain = {
        "position": Field(attribute="position", column_name="STT"),
        "ward": Field(attribute="ward__title", column_name="Xã/Phường/Thị trấn"),
        "district": Field(attribute="ward__district__title", column_name="Quận/huyện"),
    }
    answers = {criterion.code: Answer(criterion) for criterion in table.columns}
    last = {"score": Field(attribute="standing_score", column_name="Số lượng tiêu chí đạt được")}
    resource = type("BenchmarkResource", (resources.Resource,), {**plain, **answers, **last})()
    rows = Enrolment.objects.filter(round=table.round).with_standing().order_by("position")
    rows = rows.select_related("ward__district", "inspection").prefetch_related("inspection__results")
    path.write_bytes(XLSX().export_data(resource.export(queryset=rows)))


def dump(path: Path) -> None:
    """The rows for the floor, so that it needs no database."""
    path.with_suffix(".pickle").write_bytes(pickle.dumps(list(plain_rows())))


WAYS = {way.__name__: way for way in (ours, floor, tables2, import_export, dump)}


def main(way: str, target: str) -> None:
    django.setup()
    import archiveportal.accounts.scope  # noqa: F401
    import reports.workbooks.catalogue  # noqa: F401 (the same modules in memory for each way)

    connection.ensure_connection()
    report_cost(lambda: WAYS[way](Path(target)))


if __name__ == "__main__":
    main(*sys.argv[1:])
