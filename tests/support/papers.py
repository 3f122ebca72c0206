"""Opening Word files again, as a reader would."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.document import Document
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from lxml import etree

from archiveportal.no_breaks import NO_BREAK


def opened(content: bytes) -> Document:
    """The document with ordinary spaces, whatever its lines may break at."""
    document = docx.Document(io.BytesIO(content))
    for root in (
        document.element.body,
        *(part.element for part in document.part.package.iter_parts() if _is_text(part)),
    ):
        for node in root.iter(qn("w:t")):
            node.text = (node.text or "").replace(NO_BREAK, " ")
    return document


def _is_text(part: object) -> bool:
    return isinstance(part, XmlPart) and str(part.partname).startswith(("/word/header", "/word/footer"))


def footnotes(content: bytes) -> list[str]:
    """Their texts in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "word/footnotes.xml" not in archive.namelist():
            return []
        root = etree.fromstring(archive.read("word/footnotes.xml"))
    space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    texts = ["".join(note.itertext()).replace(NO_BREAK, " ").strip() for note in root.findall("w:footnote", space)]
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
