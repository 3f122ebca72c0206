"""The result of a derivation: a value, its printed form, its origin, and the address of its
records."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from archiveportal.percent import Number, format_percent
from archiveportal.vietnamese import at_least, count_in_text, number

UNKNOWN = "—"


@dataclass(frozen=True)
class Source:
    """The page with the records behind a figure: its kind (see `reports.ledger.links`) and, of some, which one."""

    page: str
    key: Any = ""


@dataclass(frozen=True)
class Value:
    """`display` is in the manner of the printed figure; `working` is the arithmetic in a few signs, if any."""

    value: Any
    display: str
    source: Source | None = None
    working: str = ""
    #: numerator and denominator of a percentage
    ratio: tuple[Number, Number] | None = None


def count(value: Number | None, source: Source | None = None) -> Value:
    """As 5355/BC-SNV prints counts: "9", "24"; a score may have decimals in later sets."""
    return Value(value, number(value), source)


def padded_count(value: int | None, source: Source | None = None, *, is_lower_bound: bool = False) -> Value:
    """As 2710/BC-SNV prints counts: "01", "1.341", "hơn 400"."""
    if value is None:
        return Value(None, UNKNOWN, source)
    return Value(value, at_least(count_in_text(value), is_lower_bound=is_lower_bound), source)


def percent(value: Decimal | None, numerator: Number | None, denominator: Number | None, **options: Any) -> Value:
    """Return a percentage already rounded by the rule of its document. `sign` is "%" or " %" as
    printed there."""
    if value is None or numerator is None or denominator is None:
        return Value(None, UNKNOWN, options.get("source"))
    is_lower_bound = options.get("is_lower_bound", False)
    display = at_least(format_percent(value, options.get("sign", "%")), is_lower_bound=is_lower_bound)
    reached = at_least(number(numerator), is_lower_bound=is_lower_bound)
    working = f"{reached}/{number(denominator)}"
    return Value(value, display, options.get("source"), working, (numerator, denominator))
