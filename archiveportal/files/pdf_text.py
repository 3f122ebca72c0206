"""The text of a PDF, page by page, where it has some: a scan without a text layer has none."""

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
class PdfText:
    legibility: Legibility
    pages: Sequence[str] = field(default=())


def read_pdf(content: bytes) -> PdfText:
    """Read a PDF in a process of its own, held to limits of time, memory and pages."""
    if b" obj" not in content:
        return PdfText(Legibility.UNREADABLE)
    try:
        facts, texts = open_limited("pdf_text", content, limits=LIMITS)
    except CannotOpen:
        return PdfText(Legibility.UNREADABLE)
    if not facts["is_whole"]:
        return PdfText(Legibility.TOO_LONG)
    pages = json.loads(texts)
    has_text = any(page.strip() for page in pages)
    return PdfText(Legibility.TEXT, pages) if has_text else PdfText(Legibility.SCAN)
