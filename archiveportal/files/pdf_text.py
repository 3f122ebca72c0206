"""The text of a PDF, page by page, and the digital signatures that it names.

A scan without a text layer has no text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from archiveportal.opening.process import MEGABYTE, Limits, open_limited
from archiveportal.opening.reasons import CannotOpen

LIMITS = Limits(memory=1024 * MEGABYTE, seconds=20)


class Legibility(StrEnum):
    """Whether the text of a PDF could be read."""

    TEXT = "text"
    #: pictures of pages without a text layer
    SCAN = "scan"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class PdfSignature:
    """A digital signature as the PDF names it. Nothing of it is verified."""

    name: str
    #: ISO 8601, as the device of who signed had it; blank where the PDF does not say it
    signed_at: str


@dataclass(frozen=True)
class PdfText:
    legibility: Legibility
    pages: Sequence[str] = field(default=())
    signatures: Sequence[PdfSignature] = field(default=())


def read_pdf(content: bytes) -> PdfText:
    """Read a PDF in a process of its own, held to limits of time, memory and pages."""
    if b" obj" not in content:
        return PdfText(Legibility.UNREADABLE)
    try:
        facts, texts = open_limited("pdf_text", content, limits=LIMITS)
    except CannotOpen:
        return PdfText(Legibility.UNREADABLE)
    signatures = [PdfSignature(**each) for each in facts["signatures"]]
    if not facts["is_whole"]:
        return PdfText(Legibility.TOO_LONG, signatures=signatures)
    pages = json.loads(texts)
    has_text = any(page.strip() for page in pages)
    if not has_text:
        return PdfText(Legibility.SCAN, signatures=signatures)
    return PdfText(Legibility.TEXT, pages, signatures)
