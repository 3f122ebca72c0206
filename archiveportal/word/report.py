"""The parts of a report that other papers do not have: footnotes, wide tables, appendices, the end with Nơi nhận."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Mm, Pt

from archiveportal.word.footnotes import add_footnote
from archiveportal.word.line_breaks import size_that_fits
from archiveportal.word.writer import ALIGNMENTS, _frame, _line, _rule, _run, clean, row_of

#: twentieths of a point in a centimetre
TWIPS = 567
#: twentieths of a point at each side of a small cell's text
BESIDE = 28
#: what a page across has between its margins, and a page upright
ACROSS, UPRIGHT = 25.2, 16.5


@dataclass(frozen=True)
class Note:
    """A footnote at this place of a paragraph or cell."""

    text: str


@dataclass(frozen=True)
class Noted:
    """A paragraph of the body: texts and footnotes in their order."""

    parts: Sequence[str | Note]
    align: str = "full"
    is_bold: bool = False
    is_italic: bool = False
    kind: str = "noted"

    def write(self, document) -> None:
        paragraph = document.add_paragraph()
        paragraph.alignment = ALIGNMENTS[self.align]
        if self.align in ("full", "left"):
            paragraph.paragraph_format.first_line_indent = Cm(1)
        before: str | Note = ""
        for part in self.parts:
            if isinstance(part, Note):
                if isinstance(before, Note):
                    _run(paragraph, ", ").font.superscript = True
                paragraph.paragraph_format.element.append(add_footnote(document, part.text))
            else:
                _run(paragraph, part, is_bold=self.is_bold, is_italic=self.is_italic)
            before = part


@dataclass(frozen=True)
class Addressee:
    """ "Kính gửi: Ủy ban nhân dân Thành phố" """

    name: str
    kind: str = "addressee"

    def write(self, document) -> None:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(12)
        _run(paragraph, f"Kính gửi: {self.name}", size=14)


@dataclass(frozen=True)
class ShortRule:
    """A short line under the subject, `length` in centimetres."""

    length: float = 5.5
    kind: str = "rule"

    def write(self, document) -> None:
        _rule(document, self.length, UPRIGHT)
        document.paragraphs[-1].paragraph_format.space_after = Pt(12)


@dataclass(frozen=True)
class Caption:
    """The title above a table within the text."""

    text: str
    kind: str = "caption"

    def write(self, document) -> None:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(6)
        paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, self.text, is_bold=True)


@dataclass(frozen=True)
class NewSection:
    """The pages after it are of their own: numbered from 1, the number not shown on the first
    one."""

    is_landscape: bool = True
    kind: str = "section"

    def write(self, document) -> None:
        section = document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if self.is_landscape else WD_ORIENT.PORTRAIT
        width, height = (Mm(297), Mm(210)) if self.is_landscape else (Mm(210), Mm(297))
        section.page_width, section.page_height = width, height
        section.different_first_page_header_footer = True
        # A new section is the last one, whose properties end the body.
        properties = document.element.body.sectPr
        for old in properties.findall(qn("w:pgNumType")):
            properties.remove(old)
        numbering = OxmlElement("w:pgNumType")
        numbering.set(qn("w:start"), "1")
        # The order of the parts of w:sectPr is fixed.
        properties.insert_element_before(
            numbering, "w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:textDirection", "w:docGrid"
        )


@dataclass(frozen=True)
class AppendixHead:
    """Phụ lục, its title, and the paper that it belongs to."""

    title: str
    belongs_to: Sequence[str | Note]
    name: str = "Phụ lục"
    kind: str = "appendix_head"

    def write(self, document) -> None:
        for text in (self.name, self.title):
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(0)
            _run(paragraph, text, size=14, is_bold=True)
        Noted(self.belongs_to, align="centre", is_italic=True).write(document)


@dataclass(frozen=True)
class End:
    """Nơi nhận at the left, who signs at the right, on one page."""

    receivers: Sequence[str]
    titles: Sequence[str]
    name: str = ""
    kind: str = "end"

    def write(self, document) -> None:
        table = _frame(document, [8, 8.5])
        left, right = table.rows[0].cells
        _line(left, "Nơi nhận:", size=12, is_bold=True, is_italic=True).alignment = WD_ALIGN_PARAGRAPH.LEFT
        for receiver in self.receivers:
            _line(left, receiver, size=11).alignment = WD_ALIGN_PARAGRAPH.LEFT
        for title in self.titles:
            _line(right, title, size=14, is_bold=True)
        _line(right, self.name, size=14, is_bold=True).paragraph_format.space_before = Pt(75)
        row_of(left).get_or_add_trPr().append(OxmlElement("w:cantSplit"))


@dataclass(frozen=True)
class Receivers:
    """Nơi nhận by itself, below the signatures of several people."""

    receivers: Sequence[str]
    kind: str = "receivers"

    def write(self, document) -> None:
        for place, text in enumerate(["Nơi nhận:", *self.receivers]):
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
            paragraph.paragraph_format.first_line_indent = Cm(0)
            paragraph.paragraph_format.space_after = Pt(0)
            _run(paragraph, text, size=11 if place else 12, is_bold=not place, is_italic=not place)


@dataclass(frozen=True)
class Cell:
    """A cell of a wide table; `over` columns and `down` rows."""

    text: str = ""
    note: str = ""
    over: int = 1
    down: int = 1
    is_bold: bool = False
    is_upright: bool = False
    align: str = "centre"


@dataclass(frozen=True)
class WideTable:
    """A table of many small cells, written as one piece of XML: a cell at a time takes python-docx seconds.

    `head` are header rows, repeated on every page. A cell that spans rows is followed, in the rows below, by None
    at its place. Widths in centimetres. Sizes in points.
    """

    widths: Sequence[float]
    head: Sequence[Sequence[Cell | None]]
    rows: Iterable[Sequence[str | Cell]]
    size: float = 9
    #: of the headings, where they are smaller
    head_size: float = 0
    #: of the last header row, in centimetres: room for upright headings
    head_height: float = 0
    #: columns whose texts begin at the left
    left: Collection[int] = ()
    kind: str = "wide_table"

    def write(self, document) -> None:
        lines = [self._row(document, cells, is_head=True, number=number) for number, cells in enumerate(self.head)]
        lines += [self._row(document, cells) for cells in self.rows]
        grid = "".join(f'<w:gridCol w:w="{round(width * TWIPS)}"/>' for width in self.widths)
        margins = "".join(f'<w:{side} w:w="{BESIDE}" w:type="dxa"/>' for side in ("left", "right"))
        borders = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        document.element.body.insert_element_before(
            parse_xml(
                f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{round(sum(self.widths) * TWIPS)}" w:type="dxa"/>'
                f'<w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
                f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
            ),
            "w:sectPr",
        )
        gap = document.add_paragraph()
        gap.paragraph_format.space_after, gap.paragraph_format.line_spacing = Pt(0), Pt(6)

    def _row(self, document, cells: Sequence, *, is_head: bool = False, number: int = 0) -> str:
        parts, place = ["<w:tr><w:trPr><w:cantSplit/>"], 0
        if is_head and self.head_height and number == len(self.head) - 1:
            parts.append(f'<w:trHeight w:val="{round(self.head_height * TWIPS)}" w:hRule="atLeast"/>')
        parts.append("<w:tblHeader/></w:trPr>" if is_head else "</w:trPr>")
        for cell in cells:
            if isinstance(cell, str):
                parts.append(self._plain(cell, place))
                place += 1
                continue
            size = self.head_size if is_head else 0
            parts.append(self._cell(document, cell or Cell(), place, is_continued=cell is None, size=size))
            place += cell.over if cell else 1
        parts.append("</w:tr>")
        return "".join(parts)

    def _plain(self, text: str, place: int) -> str:
        """Most cells: a short text of the table's size."""
        align, width = "left" if place in self.left else "center", round(self.widths[place] * TWIPS)
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
            f'<w:spacing w:after="0"/><w:jc w:val="{align}"/></w:pPr>{self._words(text, width)}</w:p></w:tc>'
        )

    def _words(self, text: str, width: float, *, is_bold: bool = False, size: float = 0) -> str:
        if not text:
            return ""
        size = size_that_fits(text, round((size or self.size) * 2), width - 2 * BESIDE)
        bold = "<w:b/>" if is_bold else ""
        return (
            f'<w:r><w:rPr>{bold}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
            f'<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>'
        )

    def _cell(self, document, cell: Cell, place: int, *, is_continued: bool, size: float = 0) -> str:
        width = round(sum(self.widths[place : place + cell.over]) * TWIPS)
        parts = [f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>']
        if cell.over > 1:
            parts.append(f'<w:gridSpan w:val="{cell.over}"/>')
        if is_continued or cell.down > 1:
            parts.append("<w:vMerge/>" if is_continued else '<w:vMerge w:val="restart"/>')
        if cell.is_upright:
            parts.append('<w:textDirection w:val="btLr"/>')
        align = {"centre": "center"}.get(cell.align, cell.align)
        room = float("inf") if cell.is_upright else width
        parts.append(f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:spacing w:after="0"/><w:jc w:val="{align}"/>')
        parts.append(f"</w:pPr>{self._words(cell.text, room, is_bold=cell.is_bold, size=size)}")
        if cell.note:
            parts.append(_as_text(add_footnote(document, cell.note)))
        parts.append("</w:p></w:tc>")
        return "".join(parts)


def _as_text(element) -> str:
    number = element.find(qn("w:footnoteReference")).get(qn("w:id"))
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'
