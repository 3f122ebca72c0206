"""The text of a PDF, page by page, and the digital signatures that it names."""

from __future__ import annotations

import json
from typing import Any

from archiveportal.opening.readers.pdf import opened
from archiveportal.opening.readers.pdf_signatures import signatures_of
from archiveportal.opening.readers.storable import storable

MOST_PAGES, MOST_LETTERS = 300, 1_000_000


def read(content: bytes, _arguments: list[str]) -> tuple[dict[str, Any], bytes]:
    """Return whether the text is whole with the signatures, and the texts of the pages as JSON."""
    reader = opened(content)
    pages = reader.pages
    texts: list[str] = []
    is_whole = len(pages) <= MOST_PAGES
    for page in pages if is_whole else ():
        texts.append(storable(page.extract_text()))
        is_whole = sum(map(len, texts)) <= MOST_LETTERS
        if not is_whole:
            break
    facts = {"is_whole": is_whole, "signatures": signatures_of(reader)}
    return facts, json.dumps(texts if is_whole else []).encode()
