"""The text of a PDF, page by page, where it has some: a scan without a text layer has none."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from archiveportal.logs import log_event

READER = Path(__file__).parent / "pdf_reader.py"
#: seconds on the clock, beside the limits that the reader sets itself
LONGEST_WAIT = 60


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
    command = [sys.executable, "-I", str(READER)]
    try:
        # The command is the portal's own; the PDF is its input.
        done = subprocess.run(  # noqa: S603
            command, input=content, capture_output=True, timeout=LONGEST_WAIT, check=True
        )
        read = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        log_event("PDF not read", error=type(error).__name__)
        return PdfText(Legibility.UNREADABLE)
    if not read["is_whole"]:
        return PdfText(Legibility.TOO_LONG)
    has_text = any(page.strip() for page in read["pages"])
    return PdfText(Legibility.TEXT, read["pages"]) if has_text else PdfText(Legibility.SCAN)
