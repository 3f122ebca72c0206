"""Percentages and averages, rounded by the rule that their document stores.

5355/BC-SNV rounds half up to whole percents (20/23 = 87%, section II.2.a); 2710/BC-SNV cuts off
after two decimals (320/788 = 40,60 %, section I.2.b). A round and a scheme store the rule of their
report; pages without a document follow PAGES. Numerator and denominator are what is stored.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from archiveportal.vietnamese import number

Number = int | Decimal

#: decimals of a mean, on pages as in documents: 11,00 and 11,33 in one column
AVERAGE_PLACES = 2


class Rounding(models.TextChoices):
    """How percentages are rounded. The codes are stored, also in the figures of closings."""

    WHOLE = "whole", _("whole percents, half up")
    TRUNCATED = "truncated", _("two decimals, cut off")
    EXACT = "exact", _("two decimals, half up")


#: the rule of pages, charts and workbooks that are of no document
PAGES = Rounding.EXACT
_STEPS = {
    Rounding.WHOLE: (Decimal(1), ROUND_HALF_UP),
    Rounding.TRUNCATED: (Decimal("0.01"), ROUND_DOWN),
    Rounding.EXACT: (Decimal("0.01"), ROUND_HALF_UP),
}


def percent_of(numerator: Number | None, denominator: Number | None, rule: str = PAGES) -> Decimal | None:
    """Return numerator / denominator in percent, rounded by `rule`.

    None where either is missing, or the denominator is zero.
    """
    if numerator is None or not denominator:
        return None
    step, rounding = _STEPS[Rounding(rule)]
    return (Decimal(numerator) * 100 / Decimal(denominator)).quantize(step, rounding=rounding)


def percentage_points(
    earlier: tuple[Number, Number], later: tuple[Number, Number], rule: str = PAGES
) -> Decimal | None:
    """Return how many percentage points the share `later` lies above `earlier`, rounded once.

    Each share is (numerator, denominator). The exact shares are subtracted: two rounded percents
    can differ by 33,34 where the shares differ by one third. None where a denominator is zero.
    """
    reached_before, possible_before = earlier
    reached_after, possible_after = later
    difference = reached_after * possible_before - reached_before * possible_after
    return percent_of(difference, possible_before * possible_after, rule)


def format_percent(value: Decimal | None, sign: str = "%") -> str:
    """Return "87%" or "40,60%" as documents print it; a dash for None.

    The decimals are those that the rule gave.
    """
    return "—" if value is None else f"{number(value, decimals_of(value))}{sign}"


def decimals_of(value: Decimal) -> int:
    """Return how many decimals a rounded value has: 40,60 keeps its zero."""
    return max(-int(value.as_tuple().exponent), 0)


def decimals_needed(value: Number | None) -> int:
    """Return how many decimals a number needs: one for 7.50, none for 8.00, two at most."""
    if value is None or value == int(value):
        return 0
    return min(decimals_of(Decimal(value).normalize()), AVERAGE_PLACES)


def half_up_like(value: Decimal) -> str:
    """Return the rule, half up, whose percents have as many decimals as this one."""
    return Rounding.EXACT if decimals_of(value) else Rounding.WHOLE


def mean(total: Number | None, count: int) -> Decimal | None:
    """Return total / count with two decimals, half up; None without anything to divide by."""
    if total is None or not count:
        return None
    return (Decimal(total) / count).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
