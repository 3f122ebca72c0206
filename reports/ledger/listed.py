"""The portal's list of discrepancies as its data file has it, and how a stored row differs from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archiveportal.baseline import rows, rows_without_source
from archiveportal.model_fields import own_field
from reports.models import Discrepancy

DATA = Path(__file__).parents[1] / "data"


def listed_discrepancies() -> list[dict[str, str]]:
    """Return the discrepancies as the portal lists them, without their source in the reports."""
    return list(rows_without_source(DATA / "discrepancies.csv"))


@cache
def _quotations() -> dict[str, str]:
    return {row["code"]: row["quotation"] for row in rows(DATA / "figures.csv")}


def quotation_of(figure: str) -> str:
    """Return the words of the report around a figure, at most 25 of them."""
    return _quotations().get(figure, "")


@dataclass(frozen=True)
class Divergence:
    """A field that was changed behind the portal: what the list says, and what the row says."""

    field: str
    listed: str
    stored: str


@cache
def _listed() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in listed_discrepancies()}


def divergences_of(row: Discrepancy) -> list[Divergence]:
    """List the fields in which a row differs from the portal's list; none for a row of somebody's own."""
    listed = _listed().get(row.code, {})
    return [
        Divergence(_label(name), _readable(row, name, value), _readable(row, name, getattr(row, name)))
        for name, value in listed.items()
        if value != getattr(row, name)
    ]


def _label(name: str) -> str:
    text = str(own_field(Discrepancy, name.removesuffix("_en")).verbose_name)
    return f"{text[:1].upper()}{text[1:]}{' (English)' if name.endswith('_en') else ''}"


def _readable(row: Discrepancy, name: str, value: str) -> str:
    labels = dict(own_field(Discrepancy, name).flatchoices)
    return str(labels.get(value, value)) or "—"
