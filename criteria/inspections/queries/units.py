"""What stands beside a criterion: what was found last time, its finding, what the ward says of itself."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from criteria.inspections.models import Enrolment, Finding, SelfAnswer


@dataclass(frozen=True)
class LastTime:
    """What the last approved inspection found. `predecessor` names the former unit if it was not this one."""

    outcome: str
    number: Decimal | None
    text: str
    note: str
    round_name: str
    inspected_on: datetime.date | None
    predecessor: str = ""
    finding: Finding | None = None


def last_time(enrolment: Enrolment) -> dict[int, LastTime]:
    """By the key of a criterion: what the last approved inspection of the same ward found for the same criterion."""
    return {}


def findings_of(enrolment: Enrolment, user: Any) -> dict[int, Finding]:
    """By the key of a criterion: the finding that the person may see and that was not withdrawn."""
    return {}


def self_answers(enrolment: Enrolment, user: Any) -> dict[int, SelfAnswer]:
    """By the key of a criterion: what the ward says of itself, as far as the person may see it."""
    return {}
