"""Which kind of table a file is, told by its content, and what is refused before it is opened."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum

from django.utils.translation import gettext as _
from lxml.etree import XMLSyntaxError

from archiveportal.opening.compound import is_locked
from archiveportal.opening.packages import OPEN_SHEET, main_part, open_format
from archiveportal.opening.packages import has_macros as holds_macros
from archiveportal.refusal import Refused
from archiveportal.sheets.reading.comma import sheets_of_text
from archiveportal.sheets.reading.limited import sheets_of_other
from archiveportal.sheets.reading.raw import LARGEST_TABLE, MEGABYTE, RawSheet, broken, locked, refused, too_large
from archiveportal.sheets.reading.xlsx import sheets_of_xlsx
from archiveportal.vietnamese import number
from archiveportal.word.untrusted.package import has_too_many_parts

#: bytes of all parts unpacked; of the texts of cells, which are held in memory; of any other part
#: that is read as a whole
LARGEST_UNPACKED, LARGEST_STRINGS, LARGEST_PART = 120 * MEGABYTE, 24 * MEGABYTE, 8 * MEGABYTE
#: so small a file is read while the person waits
SMALL_UNPACKED = MEGABYTE
OLE = b"\xd0\xcf\x11\xe0"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    NotImplementedError,
    EOFError,
    struct.error,
    RuntimeError,
    XMLSyntaxError,
)


class TableFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    XLS = "xls"
    ODS = "ods"


def format_of_table(content: bytes) -> TableFormat:
    """Return the format by the content. Raise `Refused` for what is no table or is too large.

    Takes milliseconds whatever the file claims to be: nothing is unpacked.
    """
    if not content.strip():
        raise refused(_("The file is empty."), "empty")
    if len(content) > LARGEST_TABLE:
        message = _("The file has %(size)s MB; at most %(limit)s MB are taken. Divide it, or leave pictures out.")
        sizes = {"size": number(-(-len(content) // MEGABYTE)), "limit": number(LARGEST_TABLE // MEGABYTE)}
        raise refused(message % sizes, "too_large")
    if content.startswith(b"PK\x03\x04"):
        return _format_of_archive(content)
    if content.startswith(OLE):
        if is_locked(content):
            raise locked()
        return TableFormat.XLS
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _no_table()
    if content.startswith((b"%PDF-", b"{\\rtf", b"<")):
        raise _no_table()
    return TableFormat.CSV


def unpacked_size(content: bytes) -> int:
    """Return how many bytes reading the file takes, as its directory says."""
    if not content.startswith(b"PK\x03\x04"):
        return len(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def is_small(content: bytes) -> bool:
    """Tell whether the file is read in a moment; .xls and .ods are compressed by unknown means."""
    is_known = content.startswith(b"PK\x03\x04") or not content.startswith(OLE)
    return is_known and unpacked_size(content) <= SMALL_UNPACKED


def open_sheets(content: bytes, name: str) -> Iterator[RawSheet]:
    """Yield the sheets of a file; each has to be read before the next. Raise `Refused`."""
    kind = format_of_table(content)
    if kind == TableFormat.XLSX:
        return sheets_of_xlsx(content)
    if kind == TableFormat.CSV:
        return sheets_of_text(content, name)
    return sheets_of_other(content)


def _format_of_archive(content: bytes) -> TableFormat:
    if has_too_many_parts(content):
        raise too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_entries(archive)
            main, open_type = main_part(archive), open_format(archive)
    except BROKEN:
        raise broken() from None
    if main and main.is_excel:
        if main.has_macros:
            raise _macros()
        return TableFormat.XLSX
    if open_type == OPEN_SHEET:
        return TableFormat.ODS
    raise _no_table()


def _refuse_entries(archive: zipfile.ZipFile) -> None:
    """Refuse by the directory of the archive, before a part is read."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(names) < len(entries) or any(entry.compress_type not in METHODS for entry in entries):
        raise broken()
    _refuse_large(entries)
    if holds_macros(archive):
        raise _macros()


def _macros() -> Refused:
    return refused(_("The workbook has macros. Save it as .xlsx (without macros) and hand that in."), "macros")


def _refuse_large(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse by the sizes of the directory. Unpacking never yields more than it says."""
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise too_large()
    for entry in entries:
        if entry.filename.startswith("xl/worksheets/") or entry.filename == "content.xml":
            continue
        is_strings = entry.filename.lower().endswith("sharedstrings.xml")
        is_xml = entry.filename.lower().endswith((".xml", ".rels"))
        if is_xml and entry.file_size > (LARGEST_STRINGS if is_strings else LARGEST_PART):
            raise too_large()


def _no_table() -> Exception:
    message = _(
        "This is no table, whatever its name says. Hand in a workbook (.xlsx, .xls, .ods) or a text with commas "
        "(.csv); the template on this page is the easiest start."
    )
    return refused(message, "no_table")
