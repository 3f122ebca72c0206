"""The one document writer: official papers by Nghị định 30/2020/NĐ-CP, Phụ lục I, as Word files.

A paper is a list of blocks in its order. The same blocks can be walked by a template, so that the page for the
printer says what the file says.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, runtime_checkable

import docx
from django.http import HttpResponse
from django.utils.text import slugify
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from archiveportal.word import pieces
from archiveportal.word.finishing import finished, leave_out_unused, speak_vietnamese
from archiveportal.word.pieces import StyleIds, clean

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
LEFT, RIGHT, TOP, BOTTOM = Mm(30), Mm(15), Mm(20), Mm(25)
#: centimetres between the border of a cell and its text; length of "Độc lập - Tự do - Hạnh phúc" in 13 points, bold,
#: whose rule is as long as the words (Nghị định 30/2020/NĐ-CP, Phụ lục I, II.1)
PADDING, MOTTO = 0.19, 5.6
#: a row with a longer text may go over to the next page; else half a page would stay empty
LONG_CELL = 600
ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "full": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


@dataclass(frozen=True)
class Head:
    """The agency (the last line is the one that issues the paper) beside the name of the State."""

    agency: Sequence[str]
    number: str = ""
    place_and_date: str = ""
    kind: str = "head"
    #: of a letter (công văn), which has no title: "V/v ..."
    subject: str = ""


@dataclass(frozen=True)
class Title:
    """BIÊN BẢN over what it is about."""

    name: str
    subject: str
    kind: str = "title"


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1
    kind: str = "heading"


@dataclass(frozen=True)
class Text:
    """A paragraph. `align` is one of ALIGNMENTS; `is_item` marks a line of a list; `stays_with_next` puts it on
    the page of what follows."""

    text: str
    align: str = "full"
    is_bold: bool = False
    is_italic: bool = False
    is_item: bool = False
    stays_with_next: bool = False
    kind: str = "text"


@dataclass(frozen=True)
class Column:
    """`width` in centimetres."""

    heading: str
    width: float
    align: str = "left"


@dataclass(frozen=True)
class Grid:
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    kind: str = "grid"

    @property
    def aligned(self) -> list[list[tuple[str, str]]]:
        """Return the rows, each text with the alignment of its column, for a page."""
        return [[(text, column.align) for text, column in zip(row, self.columns, strict=True)] for row in self.rows]

    @property
    def shares(self) -> list[int]:
        """Return the widths in percent, for a page."""
        total = sum(column.width for column in self.columns)
        return [round(100 * column.width / total) for column in self.columns]


@dataclass(frozen=True)
class Signature:
    title: str
    hint: str = "(Ký, ghi rõ họ tên)"
    name: str = ""


@dataclass(frozen=True)
class Signatures:
    blocks: Sequence[Signature]
    kind: str = "signatures"


@runtime_checkable
class WritableBlock(Protocol):
    """A block of another module, which writes itself at the end of a document."""

    @property
    def kind(self) -> str: ...

    def write(self, document) -> None: ...


Block = Head | Title | Heading | Text | Grid | Signatures | WritableBlock


def word_file(
    blocks: Iterable[Block],
    *,
    title: str,
    made_at: datetime.datetime,
    foot: str = "",
    foot_picture: bytes = b"",
    is_landscape: bool = False,
) -> bytes:
    """Write the paper as a .docx. The same blocks and the same `made_at` give the same bytes.

    `foot` is printed at the foot of every page, with `foot_picture` (PNG) at its right end.
    """
    document = docx.Document(io.BytesIO(_blank(is_landscape=is_landscape)))
    _write_foot(document.sections[0], foot, foot_picture)
    write_blocks(document, blocks)
    return finished(document, title=title, made_at=made_at)


def write_blocks(document, blocks: Iterable[Block]) -> None:
    """Adds the blocks at the end of a document."""
    waiting: list[str] = []
    ids = StyleIds(document)
    for block in blocks:
        if block.kind in PIECES:
            waiting.append(PIECES[block.kind](block, ids))
            continue
        pieces.append(document, waiting)
        waiting = []
        if isinstance(block, WritableBlock):
            block.write(document)
        else:
            WRITERS[block.kind](document, block)
    pieces.append(document, waiting)


def word_response(content: bytes, name: str) -> HttpResponse:
    """Send the file as a download. The name has only letters, digits and hyphens."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{slug_of(name)}.docx"'
    return response


