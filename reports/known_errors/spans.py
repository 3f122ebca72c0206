"""An error within a folded text."""

from __future__ import annotations

from dataclasses import dataclass

HIGH, MEDIUM, LOW = "high", "medium", "low"


@dataclass(frozen=True)
class ErrorMatch:
    """The span of an error in a folded text, and what is said of it; see `KnownError`."""

    key: str
    start: int
    end: int
    corrected: str | None
    reason: str
    reason_en: str
    severity: str = LOW
    code: str = ""
