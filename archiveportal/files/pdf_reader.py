"""Reads the text of a PDF from the standard input, as a process of its own, and writes it as JSON.

A PDF comes from outside: what it makes the library do is held to so much memory and time, and takes
nothing of the portal with it. Nothing of the portal is imported here.
"""

import json
import logging
import resource
import sys
from io import BytesIO

import pypdf

#: seconds of the processor, bytes of memory
MOST_TIME, MOST_MEMORY = 20, 1 << 30
MOST_PAGES, MOST_LETTERS = 300, 1_000_000


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_TIME, MOST_TIME))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    logging.disable()
    pages = pypdf.PdfReader(BytesIO(sys.stdin.buffer.read())).pages
    texts: list[str] = []
    is_whole = len(pages) <= MOST_PAGES
    for page in pages if is_whole else ():
        texts.append(page.extract_text())
        is_whole = sum(map(len, texts)) <= MOST_LETTERS
        if not is_whole:
            break
    json.dump({"is_whole": is_whole, "pages": texts if is_whole else []}, sys.stdout)


if __name__ == "__main__":
    main()