def slug_of(name: str) -> str:
    """Return a name of a file that has only letters, digits and hyphens."""
    return slugify(name.replace("đ", "d").replace("Đ", "D"))[:80] or "vtlt"


@cache
def _blank(*, is_landscape: bool) -> bytes:
    """Return an empty paper with its styles. What no paper uses is left out: reading it takes longer than writing."""
    document = docx.Document()
    _set_up(document, is_landscape)
    _number_pages(document.sections[0])
    leave_out_unused(document, {"Normal Table", "Table Grid"})
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _set_up(document, is_landscape: bool) -> None:
    section = document.sections[0]
    width, height = (Mm(297), Mm(210)) if is_landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.header_distance, section.footer_distance = Mm(10), Mm(6)
    for name, size, is_bold in (("Normal", 13, False), ("Heading 1", 13, True), ("Heading 2", 13, True)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), is_bold, False
        style.font.color.rgb = docx.shared.RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FONT)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(6)
        style.paragraph_format.line_spacing = 1.0
    speak_vietnamese(document)
    for name in ("Heading 1", "Heading 2"):
        document.styles[name].paragraph_format.first_line_indent = Cm(1)
        document.styles[name].paragraph_format.keep_with_next = True


def _number_pages(section) -> None:
    """Centred at the top, not on page 1."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run.font.element.append(part)


def _write_foot(section, text: str, picture: bytes) -> None:
    if not text:
        return
    end = section.page_width - section.left_margin - section.right_margin
    for footer in (section.footer, section.first_page_footer):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = "Normal"
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.tab_stops.add_tab_stop(end, WD_TAB_ALIGNMENT.RIGHT)
        _run(paragraph, text, size=10)
        if picture:
            paragraph.add_run("\t").add_picture(io.BytesIO(picture), height=Mm(15))


def _run(paragraph, text: str, *, size: float = 0, is_bold: bool = False, is_italic: bool = False):
    run = paragraph.add_run(clean(text))
    run.bold, run.italic = is_bold or None, is_italic or None
    if size:
        run.font.size = Pt(size)
    return run


def _line(cell, text: str, *, size: float, is_bold: bool = False, is_italic: bool = False):
    """Write a centred line in a cell; the cell's first, empty paragraph is used up first."""
    paragraph = cell.paragraphs[0]
    if paragraph.runs or len(cell.paragraphs) > 1:
        paragraph = cell.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    _run(paragraph, text, size=size, is_bold=is_bold, is_italic=is_italic)
    return paragraph


def row_of(cell):
    """Return the XML of the row that a cell lies in, for what python-docx does not set on rows."""
    return next(cell.paragraphs[0].paragraph_format.element.iterancestors(qn("w:tr")))


def _rule(cell, length: float, within: float) -> None:
    """Draw a line of `length` cm below the text before it, in the middle of a cell `within`
    wide."""
    paragraph = cell.add_paragraph()
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm((within - length) / 2)
    paragraph.paragraph_format.space_after = Pt(3)
    paragraph.paragraph_format.line_spacing = Pt(3)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    # The order of the parts of w:pPr is fixed: borders before spacing and indents.
    paragraph.paragraph_format.element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _frame(document, widths: Sequence[float], rows: int = 1):
    """Add a table of fixed widths without lines."""
    table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def _head(document, block: Head) -> None:
    # A long name of the agency needs the room that place and date leave where there are none.
    widths = [6.1, 10.4] if block.place_and_date else [6.9, 9.6]
    left, right = _frame(document, widths).rows[0].cells
    within, beside = (width - 2 * PADDING for width in widths)
    for line in block.agency[:-1]:
        _line(left, line, size=12)
    _line(left, block.agency[-1], size=12, is_bold=True)
    _rule(left, _length(block.agency[-1], 12) * 0.42, within)
    if block.number:
        _line(left, block.number, size=13)
    if block.subject:
        _line(left, block.subject, size=12).paragraph_format.space_before = Pt(6)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, is_bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=13, is_bold=True)
    _rule(right, MOTTO, beside)
    if block.place_and_date:
        _line(right, block.place_and_date, size=13, is_italic=True)


