"""The head of the summary table of a set: its sections above its criteria, as many rows as they nest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from criteria.building.outline import Branch, Outline
from criteria.models import Criterion


@dataclass(frozen=True)
class HeadCell:
    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class _Column:
    #: headings above it, from the top
    path: tuple[str, ...]
    criterion: Criterion


def table_head(outline: Outline) -> list[list[HeadCell]]:
    """Return the rows of the head from the top; criteria that add up are headings of their parts."""
    columns = list(_columns(outline.top, ()))
    depth = max((len(column.path) for column in columns), default=0)
    rows: list[list[HeadCell]] = [[] for _level in range(depth + 1)]
    for level in range(depth):
        for heading, group in groupby(columns, key=lambda column: column.path[: level + 1]):
            below = list(group)
            if len(heading) > level:
                rows[level].append(HeadCell(heading[level], columns=len(below)))
                continue
            # What lies directly under a shorter path reaches down to the last row, from its own level on.
            if len(heading) == level:
                rows[level] += [_cell(column, depth) for column in below]
    rows[depth] += [_cell(column, depth) for column in columns if len(column.path) == depth]
    return [row for row in rows if row]


def _cell(column: _Column, depth: int) -> HeadCell:
    return HeadCell(_heading(column.criterion), rows=depth - len(column.path) + 1)


def _heading(criterion: Criterion) -> str:
    number = criterion.shown_number
    return f"{number}. {criterion.heading}" if number else criterion.heading


def _columns(branch: Branch, path: tuple[str, ...]) -> list[_Column]:
    own = (*path, str(branch.section)) if branch.section else path
    columns: list[_Column] = []
    for leaf in branch.leaves:
        if leaf.parts:
            above = (*own, _heading(leaf.criterion))
            columns += [_Column(above, part.criterion) for part in leaf.parts]
        else:
            columns.append(_Column(own, leaf.criterion))
    for below in branch.branches:
        columns += _columns(below, own)
    return columns
