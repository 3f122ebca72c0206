"""The folder of stored files: a file is whole, or it is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """Leaves no part of a file where the disk was full or the upload broke off."""

    def _save(self, name: str, content: Any) -> str:
        try:
            return super()._save(name, content)  # type: ignore[misc]
        except BaseException:
            # Names are random and used once: what lies there is the part that was just written.
            Path(self.path(name)).unlink(missing_ok=True)
            raise