def _length(capitals: str, size: float) -> float:
    """Estimate the length of bold capitals in centimetres, within a tenth: most are seven tenths of
    the size wide, I and spaces less."""
    ems = sum({" ": 0.25, "I": 0.39, "-": 0.33}.get(letter, 0.7) for letter in capitals)
    return ems * size * 2.54 / 72


def _title(document, block: Title) -> None:
    for text, before, after in ((block.name, 14, 0), (block.subject, 0, 12)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
        _run(paragraph, text, size=14, is_bold=True)


def _heading(block: Heading, ids: StyleIds) -> str:
    return pieces.paragraph(pieces.run(block.text), style=ids[f"Heading {block.level}"])


def _text(block: Text, _ids: StyleIds) -> str:
    # Justified text with breaks of its own would be torn apart.
    is_torn = "\n" in block.text and block.align == "full"
    return pieces.paragraph(
        pieces.run(block.text, is_bold=block.is_bold, is_italic=block.is_italic),
        align="left" if is_torn else block.align,
        first_indent=1 if block.align in ("full", "left") else 0,
        spacing='w:after="60"' if block.is_item else "",
        stays_with_next=block.stays_with_next,
    )


def _grid(block: Grid, ids: StyleIds) -> str:
    """Return a table with lines: its head is repeated on every page, its rows stay together."""
    rows = [_grid_row(block.columns, [column.heading for column in block.columns], is_head=True)]
    rows += [_grid_row(block.columns, texts) for texts in block.rows]
    gap = pieces.paragraph("", spacing='w:after="0" w:line="120" w:lineRule="exact"')
    return pieces.table([column.width for column in block.columns], rows, style=ids["Table Grid"]) + gap


def _grid_row(columns: Sequence[Column], texts: Sequence[str], *, is_head: bool = False) -> str:
    cells = []
    for column, text in zip(columns, texts, strict=True):
        align = "centre" if is_head else column.align
        words = pieces.run(text, size=12, is_bold=is_head)
        cells.append(pieces.cell(pieces.paragraph(words, align=align, spacing='w:after="0"'), column.width))
    return pieces.row(cells, is_head=is_head, is_whole=is_head or max(map(len, texts)) <= LONG_CELL)


def _signatures(document, block: Signatures) -> None:
    """Side by side and on one page, with room to sign."""
    table = _frame(document, [16.5 / len(block.blocks)] * len(block.blocks), rows=2)
    for titles, names, signature in zip(table.rows[0].cells, table.rows[1].cells, block.blocks, strict=True):
        _line(titles, signature.title, size=13, is_bold=True)
        _line(titles, signature.hint, size=12, is_italic=True)
        name = _line(names, signature.name, size=13, is_bold=True)
        name.paragraph_format.space_before = Pt(70)
        for paragraph in titles.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
    for row in table.rows:
        row_of(row.cells[0]).get_or_add_trPr().append(OxmlElement("w:cantSplit"))


#: blocks that are pieces of XML, and those that python-docx writes
PIECES: dict[str, Callable[[Any, StyleIds], str]] = {"heading": _heading, "text": _text, "grid": _grid}
WRITERS: dict[str, Callable[[Any, Any], None]] = {"head": _head, "title": _title, "signatures": _signatures}
