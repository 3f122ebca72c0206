"""Rows as they were read, and the lines of the plan that a kind of sheet makes of them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from archiveportal.sheets.columns import TableColumn
from archiveportal.sheets.values import text_of
from archiveportal.vietnamese import search_key


class Deed(StrEnum):
    """What becomes of a row."""

    BEGIN = "begin"
    CHANGE = "change"
    STAY = "stay"
    #: it has an error, or a question that nobody has answered
    REFUSE = "refuse"


@dataclass(frozen=True)
class Fault:
    """An error of a cell, or of the whole row where `column` is blank."""

    column: str
    heading: str
    value: str
    expected: str


@dataclass(frozen=True)
class CellQuestion:
    """Several rows of the portal fit a value. `key` is the same wherever the same is asked."""

    key: str
    #: letter of the column, "" where it is about the whole row
    column: str
    heading: str
    value: str
    #: stored value and label
    options: tuple[tuple[str, str], ...]


#: the table of rows that lie above the headings
TITLES = "titles"


@dataclass
class TableRow:
    """A row of the file with the values of its known columns; blank cells are None."""

    sheet: str
    number: int
    values: dict[str, Any]
    #: the cells as they are in the file, by key of the column
    cells: Mapping[str, Any]
    #: letter and column by key
    places: Mapping[str, tuple[str, TableColumn]]
    answers: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)
    questions: list[CellQuestion] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: key of the further table that it is of, "" for the main one
    table: str = ""

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)

    def text(self, key: str) -> str:
        """Return the cell as it is in the file, cleaned."""
        return text_of(self.cells.get(key))

    def refuse(self, key: str, expected: str) -> None:
        """Note an error of a cell; with the key "" one of the whole row."""
        letter, column = self.places.get(key, ("", None))
        self.faults.append(Fault(letter, column.heading if column else "", self.text(key), expected))

    def ask(self, key: str, options: Sequence[tuple[str, str]], *, about: str = "", heading: str = "") -> str | None:
        """Return the answer to which of `options` is meant, or note the question and return None.

        One answer serves all rows with the same text, or with the same text and `about`. A question
        about no column has a heading of its own.
        """
        question_key = ":".join(filter(None, (key, search_key(self.text(key)), search_key(about))))
        answer = self.answers.get(question_key)
        if answer in {value for value, _label in options}:
            return answer
        letter, column = self.places.get(key, ("", None))
        heading = column.heading if column else heading
        self.questions.append(CellQuestion(question_key, letter, heading, self.text(key), tuple(options)))
        return None

    @property
    def is_refused(self) -> bool:
        return bool(self.faults or self.questions)


class FirstPlaces:
    """Where in a file each thing was met first, for sheets with one row for each."""

    def __init__(self) -> None:
        self._found: dict[Hashable, str] = {}

    def before(self, row: TableRow, about: Hashable) -> str:
        """Return the place of an earlier row about the same thing; blank where this is the first one."""
        place = f"{row.sheet}, {row.number}"
        first = self._found.setdefault(about, place)
        return "" if first == place else first


@dataclass(frozen=True)
class CellChange:
    """A field of a line: what it is called, its old and its new value in words."""

    label: str
    old: str
    new: str


@dataclass
class PlanLine:
    """What becomes of one row. `step` is what `SheetKind.apply` needs, as JSON can hold it.

    A line without a sheet is about a record that the file should have had and has not.
    """

    sheet: str
    row: int
    deed: Deed
    #: how the row is called: a person, a unit
    name: str
    changes: list[CellChange] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    questions: list[CellQuestion] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    step: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, row: TableRow, deed: Deed, name: str, **facts: Any) -> PlanLine:
        """Return the line of a row; a row with errors or questions is refused whatever the deed."""
        return cls(
            row.sheet,
            row.number,
            Deed.REFUSE if row.is_refused else deed,
            name,
            faults=row.faults,
            questions=row.questions,
            notes=row.notes,
            **facts,
        )

    @property
    def place(self) -> str:
        """Return sheet and number of the row."""
        return f"{self.sheet}, {self.row}" if self.sheet else "—"

    def to_json(self) -> dict[str, Any]:
        """Return the line as JSON holds it, without empty parts."""
        parts = {
            "sheet": self.sheet,
            "row": self.row,
            "deed": self.deed.value,
            "name": self.name,
            "changes": [[each.label, each.old, each.new] for each in self.changes],
            "faults": [[each.column, each.heading, each.value, each.expected] for each in self.faults],
            "questions": [[each.key, each.column, each.heading, each.value, each.options] for each in self.questions],
            "notes": self.notes,
            "step": self.step,
        }
        return {name: part for name, part in parts.items() if part not in ([], {}, "")}

    @classmethod
    def from_json(cls, parts: Mapping[str, Any]) -> PlanLine:
        return cls(
            parts.get("sheet", ""),
            parts["row"],
            Deed(parts["deed"]),
            parts.get("name", ""),
            changes=[CellChange(*each) for each in parts.get("changes", ())],
            faults=[Fault(*each) for each in parts.get("faults", ())],
            questions=[_question(each) for each in parts.get("questions", ())],
            notes=list(parts.get("notes", ())),
            step=dict(parts.get("step", {})),
        )


def _question(parts: Sequence[Any]) -> CellQuestion:
    key, column, heading, value, options = parts
    return CellQuestion(key, column, heading, value, tuple((stored, label) for stored, label in options))


@dataclass
class TablePlan:
    """All lines of a file, in its order, and notes about the file as a whole."""

    lines: list[PlanLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many lines begin, change, stay and are refused."""
        counted = Counter(line.deed for line in self.lines)
        return {deed.value: counted[deed] for deed in Deed}

    @property
    def is_clean(self) -> bool:
        """Tell whether every row can be taken; nothing is applied of a file with one error."""
        return all(line.deed != Deed.REFUSE for line in self.lines)

    @property
    def changes_something(self) -> bool:
        return any(line.deed in (Deed.BEGIN, Deed.CHANGE) for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        return {"lines": [line.to_json() for line in self.lines], "notes": self.notes}

    @classmethod
    def from_json(cls, parts: Mapping[str, Any]) -> TablePlan:
        return cls([PlanLine.from_json(each) for each in parts["lines"]], list(parts["notes"]))

    def to_bytes(self) -> bytes:
        """Return the plan as text of JSON, the same for the same plan."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        """Return a digest that differs when a later check plans anything else."""
        return digest_of_plan(self.to_bytes())


def digest_of_plan(content: bytes) -> str:
    """Return the digest of a plan that was written as JSON."""
    return hashlib.sha256(content).hexdigest()
