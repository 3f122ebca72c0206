"""Opening Word files again, as a reader would."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.document import Document
from lxml import etree


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def footnotes(content: bytes) -> list[str]:
    """Their texts in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "word/footnotes.xml" not in archive.namelist():
            return []
        root = etree.fromstring(archive.read("word/footnotes.xml"))
    space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    texts = ["".join(note.itertext()).strip() for note in root.findall("w:footnote", space)]
    return [text for text in texts if text]


def words(content: bytes) -> str:
    """All that the document says in its body, a paragraph per line; tables too."""
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter() if node.tag.endswith("}t"))
        for paragraph in opened(content).element.body.iter()
        if paragraph.tag.endswith("}p")
    )


def grid(content: bytes, place: int = -1) -> list[list[str]]:
    """The cells of a table; the appendix is the last one."""
    table = opened(content).tables[place]
    return [[cell.text for cell in row.cells] for row in table.rows]
