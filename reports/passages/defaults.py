"""Default texts of passages that nobody has written yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archiveportal.scope import Viewer
from reports.documents import round_report, scheme_report
from reports.documents.context import CONTEXTS, RoundContext, SchemeContext
from reports.models import ReportKind, Subject
from reports.subjects import report_of


def usual_words(user: Viewer, subject: Subject) -> dict[str, str]:
    """Return by place, one paragraph per line, what the document would print there now."""
    return usual_words_of(CONTEXTS[report_of(subject).kind](user, subject))


def usual_words_of(context: RoundContext | SchemeContext) -> dict[str, str]:
    """Return the same, for callers that have read the round or scheme already."""
    return USUAL_WORDS[context.report.kind](context)


def _of_round(context: RoundContext) -> dict[str, str]:
    return {
        "subject": round_report.usual_subject(context),
        "opening": round_report.usual_opening(context),
        "rollout_title": round_report.ROLLOUT,
        "guidance_title": round_report.GUIDANCE,
        "receivers": "\n".join(round_report.usual_receivers(context)),
    }


def _of_scheme(context: SchemeContext) -> dict[str, str]:
    return {
        "subject": scheme_report.usual_subject(context),
        "addressee": scheme_report.usual_addressee(context),
        "opening": scheme_report.usual_opening(context),
        "receivers": "\n".join(scheme_report.usual_receivers(context)),
    }


#: each takes the context of its own kind
USUAL_WORDS: dict[ReportKind, Callable[[Any], dict[str, str]]] = {
    ReportKind.ROUND: _of_round,
    ReportKind.SCHEME: _of_scheme,
}


def is_same(one: str, other: str) -> bool:
    """Compare two passages line by line; spaces are not words."""
    return _lines(one) == _lines(other)


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]
