"""What a report says in the places that have words of their own while nobody has written there."""

from __future__ import annotations

from typing import Any

from criteria.inspections.models import Round
from reports.documents import round_report, scheme_report
from reports.documents.context import RoundContext, SchemeContext
from training.models import Scheme


def usual_words(user: Any, subject: Round | Scheme) -> dict[str, str]:
    """By place, one paragraph per line, as the document would print them now."""
    if isinstance(subject, Round):
        of_round = RoundContext(user, subject)
        return {
            "subject": round_report.usual_subject(of_round),
            "opening": round_report.usual_opening(of_round),
            "receivers": "\n".join(round_report.usual_receivers(of_round)),
        }
    of_scheme = SchemeContext(user, subject)
    return {
        "subject": scheme_report.usual_subject(of_scheme),
        "addressee": scheme_report.ADDRESSEE,
        "opening": scheme_report.usual_opening(of_scheme),
        "receivers": "\n".join(scheme_report.RECEIVERS),
    }


def is_same(one: str, other: str) -> bool:
    """Whether two passages say the same, line by line; spaces are not words."""
    return _lines(one) == _lines(other)


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]
