"""The text of a PDF, page by page."""

from __future__ import annotations

import json
from typing import Any

from archiveportal.opening.readers.pdf import opened

MOST_PAGES, MOST_LETTERS = 300, 1_000_000


def read(content: bytes, _arguments: list[str]) -> tuple[dict[str, Any], bytes]:
    """Return whether the text is whole, and the texts of the pages as JSON."""
    pages = opened(content).pages
    texts: list[str] = []
    is_whole = len(pages) <= MOST_PAGES
    for page in pages if is_whole else ():
        texts.append(page.extract_text())
        is_whole = sum(map(len, texts)) <= MOST_LETTERS
        if not is_whole:
            break
    return {"is_whole": is_whole}, json.dumps(texts if is_whole else []).encode()
