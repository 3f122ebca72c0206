"""How the number beside a criterion reads: "25,5 m²", alike on every page and paper."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from archiveportal.vietnamese import number


class AsksForFact(Protocol):
    """A criterion, by what it asks for beside its outcome."""

    fact_label: str
    fact_unit: str


def amount(criterion: AsksForFact, value: Decimal) -> str:
    """Write a number with its unit: "25,5 m²"."""
    return f"{number(value)} {criterion.fact_unit}".rstrip()


def fact_in_words(criterion: AsksForFact, value: Decimal | None, text: str, *, label: str) -> str:
    """Write what is recorded behind its label, "Diện tích kho: 25,5 m²"; blank for nothing.

    "Số người: 2" needs no unit.
    """
    written = text
    if value is not None:
        is_unit_said = criterion.fact_label.lower().endswith(criterion.fact_unit.lower())
        written = number(value) if is_unit_said else amount(criterion, value)
    return f"{label}: {written}" if written and label else written
