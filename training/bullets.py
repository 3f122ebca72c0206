"""The bar of a line against its target, as whole-number coordinates for a drawing of 360 x 44.

Every bar has the same scale, so that lines compare. Beyond 140% the axis is broken and labelled: the bar keeps
its end at its true value instead of being cut off or squeezing the others (269,49% in 2710/BC-SNV, I.2.b).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 360, 44
LEFT, PER_PERCENT = 8, 2
BREAK_AT, LONGEST_WHOLE, GAP = 110, 140, 14
#: the piece after the break shows at least this much of the bar, and begins at a multiple of STEP
SHOWN_BEHIND, STEP = 15, 25
#: so that a label stays within the drawing
LAST_LABEL, LAST_LOWER_BOUND = 328, 292
#: half the width of a label without "hơn"
HALF_LABEL = 22


@dataclass(frozen=True)
class Bullet:
    """`end` is where the bar ends; with a break it stops at `break_from` and continues at
    `break_to`."""

    end: int
    axis_end: int
    zero: int = LEFT
    half: int = LEFT + 50 * PER_PERCENT
    full: int = LEFT + 100 * PER_PERCENT
    break_from: int | None = None
    break_to: int | None = None
    #: the label of the axis after the break
    resumes_at: int | None = None
    end_label: int = 0
    #: where "hơn 269,49%" begins, which is longer
    lower_bound_label: int = 0

    @property
    def is_broken(self) -> bool:
        return self.break_from is not None

    @property
    def breaks(self) -> tuple[int, int] | None:
        """Return where the axis is broken: the end of the first piece, the start of the second."""
        return None if self.break_from is None or self.break_to is None else (self.break_from, self.break_to)

    @property
    def first_width(self) -> int:
        return (self.end if self.break_from is None else self.break_from) - self.zero

    @property
    def second_width(self) -> int:
        return 0 if self.break_to is None else self.end - self.break_to


def _x(percent: Decimal | int) -> int:
    return LEFT + round(percent * PER_PERCENT)


def bullet(percent: Decimal | None) -> Bullet | None:
    """Return the drawing of a percent of target; None where there is no percent."""
    if percent is None:
        return None
    if percent <= LONGEST_WHOLE:
        return Bullet(end=_x(percent), axis_end=max(_x(percent), _x(BREAK_AT)))
    resumes_at = math.floor((percent - SHOWN_BEHIND) / STEP) * STEP
    break_from = _x(BREAK_AT)
    break_to = break_from + GAP
    end = break_to + round((percent - resumes_at) * PER_PERCENT)
    return Bullet(
        end=end,
        axis_end=end,
        break_from=break_from,
        break_to=break_to,
        resumes_at=resumes_at if resumes_at < 1000 else None,
        end_label=min(end, LAST_LABEL),
        lower_bound_label=min(end - HALF_LABEL, LAST_LOWER_BOUND),
    )
