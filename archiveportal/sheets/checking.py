"""From a file to a plan: sheets, headings, rows, and the lines that a kind of sheet makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from archiveportal.sheets.columns import TableColumn
from archiveportal.sheets.headings import (
    SEARCHED,
    Headings,
    find_headings,
    missing_headings,
    refuse_hidden,
    refuse_twice,
)
from archiveportal.sheets.kinds import GUIDE, FurtherTable, Order, SheetKind
from archiveportal.sheets.merged import divide_merged, has_divided, refuse_unnamed
from archiveportal.sheets.reading.opening import open_sheets
from archiveportal.sheets.reading.raw import RawRow, RawSheet, refused
from archiveportal.sheets.rows import TITLES, TablePlan, TableRow
from archiveportal.sheets.values import NotThis, clean_text, text_of

#: says how many rows have been checked; raises to stop
Told = Callable[[int], None]


@dataclass(frozen=True)
class _Table:
    """A table that sheets are tried against: its columns, and the rows of its template, which are no records."""

    key: str
    columns: Sequence[TableColumn]
    examples: Sequence[Sequence[str]]


class TableReader:
    """Reads the rows of all sheets of a file that have the headings of a kind, or of its further tables."""

    def __init__(
        self,
        content: bytes,
        name: str,
        *,
        columns: Sequence[TableColumn],
        answers: Mapping[str, str],
        examples: Sequence[Sequence[str]] = (),
        further: Sequence[FurtherTable] = (),
        reads_titles: bool = False,
    ):
        self.content, self.name, self.answers, self.reads_titles = content, name, answers, reads_titles
        self.columns = columns
        self.tables = [_Table("", columns, examples)]
        self.tables += [_Table(each.key, each.columns, each.examples) for each in further]
        self.notes: list[str] = []
        self._best: tuple[int, str, list[TableColumn]] = (-1, "", [])
        self._read = 0

    def rows(self) -> Iterator[TableRow]:
        """Yield the rows below the headings. Raise `Refused` where no sheet has the headings."""
        unread: list[str] = []
        hidden: list[str] = []
        for sheet in open_sheets(self.content, self.name):
            if sheet.title == GUIDE:
                continue
            if sheet.is_hidden:
                unread.append(sheet.title)
                hidden.append(sheet.title)
                continue
            yield from self._rows_of(sheet, unread)
        if not self._read:
            _count, title, missing = self._best
            raise missing_headings(missing or self.columns, title, hidden=hidden)
        if unread:
            message = _("Not read, because hidden or without the headings: %(sheets)s.")
            self.notes.append(message % {"sheets": ", ".join(f"“{title}”" for title in unread)})

    def _rows_of(self, sheet: RawSheet, unread: list[str]) -> Iterator[TableRow]:
        first = list(islice(sheet.rows, SEARCHED))
        table, headings = self._table_of(first, sheet)
        if table is None:
            unread.append(sheet.title)
            return
        self._read += not table.key
        heading_row = next(row for row in first if row.number == headings.last)
        refuse_twice(heading_row, headings, columns=table.columns, sheet=sheet)
        refuse_hidden(headings, sheet)
        refuse_unnamed(headings, first, columns=table.columns, sheet=sheet)
        self.notes += [note for note in sheet.notes if note not in self.notes]
        if self.reads_titles:
            yield from self._titles([row for row in first if row.number < headings.row], sheet)
        below = [row for row in first if row.number > headings.last]
        yield from self._table_rows(chain(below, sheet.rows), headings, sheet=sheet, table=table)

    def _table_of(self, first: Sequence[RawRow], sheet: RawSheet) -> tuple[_Table | None, Headings]:
        """Return the table whose headings a sheet has all; the main one is tried first."""
        headings = Headings(0, {})
        for table in self.tables:
            headings = self._divided(find_headings(first, table.columns), first, table=table, sheet=sheet)
            missing = headings.missing(table.columns)
            if headings.columns and not missing:
                return table, headings
            if not table.key:
                found = (len(headings.columns), sheet.title, missing)
                self._best = max(self._best, found, key=lambda each: each[0])
        return None, headings

    def _divided(self, headings: Headings, first: Sequence[RawRow], *, table: _Table, sheet: RawSheet) -> Headings:
        """Return the headings with the columns below merged ones, which all rows of the sheet tell apart."""
        if not has_divided(headings, table.columns):
            return headings
        further = list(sheet.rows)
        sheet.rows = iter(further)
        below = [row for row in (*first, *further) if row.number > headings.last]
        return divide_merged(headings, below, columns=table.columns, sheet=sheet)

    def _titles(self, rows: Iterable[RawRow], sheet: RawSheet) -> Iterator[TableRow]:
        """Yield the rows above the headings, each as one text."""
        for raw in rows:
            texts = dict.fromkeys(text_of(value) for value in raw.cells.values())
            cells = {"text": " ".join(filter(None, texts))}
            yield TableRow(sheet.title, raw.number, {}, cells=cells, places={}, answers=self.answers, table=TITLES)

    def _table_rows(
        self, rows: Iterable[RawRow], headings: Headings, *, sheet: RawSheet, table: _Table
    ) -> Iterator[TableRow]:
        columns = {column.key: column for column in table.columns if column.key in headings.columns}
        places = {key: (get_column_letter(number), columns[key]) for key, number in headings.columns.items()}
        examples, met = _examples_of(table, columns), []
        for raw in rows:
            cells = {key: raw.cells.get(number) for key, number in headings.columns.items()}
            if all(value is None for value in cells.values()):
                continue
            if any(all(text_of(cells[key]) == text for key, text in example.items()) for example in examples):
                met.append(str(raw.number))
                continue
            row = TableRow(
                sheet.title, raw.number, {}, cells=cells, places=places, answers=self.answers, table=table.key
            )
            _read_values(row, is_1904=sheet.is_1904)
            if raw.is_hidden:
                row.refuse("", _("a row that everybody sees: it is hidden. Show it, or delete it."))
            yield row
        if met:
            message = _("Examples of the template, not taken in: “%(sheet)s”, row %(rows)s.")
            self.notes.append(message % {"sheet": sheet.title, "rows": ", ".join(met)})


def _examples_of(table: _Table, columns: Mapping[str, TableColumn]) -> list[dict[str, str]]:
    """Return the example rows of the template, which are no records."""
    examples = [{key: clean_text(column.example) for key, column in columns.items()}]
    for written in table.examples:
        cells = zip((column.key for column in table.columns), written, strict=False)
        examples.append({key: clean_text(text) for key, text in cells if key in columns})
    return [example for example in examples if any(example.values())]


def _read_values(row: TableRow, *, is_1904: bool) -> None:
    for key, (_letter, column) in row.places.items():
        try:
            row.values[key] = column.read(row.cells[key], is_1904=is_1904)
        except NotThis as expected:
            row.refuse(key, str(expected))


def make_plan(
    content: bytes,
    name: str,
    *,
    kind: SheetKind,
    order: Order,
    answers: Mapping[str, str] | None = None,
    told: Told | None = None,
) -> TablePlan:
    """Return what a file would do. Raise `Refused` where the file as a whole cannot be taken."""
    reader = TableReader(
        content,
        name,
        columns=kind.columns,
        answers=answers or {},
        examples=kind.examples,
        further=kind.further,
        reads_titles=kind.reads_titles,
    )
    plan = TablePlan()
    for line in kind.check(_counted(reader.rows(), told), order):
        plan.lines.append(line)
    plan.notes = reader.notes
    if not plan.lines:
        raise refused(_("The sheet has headings and no rows below them."), "no_rows")
    return plan


def _counted(rows: Iterable[Any], told: Told | None) -> Iterator[Any]:
    for count, row in enumerate(rows, start=1):
        if told:
            told(count)
        yield row
