"""Percentages, each with the rounding rule of the document that prints it.

5355/BC-SNV rounds half up to whole percents (20/23 = 87%, section II.2.a); 2710/BC-SNV truncates to two
decimals (320/788 = 40,60 %, section I.2.b). Numerator and denominator are what is stored; these functions
are the display rules. A missing or zero denominator gives None, shown as a dash.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

Number = int | Decimal

#: decimals of a mean, on pages as in documents: 11,00 stands above 11,33 in one column
AVERAGE_PLACES = 2


def _percent(numerator: Number | None, denominator: Number | None, step: str, rounding: str) -> Decimal | None:
    if numerator is None or not denominator:
        return None
    return (Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal(step), rounding=rounding)


def whole_percent(numerator: Number | None, denominator: Number | None) -> Decimal | None:
    """Whole percents, half up: the rule of 5355/BC-SNV."""
    return _percent(numerator, denominator, "1", ROUND_HALF_UP)


def truncated_percent(numerator: Number | None, denominator: Number | None) -> Decimal | None:
    """Two decimals, cut off and not rounded: the rule of 2710/BC-SNV."""
    return _percent(numerator, denominator, "0.01", ROUND_DOWN)


def mean(total: Number | None, count: int) -> Decimal | None:
    """Two decimals, half up; None without anything to divide by. Shown beside the count that it stands on."""
    if total is None or not count:
        return None
    return (Decimal(total) / count).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def exact_percent(numerator: Number | None, denominator: Number | None) -> Decimal | None:
    """Two decimals, half up: what is shown on screens, where no document sets a rule."""
    return _percent(numerator, denominator, "0.01", ROUND_HALF_UP)
