"""Stopping a request before it fills the disk, and the folder of uploads that are under way."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler

#: bytes; well above what a form may carry, so that a file that is somewhat too large still gets its own message
LARGEST_REQUEST = 80 * 1024 * 1024
#: bytes that forms with several files name: what is left of a request beside its other fields
LARGEST_TOGETHER = 75 * 1024 * 1024


class RefuseHugeRequests(FileUploadHandler):
    """The first of FILE_UPLOAD_HANDLERS; it leaves everything else to those after it.

    Files of people who are not signed in are read past: they get the way to the sign-in page, and
    nothing of what they sent reaches memory or disk.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **options: Any) -> None:
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig

    def new_file(self, *args: Any, **options: Any) -> None:
        user = getattr(self.request, "user", None)
        if user is not None and not user.is_authenticated:
            raise SkipFile
        super().new_file(*args, **options)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class Incoming(TemporaryUploadedFile):
    """An upload in the portal's own folder, gone when it is closed."""

    def __init__(self, name: str | None, content_type: str | None, *, charset: str | None, extra: Any) -> None:
        folder = Path(settings.INCOMING_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=folder)  # noqa: SIM115 (closed by the request)
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)


class OwnFolder(TemporaryFileUploadHandler):
    """Large uploads lie in a folder of the portal's own while they come in.

    What a killed process leaves there is the portal's to find (`manage.py sweep_files`); in the
    system's folder for temporary files it would lie for ever.
    """

    def new_file(self, *args: Any, **options: Any) -> None:
        FileUploadHandler.new_file(self, *args, **options)
        self.file = Incoming(self.file_name, self.content_type, charset=self.charset, extra=self.content_type_extra)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._gone_on_failure():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        with self._gone_on_failure():
            return super().file_complete(file_size)

    @contextmanager
    def _gone_on_failure(self) -> Iterator[None]:
        """Remove the upload at once when the disk has no room for it: Django leaves it to the collector of garbage."""
        try:
            yield
        except OSError:
            with suppress(OSError):
                self.file.close()
            raise
