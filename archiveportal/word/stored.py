"""The blocks of a document as plain data, to be stored, and made into blocks again.

A block is a dict with the name of its class under "is" and those of its fields that differ from
their defaults. Texts, numbers and truth values stay as they are; every collection is a list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from archiveportal.word.report import (
    Addressee,
    AppendixHead,
    Caption,
    Cell,
    End,
    NewSection,
    Note,
    Noted,
    ShortRule,
    WideTable,
)
from archiveportal.word.writer import Block, Column, Grid, Head, Heading, Text, Title

CLASS = "is"
#: Names are stored: a class keeps its name, and a field that is renamed needs its old name here.
STORED = {
    each.__name__: each
    for each in (
        Addressee, AppendixHead, Caption, Cell, Column, End, Grid, Head, Heading, NewSection, Note, Noted, ShortRule,
        Text, Title, WideTable,
    )
}  # fmt: skip


def to_data(blocks: Iterable[Block]) -> list[Any]:
    """Return blocks as what JSON holds."""
    return [_to_data(block) for block in blocks]


def from_data(data: Iterable[Any]) -> list[Any]:
    """Return the blocks of `to_data` again."""
    return [_from_data(each) for each in data]


def _to_data(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        known = {field.name: getattr(value, field.name) for field in fields(value)}
        changed = {field.name: known[field.name] for field in fields(value) if not _is_default(field, known)}
        return {CLASS: type(value).__name__} | {name: _to_data(each) for name, each in changed.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (str, int, float)) or value is None:
        # A lazy or marked text is stored as the text alone.
        return str(value) if isinstance(value, str) else value
    return [_to_data(each) for each in value]


def _is_default(field: Field, known: dict[str, Any]) -> bool:
    value = known[field.name]
    if field.default is MISSING:
        return False
    is_empty = isinstance(value, Collection) and not value and not field.default
    return value == field.default or is_empty


def _from_data(data: Any) -> Any:
    if isinstance(data, list):
        return [_from_data(each) for each in data]
    if not isinstance(data, dict):
        return data
    values = {name: _from_data(value) for name, value in data.items() if name != CLASS}
    return STORED[data[CLASS]](**values)


def texts_of(block: Any) -> list[str]:
    """Return what a block says, a text for each paragraph or row of a table, without footnotes."""
    if isinstance(block, Noted):
        return ["".join(part for part in block.parts if isinstance(part, str))]
    if isinstance(block, AppendixHead):
        belongs_to = "".join(part for part in block.belongs_to if isinstance(part, str))
        return [block.name, block.title, belongs_to]
    if isinstance(block, Grid):
        return [_row([column.heading for column in block.columns]), *(_row(row) for row in block.rows)]
    if isinstance(block, WideTable):
        return [_row(row) for row in (*block.head, *block.rows)]
    return [block.text]


def has_footnotes(data: Any) -> bool:
    """Return whether anything in stored blocks bears a footnote."""
    if isinstance(data, list):
        return any(has_footnotes(each) for each in data)
    if not isinstance(data, dict):
        return False
    bears_one = data.get(CLASS) == Note.__name__ or bool(data.get("note"))
    return bears_one or any(has_footnotes(each) for each in data.values())


def _row(cells: Iterable[Any]) -> str:
    texts = [cell.text if isinstance(cell, Cell) else cell for cell in cells]
    return " | ".join(text or "" for text in texts)
