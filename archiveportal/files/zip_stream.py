"""A ZIP that is sent while it is written: of any size, with one of its files in memory at a time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any


class _Passing(io.RawIOBase):
    """Takes what `zipfile` writes, and gives it away after each file.

    `zipfile` goes back to the head of the file that it has just written, to fill in size and checksum:
    up to that point nothing is given away. So the archive is an ordinary one, without the heads that
    some programs cannot unpack.
    """

    def __init__(self) -> None:
        self._given = 0
        self._kept = io.BytesIO()

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._given + self._kept.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        assert whence == io.SEEK_SET and offset >= self._given, "what was given away cannot be changed"
        self._kept.seek(offset - self._given)
        return offset

    def write(self, data: Any) -> int:
        return self._kept.write(data)

    def give(self) -> bytes:
        """Return what was written since the last call."""
        content = self._kept.getvalue()
        self._given += len(content)
        self._kept = io.BytesIO()
        return content


def zip_pieces(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield a ZIP of files, name and content, a file at a time.

    They are not compressed: photographs, PDF and Word files are so already.
    """
    written = _Passing()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(name, content)
            yield written.give()
    yield written.give()
