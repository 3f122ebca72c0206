"""Paragraphs and tables of a paper as pieces of XML: a property at a time takes python-docx ten times as long.

The parts of each element stand in the order that the format fixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from archiveportal.vietnamese import without_control_characters

#: `align` of a paragraph in the words of the format
ALIGNMENTS = {"left": "left", "centre": "center", "right": "right", "full": "both"}
_BREAKS = {"\n": "<w:br/>", "\r": "<w:br/>", "\t": "<w:tab/>"}
_BREAK = re.compile(r"([\n\r\t])")


def clean(text: str) -> str:
    """Remove what a document may not hold. Forms refuse control characters; older rows may have
    some."""
    return without_control_characters(text.replace("\r\n", "\n"))


class StyleIds(dict[str, str]):
    """The keys of styles by their names, which a template may have under others; each is looked up once."""

    def __init__(self, document) -> None:
        super().__init__()
        self.document = document

    def __missing__(self, name: str) -> str:
        self[name] = self.document.styles[name].style_id
        return self[name]


def run(text: str, *, size: float = 0, is_bold: bool = False, is_italic: bool = False) -> str:
    """Return a run; `size` in points, 0 for that of the paper."""
    bold, italic = "<w:b/>" if is_bold else "", "<w:i/>" if is_italic else ""
    letters = f'<w:sz w:val="{round(size * 2)}"/>' if size else ""
    return f"<w:r><w:rPr>{bold}{italic}{letters}</w:rPr>{''.join(map(_piece, _BREAK.split(clean(text))))}</w:r>"


def _piece(text: str) -> str:
    if not text or text in _BREAKS:
        return _BREAKS.get(text, "")
    space = ' xml:space="preserve"' if text.strip() != text else ""
    return f"<w:t{space}>{escape(text)}</w:t>"


def paragraph(
    runs: str,
    *,
    align: str = "",
    style: str = "",
    first_indent: float = 0,
    spacing: str = "",
    stays_with_next: bool = False,
) -> str:
    """Return a paragraph; `first_indent` in centimetres, `spacing` as attributes of the format."""
    properties = [
        f'<w:pStyle w:val="{style}"/>' if style else "",
        "<w:keepNext/>" if stays_with_next else "",
        f"<w:spacing {spacing}/>" if spacing else "",
        f'<w:ind w:firstLine="{twips(first_indent)}"/>' if first_indent else "",
        f'<w:jc w:val="{ALIGNMENTS[align]}"/>' if align else "",
    ]
    inner = "".join(properties)
    return f"<w:p>{f'<w:pPr>{inner}</w:pPr>' if inner else ''}{runs}</w:p>"


def table(widths: Sequence[float], rows: Iterable[str], *, style: str) -> str:
    """Return a table with lines around its cells; widths in centimetres."""
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:type="auto" w:w="0"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:firstColumn="1" w:firstRow="1" w:lastColumn="0" w:lastRow="0" '
        f'w:noHBand="0" w:noVBand="1" w:val="04A0"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def row(cells: Iterable[str], *, is_head: bool = False, is_whole: bool = True) -> str:
    """Return a row: a head is repeated on every page, a whole row stays on one."""
    properties = ("<w:cantSplit/>" if is_whole else "") + ("<w:tblHeader/>" if is_head else "")
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{''.join(cells)}</w:tr>"


def cell(paragraphs: str, width: float) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{twips(width)}"/></w:tcPr>{paragraphs}</w:tc>'


def twips(centimetres: float) -> int:
    """Return a length in twentieths of a point, as python-docx rounds it."""
    return round(int(centimetres * 360_000) / 635)


def append(document, pieces: Sequence[str]) -> None:
    """Add pieces at the end of a document."""
    if pieces:
        body = document.element.body
        for element in parse_xml(f"<w:body {nsdecls('w')}>{''.join(pieces)}</w:body>"):
            body.sectPr.addprevious(element)
