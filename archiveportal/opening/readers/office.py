"""What kind of Office document a file is, old or new: recognised and opened, never rendered."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import docx

from archiveportal.opening import packages
from archiveportal.opening.compound import LOCKED, MACROS, WORD, WORKBOOKS, Compound, NotCompound
from archiveportal.opening.reasons import CannotOpen, Reason

#: bytes of the main part that are parsed
LARGEST_MAIN_PART = 64 * 1024 * 1024
#: how the text of Word 97 and of Word 6 begins; the bit that says it is encrypted
WORD_MARKS, WORD_ENCRYPTED = (0xA5EC, 0xA5DC), 0x0100
#: records at the beginning of a workbook: its begin, and the one that says it is encrypted
BEGINNINGS, FILE_PASS = (0x0809, 0x0409, 0x0209, 0x0009), 0x002F


def read(content: bytes, _arguments: list[str]) -> tuple[dict[str, Any], bytes]:
    """Return the format: docx, xlsx, doc or xls."""
    try:
        file_format = _of_package(content) if content.startswith(b"PK") else _of_compound(content)
    except (NotCompound, struct.error):
        raise CannotOpen(Reason.BROKEN) from None
    return {"format": file_format}, b""


def _of_package(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        main = packages.main_part(archive)
        if main is None:
            is_other = packages.open_format(archive) or packages.CONTENT_TYPES not in archive.namelist()
            raise CannotOpen(Reason.OTHER if is_other else Reason.BROKEN)
        if not (main.is_word or main.is_excel):
            raise CannotOpen(Reason.OTHER)
        if main.has_macros or packages.has_macros(archive):
            raise CannotOpen(Reason.MACROS)
        if main.is_template:
            raise CannotOpen(Reason.TEMPLATE)
        root = packages.parsed(archive, main.name, LARGEST_MAIN_PART)
        name = str(root.tag).rpartition("}")[2]
    if name != ("document" if main.is_word else "workbook"):
        raise CannotOpen(Reason.BROKEN)
    if main.is_word and not main.is_strict:
        docx.Document(io.BytesIO(content))
    return "docx" if main.is_word else "xlsx"


def _of_compound(content: bytes) -> str:
    file = Compound(content)
    if LOCKED in file.entries:
        raise CannotOpen(Reason.PASSWORD)
    workbook = next((name for name in WORKBOOKS if name in file.entries), "")
    if not workbook and WORD not in file.entries:
        raise CannotOpen(Reason.OTHER)
    if MACROS & set(file.entries):
        raise CannotOpen(Reason.MACROS)
    return _word(file) if WORD in file.entries else _workbook(file.start_of(workbook, 8192))


def _word(file: Compound) -> str:
    start = file.start_of(WORD, 32)
    mark, flags = struct.unpack_from("<H8xH", start)
    if mark not in WORD_MARKS:
        raise CannotOpen(Reason.BROKEN)
    if flags & WORD_ENCRYPTED:
        raise CannotOpen(Reason.PASSWORD)
    return "doc"


def _workbook(start: bytes) -> str:
    place, number = 0, 0
    while place + 4 <= len(start):
        kind, length = struct.unpack_from("<HH", start, place)
        if number == 0 and kind not in BEGINNINGS:
            raise CannotOpen(Reason.BROKEN)
        if kind == FILE_PASS:
            raise CannotOpen(Reason.PASSWORD)
        place, number = place + 4 + length, number + 1
    if not number:
        raise CannotOpen(Reason.BROKEN)
    return "xls"
