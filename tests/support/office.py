"""Small Office files of the kinds that no library here writes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

import docx

SECTOR, END, FREE, FAT = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
#: how a .doc and an .xls begin, and the bit and the record that say they are encrypted
WORD_STREAM = struct.pack("<H8xH", 0xA5EC, 0).ljust(4096, b"\0")
LOCKED_WORD_STREAM = struct.pack("<H8xH", 0xA5EC, 0x0100).ljust(4096, b"\0")
WORKBOOK_STREAM = struct.pack("<HHHH", 0x0809, 4, 0x0600, 0x0005).ljust(4096, b"\0")
LOCKED_WORKBOOK_STREAM = struct.pack("<HHHHHH", 0x0809, 4, 0x0600, 0x0005, 0x002F, 0).ljust(4096, b"\0")


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE compound file with these streams, each of at least 4,096 bytes (or padded to it)."""
    padded = {
        name: content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0") for name, content in streams.items()
    }
    entries, sectors, table = [_entry("Root Entry", 5, child=1)], b"", [FAT]
    directory = len(table)
    directory_sectors = -(-(len(padded) + 1) * 128 // SECTOR)
    table += [*range(directory + 1, directory + directory_sectors), END]
    for number, (name, content) in enumerate(padded.items(), start=1):
        first, count = len(table), len(content) // SECTOR
        table += [*range(first + 1, first + count), END]
        right = number + 1 if number < len(padded) else FREE
        entries.append(_entry(name, 2, start=first, size=len(content), right=right))
        sectors += content
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    chains = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    return head + chains + b"".join(entries).ljust(directory_sectors * SECTOR, b"\0") + sectors


def _entry(name: str, kind: int, *, start: int = 0, size: int = 0, child: int = FREE, right: int = FREE) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
    return head + struct.pack("<III", FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def word_parts() -> dict[str, bytes]:
    """Return the parts of a Word file by name."""
    file = io.BytesIO()
    docx.Document().save(file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_replaced(parts: Mapping[str, bytes], old: bytes, new: bytes) -> bytes:
    """Return the file with a text replaced in all its parts and their names."""
    return packed(
        {name.replace(old.decode(), new.decode()): content.replace(old, new) for name, content in parts.items()}
    )
