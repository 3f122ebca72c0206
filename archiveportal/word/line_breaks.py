"""Where the lines of a Word document may break: names and numbers stay whole, in a narrow cell too."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as TYPE
from docx.opc.part import XmlPart
from docx.oxml.ns import qn

from archiveportal.no_breaks import fits_in_text, keep_together

#: parts with text of their own beside the body
PARTS = (TYPE.HEADER, TYPE.FOOTER, TYPE.FOOTNOTES)
#: twentieths of a point between border and text at both sides of a cell, where a table says nothing else
MARGINS = 216
#: half points: of text that names no size, and of text that can still be read
SIZE, SMALLEST = 26, 10
#: widths of Times New Roman in thousandths of its size; other letters are half as wide as it is high
_WIDTHS = {
    **dict.fromkeys("ijlt", 278), **dict.fromkeys("frI.,:;()/- ", 333), **dict.fromkeys("sJ", 389),
    **dict.fromkeys("acez", 444), **dict.fromkeys("FPS", 556), **dict.fromkeys("ELTZBCR", 667),
    **dict.fromkeys("ADGHKNOQUVXY", 722), "m": 778, "w": 722, "M": 889, "W": 944,
}  # fmt: skip
#: bold letters are wider, and programs differ a little
SURE = 1.08


def keep_names_together(document: Any) -> None:
    """Put no-break spaces into all text of a document, by the room that each paragraph has."""
    for root in _roots(document):
        for paragraph in root.iter(qn("w:p")):
            _keep_together(paragraph)


def _roots(document: Any) -> Iterator[Any]:
    yield document.element.body
    for relation in document.part.rels.values():
        if relation.reltype in PARTS and isinstance(relation.target_part, XmlPart):
            yield relation.target_part.element


def _keep_together(paragraph: Any) -> None:
    """Join the texts of all runs: a name may go over several of them."""
    texts = [node for node in paragraph.iter(qn("w:t")) if node.text]
    before = "".join(node.text for node in texts)
    if " " not in before:
        return
    after = keep_together(before, _room_of(paragraph))
    if after == before:
        return
    place = 0
    for node in texts:
        end = place + len(node.text)
        node.text, place = after[place:end], end


def _room_of(paragraph: Any) -> Callable[[str], bool]:
    """Return what tells whether a text is within one line of the paragraph's cell,
    or short enough for text outside of tables."""
    cell = next(paragraph.iterancestors(qn("w:tc")), None)
    width = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}") if cell is not None else None
    if width is None or width.get(qn("w:type")) != "dxa":
        return fits_in_text
    table = next(cell.iterancestors(qn("w:tbl")))
    room = int(width.get(qn("w:w"))) - _margins(table)
    sizes = [int(size.get(qn("w:val"))) for size in paragraph.iter(qn("w:sz"))]
    size = max(sizes, default=SIZE)
    return lambda text: _twips(text, size) <= room


def _twips(text: str, size: int) -> float:
    """Return the width of a text in twentieths of a point; its size is in half points."""
    return width_of(text) * size / 100 * SURE


def size_that_fits(text: str, size: int, room: float) -> int:
    """Return a size, in half points, at which no word is wider than the room and would be broken within itself."""
    widest = max((_twips(word, size) for word in text.split(" ")), default=0)
    return size if widest <= room else max(int(size * room / widest), SMALLEST)


def _margins(table: Any) -> int:
    margins = table.find(f"{qn('w:tblPr')}/{qn('w:tblCellMar')}")
    if margins is None:
        return MARGINS
    return sum(int(side.get(qn("w:w"))) for side in margins if side.tag in (qn("w:left"), qn("w:right")))


@lru_cache(maxsize=4096)
def width_of(text: str) -> int:
    """Return the width of a text in thousandths of the size of its letters."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return sum(_WIDTHS.get(letter, 500) for letter in letters if not unicodedata.combining(letter))
