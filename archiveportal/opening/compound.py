"""The directory of an OLE compound file: .doc, .xls, and Office files that a password protects.

[MS-CFB]: sectors in chains, a table of the chains (FAT), and a directory of named streams. Only the
directory and the first bytes of a stream are read; nothing is followed further than the file is long.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: sectors from here on are marks: end of a chain, free, part of the FAT
LAST_SECTOR = 0xFFFFFFFA
ENTRY_SIZE = 128
#: streams that say what a file is
WORD, WORKBOOKS, LOCKED = "WordDocument", ("Workbook", "Book"), "EncryptedPackage"
#: where macros of Word and Excel are kept
MACROS = frozenset({"Macros", "_VBA_PROJECT_CUR", "VBA"})


class NotCompound(ValueError):
    """The content is no compound file, or a damaged one."""


@dataclass(frozen=True)
class Stream:
    """A stream or storage of the directory: its first sector and size, its neighbours and first child by number."""

    name: str
    start: int
    size: int
    left: int
    right: int
    child: int


class Compound:
    """A compound file with the entries of its top level by name. Raises `NotCompound`.

    Documents inside the document have storages of their own below, with the same names.
    """

    def __init__(self, content: bytes) -> None:
        if not content.startswith(SIGNATURE) or len(content) < 1024:
            raise NotCompound
        self._content = content
        self._size = 1 << struct.unpack_from("<H", content, 30)[0]
        if self._size not in (512, 4096):
            raise NotCompound
        self._fat = self._read_fat()
        self._cutoff, self._mini_start = struct.unpack_from("<II", content, 56)
        every = list(self._read_entries(struct.unpack_from("<I", content, 48)[0]))
        if not every:
            raise NotCompound
        self._root = every[0]
        self.entries = {each.name: each for each in _below(self._root, every)}

    def start_of(self, name: str, length: int = 512) -> bytes:
        """Return the first bytes of a stream."""
        entry = self.entries[name]
        length = min(length, entry.size)
        if entry.size >= self._cutoff:
            return self._bytes_of(entry.start, length)
        # Small streams lie in the stream of the root, in pieces of 64 bytes.
        small = self._bytes_of(self._root.start, self._root.size)
        pieces, piece, made = self._mini_pieces(), entry.start, b""
        while len(made) < length and piece * 64 < len(small):
            made += small[piece * 64 : piece * 64 + 64]
            piece = pieces[piece] if piece < len(pieces) else LAST_SECTOR
        return made[:length]

    def _read_fat(self) -> list[int]:
        first = struct.unpack_from("<109I", self._content, 76)
        sectors = [each for each in first if each < LAST_SECTOR]
        following, per_sector = struct.unpack_from("<I", self._content, 68)[0], self._size // 4
        for _turn in range(len(self._content) // self._size):
            if following >= LAST_SECTOR:
                break
            *more, following = struct.unpack(f"<{per_sector}I", self._sector(following))
            sectors += [each for each in more if each < LAST_SECTOR]
        most = len(self._content) // self._size
        if len(sectors) > most:
            raise NotCompound
        return self._numbers(b"".join(map(self._sector, sectors)))

    def _read_entries(self, start: int) -> Iterator[Stream]:
        directory = self._bytes_of(start, len(self._content))
        for place in range(0, len(directory) - ENTRY_SIZE + 1, ENTRY_SIZE):
            length = min(struct.unpack_from("<H", directory, place + 64)[0], 64)
            name = directory[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
            left, right, child = struct.unpack_from("<III", directory, place + 68)
            first, size = struct.unpack_from("<II", directory, place + 116)
            yield Stream(name, first, size, left, right, child)

    def _mini_pieces(self) -> list[int]:
        return self._numbers(self._bytes_of(self._mini_start, len(self._content)))

    def _bytes_of(self, sector: int, length: int) -> bytes:
        made = bytearray()
        for _turn in range(len(self._content) // self._size + 1):
            if len(made) >= length or sector >= LAST_SECTOR:
                break
            made += self._sector(sector)
            if sector >= len(self._fat):
                break
            sector = self._fat[sector]
        return bytes(made[:length])

    def _sector(self, number: int) -> bytes:
        piece = self._content[(number + 1) * self._size : (number + 2) * self._size]
        if not piece:
            raise NotCompound
        return piece.ljust(self._size, b"\0")

    @staticmethod
    def _numbers(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _below(root: Stream, every: list[Stream]) -> Iterator[Stream]:
    """Yield the children of the root: a tree of neighbours, each entry visited once."""
    waiting, seen = [root.child], set[int]()
    while waiting:
        number = waiting.pop()
        if number < len(every) and number not in seen:
            seen.add(number)
            yield every[number]
            waiting += [every[number].left, every[number].right]


def is_locked(content: bytes) -> bool:
    """Tell whether the file is an Office document behind a password."""
    try:
        return LOCKED in Compound(content).entries
    except (NotCompound, struct.error):
        return False
