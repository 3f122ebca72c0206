"""The signed PDF of a paper: taken in, and compared with the file that bears the number when it is handed in."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from archiveportal.files.checking import FileNotAsKept, read_as_kept
from archiveportal.files.models import StoredFile
from archiveportal.files.pdf_text import read_pdf
from archiveportal.files.services import CheckedUpload, check_file
from archiveportal.files.signed_text import compared_with_signed, day_in, is_another_paper, number_in
from archiveportal.refusal import Refused
from archiveportal.vietnamese import document_number
from criteria.inspections.models import OfficialPaper


@dataclass(frozen=True)
class SignedCopy:
    """A signed PDF that is handed in, and what differs from the portal's file; None where that is not as kept."""

    upload: CheckedUpload
    comparison: dict[str, Any] | None


@dataclass(frozen=True)
class NumberedFile:
    """Number and day of a paper, and the Word file that bears them."""

    content: bytes | None
    number: str
    issued_on: datetime.date | None


def signed_copy(upload: UploadedFile | None, numbered: NumberedFile) -> SignedCopy | None:
    """Take a signed PDF in and compare it; None where none is handed in.

    Reading takes a while: call it outside of a transaction.
    """
    if not upload:
        return None
    try:
        checked = check_file(upload=upload, kinds=[StoredFile.Kind.PDF])
    except ValidationError as refusal:
        raise ValidationError({"upload": refusal.messages}) from refusal
    return SignedCopy(checked, _comparison(checked.content, numbered))


def _comparison(content: bytes, numbered: NumberedFile) -> dict[str, Any] | None:
    if numbered.content is None:
        return None
    text = read_pdf(content)
    found, day = number_in(text), day_in(text)
    return compared_with_signed(numbered.content, text) | {
        "number": numbered.number,
        "issued_on": numbered.issued_on.isoformat() if numbered.issued_on else "",
        # As the head of the PDF has them, blank where they cannot be read.
        "found_number": document_number(found) or found,
        "found_day": day.isoformat() if day else "",
        "is_another_paper": is_another_paper(numbered.content, text),
        "signatures": [asdict(each) for each in text.signatures],
    }


def numbered_file(paper: OfficialPaper) -> NumberedFile:
    """Return the file with the number as it was kept; its content is None where it is not so any more."""
    try:
        content = read_as_kept(paper.numbered) if paper.numbered else None
    except FileNotAsKept:
        content = None
    return NumberedFile(content, paper.number, paper.issued_on)


def comparison_now(paper: OfficialPaper) -> dict[str, Any]:
    """Compare a signed copy that was handed in before copies were compared. Reading takes a while."""
    signed = paper.signed
    if signed is None or signed.withdrawn:
        raise Refused(_("The paper has no signed copy."))
    try:
        comparison = _comparison(read_as_kept(signed), numbered_file(paper))
    except FileNotAsKept:
        comparison = None
    if comparison is None:
        raise Refused(_("This file was altered or lost in the store. Tell the administrator."))
    return comparison


def forget_comparison(signed: StoredFile) -> None:
    """Drop the lines of a signed copy whose content is destroyed."""
    OfficialPaper.objects.filter(signed=signed).update(signed_comparison=None)
