"""What a check finds: how serious it is, where it is, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise

from archiveportal.vietnamese import number
from reports.models import Discrepancy

SEVERITY = Discrepancy.Severity


#: a sentence names so many units at most
NAMED = 8


@dataclass(frozen=True)
class Found:
    """Something that does not fit. `address` is where it can be looked at; blank where there is no such page.

    One that `stops_closing` has to be decided on before.
    """

    severity: str
    text: str
    address: str = ""
    stops_closing: bool = False

    @property
    def severity_label(self) -> str | Promise:
        return SEVERITY(self.severity).label


@dataclass(frozen=True)
class Addition:
    """A total and the parts that it should be the sum of."""

    name: str
    total: Decimal | int
    parts: Sequence[Decimal | int]
    address: str = ""


def first_names(names: Sequence[str]) -> str:
    """Return the first few names and how many more there are: "Phường 1; Phường 2 (+21)"."""
    left = len(names) - NAMED
    return "; ".join(names[:NAMED]) + (f" (+{number(left)})" if left > 0 else "")
