"""Compare the signed PDF of a report with the file that bears the number (archiveportal/files/signed_text.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from archiveportal.files.checking import FileNotAsKept, read_as_kept
from archiveportal.files.pdf_text import Legibility, PdfText, read_pdf
from archiveportal.files.services import LARGEST_FILE
from archiveportal.files.signed_text import compared_with_signed, is_another_paper, number_in
from reports.closing.files import MadeFile
from reports.models import ClosedFile, Closing

#: code of the refusals that a person may answer
OTHER_NUMBER = "other_number"


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
    if is_another_paper(document, text):
        message = _(
            "The file has next to nothing of the words of this report, so it seems to be another paper. Choose the "
            "right file. If the file is right, choose it again and tick the box below it."
        )
        raise ValidationError({"upload": ValidationError(message, code=OTHER_NUMBER)})


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
