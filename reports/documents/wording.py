"""The words of a document, by its copy: as they are printed, as printed with notes, or corrected.

The clean copy is the draft of a new paper: it has the corrected wording of every known error. The
noted copy keeps the printed words and says the corrected ones in a footnote. Passages themselves
are never changed here: a person accepts a correction on their page, or keeps the words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from archiveportal.word.report import AppendixHead, Caption, Cell, Note, Noted, WideTable
from archiveportal.word.writer import Block, Column, Grid, Heading, Text
from reports.documents.notes import Notes, Parts
from reports.known_errors.finding import KnownError, corrected_text, errors_in
from reports.known_errors.spans import LOW
from reports.models import KeptError

#: no known error is shorter than a cell that is looked at: tables have tens of thousands of marks
SHORTEST_CELL = 8
AnyParts = Sequence[str | Note]
Correct = Callable[[str], str]


def corrected_texts(texts: Mapping[str, str], kept: Collection[str]) -> dict[str, str]:
    return {name: corrected_text(text, kept) for name, text in texts.items()}


def corrected_blocks(blocks: Iterable[Block], kept: Collection[str]) -> list[Block]:
    """Return the blocks with the corrected wording, apart from errors whose digest is `kept`."""

    def correct(text: str) -> str:
        return corrected_text(text, kept)

    return [_corrected(block, correct) for block in blocks]


def _corrected(block: Block, correct: Correct) -> Block:
    if isinstance(block, Text | Heading | Caption):
        return replace(block, text=correct(block.text))
    if isinstance(block, Noted):
        return replace(block, parts=_corrected_parts(block.parts, correct))
    if isinstance(block, AppendixHead):
        title, belongs_to = correct(block.title), _corrected_parts(block.belongs_to, correct)
        return replace(block, title=title, belongs_to=belongs_to)
    if isinstance(block, Grid):
        columns = [Column(correct(each.heading), each.width, each.align) for each in block.columns]
        return replace(block, columns=columns, rows=[_corrected_row(row, correct) for row in block.rows])
    if isinstance(block, WideTable):
        head = [_corrected_row(row, correct) for row in block.head]
        return replace(block, head=head, rows=[_corrected_row(row, correct) for row in block.rows])
    return block


def _corrected_parts(parts: AnyParts, correct: Correct) -> Parts:
    return [part if isinstance(part, Note) else correct(part) for part in _joined(parts)]


def _corrected_row(cells: Sequence[Any], correct: Correct) -> list[Any]:
    return [_corrected_cell(cell, correct) for cell in cells]


def _corrected_cell(cell: str | Cell | None, correct: Correct) -> str | Cell | None:
    if cell is None:
        return None
    if isinstance(cell, Cell):
        return replace(cell, text=correct(cell.text)) if len(cell.text) >= SHORTEST_CELL else cell
    return correct(cell) if len(cell) >= SHORTEST_CELL else cell


def _joined(parts: AnyParts) -> Parts:
    """Join texts that follow each other, so that an error over two of them is found."""
    joined: Parts = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


@dataclass(frozen=True)
class WordingNotes:
    """The footnotes on known errors: what the list says of them, and what was decided."""

    notes: Notes
    kept: Mapping[str, KeptError]
    #: digests of the slight errors that have their note
    noted: set[str] = field(default_factory=set)

    def is_repeated(self, error: KnownError) -> bool:
        """Tell whether a slight error ("VTTL") has a note already: one tells of all its places."""
        if error.severity != LOW:
            return False
        is_noted = error.digest in self.noted
        self.noted.add(error.digest)
        return is_noted

    def of(self, error: KnownError, said: str) -> Note:
        """Return the note on an error; `said` is what the notes of its paragraph say already."""
        finding = self.notes.findings.get(error.code, "")
        opening = "" if not finding or f"{error.code}: " in said else f"{finding} "
        return Note(f"{opening}{self._proposal(error)}")

    def _proposal(self, error: KnownError) -> str:
        decision = self.kept.get(error.digest)
        if decision is not None:
            reason = f", lý do: {decision.reason.rstrip('.')}" if decision.reason else ""
            return f"Vẫn giữ “{error.printed}”{reason}."
        if error.corrected is None:
            return f"Cần xem lại “{error.printed}”: {error.reason}."
        return f"Đề nghị sửa “{error.printed}” thành “{error.corrected}”, vì {error.reason}."


def noted_blocks(blocks: Iterable[Block], notes: WordingNotes) -> list[Block]:
    """Return the blocks with a footnote after each known error of a paragraph: its corrected wording."""
    return [_noted(block, notes) for block in blocks]


def _noted(block: Block, notes: WordingNotes) -> Block:
    if isinstance(block, Text) and errors_in(block.text):
        parts = _with_notes([block.text], notes)
        return Noted(parts, align=block.align, is_bold=block.is_bold, is_italic=block.is_italic)
    if isinstance(block, Noted):
        return replace(block, parts=_with_notes(block.parts, notes))
    return block


def _with_notes(parts: AnyParts, notes: WordingNotes) -> Parts:
    """Insert the notes on the errors of a paragraph among the notes that it has."""
    text = "".join(part for part in parts if isinstance(part, str))
    waiting = errors_in(text)
    said = " ".join(part.text for part in parts if isinstance(part, Note))
    placed: Parts = []
    start = 0
    for part in parts:
        if isinstance(part, Note):
            placed.append(part)
            continue
        done = start
        end = start + len(part)
        for error in [error for error in waiting if start < error.end <= end]:
            if not notes.is_repeated(error):
                placed += [text[done : error.end], notes.of(error, said)]
                done = error.end
        placed.append(text[done:end])
        start = end
    return [part for part in placed if part]
