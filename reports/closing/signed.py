"""Compare the signed PDF with the file that bears the number.

Leaders change words before they sign, so the signed PDF is the authority: what differs is listed,
not forbidden. The lines of a PDF are broken by its pages, so white space is left out of account.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from typing import Any

import docx
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from docx.oxml.ns import qn

from archiveportal.files.checking import FileNotAsKept, read_as_kept
from archiveportal.files.pdf_text import Legibility, PdfText, read_pdf
from archiveportal.files.services import LARGEST_FILE
from archiveportal.vietnamese import document_number
from reports.closing.files import MadeFile
from reports.models import ClosedFile, Closing

#: number and symbol of a paper after "Số:"; where a scanner missed the colon, a report's at the start
#: of a line. A line of a heading may begin with "SỐ 3731/QĐ-UBND".
NUMBER = re.compile(
    r"(?:Số|SỐ)\s*:\s*(?P<of_paper>\d[\d.\s]*/\s*[A-ZĐ]{2,}\d*(?:\s*[-–]\s*[A-ZĐ]{2,})*)"
    r"|^\s*Số\s*(?P<of_report>\d[\d.\s]*/\s*BC\s*[-–]\s*[A-ZĐ]{2,}\d*)",
    re.MULTILINE,
)
#: code of the refusals that a person may answer
OTHER_NUMBER = "other_number"
#: a signed copy has at least this share of the sequences of words of the report, however much of it
#: was edited, or misread by a scanner; the two reports of 2019 and 2020 share 0.09 to 0.14
LEAST_IN_COMMON = 0.25
SEQUENCE = 3
#: letters of the first page that hold its head
HEAD = 2000
#: a paragraph is looked for so far behind the one before it, in letters
WITHIN = 6000
#: so many differences are listed, each with so many letters at most
MOST_LISTED, LONGEST_LISTED = 200, 3000


@dataclass(frozen=True)
class Signed:
    """The signed PDF that is handed in, if one is, and the text of it or of the one kept before."""

    upload: UploadedFile | None
    text: PdfText | None
    #: a person has looked and knows it to be the signed copy
    is_confirmed: bool = False


def read_signed(upload: UploadedFile | None, closing: Closing) -> PdfText | None:
    """Read the PDF that is handed in, else the signed copy that was kept; None where there is none."""
    if upload:
        # One that is too large is refused where it is taken in.
        content = upload.read() if (upload.size or 0) <= LARGEST_FILE else b""
        upload.seek(0)
        return read_pdf(content)
    kept = Closing.objects.select_related("signed_copy").only("signed_copy").get(pk=closing.pk).signed_copy
    if kept is None or kept.withdrawn:
        return None
    try:
        return read_pdf(read_as_kept(kept))
    except FileNotAsKept:
        return PdfText(Legibility.UNREADABLE)


def refuse_other_number(text: PdfText | None, number: str) -> None:
    """Refuse a PDF whose head bears another number than the one that is recorded."""
    found = number_in(text) if text else ""
    if found and found != number:
        message = _(
            "The signed copy bears the number %(found)s, and %(number)s is to be recorded. Correct the number, or "
            "choose the right file. If the file is right and its number was read wrongly, choose it again and tick the "
            "box below it."
        )
        values = {"found": found, "number": number}
        raise ValidationError({"upload": ValidationError(message % values, code=OTHER_NUMBER)})


#: a number, and the Word file that bears it
Numbered = tuple[str, bytes]


def refuse_other_text(numbered: Numbered | None, signed: Signed) -> None:
    """Refuse a PDF that has next to nothing of the words of the report, unless a person has looked."""
    text = signed.text
    if signed.is_confirmed or numbered is None or text is None or text.legibility != Legibility.TEXT:
        return
    _number, document = numbered
    # Tables are left out: an appendix may be signed apart.
    paragraphs = docx.Document(BytesIO(document)).element.body.iterchildren(qn("w:p"))
    of_report = _sequences(" ".join(map(_text, paragraphs)))
    in_common = of_report & _sequences(" ".join(text.pages))
    if len(in_common) < LEAST_IN_COMMON * len(of_report):
        message = _(
            "The file has next to nothing of the words of this report, so it seems to be another paper. Choose the "
            "right file. If the file is right, choose it again and tick the box below it."
        )
        raise ValidationError({"upload": ValidationError(message, code=OTHER_NUMBER)})


def _sequences(text: str) -> set[tuple[str, ...]]:
    """Return the sequences of so many words, without numbers."""
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).casefold())
    return {tuple(words[place : place + SEQUENCE]) for place in range(len(words) - SEQUENCE + 1)}


def comparison_of(numbered: Numbered | None, text: PdfText | None) -> dict[str, Any] | None:
    """Compare the text of the signed PDF with the newest file that bears the number, as it is stored."""
    if text is None or numbered is None:
        return None
    number, document = numbered
    return compared_with_signed(document, text) | {"number": number}


def numbered_document(closing: Closing, *, made: MadeFile | None, number: str) -> Numbered | None:
    """Return the newest number and the file that bears it, None where there is none as it was kept.

    `made` is a newer one with `number`, which is not kept yet.
    """
    if made:
        return number, made.content
    kept = closing.files.filter(role=ClosedFile.Role.NUMBERED).select_related("file").last()
    if kept is None:
        return None
    try:
        return kept.number, read_as_kept(kept.file)
    except FileNotAsKept:
        return None


def number_in(text: PdfText) -> str:
    """Return the number that the head of a PDF bears, "" where none can be read.

    That of a plan or a decision too: such a paper is no report.
    """
    head = unicodedata.normalize("NFC", text.pages[0])[:HEAD] if text.pages else ""
    match = NUMBER.search(head)
    number = "".join((match["of_paper"] or match["of_report"]).split()) if match else ""
    # Reports alone are numbered in one form here; other papers are named as they are read.
    formal = document_number(number)
    return formal if "/BC-" in formal else number


def compared_with_signed(document: bytes, text: PdfText) -> dict[str, Any]:
    """Compare a Word file with the text of the signed PDF, as it is stored with the closing.

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
