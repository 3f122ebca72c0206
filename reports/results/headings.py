"""The headings of the summary table: up to three levels of sections, sums of parts, and the leaves below them.

A set without sections has one level, as the appendix of 5355/BC-SNV prints it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from criteria.models import Criterion, Section

#: what a column lies under: a key by which neighbours belong together, and the words of the heading
Step = tuple[object, str]


@dataclass(frozen=True)
class TableHeading:
    """A heading over so many columns and rows; `criterion` is that of a column of its own."""

    title: str
    over: int = 1
    down: int = 1
    criterion: Criterion | None = None


#: None stands below a cell of the row before that reaches down
HeadRow = list[TableHeading | None]


def head_rows(columns: Sequence[Criterion], parents: dict[int, Criterion]) -> list[HeadRow]:
    """Return the rows of headings, two at least. `parents` are the sums of parts by their key."""
    paths = [_path(criterion, parents) for criterion in columns]
    depth = max([1, *map(len, paths)])
    return [_row(columns, paths, level=level, depth=depth) for level in range(depth + 1)]


def leaf_heading(criterion: Criterion) -> str:
    """Return the heading of a column with its printed number, where it has one of its own."""
    number = criterion.printed_number
    heading = f"{number.rstrip('.')}. {criterion.heading}" if number else criterion.heading
    return f"{heading} ({criterion.SIGNS_ON_PAPER[Criterion.Sign(criterion.sign)]})" if criterion.sign else heading


def _path(criterion: Criterion, parents: dict[int, Criterion]) -> list[Step]:
    path: list[Step] = []
    section = criterion.section
    while section is not None:
        path.insert(0, (("section", section.pk), _title(section)))
        section = section.parent
    if not path and criterion.printed_group:
        path = [(criterion.printed_group, criterion.printed_group)]
    parent = parents.get(criterion.parent_id) if criterion.parent_id else None
    return [*path, (("parts", parent.pk), leaf_heading(parent))] if parent else path


def _title(section: Section) -> str:
    return f"{section.number.rstrip('.')}. {section.title}" if section.number else section.title


def _row(columns: Sequence[Criterion], paths: list[list[Step]], *, level: int, depth: int) -> HeadRow:
    """Return one row of headings: neighbours under the same headings up to here share a cell."""
    cells: HeadRow = []

    def key_of(place: int) -> tuple[object, ...]:
        path = paths[place]
        own = () if len(path) > level else (place,)
        return (*(key for key, _words in path[: level + 1]), *own)

    for _key, members in groupby(range(len(columns)), key=key_of):
        places = list(members)
        path = paths[places[0]]
        if len(path) > level:
            cells.append(TableHeading(path[level][1], over=len(places)))
        elif len(path) == level:
            criterion = columns[places[0]]
            cells.append(TableHeading(leaf_heading(criterion), down=depth + 1 - level, criterion=criterion))
        else:
            cells.append(None)
    return cells
