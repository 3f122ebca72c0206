"""Ends of the printed pages of a sheet, computed while its rows are written.

A spreadsheet turns the page wherever a page is full, also between the heading of a section and its first row, or
within the signatures. Where a sheet has rows that stay together its pages are turned here instead, a little early,
so that the spreadsheet never turns one by itself in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

A3, A4 = "8", "9"
#: points across and down within the margins, by paper and whether it is landscape
INNER = {(A4, False): (523, 741), (A4, True): (770, 494), (A3, False): (770, 1090), (A3, True): (1118, 741)}
#: programs differ a little in the height of a line
SURE = 0.97
#: a spreadsheet takes 1.026 breaks
MOST_BREAKS = 1000


@dataclass
class Pages:
    """`room` are the points that the rows of a page may take; `head` the rows that every page
    repeats."""

    room: float = float("inf")
    head: tuple[int, int] = (0, 0)
    #: rows after which a new page begins
    breaks: list[int] = field(default_factory=list)
    #: what all rows take
    total: float = 0.0
    #: whether some rows stay together; without them pages turn as they will
    has_groups: bool = False
    _used: float = 0.0
    _head_points: float = 0.0
    _last: tuple[int, float] = (0, 0.0)
    #: the rows at the end that stay with the next one: their number and points
    _group: tuple[int, float] = (0, 0.0)
    _grouped_to: int = 0

    @classmethod
    def of(
        cls,
        widths: Sequence[float],
        *,
        paper: str,
        landscape: bool,
        head: tuple[int, int] | None,
        across: int = 1,
    ) -> Pages:
        """Return pages as wide as the columns, which a spreadsheet shrinks and never enlarges.

        `across` is the number of pages that stand side by side.
        """
        room, down = INNER[paper, landscape]
        scale = min(1.0, across * room / sum(width * 5.25 + 3.75 for width in widths))
        return cls(room=down / scale, head=head or (0, 0))

    @property
    def filled(self) -> float:
        """Count the pages that the rows would fill without any break."""
        return self.total / self.room

    def add(self, row: int, points: float) -> None:
        self.total += points
        self._used += points
        if row <= self.head[1]:
            self._head_points += points if row >= self.head[0] else 0
        elif self._used > self.room * SURE:
            count, together = self._group if self._grouped_to == row - 1 else (0, 0.0)
            # What takes more than a page by itself is parted all the same.
            if together + points + self._head_points <= self.room * SURE and row - count - 1 > self.head[1]:
                self._turn(row - count - 1, together + points)
            else:
                self._turn(row - 1, points)
        self._last = (row, points)

    def _turn(self, row: int, used: float) -> None:
        if row > self.head[1] and len(self.breaks) < MOST_BREAKS:
            self.breaks.append(row)
        self._used = self._head_points + used

    def keep_with_next(self) -> None:
        """Keep the row just added on the page of the row that follows."""
        row, points = self._last
        count, together = self._group if self._grouped_to == row - 1 else (0, 0.0)
        self._group, self._grouped_to, self.has_groups = (count + 1, together + points), row, True
