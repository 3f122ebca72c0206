"""What an upload is, told by opening it, and the words for what cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archiveportal.files.models import StoredFile
from archiveportal.files.pictures import format_of, shown_copy
from archiveportal.opening.process import MEGABYTE, Limits, open_limited
from archiveportal.opening.reasons import CannotOpen, Reason
from archiveportal.opening.words import busy, why_not_opened
from archiveportal.vietnamese import number
from archiveportal.word.untrusted.package import has_too_many_parts

KIND = StoredFile.Kind
#: readers look for the mark of a PDF within so many bytes: mail and web servers put lines before it
PDF_HEAD = 1024
PACKAGE, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
OFFICE = {"docx": KIND.WORD, "doc": KIND.WORD, "xlsx": KIND.EXCEL, "xls": KIND.EXCEL}
DOCUMENT_LIMITS = Limits(memory=768 * MEGABYTE, seconds=20)
#: kinds of the files of Apple and others that hold photographs, after "ftyp"
_NEW_PHOTOGRAPH = re.compile(rb"....ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1|avi[fs])", re.DOTALL)
_WEB_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|\?xml|meta|head|body|table|!--)", re.IGNORECASE)
_RICH_TEXT = b"{\\rtf"
#: endings of names by which people take a file for one of a kind
_NAMED = {
    KIND.PICTURE: (".jpg", ".jpeg", ".jfif", ".png", ".webp"),
    KIND.PDF: (".pdf",),
    KIND.WORD: (".docx", ".doc"),
    KIND.EXCEL: (".xlsx", ".xls"),
}


@dataclass(frozen=True)
class Judged:
    """What a file is; for a picture with the copy that is shown, its width and its height."""

    kind: str
    #: JPEG, PNG, WEBP, pdf, docx, doc, xlsx or xls
    file_format: str
    copy: tuple[bytes, int, int] | tuple[()] = ()


def judge_content(content: bytes, *, name: str, kinds: Collection[str]) -> Judged:
    """Open a file in the limited process. Raise `ValidationError` with a message for the person.

    What is of another kind than `kinds` is not opened, as far as its beginning says so.
    """
    picture_format = format_of(content)
    if picture_format:
        _refuse_kind(KIND.PICTURE, name=name, kinds=kinds)
        return Judged(KIND.PICTURE, picture_format, _shown_copy(content, name))
    if content.startswith((PACKAGE, COMPOUND)):
        return _office(content, name=name, kinds=kinds)
    if b"%PDF-" in content[:PDF_HEAD] and not _WEB_PAGE.match(content):
        _refuse_kind(KIND.PDF, name=name, kinds=kinds)
        _facts_of("pdf", content, name=name, kinds=kinds)
        return Judged(KIND.PDF, "pdf")
    raise _refusal(name, kinds, content)


def _office(content: bytes, *, name: str, kinds: Collection[str]) -> Judged:
    if not {KIND.WORD, KIND.EXCEL} & set(kinds) or has_too_many_parts(content):
        raise _refusal(name, kinds, content)
    facts = _facts_of("office", content, name=name, kinds=kinds)
    kind = OFFICE[facts["format"]]
    _refuse_kind(kind, name=name, kinds=kinds)
    return Judged(kind, facts["format"])


def _facts_of(reader: str, content: bytes, *, name: str, kinds: Collection[str]) -> dict[str, Any]:
    try:
        facts, _nothing = open_limited(reader, content, limits=DOCUMENT_LIMITS)
    except CannotOpen as error:
        if error.reason == Reason.OTHER:
            raise _refusal(name, kinds, content) from None
        raise ValidationError(why_not_opened(name, error.reason), code=error.reason.value) from None
    return facts


def _refuse_kind(kind: str, *, name: str, kinds: Collection[str]) -> None:
    if kind not in kinds:
        raise _refusal(name, kinds)


def _refusal(name: str, kinds: Collection[str], content: bytes = b"") -> ValidationError:
    return ValidationError(_why_not_of_kind(name, kinds, content), code="kind")


def _why_not_of_kind(name: str, kinds: Collection[str], content: bytes) -> str:
    if KIND.PICTURE in kinds and _NEW_PHOTOGRAPH.match(content):
        message = _(
            "“%(name)s” is a photograph in the format HEIC, which not every computer shows. In the settings of the "
            "camera choose the most compatible format (JPEG), then take it again."
        )
        return message % {"name": name}
    if {KIND.WORD, KIND.EXCEL} & set(kinds) and (content.startswith(_RICH_TEXT) or _WEB_PAGE.match(content)):
        message = _(
            "“%(name)s” is a web page or rich text, whatever its name says. Open it in Word or Excel, save it as "
            ".docx, .xlsx or PDF and choose that one."
        )
        return message % {"name": name}
    words: dict[str, str] = {
        KIND.PICTURE: _("photographs (JPEG, PNG, WebP)"),
        KIND.PDF: "PDF",
        KIND.WORD: "Word (.docx, .doc)",
        KIND.EXCEL: "Excel (.xlsx, .xls)",
    }
    by_name = next((kind for kind in kinds if name.lower().endswith(_NAMED[KIND(kind)])), None)
    if by_name:
        message = _(
            "“%(name)s” is not what its name says: its content is not %(kind)s. Open it on the computer, save it anew "
            "or print it as PDF, and choose that one."
        )
        return message % {"name": name, "kind": words[by_name]}
    return _("“%(name)s” cannot be taken: only %(kinds)s can be attached here.") % {
        "name": name,
        "kinds": ", ".join(words[kind] for kind in kinds),
    }


def _shown_copy(content: bytes, name: str) -> tuple[bytes, int, int]:
    try:
        return shown_copy(content)
    except CannotOpen as error:
        message = _why_no_photograph(error) % {"name": name, "limit": _limit(error)}
        code = "pixels" if error.reason in (Reason.PIXELS, Reason.TOO_LARGE) else error.reason.value
        raise ValidationError(message, code=code) from None


def _why_no_photograph(error: CannotOpen) -> str:
    if error.reason == Reason.BUSY:
        return busy()
    if error.reason == Reason.CUT:
        return _("“%(name)s” was not copied whole: a part of the photograph is missing. Copy or take it again.")
    if error.reason == Reason.TOO_LARGE:
        return _("“%(name)s” takes too much memory or time to open. Take it in a smaller size.")
    if error.reason != Reason.PIXELS:
        return _("“%(name)s” cannot be opened as a photograph. Take it again or choose another one.")
    if error.facts["is_side"]:
        return _("“%(name)s” is too long or too wide; %(limit)s pixels at most on a side. Take it in parts.")
    return _("“%(name)s” has too many pixels; %(limit)s megapixels at most. Take it in a smaller size.")


def _limit(error: CannotOpen) -> str:
    most = int(error.facts.get("most", 0))
    return number(most if error.facts.get("is_side") else most // 1_000_000)
