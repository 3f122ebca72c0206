"""What the rows of a file say of units: rows with one code and one first day are one unit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.sheets.rows import CellChange, Deed, PlanLine, TableRow
from archiveportal.vietnamese import search_key, unit_name
from wards.models import HOME, District, Ward
from wards.names import split_kind
from wards.titles import KINDS_APART

#: what a row says of a unit beside its place
SAID = ("name", "valid_to", "legal_act", "act_signed_on", "act_name")
FORMER = ("former_code", "former", "former_province", "extent", "gap")


@dataclass
class ListedRow:
    """A row with the unit that it is about, and what becomes of it: `changes` in words, `step` for later."""

    row: TableRow
    code: str
    kind: str
    name: str
    valid_from: datetime.date | None
    #: the first row of the same unit, None where this is it
    first: ListedRow | None = None
    #: the unit as it would stand, of the first row
    ward: Ward | None = None
    changes: list[CellChange] = field(default_factory=list)
    step: dict[str, Any] = field(default_factory=dict)
    begins: bool = False

    @property
    def key(self) -> str:
        """Return how other rows of the file name the unit: "27373/2025-01-01"."""
        return unit_key(self.code, self.valid_from)

    @property
    def unit(self) -> Ward | None:
        return (self.first or self).ward

    @property
    def names_former(self) -> bool:
        return any(self.row[key] for key in FORMER)

    @property
    def place(self) -> str:
        return f"{self.row.sheet}, {self.row.number}"

    @property
    def title(self) -> str:
        if not self.kind or self.kind in KINDS_APART:
            return self.name
        return f"{Ward.Kind(self.kind).label} {self.name}"


def unit_key(code: str, first_day: datetime.date | None) -> str:
    return f"{code}/{first_day.isoformat() if first_day else ''}"


def read_rows(rows: Iterable[TableRow]) -> list[ListedRow]:
    """Return the rows with kind and name settled, each joined to the first row of its unit."""
    listed: list[ListedRow] = []
    by_key: dict[str, ListedRow] = {}
    for row in rows:
        each = _listed(row)
        listed.append(each)
        first = by_key.setdefault(each.key, each) if each.code else each
        if first is not each:
            each.first = first
            _refuse_unlike(each, first)
    return listed


def _listed(row: TableRow) -> ListedRow:
    if row["kind"] in KINDS_APART:
        typed, name = "", unit_name(row["name"] or "")
    else:
        typed, name = split_kind(row["name"] or "", Ward.Kind.values)
    kind = row["kind"] or typed
    if typed and row["kind"] and typed != row["kind"]:
        row.refuse(
            "kind", _("the kind that stands before the name, or none: %(kind)s") % {"kind": Ward.Kind(typed).label}
        )
    elif row["name"] and not kind:
        row.refuse("name", _("the kind before the name, for example Phường Tân Định; or a column “Loại đơn vị”"))
    if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
        row.refuse("valid_to", _("a day that is not before the first day"))
    return ListedRow(row, row["code"] or "", kind or "", name, row["valid_from"])


def _refuse_unlike(each: ListedRow, first: ListedRow) -> None:
    """Refuse a second row of a unit that names no further predecessor, or says something else of it."""
    if not each.names_former or not first.names_former:
        expected = _(
            "one row a unit: row %(row)s has this code and first day. Further rows are for further former units."
        )
        each.row.refuse("code", expected % {"row": first.place})
        return
    differing = [key for key in SAID if key != "name" and each.row[key] and each.row[key] != first.row[key]]
    if (each.kind, each.name) != (first.kind, first.name):
        differing.append("name")
    for key in differing:
        each.row.refuse(key, _("the same as in row %(row)s, which is about the same unit") % {"row": first.place})


def is_of_another_province(row: TableRow) -> bool:
    if row["province_code"]:
        return str(row["province_code"]) != HOME
    return bool(row["province"]) and "ho chi minh" not in search_key(row["province"])


def district_of(row: TableRow) -> tuple[str, str, str]:
    """Return code, kind and name of the district that a row names; blank where it names none."""
    kind, name = split_kind(row["district"] or "", District.Kind.values)
    return row["district_code"] or "", kind, name


def line_of(each: ListedRow) -> PlanLine:
    """Return what becomes of a row; a row with a fault or a question is refused whatever it says."""
    deed = Deed.BEGIN if each.begins else Deed.STAY
    if each.step and not each.begins:
        deed = Deed.CHANGE
    return PlanLine.of(each.row, deed, each.title, changes=each.changes, step=each.step)
