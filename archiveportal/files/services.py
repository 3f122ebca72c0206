"""Taking in files: what is too large or of another kind is refused before anything is kept."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from archiveportal.files.models import StoredFile
from archiveportal.vietnamese import number

MEGABYTE = 1024 * 1024
LARGEST_FILE = 15 * MEGABYTE
LARGEST_PICTURE = 50_000_000  # pixels
#: the longer side of the shown copy, in pixels
SHOWN_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")
KIND = StoredFile.Kind
PICTURE_OR_PDF = (KIND.PICTURE, KIND.PDF)
ANY_KIND = (KIND.PICTURE, KIND.PDF, KIND.WORD)
TYPES = {
    "JPEG": "image/jpeg",
    KIND.PDF: "application/pdf",
    KIND.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def keep_file(*, upload: UploadedFile, by: Any, kinds: Collection[str] = PICTURE_OR_PDF) -> StoredFile:
    """Stores an upload under a random name, with its SHA-256 and for a picture the copy that is shown.

    What it is is read from the content, never from its name. Raises `ValidationError` with a message for the
    person. To be called inside the transaction of the row that the file belongs to.
    """
    if upload.size > LARGEST_FILE:
        raise ValidationError(
            _("“%(name)s” has %(size)s MB; a file may have %(limit)s MB at most. Make it smaller and choose it again.")
            % {
                "name": clean_name(upload.name),
                "size": number(-(-upload.size // MEGABYTE)),
                "limit": number(LARGEST_FILE // MEGABYTE),
            },
            code="too_large",
        )
    if not upload.size:
        raise ValidationError(_("“%(name)s” is empty. Choose another file.") % {"name": clean_name(upload.name)})
    content = upload.read()
    stored = StoredFile(name=clean_name(upload.name), size=len(content), stored_by=by)
    stored.sha256 = hashlib.sha256(content).hexdigest()
    stored.kind = _kind(content)
    if stored.kind not in kinds:
        raise ValidationError(_refusal(stored.name, kinds), code="kind")
    shown = b""
    if stored.kind == KIND.PICTURE:
        shown, stored.width, stored.height = _shown_copy(content, stored.name)
    _write(stored, content, shown)
    return stored


def _write(stored: StoredFile, content: bytes, shown: bytes) -> None:
    """Files first, then the row; a row that cannot be written leaves no file behind."""
    try:
        stored.original.save(stored.name, ContentFile(content), save=False)
        if shown:
            stored.shown.save(stored.name, ContentFile(shown), save=False)
        stored.save(force_insert=True)
    except BaseException:
        for field in (stored.original, stored.shown):
            if field:
                field.delete(save=False)
        raise


def _kind(content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        return KIND.PDF
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return KIND.WORD if "word/document.xml" in archive.namelist() else ""
        except zipfile.BadZipFile:
            return ""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS):
            return KIND.PICTURE
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return ""


def _refusal(name: str, kinds: Collection[str]) -> str:
    words = {KIND.PICTURE: _("photographs (JPEG, PNG, WebP)"), KIND.PDF: "PDF", KIND.WORD: "Word (.docx)"}
    return _("“%(name)s” cannot be taken: only %(kinds)s can be attached here.") % {
        "name": name,
        "kinds": ", ".join(words[kind] for kind in kinds),
    }


def _shown_copy(content: bytes, name: str) -> tuple[bytes, int, int]:
    """A JPEG made from the pixels alone: upright, at most `SHOWN_SIDE` wide or high, no data about place or device."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > LARGEST_PICTURE:
                    raise ValidationError(_too_many_pixels(name), code="pixels")
                picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        message = _("“%(name)s” cannot be opened as a photograph. Take it again or choose another one.")
        raise ValidationError(message % {"name": name}, code="broken") from error
    upright.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    plain, file = Image.new("RGB", upright.size), io.BytesIO()
    plain.paste(upright)
    plain.save(file, "JPEG", quality=82, optimize=True)
    return file.getvalue(), *plain.size


def _too_many_pixels(name: str) -> str:
    message = _("“%(name)s” has too many pixels; %(limit)s megapixels at most. Take it in a smaller size.")
    return message % {"name": name, "limit": number(LARGEST_PICTURE // 1_000_000)}


def clean_name(name: str) -> str:
    """What the person called the file, fit to be shown and to stand in a header."""
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", name or "")[-1])
    name = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in name)
    return re.sub(r'[<>:"|?*; ]+', " ", name).strip(" .")[-120:] or "tep"
