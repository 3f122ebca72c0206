"""The words in a report that people wrote: passages, names, legal bases, courses, places, days.

They are stored with a closing beside the sentences that they became part of, so that they can be
compared even after the code words its own sentences otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archiveportal.vietnamese import document_date
from criteria.inspections.models import RoundDocument
from reports.documents.context import RoundContext, SchemeContext
from reports.models import ReportKind

#: before the key of a passage
PASSAGE = "passage."


def sources_of(context: RoundContext | SchemeContext) -> dict[str, str]:
    """Return the words by their place: "passage.achieved", "name", "courses"."""
    passages = {f"{PASSAGE}{key}": text for key, text in sorted(context.written.texts.items())}
    return passages | SOURCES[context.report.kind](context)


def _of_round(context: RoundContext) -> dict[str, str]:
    inspection_round = context.round
    documents = RoundDocument.objects.visible_to(context.user).filter(round=inspection_round, voided_at__isnull=True)
    return {
        "name": inspection_round.name,
        "legal_basis": inspection_round.legal_basis,
        "period": f"{document_date(inspection_round.starts_on)} - {document_date(inspection_round.ends_on)}",
        "documents": _lines(f"{row.number} {document_date(row.issued_on)} {row.title}" for row in documents),
        "units": _lines(_ward(row) for row in context.enrolments),
    }


def _ward(row: Any) -> str:
    district = row.ward.district.title if row.ward.district_id else ""
    return f"{row.ward.title}, {district}" if district else row.ward.title


def _of_scheme(context: SchemeContext) -> dict[str, str]:
    scheme = context.scheme
    return {
        "name": scheme.name,
        "legal_basis": scheme.legal_basis,
        "decided_on": document_date(scheme.decided_on) if scheme.decided_on else "",
        "categories": _lines(line.category.name for line in context.lines),
        "courses": _lines(f"{course.name}; {course.partner}; {course.place}" for course in context.courses),
    }


def _lines(texts: Any) -> str:
    return "\n".join(texts)


SOURCES: dict[ReportKind, Callable[[Any], dict[str, str]]] = {
    ReportKind.ROUND: _of_round,
    ReportKind.SCHEME: _of_scheme,
}
