"""Rows of a printed table become a tree: which row is a heading, lies under one, or goes on with the row above."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.sheets.rows import TableRow
from archiveportal.sheets.values import NotThis, NoValue, heading_key, text_of
from archiveportal.vietnamese import number
from criteria.set_sheet.levels import counts_columns, level_of, refuse_without_above
from criteria.set_sheet.numbering import (
    DASH,
    LETTER,
    ROMAN,
    SMALL,
    WHOLE,
    Numbering,
    as_letter,
    follows_as_letter,
    read_numbering,
    read_points,
    split_title,
    with_lost_zero,
)

_TOTALS = {"tong cong", "tong diem", "tong so diem", "tong so", "tong", "cong", "tong diem toi da", "tong cong diem"}
#: a total with its points in one cell: "Tổng cộng: 20 điểm"
_TOTAL_WITH_POINTS = re.compile(r"(.+?)\s*:?\s*(\d+(?:[.,]\d+)?)\s*(?:điểm|đ)?\.?", re.IGNORECASE)
_LISTED = re.compile(r"(?:([-–—+•*])\s*|([a-zđ])[).]\s+)(\S.*)")
#: columns whose rows go on below the row of their criterion
_GOING_ON = ("rule", "evidence", "basis", "guidance")


@dataclass(eq=False)
class Node:
    """A row with its place in the tree, and what the rows below add to its cells."""

    row: TableRow
    numbering: Numbering | None
    title: str
    points: Decimal | None
    #: texts of the columns that go on below, and the points that stood beside each
    pieces: dict[str, list[tuple[str, Decimal | None]]] = field(default_factory=dict)
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    #: rows directly under the same heading, this one too
    siblings: list[Node] = field(default_factory=list)

    @property
    def level(self) -> int | None:
        """Return the level that its column says, in a table with one for each; None where its number says it."""
        return level_of(self.row)

    def text(self, key: str) -> str:
        """Return a cell with the rows that go on with it, one line each."""
        return "\n".join(dict.fromkeys(text for text, _points in self.pieces.get(key, [])))

    @property
    def name(self) -> str:
        """Return number and title, as the row is called in the preview."""
        return " ".join(filter(None, [self.numbering.text if self.numbering else "", self.title]))

    @property
    def path(self) -> str:
        """Return the numbers down to the row; a row without one is called by its place among its siblings."""
        above = f"{self.parent.path}." if self.parent else ""
        if self.numbering is None or self.numbering.rank == DASH:
            place = self.siblings.index(self) + 1
            return f"{above}{_letter(place)}" if self.parent else f"m{place}"
        is_under = self.parent and self.parent.numbering and self.numbering.lies_under(self.parent.numbering)
        return above + (self.numbering.tokens[-1] if is_under else self.numbering.text)


@dataclass
class Table:
    """The tree of a table, its rows in order, and the row with the total."""

    roots: list[Node] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    total: tuple[TableRow, Decimal] | None = None
    #: rows that are no part of the tree and refused, or that go on with another one
    others: list[tuple[TableRow, str]] = field(default_factory=list)


def gather(rows: Iterable[TableRow]) -> Table:
    """Return the tree of the rows; what does not fit is refused at its row."""
    table = Table()
    sheet = ""
    for place, row in enumerate(rows):
        sheet = sheet or row.sheet
        if row.sheet != sheet:
            row.refuse("", _("one table of criteria a file: the sheet “%(sheet)s” has one already") % {"sheet": sheet})
            table.others.append((row, row.text("name")))
        elif not (place == 0 and counts_columns(row)):
            _take(row, table)
    _place_all(table)
    return table


def _take(row: TableRow, table: Table) -> None:
    name, number_text = row.text("name"), row.text("number")
    if _repeats_headings(row):
        row.refuse("", _("a criterion: the headings are here again. Delete this row; one table has them once."))
        table.others.append((row, name))
    elif _is_total(name) or _is_total(number_text):
        _take_total(row, table)
    elif table.total and table.nodes and _is_below_total(row):
        row.notes.append(_("Left out: below the total, without a number and without points."))
        table.others.append((row, name or number_text))
    elif table.nodes and _goes_on(row, table.nodes[-1]):
        _add_pieces(table.nodes[-1], row, _points(row))
        table.others.append((row, table.nodes[-1].name))
    else:
        table.nodes.append(_node(row, table))


def _repeats_headings(row: TableRow) -> bool:
    same = [heading_key(row.text(key)) in column.heading_keys for key, (_letter, column) in row.places.items()]
    return sum(same) >= 2


def _is_total(text: str) -> bool:
    found = _TOTAL_WITH_POINTS.fullmatch(text)
    return heading_key(found[1] if found else text) in _TOTALS


def _is_below_total(row: TableRow) -> bool:
    """Tell whether a row is a remark or a signature: under the total, with neither a number nor points."""
    if row.text("points"):
        return False
    number = row.text("number")
    try:
        return not number or read_numbering(row.cells.get("number")) is None
    except NotThis:
        return not row.text("name")


def _points_of_total(row: TableRow) -> Decimal | None:
    """Return the points of a total, which may be in the cell of its name."""
    points = _points(row)
    found = _TOTAL_WITH_POINTS.fullmatch(row.text("name") or row.text("number"))
    return read_points(found[2]) if points is None and found else points


def _take_total(row: TableRow, table: Table) -> None:
    points = _points_of_total(row)
    table.others.append((row, row.text("name") or row.text("number")))
    if table.total:
        row.refuse("points", _("one total: row %(row)s has it already") % {"row": table.total[0].number})
    elif points is not None:
        table.total = (row, points)


def _goes_on(row: TableRow, above: Node) -> bool:
    """Tell whether a row adds to the one above: it has no name of its own, or the same merged cells."""
    if row.is_refused or not any(row.text(key) for key in _GOING_ON):
        return False
    if not row.text("name"):
        return not row.text("number") or row.text("number") == above.row.text("number")
    is_same = row.text("name") == above.row.text("name") and row.text("number") == above.row.text("number")
    return is_same and row.text("rule") != above.row.text("rule")


def _add_pieces(node: Node, row: TableRow, points: Decimal | None) -> None:
    for key in _GOING_ON:
        text = _lines(row.cells.get(key))
        if text:
            node.pieces.setdefault(key, []).append((text, points))


def _lines(value: Any) -> str:
    """Return a cell with its own lines kept."""
    if not isinstance(value, str):
        return text_of(value)
    return "\n".join(filter(None, (text_of(line) for line in value.replace("\r", "\n").split("\n"))))


def _points(row: TableRow) -> Decimal | None:
    value = row.cells.get("points")
    if isinstance(value, NoValue):
        return None
    try:
        return read_points(value)
    except NotThis as expected:
        row.refuse("points", str(expected))
        return None


def _node(row: TableRow, table: Table) -> Node:
    numbering, title = _numbered(row)
    before = table.nodes[-1].numbering if table.nodes else None
    if numbering:
        numbering = _settled(row, numbering, before=before, table=table)
    if not title and not row.is_refused:
        row.refuse("name", _("a name: the number alone says nothing"))
    node = Node(row, numbering, title, _points(row))
    _add_pieces(node, row, node.points)
    return node


def _numbered(row: TableRow) -> tuple[Numbering | None, str]:
    """Return number and title of a row, which one merged cell may hold together."""
    title, cell = row.text("name"), row.cells.get("number")
    if isinstance(cell, NoValue):
        return None, title
    if not title:
        return _from_one_cell(row, text_of(cell))
    if not text_of(cell):
        return _from_title(title)
    try:
        return read_numbering(cell), title
    except NotThis as expected:
        row.refuse("number", str(expected))
        return None, title


def _from_one_cell(row: TableRow, text: str) -> tuple[Numbering | None, str]:
    """Return what a heading merged over all columns says; a number without a name has no title."""
    parts = split_title(text)
    try:
        return read_numbering(parts[0] if parts else text), parts[1] if parts else ""
    except NotThis:
        return None, text


def _from_title(title: str) -> tuple[Numbering | None, str]:
    listed = _LISTED.fullmatch(title)
    if listed:
        return Numbering((listed[2] or "-",), SMALL if listed[2] else DASH), listed[3]
    parts = split_title(title)
    return (read_numbering(parts[0]), parts[1]) if parts else (None, title)


def _settled(row: TableRow, numbering: Numbering, *, before: Numbering | None, table: Table) -> Numbering:
    """Return the number that is meant: I after H is a letter, and 1.1 after 1.9 has lost its zero."""
    letters = [node.numbering for node in table.nodes if node.numbering and node.numbering.rank == LETTER]
    if follows_as_letter(numbering, letters[-1] if letters else None):
        return as_letter(numbering)
    whole = with_lost_zero(numbering, _last_sibling(numbering, table) or before)
    if whole:
        note = _("The cell holds the number %(kept)s; it is read as %(whole)s, because it follows %(before)s.")
        before_text = ".".join([*whole.tokens[:-1], str(int(whole.tokens[-1]) - 1)])
        row.notes.append(note % {"kept": numbering.text, "whole": whole.text, "before": before_text})
        return whole
    return numbering


def _last_sibling(numbering: Numbering, table: Table) -> Numbering | None:
    for node in reversed(table.nodes):
        other = node.numbering
        if other and len(other.tokens) == len(numbering.tokens) and other.tokens[:-1] == numbering.tokens[:-1]:
            return other
    return None


def _place_all(table: Table) -> None:
    """Give every row its parent by its number."""
    is_numbered = any(node.numbering and not node.numbering.is_small for node in table.nodes)
    stack: list[Node] = []
    for node in table.nodes:
        stack = _above(node, stack, is_numbered=is_numbered) if node.level is None else _above_in_columns(node, stack)
        node.parent = stack[-1] if stack else None
        node.siblings = node.parent.children if node.parent else table.roots
        _refuse_doubles(node)
        node.siblings.append(node)
        stack.append(node)


def _above(node: Node, stack: list[Node], *, is_numbered: bool) -> list[Node]:
    """Return the rows that a row lies under, from the highest."""
    numbering = node.numbering or _unnumbered(node, is_numbered=is_numbered)
    for place in range(len(stack) - 1, -1, -1):
        above = stack[place].numbering
        if above and numbering.lies_under(above):
            return stack[: place + 1]
    if len(numbering.tokens) > 1 and stack and not node.row.is_refused and not _has_equals(numbering, stack):
        above_text = ".".join(numbering.tokens[:-1])
        expected = _("a row with the number %(above)s above, under which this one lies")
        node.row.refuse("number", expected % {"above": above_text})
    return [each for each in stack if _depth(each) < numbering.depth]


def _above_in_columns(node: Node, stack: list[Node]) -> list[Node]:
    """Return the rows that a row lies under where the columns say it."""
    above = [each for each in stack if each.level is not None and node.level is not None and each.level < node.level]
    refuse_without_above(node.row, node.level or 0, [each.level or 0 for each in above])
    return above


def _has_equals(numbering: Numbering, stack: list[Node]) -> bool:
    """Tell whether numbers of so many parts begin without their whole: 1.1 right under "A" or an unnumbered heading."""
    return all(each.numbering is None or each.numbering.rank == LETTER for each in stack) or any(
        each.numbering is not None and each.numbering.tokens[:-1] == numbering.tokens[:-1] for each in stack
    )


def _depth(node: Node) -> int:
    return node.numbering.depth if node.numbering else ROMAN


def _unnumbered(node: Node, *, is_numbered: bool) -> Numbering:
    """Return where a row without a number lies: a heading on top, a criterion below the heading above it."""
    is_heading = node.points is None and not node.text("rule")
    if is_heading:
        return Numbering(("",), ROMAN)
    if is_numbered and not node.row.is_refused:
        node.row.refuse("number", _("a number, as the other rows have: it says under which heading the row lies"))
    return Numbering(("",), WHOLE)


def _refuse_doubles(node: Node) -> None:
    for other in node.siblings:
        if node.numbering and node.numbering == other.numbering and node.numbering.rank != DASH:
            expected = _("a number of its own: row %(row)s has %(number)s already")
            node.row.refuse("number", expected % {"row": other.row.number, "number": node.numbering.text})
            return
        if node.title and node.title.casefold() == other.title.casefold():
            expected = _("a criterion once: row %(row)s under the same heading has the same name")
            node.row.refuse("name", expected % {"row": number(other.row.number)})
            return


def _letter(place: int) -> str:
    return chr(ord("a") + place - 1) if place <= 26 else str(place)
