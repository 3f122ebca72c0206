"""Whether a PDF can be opened and has a page."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
from pypdf.errors import FileNotDecryptedError, PyPdfError

from archiveportal.opening.reasons import CannotOpen, Reason

#: where a PDF says that its last part begins
END = re.compile(rb"startxref\s+\d+\s*(?:%{0,2}E?O?)?\s*\Z")


def read(content: bytes, _arguments: list[str]) -> tuple[dict[str, Any], bytes]:
    """Return the number of pages."""
    return {"pages": len(opened(content).pages)}, b""


def opened(content: bytes) -> pypdf.PdfReader:
    """Return a PDF that opens without a password and has a page. Raise `CannotOpen`.

    Protection against changes does not matter: such a file opens for everybody.
    """
    if END.search(content[-64:]):
        # Nothing but the mark of the end is missing.
        content += b"\n%%EOF\n"
    begin = content.find(b"%PDF-")
    try:
        return _reader_of(content)
    except PyPdfError:
        # Addresses within a file count what mail or a web server put before it, or they do not.
        if begin <= 0:
            raise
        return _reader_of(content[begin:])


def _reader_of(content: bytes) -> pypdf.PdfReader:
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        pages = reader.pages
        if not len(pages) or pages[0].get("/Type", "/Page") != "/Page":
            raise CannotOpen(Reason.BROKEN)
    except FileNotDecryptedError:
        raise CannotOpen(Reason.PASSWORD) from None
    return reader
