"""The result of a derivation: a value, its printed form, its origin, and the address of its
records."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from archiveportal.percent import Number, format_percent
from archiveportal.vietnamese import count_in_text, number

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


def count(value: Number | None, source: Source | None = None) -> Value:
    """As 5355/BC-SNV prints counts: "9", "24"; a score may have decimals in later sets."""
    return Value(value, number(value), source)


def padded_count(value: int | None, source: Source | None = None, *, is_lower_bound: bool = False) -> Value:
    """As 2710/BC-SNV prints counts: "01", "1.341", "hơn 400"."""
    if value is None:
        return Value(None, UNKNOWN, source)
    return Value(value, f"{'hơn ' if is_lower_bound else ''}{count_in_text(value)}", source)


def percent(value: Decimal | None, numerator: Number | None, denominator: Number | None, **options: Any) -> Value:
    """Return a percentage already rounded by the rule of its document. `sign` is "%" or " %" as
    printed there."""
    if value is None:
        return Value(None, UNKNOWN, options.get("source"))
    sign = options.get("sign", "%")
    working = f"{number(numerator)}/{number(denominator)}"
    return Value(value, format_percent(value, sign), options.get("source"), working)
