"""Two ways to write a wide table into Word, each in a process of its own: `... paper_writers WAY FILE`."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import django
import docx

from tests.benchmarks.measure import report_cost
from tests.benchmarks.writers import plain_rows


def ours(path: Path) -> None:
    """The whole report: queries, template, text, lists, footnotes, appendix."""
    from archiveportal.accounts.scope import EVERYTHING
    from criteria.inspections.models import Round
    from reports.documents import report_file

    inspection_round = Round.objects.select_related("criteria_set").get(is_simulated=True)
    path.write_bytes(report_file(user=EVERYTHING, subject=inspection_round))


def floor(path: Path) -> None:
    """Bare python-docx: the cells of the appendix from lists, no style, no head, no query."""
    rows: list[list[Any]] = pickle.loads(path.with_suffix(".pickle").read_bytes())
    document = docx.Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = "" if value is None else str(value)
    document.save(path)


def dump(path: Path) -> None:
    path.with_suffix(".pickle").write_bytes(pickle.dumps(list(plain_rows())))


WAYS = {way.__name__: way for way in (ours, floor, dump)}


def main(way: str, target: str) -> None:
    django.setup()
    import archiveportal.accounts.scope  # noqa: F401
    import reports.documents  # noqa: F401 (the same modules in memory for each way)

    report_cost(lambda: WAYS[way](Path(target)))


if __name__ == "__main__":
    main(*sys.argv[1:])
