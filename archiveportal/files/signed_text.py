"""Compare a signed PDF with the Word file that bears its number.

Leaders change words before they sign, so the signed PDF is the authority: what differs is listed,
not forbidden. The lines of a PDF are broken by its pages, so white space is left out of account.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from typing import Any

import docx
from docx.oxml.ns import qn

from archiveportal.files.pdf_text import Legibility, PdfText
from archiveportal.vietnamese import document_number

#: number and symbol of a paper after "Số:"; where a scanner missed the colon, a report's at the start
#: of a line. A line of a heading may begin with "SỐ 3731/QĐ-UBND".
NUMBER = re.compile(
    r"(?:Số|SỐ)\s*:\s*(?P<of_paper>\d[\d.\s]*/\s*[A-ZĐ]{2,}\d*(?:\s*[-–]\s*[A-ZĐ]{2,})*)"
    r"|^\s*Số\s*(?P<of_report>\d[\d.\s]*/\s*BC\s*[-–]\s*[A-ZĐ]{2,}\d*)",
    re.MULTILINE,
)
#: the day of a paper stands behind its place: "Thành phố Hồ Chí Minh, ngày 02 tháng 3 năm 2026"
DAY = re.compile(r",\s*ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")
#: a signed copy has at least this share of the sequences of words of the paper, however much of it
#: was edited, or misread by a scanner; the two reports of 2019 and 2020 share 0.09 to 0.14
LEAST_IN_COMMON = 0.25
SEQUENCE = 3
#: letters of the first page that hold its head
HEAD = 2000
#: a paragraph is looked for so far behind the one before it, in letters
WITHIN = 6000
#: so many differences are listed, each with so many letters at most
MOST_LISTED, LONGEST_LISTED = 200, 3000


def is_another_paper(document: bytes, text: PdfText) -> bool:
    """Tell whether a PDF has next to nothing of the words of a Word file. False where it has no text."""
    if text.legibility != Legibility.TEXT:
        return False
    # Tables are left out: an appendix may be signed apart.
    paragraphs = docx.Document(BytesIO(document)).element.body.iterchildren(qn("w:p"))
    of_paper = _sequences(" ".join(map(_text, paragraphs)))
    in_common = of_paper & _sequences(" ".join(text.pages))
    return len(in_common) < LEAST_IN_COMMON * len(of_paper)


def _sequences(text: str) -> set[tuple[str, ...]]:
    """Return the sequences of so many words, without numbers."""
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).casefold())
    return {tuple(words[place : place + SEQUENCE]) for place in range(len(words) - SEQUENCE + 1)}


def number_in(text: PdfText) -> str:
    """Return the number that the head of a PDF bears, "" where none can be read.

    That of a plan or a decision too: such a paper is no report.
    """
    match = NUMBER.search(_head(text))
    number = "".join((match["of_paper"] or match["of_report"]).split()) if match else ""
    # Reports alone are numbered in one form here; other papers are named as they are read.
    formal = document_number(number)
    return formal if "/BC-" in formal else number


def day_in(text: PdfText) -> datetime.date | None:
    """Return the day that the head of a PDF bears, None where none can be read."""
    match = DAY.search(_head(text))
    try:
        return datetime.date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def _head(text: PdfText) -> str:
    return unicodedata.normalize("NFC", text.pages[0])[:HEAD] if text.pages else ""


def compared_with_signed(document: bytes, text: PdfText) -> dict[str, Any]:
    """Compare a Word file with the text of the signed PDF, as it is stored with the paper.

    `lines` are pairs: what only the Word file has, and what the PDF has in its place.
    """
    if text.legibility != Legibility.TEXT:
        return {"legibility": text.legibility.value, "total": 0, "lines": []}
    differences = [*_differences(_units_of(document), _Signed.of(text.pages))]
    listed = [[part[:LONGEST_LISTED] for part in pair] for pair in differences[:MOST_LISTED]]
    return {"legibility": text.legibility.value, "total": len(differences), "lines": listed}


@dataclass(frozen=True)
class _Unit:
    """A paragraph or a row of a table; a cell of a heading, which each page repeats."""

    text: str
    is_heading: bool = False


def _units_of(document: bytes) -> list[_Unit]:
    body = docx.Document(BytesIO(document)).element.body
    units: list[_Unit] = []
    for element in body:
        if element.tag == qn("w:tbl"):
            for row in element.iter(qn("w:tr")):
                units += _units_of_row(row)
        elif element.tag == qn("w:p"):
            units.append(_Unit(_text(element)))
    return [unit for unit in units if unit.text.strip()]


def _units_of_row(row: Any) -> list[_Unit]:
    cells = [[_text(paragraph) for paragraph in cell.iter(qn("w:p"))] for cell in row.iter(qn("w:tc"))]
    if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
        return [_Unit(" ".join(paragraphs), is_heading=True) for paragraphs in cells]
    if any(len(paragraphs) > 1 for paragraphs in cells):
        # The head and the end of a paper are tables without lines.
        return [_Unit(text) for text in _flat(cells)]
    return [_Unit(" ".join(text for text in _flat(cells) if text))]


def _flat(cells: Iterable[Sequence[str]]) -> Iterator[str]:
    for paragraphs in cells:
        yield from paragraphs


def _text(element: Any) -> str:
    """Return what a paragraph says; a break is a space."""
    names = {qn("w:t"), qn("w:br"), qn("w:tab")}
    pieces = ((node.text or "") if node.tag == qn("w:t") else " " for node in element.iter(*names))
    return unicodedata.normalize("NFC", "".join(pieces))


@dataclass
class _Signed:
    """The text of a PDF with its letters alone beside it, and which of them a unit has been found in."""

    text: str
    #: place in the text of each letter that is no white space
    places: list[int]
    letters: str
    found: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def of(cls, pages: Iterable[str]) -> _Signed:
        numbered = enumerate(pages, start=1)
        text = "\n".join(_without_number(unicodedata.normalize("NFC", page), number) for number, page in numbered)
        places = [place for place, letter in enumerate(text) if not letter.isspace()]
        return cls(text, places, "".join(text[place] for place in places))

    def between(self, first: int, last: int) -> str:
        """Return the text of some letters, with its white space."""
        return self.text[self.places[first] : self.places[last - 1] + 1] if first < last else ""


def _without_number(page: str, most: int) -> str:
    """Leave out the number of the page, which is alone in its first or last line.

    An appendix is numbered on its own, so it is `most` or less. A greater one is a cell of a table.
    """
    lines = page.strip().split("\n")
    for end in (0, -1):
        if re.fullmatch(r"\s*\d{1,3}\s*", lines[end]) and int(lines[end]) <= most:
            del lines[end]
            break
    return "\n".join(lines)


def _differences(units: Sequence[_Unit], signed: _Signed) -> list[tuple[str, str]]:
    """Find each unit in the signed text; what is not found is paired with what stands in its place."""
    missing: list[tuple[int, str]] = []
    place = 0
    for unit in units:
        letters = "".join(unit.text.split())
        first = signed.letters.find(letters, place, place + WITHIN + len(letters))
        if first >= 0:
            place = first + len(letters)
        else:
            # A heading or a cell may be read in another order.
            first = signed.letters.find(letters)
        if first >= 0:
            signed.found.append((first, first + len(letters)))
        else:
            # A no-break space is a matter of the portal's file alone.
            missing.append((place, " ".join(unit.text.split())))
    headings = "".join("".join(unit.text.split()) for unit in units if unit.is_heading)
    return _paired(missing, _gaps(signed), signed, headings=headings)


def _gaps(signed: _Signed) -> dict[int, int]:
    """Return the stretches of letters that no unit was found in, by where they begin."""
    gaps: dict[int, int] = {}
    reached = 0
    for first, last in [*sorted(signed.found), (len(signed.letters), len(signed.letters))]:
        if first > reached:
            gaps[reached] = first
        reached = max(reached, last)
    return gaps


def _paired(
    missing: Sequence[tuple[int, str]], gaps: dict[int, int], signed: _Signed, *, headings: str
) -> list[tuple[str, str]]:
    then = {place: " ".join(text for _place, text in group) for place, group in groupby(missing, lambda each: each[0])}
    pairs: list[tuple[int, str, str]] = []
    for place in sorted({*then, *gaps}):
        now = signed.between(place, gaps[place]) if place in gaps else ""
        # The head of a table is repeated on each of its pages.
        lines = [line for line in now.split("\n") if "".join(line.split()) not in headings]
        pairs.append((place, then.get(place, ""), " ".join(" ".join(lines).split())))
    return [(before, after) for _place, before, after in pairs if before or after]
