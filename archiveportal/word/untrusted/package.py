"""A Word file as its parts: read within bounds, and packed anew from what was read.

What the directory of an archive says of a part (its size, that it is there once) need not be true, and the libraries
believe it. They are given the archive that is made here.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from django.utils.translation import gettext as _

from archiveportal.opening.compound import is_locked
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number

MEGABYTE = 1024 * 1024
#: of an upload and of all its parts together; of one part that is text; of all text together
LARGEST_WHOLE, LARGEST_PART, LARGEST_TEXT = 20 * MEGABYTE, MEGABYTE, 4 * MEGABYTE
MOST_PARTS = 1000
TEXTS = (".xml", ".rels", ".svg", ".vml")
#: how files of Word 97 to 2003 begin, and those that a password protects
COMPOUND = b"\xd0\xcf\x11\xe0"
#: the sign before each entry of the directory at the end of an archive
ENTRY = b"PK\x01\x02"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, KeyError)


def no_document() -> Refused:
    return Refused(_("The file cannot be opened as a Word document (.docx)."), code="no_document")


def has_too_many_parts(content: bytes) -> bool:
    """Tell it without opening the archive: a directory of a million entries would be read into memory first."""
    return content.count(ENTRY) > MOST_PARTS


def parts_of(content: bytes, *, growth: int = 1) -> dict[str, bytes]:
    """Return the parts by their names. A document that was filled in may be `growth` times as
    large. Raises `Refused`."""
    if content.startswith(COMPOUND):
        raise _locked() if is_locked(content) else _older()
    if has_too_many_parts(content):
        raise too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _refuse_entries(entries, growth)
            parts = {entry.filename: _read(archive, entry, growth) for entry in entries}
    except BROKEN as error:
        raise no_document() from error
    texts = [len(blob) for name, blob in parts.items() if name.lower().endswith(TEXTS)]
    if sum(map(len, parts.values())) > LARGEST_WHOLE * growth or sum(texts) > LARGEST_TEXT * growth:
        raise too_large()
    return parts


def packed(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, blob in parts.items():
            archive.writestr(zipfile.ZipInfo(name), blob)
    return made.getvalue()


def _locked() -> Refused:
    message = _("A password protects the file. Save it in Word without one and choose it again.")
    return Refused(message, code="password")


def _older() -> Refused:
    return Refused(_("The file is of an older Word (.doc). Save it as .docx and choose that one."), code="no_document")


def too_large() -> Refused:
    return Refused(
        _("The template is too large: each of its parts with text may have %(part)s MB at most, all of them together "
          "%(text)s MB, and the whole file %(whole)s MB.")
        % {
            "part": number(LARGEST_PART // MEGABYTE),
            "text": number(LARGEST_TEXT // MEGABYTE),
            "whole": number(LARGEST_WHOLE // MEGABYTE),
        },
        code="too_large",
    )  # fmt: skip


def _refuse_entries(entries: list[zipfile.ZipInfo], growth: int) -> None:
    if sum(entry.file_size for entry in entries) > LARGEST_WHOLE * growth:
        raise too_large()
    # Word takes A.xml and a.xml for one part.
    names = [entry.filename.lower() for entry in entries]
    odd = [name for name in names if "\\" in name or name.startswith("/") or ".." in name.split("/")]
    if len(set(names)) < len(names) or odd or any(entry.compress_type not in METHODS for entry in entries):
        message = _("The file is not packed as Word packs a document. Open it in Word and save it anew.")
        raise Refused(message, code="package")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, growth: int) -> bytes:
    most = (LARGEST_PART if entry.filename.lower().endswith(TEXTS) else LARGEST_WHOLE) * growth
    if entry.file_size > most:
        raise too_large()
    with archive.open(entry) as file:
        # Read piece by piece: one large read unpacks all there is, whatever the directory says.
        pieces, left = [], most + 1
        while left > 0 and (piece := file.read(min(left, MEGABYTE // 16))):
            pieces.append(piece)
            left -= len(piece)
    if left <= 0:
        raise too_large()
    return b"".join(pieces)
